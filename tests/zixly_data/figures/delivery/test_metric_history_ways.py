"""Values of periods and all time as pages list them: by how a metric adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.figures.delivery import metric_history
from zixly_data.figures.delivery.all_values import value_of
from zixly_data.figures.delivery.scorecard import scorecard
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.delivery import metric_definitions
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values import calendar_period
from zixly_data.values.frames import rows
from zixly_data.values.paging import PageRequest
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
MARCH = between("2024-03-01", "2024-03-31")
QUARTER = between("2024-01-01", "2024-03-31")
WEEKS = ("2024-03-01", "2024-03-08", "2024-03-15", "2024-03-22")


def row_of(identity: Identity, period: Period | None = None) -> dict[str, Any]:
    (row,) = rows(metric_history.latest(identity, period))
    (paged,) = rows(metric_history.page(identity, period).frame)
    (single,) = rows(
        metric_history.of_series(identity, period, None, row["client_kpi_id"], row["metric_name"])
    )
    assert row == paged == single
    return row


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """Hours with a target of 100: 90 in January, none in February, four weeks of 30 in March."""
    team = new_team()
    client = books.client(team)
    books.metric(team, "Hours", unit="hours", adds_up="SUM", target="100")
    for day, value in (("2024-01-05", "40"), ("2024-01-31", "50"), *((day, "30") for day in WEEKS)):
        books.measure(team, client, "Hours", day, value)
    return team


def test_four_weeks_of_30_hours_are_120_and_on_target(team: Team) -> None:
    march = row_of(team.viewer, MARCH)
    assert (march["metric_value"], march["records"], march["band"]) == (120, 4, "ON_TARGET")
    assert (march["month"], march["record_date"]) == (date(2024, 3, 1), date(2024, 3, 22))
    assert (march["previous_value"], march["previous_date"]) == (None, None)
    assert march["trend"] == [90, 120]
    assert march["age_days"] is None
    targets = metric_history.against_targets(team.viewer, MARCH)
    assert (targets.metrics, targets.with_target, targets.on_target) == (1, 1, 1)


def verdict(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("metric_value", "low", "near_low", "band", "unjudged"))


def test_a_quarter_has_the_targets_of_its_months_and_part_of_a_month_is_not_judged(
    team: Team,
) -> None:
    quarter = row_of(team.viewer, QUARTER)
    assert verdict(quarter) == (210, 300, 270, "OFF", None)
    assert metric_history.against_targets(team.viewer, QUARTER).with_target == 1
    january = between("2024-01-01", "2024-01-31")
    assert verdict(row_of(team.viewer, january)) == (90, 100, 90, "NEAR", None)
    half = between("2024-03-01", "2024-03-15")
    assert verdict(row_of(team.viewer, half)) == (90, 100, 90, None, "PART_OF_MONTH")
    assert metric_history.against_targets(team.viewer, half).with_target == 0
    # What is reached stays reached.
    rest = between("2024-03-01", "2024-03-30")
    assert verdict(row_of(team.viewer, rest)) == (120, 100, 90, "ON_TARGET", None)


def test_a_month_that_runs_is_judged_once_the_rest_of_it_cannot_change_the_band(
    new_team: NewTeam,
) -> None:
    team = new_team()
    client, today = books.client(team), tenants.get(team.viewer).today()
    books.metric(team, "Hours", unit="hours", adds_up="SUM", target="100")
    this_month = calendar_period.month(today.replace(day=1))
    books.measure(team, client, "Hours", today, "90")
    for period in (this_month, None):
        assert verdict(row_of(team.viewer, period)) == (90, 100, 90, None, "RUNNING")
    books.measure(team, client, "Hours", today, "10")
    for period in (this_month, None):
        assert verdict(row_of(team.viewer, period)) == (100, 100, 90, "ON_TARGET", None)


def test_a_value_without_a_target_says_so(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    metric = books.metric(team, "Hours", unit="hours", adds_up="SUM")
    books.measure(team, client, "Hours", "2024-03-01", "90")
    for period in (MARCH, None):
        assert verdict(row_of(team.viewer, period)) == (90, None, None, None, "NO_TARGET")
    # A quarter with a target for only some of its months has none.
    books.aim(team, metric, "2024-02-01", low="100")
    assert verdict(row_of(team.viewer, QUARTER)) == (90, None, None, None, "NO_TARGET")
    assert verdict(row_of(team.viewer, MARCH)) == (90, 100, 90, "NEAR", None)


def test_a_last_value_of_all_time_is_judged_by_the_target_of_this_month(new_team: NewTeam) -> None:
    """As on the scorecard of this month, in which it still holds."""
    team = new_team()
    client, today = books.client(team), tenants.get(team.viewer).today()
    metric = books.metric(team, "Tickets", direction="DOWN", target="10")
    books.measure(team, client, "Tickets", "2024-03-01", "8")
    books.aim(team, metric, today.replace(day=1), high="5", near_high="6")
    this_month = calendar_period.month(today.replace(day=1))
    for period, high, band in ((None, 5, "OFF"), (this_month, 5, "OFF"), (MARCH, 10, "ON_TARGET")):
        row = row_of(team.viewer, period)
        assert (row["high"], row["band"]) == (high, band)


def test_all_time_has_the_last_month_beside_the_month_before_it(team: Team) -> None:
    row = row_of(team.viewer)
    assert (row["metric_value"], row["month"], row["band"]) == (120, date(2024, 3, 1), "ON_TARGET")
    assert (row["previous_value"], row["previous_date"]) == (90, date(2024, 1, 31))


def test_the_chart_has_a_point_for_each_month(team: Team) -> None:
    client = row_of(team.viewer)["client_kpi_id"]
    history = rows(metric_history.history(team.viewer, client, "Hours"))
    assert [(row["record_date"], row["metric_value"]) for row in history] == [
        (date(2024, 1, 1), 90), (date(2024, 3, 1), 120),
    ]  # fmt: skip


def test_another_way_changes_the_figures_of_all_months(team: Team) -> None:
    (definition,) = rows(metric_definitions.definitions(team.viewer))
    for version, way, march in ((1, "AVERAGE", 30), (2, "LAST", 30), (3, "SUM", 120)):
        draft = MetricDefinitionDraft("Hours", "hours", adds_up=way, over_clients="NONE")
        metric_definitions.redefine(team.editor, definition["id"], version, draft)
        assert row_of(team.viewer, MARCH)["metric_value"] == march
    assert row_of(team.viewer, QUARTER)["metric_value"] == 210


def test_custom_metrics_and_the_scorecard_have_the_same_values_and_bands(new_team: NewTeam) -> None:
    team = new_team()
    clients = [books.client(team, name) for name in ("Ada", "Ben")]
    hours = books.metric(team, "Hours", adds_up="SUM", target="100")
    books.metric(team, "Tickets", direction="DOWN", target="5")
    books.metric(team, "Score", adds_up="AVERAGE")
    books.metric(team, "Rate", adds_up="FORMULA", formula="hours / tickets", target="10")
    books.aim(team, hours, client_kpi_id=clients[1], low="60")
    for client in clients:
        for day, value in (("2024-02-10", "80"), *((day, "16") for day in WEEKS)):
            books.measure(team, client, "Hours", day, value)
        books.measure(team, client, "Tickets", "2024-02-01", "8")
        books.measure(team, client, "Score", "2024-03-05", "7")
    month = calendar_period.month(date(2024, 3, 1))
    card = scorecard(team.viewer, month.start)
    names = dict(zip(card.metrics["metric_id"], card.metrics["metric_name"], strict=True))
    edges = ("low", "high", "near_low", "near_high", "target_kind", "band", "previous_value")
    cells = {
        (cell["client_kpi_id"], names[cell["metric_id"]]): (
            cell["value"], *(cell[name] for name in edges),
        )
        for cell in rows(card.cells)
    }  # fmt: skip
    listed = {
        (row["client_kpi_id"], row["metric_name"]): (
            row["metric_value"], *(row[name] for name in edges),
        )
        for row in rows(metric_history.latest(team.viewer, month))
    }  # fmt: skip
    assert cells == listed
    assert len(listed) == 8
    assert {listed[client, "Hours"][6] for client in clients} == {"OFF", "ON_TARGET"}


def test_a_page_beyond_the_last_is_the_last_one(team: Team) -> None:
    beyond = metric_history.page(team.viewer, MARCH, None, PageRequest(number=7))
    assert (beyond.request.number, beyond.count, len(beyond.frame)) == (0, 1, 1)
    nothing = metric_history.page(
        team.viewer, between("2023-01-01", "2023-01-31"), None, PageRequest(number=7)
    )
    assert (nothing.request.number, nothing.count, len(nothing.frame)) == (0, 0, 0)


entries = st.lists(
    st.tuples(
        st.sampled_from(("SUM", "LAST", "AVERAGE")),
        st.sampled_from([date(2024, 1, 1) + timedelta(days=n) for n in (0, 1, 30, 31, 59, 60, 79)]),
        st.integers(-99_999, 999_999).map(lambda n: Decimal(n).scaleb(-4)),
    ),
    max_size=20,
)
ends = st.tuples(
    st.dates(date(2024, 1, 1), date(2024, 3, 31)), st.dates(date(2024, 1, 1), date(2024, 3, 31))
)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=entries, ends=ends)
def test_lists_agree_with_the_one_value_and_trends_with_raw_values(
    new_team: NewTeam, entries: list[tuple[str, date, Decimal]], ends: tuple[date, date]
) -> None:
    team, period = new_team(), between(min(ends), max(ends))
    client = books.client(team)
    metrics = {way: books.metric(team, way, adds_up=way) for way in ("AVERAGE", "LAST", "SUM")}
    for way, day, value in entries:
        books.measure(team, client, way, day, str(value))
    listed = {row["metric_name"]: row for row in rows(metric_history.latest(team.viewer, period))}
    for way, metric in metrics.items():
        value = value_of(team.viewer, metric, client, period)
        before = value_of(team.viewer, metric, client, period.previous())
        row = listed.get(way)
        assert (row is None) == (value is None)
        if row is None or value is None:
            continue
        assert (row["metric_value"], row["record_date"], row["records"]) == (
            value.value, value.last_date, value.records,
        )  # fmt: skip
        assert row["previous_value"] == (None if before is None else before.value)
        assert row["age_days"] == (value.age_days if way == "LAST" else None)
        points: dict[date, list[Decimal]] = {}
        for of, day, number in entries:
            if of == way and day <= period.end:
                points.setdefault(day if way == "LAST" else day.replace(day=1), []).append(number)
        folded = [
            {"LAST": values[-1], "SUM": sum(values), "AVERAGE": sum(values) / len(values)}[way]
            for _, values in sorted(points.items())
        ]
        assert len(row["trend"]) == len(folded)
        assert all(
            abs(a - b) <= Decimal("0.00005") for a, b in zip(row["trend"], folded, strict=True)
        )


values = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["Hours", "Defects"]),
    st.dates(date(2023, 12, 25), date(2024, 1, 10)),
    st.decimals(min_value=-(10**9), max_value=10**9, places=4),
)


@given(ledger=st.lists(values, max_size=10))
@settings(
    max_examples=examples(10),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_records_give_the_latest_values_one_finds_on_paper(
    ledger: list[tuple[int, str, date, Decimal]], new_team: NewTeam
) -> None:
    team = new_team()
    ours = [books.client(team, "Café"), books.client(team, "Law")]
    books.metric(team, "Hours")
    books.metric(team, "Defects", direction="DOWN", target="0")
    series: dict[tuple[int, str], dict[date, Decimal]] = {}
    for client, name, day, value in ledger:
        books.measure(team, ours[client], name, day, str(value))
        series.setdefault((client, name), {})[day] = value
    expected = []
    fourth_quarter = date(2023, 12, 31)
    for (client, name), by_day in sorted(series.items()):
        upto = [max((day for day in by_day if day <= end), default=None)
                for end in (books.Q1_2024.end, fourth_quarter)]  # fmt: skip
        if upto[0] is not None:
            value = by_day[upto[0]]
            expected.append(
                (ours[client], name, value, upto[0], upto[1], by_day.get(upto[1] or date.min),
                 None if name != "Defects" else "ON_TARGET" if value <= 0 else "OFF")
            )  # fmt: skip
    columns = ("client_kpi_id", "metric_name", "metric_value", "record_date", "previous_date",
               "previous_value", "band")  # fmt: skip
    latest = rows(metric_history.latest(team.viewer, books.Q1_2024))
    assert [tuple(row[name] for name in columns) for row in latest] == expected
    assert rows(metric_history.page(team.viewer, books.Q1_2024).frame) == latest

    off_target = [row for row in latest if row["band"] == "OFF"]
    off_target.sort(key=lambda row: abs(row["metric_value"] - row["high"]), reverse=True)
    targets = metric_history.against_targets(team.viewer, books.Q1_2024, None, 1)
    with_target = [row for row in latest if row["target_kind"] is not None]
    assert (targets.metrics, targets.with_target, targets.on_target) == (
        len(latest), len(with_target), len(with_target) - len(off_target),
    )  # fmt: skip
    assert rows(targets.furthest_off) == off_target[:1]
    furthest_first = PageRequest(sort="distance", descending=True)
    sorted_rows = rows(metric_history.page(team.viewer, books.Q1_2024, None, furthest_first).frame)
    assert sorted_rows[: len(off_target)] == off_target
