"""The scorecard and the report of metrics are what raw values and targets give by another route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.figures.delivery import scorecard as cards
from zixly_data.figures.delivery.all_values import value_of
from zixly_data.figures.delivery.metric_report import as_file, metric_report
from zixly_data.figures.delivery.scorecard import Scorecard, scorecard
from zixly_data.figures.delivery.scorecard_frames import Standing
from zixly_data.people.tenants import Tenant
from zixly_data.values.calendar_period import month
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)
WAYS = {"SUM": "SUM", "LAST": "SUM", "AVERAGE": "NONE"}
CLIENTS = {"Ada": "ACTIVE", "bob": "ACTIVE", "Cy": "COMPLETED", "Dot": "PROSPECT"}
PLACES = Decimal("0.0001")

# Metric, client, date, value: few days, so that several values share one and months have gaps.
entries = st.lists(
    st.tuples(
        st.sampled_from(list(WAYS)),
        st.sampled_from(list(CLIENTS)),
        st.sampled_from(
            [date(2024, 1, 5) + timedelta(days=n) for n in (0, 26, 27, 40, 56, 57, 60)]
        ),
        st.integers(-50_000, 200_000).map(lambda n: Decimal(n).scaleb(-4)),
    ),
    max_size=20,
)
edges = st.one_of(
    st.just({}),
    st.integers(-20, 60).map(lambda low: {"low": low, "near_low": low - 3}),
    st.integers(-20, 60).map(lambda high: {"high": high, "near_high": high + 3}),
    st.integers(-20, 60).map(
        lambda low: {"low": low, "near_low": low - 1, "high": low + 5, "near_high": low + 9}
    ),
)
# By metric, client (or everyone) and first month: each once.
goals = st.dictionaries(
    st.tuples(
        st.sampled_from(list(WAYS)),
        st.sampled_from([None, "Ada", "Cy"]),
        st.sampled_from([date(2000, 1, 1), FEBRUARY, MARCH, date(2024, 4, 1)]),
    ),
    edges,
    max_size=6,
)


@dataclass(frozen=True)
class Expected:
    value: Decimal
    last_date: date
    records: int


def by_hand(series: list[tuple[date, Decimal]], way: str, period: Period) -> Expected | None:
    """The value of one client's metric; the series is in the order in which it was recorded."""
    if way == "LAST":
        before = [(day, value) for day, value in series if day <= period.end]
        if not before:
            return None
        newest = max(day for day, _ in before)
        return Expected([value for day, value in before if day == newest][-1], newest, 1)
    inside = [(day, value) for day, value in series if period.contains(day)]
    if not inside:
        return None
    total = sum((value for _, value in inside), Decimal(0))
    if way == "AVERAGE":
        total = (total / len(inside)).quantize(PLACES, ROUND_HALF_UP)
    return Expected(total, max(day for day, _ in inside), len(inside))


def goal_of(
    goals: dict[tuple[str, str | None, date], dict[str, int]], way: str, client: str, first: date
) -> dict[str, int]:
    """The edges of the target that a month is judged by; none without a target."""
    for owner in (client, None):
        starts = [day for of, whose, day in goals if (of, whose) == (way, owner) and day <= first]
        if starts:
            return goals[way, owner, max(starts)]
    return {}


