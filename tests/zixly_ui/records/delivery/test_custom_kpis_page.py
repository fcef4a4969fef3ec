"""Custom KPIs, as each role meets them, and the forms of a value and of a metric."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity

NAME = "Measured Test Ltd"


@dataclass(frozen=True)
class Measured:
    """A team with one client, a rating out of 5 with a target of 4.5, and a number of hours."""

    team: Team
    client: str
    admin: sa.Engine

    def open(self, person: Identity) -> PageRun:
        return open_page(person, "custom_kpis", client=self.client)

    def satisfied(self, day: str, value: str) -> str:
        return books.measure(self.team, self.client, "Satisfaction", day, value)

    def on_record(self) -> list[tuple[str | None, ...]]:
        return statements.run(
            self.admin,
            "select metric_name, metric_value::text, record_date::text, note"
            " from zixly.custom_metrics where tenant_id = :tenant order by record_date",
            tenant=self.team.tenant_id,
        )


@pytest.fixture
def measured(new_team: Callable[[], Team], admin: sa.Engine) -> Measured:
    team = new_team()
    statements.run(
        admin, "delete from zixly.metric_definitions where tenant_id = :t", t=team.tenant_id
    )
    books.metric(team, "Satisfaction", "RATING", unit="out of 5", target="4.5", out_of="5")
    books.metric(team, "Billable Hours", unit="hours")
    books.metric(team, "On time", "YES_NO", unit="yes or no", target="1")
    return Measured(team, books.client(team, NAME), admin)


def open_form(page: PageRun, metric: str) -> PageRun:
    return page.press("Record a value").choose("Client", NAME).choose("Metric", metric)


def test_a_viewer_reads_the_figures_and_is_offered_no_form(measured: Measured) -> None:
    measured.satisfied("2024-03-31", "4.8")
    measured.satisfied("2024-04-30", "3.9")
    page = measured.open(measured.team.viewer)
    assert page.headings[0].startswith("0 of 1 metric with a target are on")
    assert (
        f"furthest off: Satisfaction for {NAME}, 3.9 / 5 against at least 4.5 / 5."
        in page.headings[0]
    )
    assert any(heading.startswith("2 recorded values") for heading in page.headings)
    for button in ("Record a value", "Define a metric"):
        assert not page.offers(button)
        assert measured.open(measured.team.editor).offers(button)
    assert "Click a value to change" not in page.text

    (latest,) = page.downloaded("Download metrics")
    assert (latest["metric_value"], latest["previous_value"], latest["band"]) == (
        "3.9000", "4.8000", "OFF",
    )  # fmt: skip
    values = [row["metric_value"] for row in page.downloaded("Download values")]
    assert values == ["3.9000", "4.8000"]


def test_nothing_measured_yet_says_what_to_do(measured: Measured) -> None:
    page = measured.open(measured.team.admin)
    assert "No values recorded" in page.text
    assert page.offers("Define a metric")


def test_a_value_above_its_scale_is_told_and_then_recorded_as_it_should_be(
    measured: Measured,
) -> None:
    page = open_form(measured.open(measured.team.editor), "Satisfaction")
    assert "A rating from 0 to 5." in page.dialog
    for typed, told in (("12k5", "“12k5” is not a number"), ("5.5", "This one is out of 5")):
        page.fill(Value=typed, Date="31/3/2024").press("Record value")
        assert told in page.dialog
        assert page.typed("Value (out of 5)") == (typed,)
    assert measured.on_record() == []

    page.fill(Value="4.75").press_twice("Record value")
    assert page.headings[0].startswith("1 of 1 metric with a target is on target.")
    assert "Recorded:" in page.alerts
    assert measured.on_record() == [("Satisfaction", "4.7500", "2024-03-31", None)]


def test_a_year_of_five_digits_is_told(measured: Measured) -> None:
    page = open_form(measured.open(measured.team.editor), "Billable Hours")
    page.fill(Value="120", Date="1/3/20245").press("Record value")
    assert "has the year 20245" in page.below("Date")


def test_yes_or_no_is_a_choice(measured: Measured) -> None:
    page = open_form(measured.open(measured.team.admin), "On time")
    page.choose("Value", "No").press("Record value")
    assert "furthest off: On time" in page.headings[0]
    assert "No against Yes" in page.headings[0]
    assert [row[1] for row in measured.on_record()] == ["0.0000"]


def test_a_client_deleted_meanwhile_is_told(measured: Measured) -> None:
    page = open_form(measured.open(measured.team.editor), "Billable Hours").fill(Value="120")
    statements.run(measured.admin, "delete from zixly.client_kpis where id = :c", c=measured.client)
    page.press("Record value")
    assert "no longer exists" in page.dialog
    assert page.typed("Value (hours)") == ("120",)


def test_the_second_of_two_editors_sees_both_versions(measured: Measured) -> None:
    record = measured.satisfied("2024-03-31", "4.1")
    page = measured.open(measured.team.editor).click_row(0, "1 recorded value").fill(Value="4.2")
    statements.run(
        measured.admin,
        "update zixly.custom_metrics set metric_value = 4.3, version = version + 1 where id = :id",
        id=record,
    )
    page.press("Save changes")
    assert "**4.2 / 5**" in page.dialog
    assert "**4.3 / 5**" in page.dialog
    page.press("Keep my version")
    assert page.dialog == ""
    assert [row[1] for row in measured.on_record()] == ["4.2000"]


def test_a_metric_is_defined_once(measured: Measured) -> None:
    page = measured.open(measured.team.editor)
    for told in ("Defined: Test Tickets", "A metric with this name already exists"):
        page.press("Define a metric").choose("Type", "A count, in whole numbers")
        page.fill(Name="Test Tickets", Unit="tickets").press("Define metric")
        assert told in page.text
    assert statements.run(
        measured.admin,
        "select unit, kind from zixly.metric_definitions"
        " where metric_name = 'Test Tickets' and tenant_id = :t",
        t=measured.team.tenant_id,
    ) == [("tickets", "COUNT")]
