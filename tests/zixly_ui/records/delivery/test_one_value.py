"""Weekly hours and several hours of one date: one value on every page, in every file and rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import open_page
from zixly_data.figures.breakdown import By, breakdown
from zixly_data.figures.bridge import bridge
from zixly_data.figures.delivery import metric_history
from zixly_data.figures.delivery.all_values import value_of
from zixly_data.figures.provenance import provenance
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.values.frames import rows
from zixly_data.values.period import between

MARCH = between("2024-03-01", "2024-03-31")
FEBRUARY = between("2024-02-01", "2024-02-29")
WEEKS = tuple((f"2024-03-{day}", "30") for day in ("01", "08", "15", "22"))
DAY = tuple(("2024-03-05", value) for value in ("2.5", "3", "1.25"))


@dataclass(frozen=True)
class Worked:
    """A client with hours in March 2024, which add up to `hours`, and a bill of $100 for each."""

    team: Team
    client: str
    metric: str
    entries: int
    hours: Decimal


@pytest.fixture(params=[(WEEKS, "120"), (DAY, "6.75")], ids=["four weeks of 30", "one date"])
def worked(request: pytest.FixtureRequest, new_team: Callable[[], Team]) -> Worked:
    entries, total = request.param
    team = new_team()
    client = books.client(team, "Harbour")
    metric = books.metric(
        team, "Billable Hours", unit="hours", purpose=BILLABLE_HOURS, target="100"
    )
    books.measure(team, client, "Billable Hours", "2024-02-15", "10")
    for day, value in entries:
        books.measure(team, client, "Billable Hours", day, value)
    hours = Decimal(total)
    books.money(team, client, "2024-02-05", "1000")
    books.money(team, client, "2024-03-05", hours * 100)
    return Worked(team, client, metric, len(entries), hours)


def test_every_figure_has_all_hours(worked: Worked) -> None:
    viewer = worked.team.viewer
    value = value_of(viewer, worked.metric, worked.client, MARCH)
    total = value_of(viewer, worked.metric, None, MARCH)
    assert value == total
    assert value is not None
    assert (value.value, value.records) == (worked.hours, worked.entries)
    (group,) = rows(breakdown(viewer, MARCH, By.CLIENT, date(2024, 3, 31)).groups)
    assert (group["hours"], group["hourly_rate"]) == (worked.hours, 100)
    passport = provenance(viewer, "hourly_rate", MARCH, "AUD")
    assert (passport.value, list(passport.months.frame["hours"])) == (100, [worked.hours])
    (moved,) = rows(bridge(viewer, FEBRUARY, MARCH).clients)
    assert (moved["hours_before"], moved["hours_after"]) == (10, worked.hours)
    assert (moved["volume"], moved["price"]) == ((worked.hours - 10) * 100, 0)
    (listed,) = rows(metric_history.latest(viewer, MARCH))
    assert listed["metric_value"] == worked.hours


@pytest.mark.parametrize("period", ["2024-03", "all"])
def test_custom_metrics_and_its_file_have_all_hours(worked: Worked, period: str) -> None:
    page = open_page(worked.team.viewer, "custom_kpis", period=period)
    text = f"{worked.hours.normalize():f} hours"
    assert (
        f"Billable Hours for Harbour in Mar 2024: {text}, target at least 100 hours"
        in page.headings
    )
    on_target = worked.hours >= 100
    assert page.headings[0] == (
        "1 of 1 metric with a target is on target."
        if on_target
        else "0 of 1 metric with a target are on target; furthest off: Billable Hours for Harbour, "
        f"{text} against at least 100 hours."
    )
    (latest,) = page.downloaded("Download metrics")
    assert Decimal(latest["metric_value"]) == worked.hours
    assert (latest["records"], latest["previous_value"], latest["band"]) == (
        str(worked.entries), "10.0000", "ON_TARGET" if on_target else "OFF",
    )  # fmt: skip
    is_noted = "Sums and averages are those of the last month with a value." in page.text
    assert is_noted == (period == "all")


def test_a_quarter_is_judged_by_the_targets_of_its_months(worked: Worked) -> None:
    page = open_page(worked.team.viewer, "custom_kpis", period="2024-Q1")
    total = f"{(worked.hours + 10).normalize():f} hours"
    assert page.headings[0] == (
        "0 of 1 metric with a target are on target; furthest off: Billable Hours for Harbour, "
        f"{total} against at least 300 hours."
    )
    assert f"Billable Hours for Harbour: {total}, target at least 300 hours" in page.headings


@pytest.mark.parametrize("period", ["2024-03", "all"])
def test_the_client_s_page_has_all_hours(worked: Worked, period: str) -> None:
    page = open_page(worked.team.viewer, "client", id=worked.client, period=period)
    assert ("Billable Hours", f"{worked.hours.normalize():f} hours") in page.metrics