def band_of(value: Decimal, goal: dict[str, int]) -> str | None:
    if not goal:
        return None
    if goal.get("low", value) <= value <= goal.get("high", value):
        return "ON_TARGET"
    near = goal.get("near_low", value) <= value <= goal.get("near_high", value)
    return "NEAR" if near else "OFF"


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=entries, goals=goals)
def test_any_organisation(
    new_team: NewTeam,
    entries: list[tuple[str, str, date, Decimal]],
    goals: dict[tuple[str, str | None, date], dict[str, int]],
) -> None:
    team = new_team()
    ours = {name: books.client(team, name, status=status) for name, status in CLIENTS.items()}
    metrics = {
        way: books.metric(team, way, adds_up=way, over_clients=over) for way, over in WAYS.items()
    }
    for way, name, day, value in entries:
        books.measure(team, ours[name], way, day, str(value))
    for (way, whose, first), goal in goals.items():
        texts = {edge: str(figure) for edge, figure in goal.items()}
        books.aim(team, metrics[way], first, ours[whose] if whose else None, **texts)

    def value(way: str, name: str, period: Period) -> Expected | None:
        series = [(day, amount) for w, n, day, amount in entries if (w, n) == (way, name)]
        return by_hand(series, way, period)

    period, before = month(MARCH), month(FEBRUARY)

    def owns(way: str, name: str) -> bool:
        own = {day for of, whose, day in goals if (of, whose) == (way, name) and day <= MARCH}
        return bool(own) and bool(goals[way, name, max(own)])

    listed = []
    for name in ("Ada", "bob", "Cy"):
        values = [v for way in WAYS if (v := value(way, name, period))]
        has_goal = any(owns(way, name) for way in WAYS)
        is_dated = any(v.last_date >= MARCH for v in values)
        if is_dated or (CLIENTS[name] == "ACTIVE" and (values or has_goal)):
            listed.append(name)

    card = scorecard(team.viewer, MARCH)
    assert list(card.clients.frame["client_name"]) == listed

    # A column has a value of any client in the month, or a client's own target.
    used = [
        way
        for way in WAYS
        if any(value(way, name, period) for name in ("Ada", "bob", "Cy"))
        or any(owns(way, name) for name in CLIENTS)
    ]
    expected, bands = {}, []
    for name in listed:
        for way in used:
            goal, now, earlier = (
                goal_of(goals, way, name, MARCH), value(way, name, period), value(way, name, before)
            )  # fmt: skip
            if now or earlier or owns(way, name):
                band = band_of(now.value, goal) if now else None
                expected[ours[name], metrics[way]] = (
                    now and now.value, now and now.last_date, now and now.records,
                    earlier and earlier.value, goal.get("low"), goal.get("high"), band,
                )  # fmt: skip
            if now:
                bands.append("NONE" if not goal else band_of(now.value, goal))
    stored = {
        (c["client_kpi_id"], c["metric_id"]): tuple(
            c[name] for name in
            ("value", "last_date", "records", "previous_value", "low", "high", "band")
        )
        for c in rows(card.cells)
    }  # fmt: skip
    assert stored == expected
    assert card.standing == Standing(
        len(bands), *(bands.count(band) for band in ("ON_TARGET", "NEAR", "OFF", "NONE"))
    )
    for total in rows(card.totals):
        everyone = value_of(team.viewer, total["metric_id"], None, period)
        assert everyone is not None
        assert (total["value"], total["records"]) == (everyone.value, everyone.records)
    with_total = {
        way for way in ("SUM", "LAST") if value_of(team.viewer, metrics[way], None, period)
    }
    if listed:
        assert {total["metric_id"] for total in rows(card.totals)} == {
            metrics[w] for w in with_total
        }

    reported = []
    for name in listed:
        for way in sorted(WAYS):
            if now := value(way, name, period):
                band = band_of(now.value, goal_of(goals, way, name, MARCH))
                reported.append((way, now.value, band, (period.end - now.last_date).days))
    report = rows(as_file(metric_report(team.viewer, period)))
    assert [(r["metric"], r["value"], r["band"], r["age_days"]) for r in report] == reported


def cell(card: Scorecard, client: str, metric: str) -> dict[str, Any]:
    (row,) = (
        row
        for row in rows(card.cells)
        if (row["client_kpi_id"], row["metric_id"]) == (client, metric)
    )  # fmt: skip
    return row


