"""The value of a metric in a period is what its raw values give by another route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.database.connection import reporting
from zixly_data.figures.delivery.all_values import value_of
from zixly_data.figures.delivery.metric_values import (
    MetricValue,
    client_values,
    total_values,
)
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL, Period, between

NewTeam = Callable[[], Team]
MARCH = between("2024-03-01", "2024-03-31")
WAYS = {"SUM": "SUM", "LAST": "SUM", "AVERAGE": "NONE"}
PLACES = Decimal("0.0001")

FIRST, LAST = date(2024, 1, 1), date(2024, 3, 20)
days = st.dates(FIRST, LAST)
# Metric, client, date, value: few days, so that several values share one and months have gaps.
entries = st.lists(
    st.tuples(
        st.sampled_from(list(WAYS)),
        st.integers(0, 2),
        st.sampled_from([FIRST + timedelta(days=n) for n in (0, 1, 30, 31, 32, 59, 60, 79)]),
        st.integers(-99_999, 999_999).map(lambda n: Decimal(n).scaleb(-4)),
    ),
    max_size=25,
)
spans = st.dictionaries(
    st.sampled_from("abcde"),
    st.one_of(
        st.just(ALL),
        st.tuples(days, days).map(lambda ends: between(min(ends), max(ends))),
    ),
    min_size=1,
)


@dataclass(frozen=True)
class Entry:
    metric_id: str
    client: str
    day: date
    value: Decimal


Row = tuple[Decimal, date, int]


def by_hand(entries: list[Entry], way: str, period: Period) -> Row | None:
    """The value of one client's metric; `entries` are in the order in which they were recorded."""
    if way == "LAST":
        up_to_end = [entry for entry in entries if entry.day <= period.end]
        if not up_to_end:
            return None
        newest = max(entry.day for entry in up_to_end)
        return [e.value for e in up_to_end if e.day == newest][-1], newest, 1
    inside = [entry for entry in entries if period.contains(entry.day)]
    if not inside:
        return None
    value = sum((entry.value for entry in inside), Decimal(0))
    if way == "AVERAGE":
        value = _rounded(value, len(inside))
    return value, max(entry.day for entry in inside), len(inside)


def _rounded(total: Decimal, count: int) -> Decimal:
    # Half away from zero, in whole numbers: an average is rounded once.
    size, rest = divmod(abs(int(total / PLACES)), count)
    size += 2 * rest >= count
    return (size if total >= 0 else -size) * PLACES


def stored(identity: Identity, periods: dict[str, Period]) -> dict[tuple[str, str, str], Row]:
    rows = client_values(identity, periods)
    with reporting(identity) as connection:
        values = connection.execute(sa.select(rows)).all()
    by_key = {
        (r.span, r.client_kpi_id, r.metric_id): (r.value, r.last_date, r.records) for r in values
    }
    assert len(by_key) == len(values), "a client has a value twice"
    return by_key


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=entries, spans=spans)
def test_any_history_and_any_periods(
    new_team: NewTeam,
    entries: list[tuple[str, int, date, Decimal]],
    spans: dict[str, Period],
) -> None:
    team = new_team()
    ours = [books.client(team, name) for name in ("Ada", "Bob", "Cy")]
    metrics = {
        way: books.metric(team, f"By {way}", adds_up=way, over_clients=over)
        for way, over in WAYS.items()
    }
    recorded = []
    for way, place, day, value in entries:
        books.measure(team, ours[place], f"By {way}", day, str(value))
        recorded.append(Entry(metrics[way], ours[place], day, value))
    expected = {}
    for span, period in spans.items():
        for way, metric_id in metrics.items():
            for client in ours:
                series = [e for e in recorded if (e.metric_id, e.client) == (metric_id, client)]
                row = by_hand(series, way, period)
                if row is not None:
                    expected[span, client, metric_id] = row
    assert stored(team.viewer, spans) == expected

    totals = total_values(team.viewer, spans)
    with reporting(team.viewer) as connection:
        total_rows = {
            (r.span, r.metric_id): (r.value, r.last_date, r.clients, r.records)
            for r in connection.execute(sa.select(totals))
        }
    summed = {}
    for span in spans:
        for way in ("SUM", "LAST"):
            parts = [
                row
                for (of, _, metric_id), row in expected.items()
                if (of, metric_id) == (span, metrics[way])
            ]
            if parts:
                dates = [day for _, day, _ in parts]
                summed[span, metrics[way]] = (
                    sum((value for value, _, _ in parts), Decimal(0)),
                    min(dates) if way == "LAST" else max(dates),
                    len(parts),
                    sum(records for _, _, records in parts),
                )
    assert total_rows == summed


