"""Targets on the page of custom metrics: who reads them, and the forms to set and change them."""

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

NAME = "Aimed Test Ltd"


@dataclass(frozen=True)
class Aimed:
    """A team with a client, and metrics in hours, in days (fewer are better) and of yes or no."""

    team: Team
    client: str
    hours: str
    days: str
    admin: sa.Engine

    def open(self, person: Identity) -> PageRun:
        return open_page(person, "custom_kpis")

    def on_record(self) -> list[tuple[str | None, ...]]:
        return statements.run(
            self.admin,
            "select kind, from_month::text, client_kpi_id, near_low::text, low::text, high::text,"
            " near_high::text from zixly.metric_targets where tenant_id = :tenant"
            " order by from_month, client_kpi_id nulls first",
            tenant=self.team.tenant_id,
        )


@pytest.fixture
def aimed(new_team: Callable[[], Team], admin: sa.Engine) -> Aimed:
    team = new_team()
    statements.run(
        admin, "delete from zixly.metric_definitions where tenant_id = :t", t=team.tenant_id
    )
    hours = books.metric(team, "Billable Hours", unit="hours")
    days = books.metric(team, "Answer time", "DURATION", unit="days", direction="DOWN")
    books.metric(team, "On time", "YES_NO")
    return Aimed(team, books.client(team, NAME), hours, days, admin)


def test_a_viewer_reads_the_targets_and_is_offered_no_form(aimed: Aimed) -> None:
    page = aimed.open(aimed.team.viewer)
    assert "No targets yet." in page.text
    books.aim(aimed.team, aimed.hours, low="120")
    books.aim(aimed.team, aimed.hours, "2024-03-01", aimed.client, low="64", near_low="60")
    books.aim(aimed.team, aimed.days, "2024-05-01")
    viewed = aimed.open(aimed.team.viewer)
    for person in (viewed, aimed.open(aimed.team.editor)):
        for text in (
            "at least 120 hours", "from 108 hours", "Everyone", "The beginning",
            "at least 64 hours", "from 60 hours", NAME, "March 2024", "No target",
        ):  # fmt: skip
            assert text in person.text, text
    assert not viewed.offers("Set a target")
    assert "Click a target" not in viewed.text
    assert aimed.open(aimed.team.editor).offers("Set a target")


def test_a_target_is_set_once_with_near_a_tenth_below(aimed: Aimed) -> None:
    page = aimed.open(aimed.team.editor).press("Set a target").choose("Metric", "Billable Hours")
    page.press("Set target")
    assert "The number is missing" in page.dialog
    page.fill(**{"At least (hours)": "120", "From month": "soon"}).press("Set target")
    assert "“soon” is not a month" in page.dialog
    assert page.typed("At least (hours)") == ("120",)
    assert aimed.on_record() == []
    page.fill(**{"From month": "2024-03"}).press_twice("Set target")
    assert "Set: Billable Hours for everyone, at least 120 hours, from March 2024." in page.alerts
    assert aimed.on_record() == [
        ("AT_LEAST", "2024-03-01", None, "108.0000", "120.0000", None, None)
    ]


def test_a_clients_own_target_where_less_is_better(aimed: Aimed) -> None:
    page = aimed.open(aimed.team.admin).press("Set a target").choose("Metric", "Answer time")
    page.choose("For", NAME).fill(**{"At most (days)": "4", "Near up to (days)": "3"})
    page.press("Set target")
    assert "Near ends above the target" in page.dialog
    page.fill(**{"Near up to (days)": "6"}).press("Set target")
    assert aimed.on_record() == [
        ("AT_MOST", "2000-01-01", aimed.client, None, None, "4.0000", "6.0000")
    ]


def test_a_computed_metric_has_a_target_and_no_values_to_record(aimed: Aimed) -> None:
    books.metric(aimed.team, "Rate", adds_up="RATIO", formula="revenue / billable_hours")
    books.measure(aimed.team, aimed.client, "Billable Hours", "2024-03-05", "3")
    books.money(aimed.team, aimed.client, "2024-03-05", "300")
    page = aimed.open(aimed.team.editor).press("Set a target").choose("Metric", "Rate")
    page.fill(**{"At least (points)": "90"}).press("Set target")
    assert aimed.on_record() == [("AT_LEAST", "2000-01-01", None, "81.0000", "90.0000", None, None)]
    text = open_page(aimed.team.viewer, "custom_kpis", period="2024-03").text
    for shown in ("at least 90 points", "✓ On target", "Computed in Mar 2024"):
        assert shown in text


def test_yes_or_no_is_a_choice(aimed: Aimed) -> None:
    page = aimed.open(aimed.team.editor).press("Set a target").choose("Metric", "On time")
    page.choose("Target", "Yes").press("Set target")
    assert "Set: On time for everyone, yes, from the beginning." in page.alerts
    assert aimed.on_record() == [("AT_LEAST", "2000-01-01", None, "1.0000", "1.0000", None, None)]


def test_a_second_target_from_the_same_month_is_told(aimed: Aimed) -> None:
    books.aim(aimed.team, aimed.hours, low="120")
    page = aimed.open(aimed.team.editor).press("Set a target").choose("Metric", "Billable Hours")
    page.fill(**{"At least (hours)": "90"}).press("Set target")
    assert "already a target from this month" in page.below("From month")
    page.choose("Target", "No target").fill(**{"From month": "May 2024"}).press("Set target")
    assert [row[:2] for row in aimed.on_record()] == [
        ("AT_LEAST", "2000-01-01"), ("NONE", "2024-05-01"),
    ]  # fmt: skip


def test_the_second_of_two_editors_sees_both_versions(aimed: Aimed) -> None:
    target = books.aim(aimed.team, aimed.hours, "2024-03-01", aimed.client, low="64")
    page = aimed.open(aimed.team.editor).click_row(0, "Targets")
    page.fill(**{"At least (hours)": "70", "Near from (hours)": ""})
    statements.run(
        aimed.admin,
        "update zixly.metric_targets set low = 66, version = version + 1 where id = :id",
        id=target,
    )
    page.press("Save changes")
    assert "**at least 70 hours**" in page.dialog
    assert "**at least 66 hours**" in page.dialog
    page.press("Keep my version")
    assert page.dialog == ""
    assert aimed.on_record() == [
        ("AT_LEAST", "2024-03-01", aimed.client, "63.0000", "70.0000", None, None)
    ]


def test_a_target_is_deleted_and_has_a_history(aimed: Aimed) -> None:
    books.aim(aimed.team, aimed.hours, "2024-03-01", aimed.client, low="64")
    page = aimed.open(aimed.team.editor).click_row(0, "Targets")
    assert f"set the target of Billable Hours for {NAME} from March 2024: at least 64" in (
        page.dialog.replace("\\", "")
    )
    page.press("Delete permanently")
    assert f"Deleted: Billable Hours for {NAME}, at least 64 hours, from March 2024." in page.alerts
    assert aimed.on_record() == []