def test_a_month_that_has_not_ended_is_compared_with_the_same_days(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    hours = books.metric(team, "Hours", adds_up="SUM", over_clients="SUM", target="10")
    for day, value in (("2024-02-05", "4"), ("2024-02-25", "9"), ("2024-03-05", "6")):
        books.measure(team, client, "Hours", day, value)
    with mock.patch.object(Tenant, "today", return_value=date(2024, 3, 12)):
        card = scorecard(team.viewer, MARCH)
        assert card.before == between("2024-02-01", "2024-02-12")
        row = cell(card, client, hours)
        assert (row["value"], row["previous_value"], row["band"]) == (6, 4, None)
        # It is counted as neither: it may reach the target yet.
        assert card.standing == Standing(1, 0, 0, 0, 0)
        assert card.standing.undecided == 1
        assert row["age_days"] == 7
        (reported,) = rows(metric_report(team.viewer, card.period))
        assert (reported["band"], reported["target"]) == (None, "10.0000")
    row = cell(scorecard(team.viewer, MARCH), client, hours)
    assert (row["value"], row["previous_value"], row["band"]) == (6, 13, "OFF")
    books.measure(team, client, "Hours", "2024-03-08", "4")
    with mock.patch.object(Tenant, "today", return_value=date(2024, 3, 12)):
        assert cell(scorecard(team.viewer, MARCH), client, hours)["band"] == "ON_TARGET"


def test_a_month_is_judged_by_the_target_it_had(new_team: NewTeam) -> None:
    team = new_team()
    big, small = books.client(team, "Big"), books.client(team, "Small")
    hours = books.metric(team, "Hours", adds_up="SUM", over_clients="SUM", target="120")
    books.aim(team, hours, FEBRUARY, small, low="60", near_low="54")
    books.aim(team, hours, MARCH, low="100", near_low="90")
    for client, value in ((big, "30"), (small, "16")):
        for day in (5, 12, 19, 26):
            for first in (FEBRUARY, MARCH):
                books.measure(team, client, "Hours", first.replace(day=day), value)
    then, now = scorecard(team.viewer, FEBRUARY), scorecard(team.viewer, MARCH)
    assert cell(then, big, hours)["low"] == 120
    assert cell(now, big, hours)["low"] == 100
    for card in (then, now):
        row = cell(card, small, hours)
        assert (row["value"], row["low"], row["band"]) == (64, 60, "ON_TARGET")
    assert now.standing == Standing(2, 2, 0, 0, 0)
    (total,) = rows(now.totals)
    assert (total["value"], total["clients"], total["previous_value"]) == (184, 2, 184)


def test_a_value_from_before_the_month_keeps_its_age(new_team: NewTeam) -> None:
    team = new_team()
    active, done = books.client(team, "Active"), books.client(team, "Done", status="COMPLETED")
    tickets = books.metric(team, "Tickets", adds_up="LAST", over_clients="SUM")
    for client in (active, done):
        books.measure(team, client, "Tickets", "2022-01-31", "4")
    card = scorecard(team.viewer, MARCH)
    assert list(card.clients.frame["client_name"]) == ["Active"]
    row = cell(card, active, tickets)
    assert (row["last_date"], row["age_days"]) == (date(2022, 1, 31), 790)
    # The total is that of all clients, as everywhere else.
    assert rows(card.totals)[0]["value"] == 8
    for asked in (ClientFilter((done,)), ClientFilter(statuses=("COMPLETED",))):
        assert list(scorecard(team.viewer, MARCH, asked).clients.frame["client_name"]) == ["Done"]


def test_filters_pages_and_other_organisations(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, others = new_team(), new_team()
    ids = [books.client(team, name) for name in ("Émile", "eve", "Fay")]
    calls, hours = (books.metric(team, name, adds_up="SUM") for name in ("Calls", "Hours"))
    for client in ids:
        for name in ("Calls", "Hours"):
            books.measure(team, client, name, "2024-03-05", "4")

    def names(card: Scorecard) -> list[str]:
        return list(card.clients.frame["client_name"])

    whole = scorecard(team.viewer, MARCH)
    assert names(whole) == ["Émile", "eve", "Fay"]
    assert list(whole.metrics["metric_id"]) == [calls, hours]
    assert names(scorecard(team.viewer, MARCH, ClientFilter(search="FA"))) == ["Fay"]
    one = scorecard(team.viewer, MARCH, metric_ids=(hours,))
    assert list(one.metrics["metric_id"]) == [hours]
    assert set(one.cells["metric_id"]) == {hours}
    assert one.standing.values == 3

    monkeypatch.setattr(cards, "MOST_CELLS", 4)
    assert [names(scorecard(team.viewer, MARCH, number=n)) for n in (0, 1, 9)] == [
        ["Émile", "eve"], ["Fay"], ["Fay"],
    ]  # fmt: skip
    second = scorecard(team.viewer, MARCH, number=1)
    assert (second.clients.count, second.clients.number, second.clients.size) == (3, 1, 2)
    # What is counted is that of all pages.
    assert second.standing == whole.standing == Standing(6, 0, 0, 0, 6)
    monkeypatch.setattr(cards, "MOST_METRICS", 1)
    cut = scorecard(team.viewer, MARCH)
    assert (list(cut.metrics["metric_id"]), cut.metrics_left_out) == ([calls], 1)

    theirs = scorecard(others.viewer, MARCH, ClientFilter((ids[0],)), (hours,))
    assert theirs.clients.count == 0
    assert theirs.cells.empty
    assert theirs.totals.empty
    assert metric_report(others.viewer, month(MARCH)).empty


def test_a_target_between_two_edges_in_a_file(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Ada", client_id="A-1")
    load = books.metric(team, "Load", "PERCENT", unit="%")
    books.aim(team, load, client_kpi_id=client, low="60", high="80", near_low="50", near_high="90")
    books.measure(team, client, "Load", "2024-02-10", "85")
    (row,) = rows(as_file(metric_report(team.viewer, month(MARCH))))
    assert row == {
        "client_id": "A-1", "metric": "Load", "unit": "%", "value": Decimal(85),
        "target": "60.0000..80.0000", "band": "NEAR", "age_days": 50,
    }  # fmt: skip
