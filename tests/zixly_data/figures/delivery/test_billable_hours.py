"""Billable hours come from the metric of that purpose, whatever its name, unit and kind are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.figures.breakdown import By, breakdown
from zixly_data.figures.bridge import bridge
from zixly_data.figures.provenance import provenance
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values.period import between

NewTeam = Callable[[], Team]
BEFORE = between("2024-01-01", "2024-03-31")
AFTER = between("2024-04-01", "2024-06-30")
HOURS = MetricDefinitionDraft("Billable Hours", "hours", purpose=BILLABLE_HOURS)


def figures_of_hours(team: Team) -> dict[str, Any]:
    """Hours and hourly rate, and volume and price between two quarters."""
    (client,) = bridge(team.viewer, BEFORE, AFTER).clients.to_dict("records")
    report = breakdown(team.viewer, AFTER, By.CLIENT, AFTER.end)
    (group,) = report.groups.to_dict("records")
    rate = provenance(team.viewer, "hourly_rate", AFTER, "AUD")
    return {
        "volume": client["volume"],
        "price": client["price"],
        "revenue": client["revenue"],
        "hours": (client["hours_before"], client["hours_after"], group["hours"]),
        "hourly_rate": (group["hourly_rate"], rate.value),
    }


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """100 hours at $90 become 120 at $100."""
    team = new_team()
    client = books.client(team)
    books.metric(team, HOURS.metric_name, unit=HOURS.unit, purpose=HOURS.purpose)
    for day, value in (("2024-01-31", "60"), ("2024-02-29", "40"), ("2024-06-30", "120")):
        books.measure(team, client, HOURS.metric_name, day, value)
    books.money(team, client, "2024-01-05", "9000", "1000")
    books.money(team, client, "2024-06-05", "12000", "1500")
    return team


def definition_id(team: Team) -> str:
    (row_id,) = metric_definitions.definitions(team.viewer)["id"]
    return str(row_id)


EXPECTED = {
    "volume": Decimal("1800.00"),
    "price": Decimal("1200.00"),
    "revenue": Decimal("0.00"),
    "hours": (100, 120, 120),
    "hourly_rate": (Decimal("100.00"), Decimal("100.00")),
}


@pytest.mark.parametrize(
    "changed",
    [
        replace(HOURS, metric_name="Stunden für Kunden"),
        replace(HOURS, unit="h"),
        replace(HOURS, kind="DURATION"),
        replace(HOURS, kind="COUNT", direction="DOWN"),
    ],
    ids=["name", "unit", "kind", "rest"],
)
def test_figures_of_hours_stay_to_the_cent(team: Team, changed: MetricDefinitionDraft) -> None:
    assert figures_of_hours(team) == EXPECTED
    metric_definitions.redefine(team.editor, definition_id(team), 1, changed)
    assert figures_of_hours(team) == EXPECTED


def test_a_name_alone_gives_no_hours(team: Team) -> None:
    metric_definitions.redefine(team.editor, definition_id(team), 1, replace(HOURS, purpose=None))
    figures = figures_of_hours(team)
    assert (figures["volume"], figures["price"]) == (0, 0)
    assert figures["revenue"] == Decimal("3000.00")
    assert figures["hourly_rate"] == (None, None)


def test_the_hours_are_those_of_the_metric_that_has_the_purpose_now(team: Team) -> None:
    books.metric(team, "Hours of the timesheet", unit="hours")
    client = str(bridge(team.viewer, BEFORE, AFTER).clients["client_kpi_id"][0])
    for day, value in (("2024-01-31", "50"), ("2024-06-30", "60")):
        books.measure(team, client, "Hours of the timesheet", day, value)
    assert figures_of_hours(team) == EXPECTED
    ids = dict(metric_definitions.definitions(team.viewer)[["metric_name", "id"]].values)
    metric_definitions.redefine(team.editor, ids["Billable Hours"], 1, replace(HOURS, purpose=None))
    timesheet = replace(HOURS, metric_name="Hours of the timesheet")
    metric_definitions.redefine(team.editor, ids[timesheet.metric_name], 1, timesheet)
    figures = figures_of_hours(team)
    assert figures["hours"] == (50, 60, 60)
    assert figures["hourly_rate"] == (Decimal("200.00"), Decimal("200.00"))
