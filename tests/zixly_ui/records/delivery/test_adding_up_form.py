"""How values of a metric add up, in the form of its definition and in the table of definitions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.values.frames import rows

RATING = "A rating, such as 4.8 out of 5"
CLOSED_TOO = "Figures of all months follow, closed ones too."


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


def ways(identity: Identity) -> dict[str, tuple[str, str]]:
    return {
        row["metric_name"]: (row["adds_up"], row["over_clients"])
        for row in rows(metric_definitions.definitions(identity))
    }


def new_form(team: Team) -> PageRun:
    return open_page(team.editor, "custom_kpis").press("Define a metric")


def open_definition(team: Team) -> PageRun:
    return open_page(team.editor, "custom_kpis").click_row(0)


def options(page: PageRun, label: str) -> list[str]:
    return list(page.field(label).options)


def test_a_new_metric_starts_with_a_sum_and_a_rating_with_its_last_value(team: Team) -> None:
    page = new_form(team)
    assert options(page, "Over time") == [
        "Sum of the values",
        "Last value",
        "Average of the values",
    ]
    assert options(page, "All clients") == ["Sum of the clients", "No value"]
    page.fill(Name="Tickets", Unit="tickets").press("Define metric")
    page.press("Define a metric").choose("Type", RATING)
    assert options(page, "Over time") == ["Last value", "Average of the values"]
    assert "All clients" not in page.dialog
    page.fill(("Out of", "5"), Name="Score").press("Define metric")
    page.press("Define a metric").choose("Type", "Yes or no")
    assert "Over time" not in page.dialog
    page.fill(Name="On time").press("Define metric")
    assert ways(team.viewer) == {
        "On time": ("LAST", "NONE"), "Score": ("LAST", "NONE"), "Tickets": ("SUM", "SUM"),
    }  # fmt: skip


def test_a_level_adds_up_over_clients_only_if_chosen_and_an_average_never(team: Team) -> None:
    page = new_form(team).choose("Over time", "Last value")
    assert options(page, "All clients") == ["No value", "Sum of the clients"]
    page.choose("All clients", "Sum of the clients")
    page.fill(Name="Open tickets", Unit="tickets").press("Define metric")
    page.press("Define a metric").choose("Over time", "Average of the values")
    assert "All clients" not in page.dialog
    page.fill(Name="Response", Unit="hours").press("Define metric")
    assert ways(team.viewer) == {"Open tickets": ("LAST", "SUM"), "Response": ("AVERAGE", "NONE")}


def test_billable_hours_are_a_sum(team: Team) -> None:
    page = new_form(team).choose("Over time", "Average of the values")
    page.choose("Used for", "Billable hours: hourly rates, and volume and price in What changed")
    page.fill(Name="Worked", Unit="hours").press("Define metric")
    assert "Choose “Sum of the values”." in page.below("Over time")
    assert ways(team.viewer) == {}
    page.choose("Over time", "Sum of the values").choose("All clients", "No value")
    page.press("Define metric")
    assert "Choose “Sum of the clients”." in page.below("All clients")
    assert page.typed("Name", "Unit") == ("Worked", "hours")
    page.choose("All clients", "Sum of the clients").press("Define metric")
    assert ways(team.viewer) == {"Worked": ("SUM", "SUM")}


def test_another_way_is_saved_after_a_note_on_figures_of_the_past(team: Team) -> None:
    books.metric(team, "Calls", unit="calls", adds_up="LAST")
    page = open_definition(team)
    assert CLOSED_TOO not in page.dialog
    page.choose("Over time", "Sum of the values")
    assert CLOSED_TOO in page.dialog
    page.press("Save changes")
    assert ways(team.viewer) == {"Calls": ("SUM", "NONE")}
    (row,) = page.rows()
    assert (row["way_text"], row["over_clients_text"]) == ("Sum of the values", "No value")


def test_another_type_starts_with_a_way_that_it_may_have(team: Team) -> None:
    books.metric(team, "Calls", unit="calls", adds_up="SUM", over_clients="SUM")
    page = open_definition(team).choose("Type", "A percentage")
    assert page.chosen("Over time") == "Last value"
    page.press("Save changes")
    assert ways(team.viewer) == {"Calls": ("LAST", "NONE")}


def test_the_trail_names_the_way(team: Team) -> None:
    row_id = books.metric(team, "Hours", unit="hours", purpose=BILLABLE_HOURS)
    page = open_definition(team).choose("Over time", "Last value")
    page.choose("All clients", "No value").choose("Used for", "Nothing else").press("Save changes")
    assert ways(team.viewer) == {"Hours": ("LAST", "NONE")}
    assert metric_definitions.get_definition(team.viewer, row_id).purpose is None
    trail = open_definition(team).dialog
    assert "over time from Sum to Last" in trail
    assert "all clients from Sum to No value" in trail
    assert "symbol" not in trail