def test_an_average_is_rounded_once(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    metric = books.metric(team, "Score", adds_up="AVERAGE")
    for value in ("0.0001", "0.0002", "9999999999.9999"):
        books.measure(team, client, "Score", "2024-03-05", value)
    answer = value_of(team.viewer, metric, client, MARCH)
    assert answer is not None
    exact = (Decimal("0.0003") + Decimal("9999999999.9999")) / 3
    assert answer.value == exact.quantize(PLACES, ROUND_HALF_UP)


def test_hours_of_one_date_and_of_four_weeks(new_team: NewTeam) -> None:
    team = new_team()
    ada, bob = books.client(team, "Ada"), books.client(team, "Bob")
    hours = books.metric(team, "Hours", adds_up="SUM", over_clients="SUM")
    for value in ("2.5", "3", "1.25"):
        books.measure(team, ada, "Hours", "2024-03-05", value)
    for day in ("2024-03-01", "2024-03-08", "2024-03-15", "2024-03-22"):
        books.measure(team, bob, "Hours", day, "30")
    assert value_of(team.viewer, hours, ada, MARCH) == MetricValue(
        Decimal("6.75"), date(2024, 3, 5), 26, 3
    )
    of_bob = value_of(team.viewer, hours, bob, MARCH)
    assert of_bob == MetricValue(Decimal(120), date(2024, 3, 22), 9, 4)
    assert value_of(team.viewer, hours, None, MARCH) == MetricValue(
        Decimal("126.75"), date(2024, 3, 22), 9, 7
    )
    assert value_of(team.viewer, hours, ada, between("2024-04-01", "2024-04-30")) is None


def test_a_level_is_carried_forward_with_its_age(new_team: NewTeam) -> None:
    team = new_team()
    ada, bob = books.client(team, "Ada"), books.client(team, "Bob")
    tickets = books.metric(team, "Tickets", adds_up="LAST", over_clients="SUM")
    books.measure(team, ada, "Tickets", "2024-01-31", "4")
    books.measure(team, bob, "Tickets", "2024-03-30", "0")
    of_ada = value_of(team.viewer, tickets, ada, MARCH)
    assert of_ada == MetricValue(Decimal(4), date(2024, 1, 31), 60, 1)
    # The age of the total is that of its oldest part.
    assert value_of(team.viewer, tickets, None, MARCH) == MetricValue(
        Decimal(4), date(2024, 1, 31), 60, 2
    )
    february = between("2024-02-01", "2024-02-29")
    assert value_of(team.viewer, tickets, bob, february) is None


@pytest.mark.parametrize("way", ["SUM", "LAST", "AVERAGE"])
def test_a_metric_that_does_not_add_up_over_clients_has_no_total(
    new_team: NewTeam, way: str
) -> None:
    team = new_team()
    client = books.client(team)
    metric = books.metric(team, "Score", adds_up=way, over_clients="NONE")
    books.measure(team, client, "Score", "2024-03-05", "4")
    assert value_of(team.viewer, metric, client, MARCH) is not None
    assert value_of(team.viewer, metric, None, MARCH) is None


def test_prospects_count_only_where_they_are_named(new_team: NewTeam) -> None:
    team = new_team()
    prospect = books.client(team, "Maybe", status="PROSPECT")
    client = books.client(team, "Surely")
    hours = books.metric(team, "Hours", adds_up="SUM", over_clients="SUM")
    books.measure(team, prospect, "Hours", "2024-03-05", "4")
    books.measure(team, client, "Hours", "2024-03-05", "1")
    total, named = (value_of(team.viewer, hours, of, MARCH) for of in (None, prospect))
    assert total is not None
    assert named is not None
    assert (total.value, named.value) == (1, 4)


def test_filters_and_other_organisations(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    ada, bob = books.client(team, "Ada"), books.client(team, "Bob", status="COMPLETED")
    hours, calls = (books.metric(team, name, adds_up="SUM") for name in ("Hours", "Calls"))
    for client in (ada, bob):
        for name in ("Hours", "Calls"):
            books.measure(team, client, name, "2024-03-05", "4")

    def series(identity: Identity, *arguments: object) -> set[tuple[str, str]]:
        rows = client_values(identity, {"march": MARCH}, *arguments)  # type: ignore[arg-type]
        with reporting(identity) as connection:
            return {(r.client_kpi_id, r.metric_id) for r in connection.execute(sa.select(rows))}

    both = {(client, metric) for client in (ada, bob) for metric in (hours, calls)}
    assert series(team.viewer) == both
    assert series(team.viewer, ClientFilter((ada,))) == {(ada, hours), (ada, calls)}
    assert series(team.viewer, ClientFilter(statuses=("COMPLETED",)), (calls,)) == {(bob, calls)}
    assert series(team.viewer, None, ()) == set()
    assert series(others.viewer) == set()
    assert value_of(others.viewer, hours, ada, MARCH) is None
    assert value_of(others.viewer, hours, None, MARCH) is None
