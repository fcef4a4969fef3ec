"""Which target a month and a period are judged by, and the band of a value: by another route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.depth import examples
from zixly_data.database.connection import reporting
from zixly_data.figures.delivery import metric_history, targets
from zixly_data.identity import Identity
from zixly_data.records.delivery import metric_targets
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.values import calendar_period
from zixly_data.values.dates import add_months, month_end
from zixly_data.values.frames import rows
from zixly_data.values.period import ALL, Period

NewTeam = Callable[[], Team]
FIRST = date(2024, 1, 1)
EDGES = ("low", "high", "near_low", "near_high")


@dataclass(frozen=True)
class Row:
    """A target of a random history."""

    metric: int
    client: int | None
    month: date
    edges: tuple[int | None, int | None, int | None, int | None]

    @property
    def kind(self) -> str:
        low, high, _, _ = self.edges
        kinds = {(True, True): "BETWEEN", (True, False): "AT_LEAST", (False, True): "AT_MOST"}
        return kinds.get((low is not None, high is not None), "NONE")


def _edges(numbers: list[int], kind: str) -> tuple[int | None, ...]:
    near_low, low, high, near_high = sorted(numbers)
    return {
        "AT_LEAST": (low, None, near_low, None),
        "AT_MOST": (None, high, None, near_high),
        "BETWEEN": (low, high, near_low, near_high),
        "NONE": (None, None, None, None),
    }[kind]


KINDS = st.sampled_from(("AT_LEAST", "AT_LEAST", "AT_MOST", "BETWEEN", "NONE"))
HISTORIES = st.lists(
    st.builds(
        lambda metric, client, month, kind, numbers: Row(
            metric,
            client,
            add_months(FIRST, month),
            _edges(numbers, kind),  # type: ignore[arg-type]
        ),
        st.sampled_from((0, 1)),
        st.sampled_from((None, None, 0, 1)),
        st.integers(-3, 9),
        KINDS,
        st.lists(st.integers(0, 6), min_size=4, max_size=4),
    ),
    unique_by=lambda row: (row.metric, row.client, row.month),
    max_size=12,
)


def judging(history: list[Row], metric: int, client: int, month: date) -> Row | None:
    """The target of a month, looked for month by month: the client's own before everyone's."""
    for whose in (client, None):
        begun = [
            row
            for row in history
            if (row.metric, row.client) == (metric, whose) and row.month <= month
        ]
        if begun:
            last = max(begun, key=lambda row: row.month)
            return None if last.kind == "NONE" else last
    return None


def band_of(value: Decimal, kind: str, edges: tuple[Any, ...]) -> str:
    low, high, near_low, near_high = edges
    if kind == "AT_LEAST":
        return "ON_TARGET" if value >= low else "NEAR" if value >= near_low else "OFF"
    if kind == "AT_MOST":
        return "ON_TARGET" if value <= high else "NEAR" if value <= near_high else "OFF"
    if low <= value <= high:
        return "ON_TARGET"
    return "NEAR" if near_low <= value <= near_high else "OFF"


def partial_band(value: Decimal, kind: str, edges: tuple[Any, ...]) -> str | None:
    """The band that the value has, whatever is added to it: the best one still possible, unless
    that is all of them."""
    if kind == "AT_LEAST":
        return "ON_TARGET" if value >= edges[0] else None
    return None if value <= edges[1] else band_of(value, kind, edges)


@dataclass(frozen=True)
class Books:
    """A team with a metric that adds up and one that does not, two clients, and their targets."""

    team: Team
    metrics: tuple[str, str]
    clients: tuple[str, str]

    def set(self, history: list[Row]) -> None:
        for row in history:
            edges = {
                name: None if edge is None else str(edge)
                for name, edge in zip(EDGES, row.edges, strict=True)
            }
            whose = None if row.client is None else self.clients[row.client]
            books.aim(self.team, self.metrics[row.metric], row.month, whose, **edges)


@pytest.fixture
def aimed(new_team: NewTeam, admin: sa.Engine) -> Callable[[], Books]:
    def make() -> Books:
        team = new_team()
        metrics = books.metric(team, "Hours"), books.metric(team, "Score")
        statements.run(
            admin, "update zixly.metric_definitions set adds_up = 'SUM' where id = :id",
            id=metrics[0],
        )  # fmt: skip
        return Books(team, metrics, (books.client(team, "Café"), books.client(team, "Law")))

    return make


def asked(identity: Identity, query: sa.Select[Any]) -> list[dict[str, Any]]:
    with reporting(identity) as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def keys_of(values: list[tuple[Any, ...]], *names: str) -> sa.Subquery:
    types = {"month": sa.Date, "value": sa.Numeric}
    columns = (sa.column(name, types.get(name, sa.Text)()) for name in names)
    return sa.select(sa.values(*columns, name="given").data(values)).subquery("keys")


generated = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@generated
@given(HISTORIES, st.lists(st.integers(-1, 7), min_size=1, max_size=4))
def test_each_month_is_judged_by_the_target_it_had(
    aimed: Callable[[], Books], history: list[Row], values: list[int]
) -> None:
    held = aimed()
    held.set(history)
    months = [add_months(FIRST, number) for number in range(-4, 12)]
    keys = [
        (metric, client, month, Decimal(value))
        for metric in (0, 1) for client in (0, 1) for month in months for value in values
    ]  # fmt: skip
    given_keys = keys_of(
        [(held.metrics[m], held.clients[c], month, value) for m, c, month, value in keys],
        "metric_id", "client_kpi_id", "month", "value",
    )  # fmt: skip
    judged = targets.target_rows(held.team.viewer, given_keys).subquery("judged")
    query = sa.select(
        judged,
        targets.band(judged.c.value, judged).label("band"),
        targets.distance(judged.c.value, judged).label("distance"),
    )
    answers = {
        (row["metric_id"], row["client_kpi_id"], row["month"], row["value"]): row
        for row in asked(held.team.viewer, query)
    }
    assert len(answers) == len(set(keys))
    for metric, client, month, value in keys:
        answer = answers[held.metrics[metric], held.clients[client], month, value]
        row = judging(history, metric, client, month)
        if row is None:
            assert {answer[name] for name in (*targets.TARGET_COLUMNS, "band")} == {None}
            continue
        assert answer["target_kind"] == row.kind
        assert tuple(answer[name] for name in EDGES) == row.edges
        assert answer["band"] == band_of(value, row.kind, row.edges)
        low, high = row.edges[:2]
        short = low - value if low is not None and value < low else None
        over = value - high if high is not None and value > high else None
        expected = (
            short / (low or 1) if short is not None
            else over / (high or 1) if over is not None else None
        )  # fmt: skip
        if expected is None:
            assert answer["distance"] is None
        else:
            assert abs(answer["distance"] - expected) < Decimal("1e-9")


PERIODS = st.builds(
    lambda start, days, whole: (
        Period("p", start.replace(day=1), month_end(start + timedelta(days)), "p")
        if whole
        else Period("p", start, start + timedelta(days), "p")
    ),
    st.dates(date(2023, 9, 1), date(2024, 12, 31)),
    st.integers(0, 200),
    st.booleans(),
)


@generated
@given(HISTORIES, PERIODS, st.dates(date(2023, 9, 1), date(2025, 8, 1)), st.integers(0, 40))
def test_a_period_is_judged_by_the_sum_of_its_months_or_by_the_last(
    aimed: Callable[[], Books], history: list[Row], period: Period, today: date, number: int
) -> None:
    held = aimed()
    held.set(history)
    value = Decimal(number)
    given_keys = keys_of(
        [(m, c) for m in held.metrics for c in held.clients], "metric_id", "client_kpi_id"
    )
    judged = targets.period_targets(held.team.viewer, given_keys, period, today).subquery("judged")
    amount = sa.literal(value, sa.Numeric)
    query = sa.select(judged, targets.band(amount, judged, judged.c.is_partial).label("band"))
    answers = {
        (row["metric_id"], row["client_kpi_id"]): row for row in asked(held.team.viewer, query)
    }
    assert len(answers) == 4
    months = [period.start.replace(day=1)]
    while add_months(months[-1], 1) <= period.end:
        months.append(add_months(months[-1], 1))
    last_begun = max([month for month in months if month <= today], default=months[0])
    is_cut = period.start != months[0] or period.end != month_end(period.end)
    is_cut = is_cut or period.end >= today
    for metric in (0, 1):
        for client in (0, 1):
            judged_months = months if metric == 0 else [last_begun]
            each_month = [judging(history, metric, client, month) for month in judged_months]
            parts = [row for row in each_month if row is not None]
            answer = answers[held.metrics[metric], held.clients[client]]
            assert answer["is_partial"] == (is_cut and metric == 0)
            if len(parts) < len(each_month) or len({row.kind for row in parts}) > 1:
                assert {answer[name] for name in (*targets.TARGET_COLUMNS, "band")} == {None}
                continue
            edges = tuple(
                None if numbers[0] is None else sum(numbers)  # type: ignore[arg-type]
                for numbers in zip(*(row.edges for row in parts), strict=True)
            )
            assert tuple(answer[name] for name in EDGES) == edges
            judge = partial_band if answer["is_partial"] else band_of
            assert answer["band"] == judge(value, parts[0].kind, edges)


def test_all_clients_together_have_no_target(aimed: Callable[[], Books]) -> None:
    held = aimed()
    books.aim(held.team, held.metrics[0], low="5")
    keys = keys_of(
        [(held.metrics[0], None, FIRST), (held.metrics[0], held.clients[0], FIRST)],
        "metric_id", "client_kpi_id", "month",
    )  # fmt: skip
    viewer = held.team.viewer
    judged = {row["client_kpi_id"]: row["low"] for row in
              asked(viewer, targets.target_rows(viewer, keys))}  # fmt: skip
    assert judged == {None: None, held.clients[0]: 5}
    period = calendar_period.month(FIRST)
    summed = asked(viewer, targets.period_targets(viewer, keys, period, date(2025, 1, 1)))
    assert {row["client_kpi_id"]: row["low"] for row in summed} == judged


def test_a_sum_over_all_time_has_no_target(aimed: Callable[[], Books]) -> None:
    held = aimed()
    for metric in held.metrics:
        books.aim(held.team, metric, low="5")
    keys = keys_of([(m, held.clients[0]) for m in held.metrics], "metric_id", "client_kpi_id")
    viewer, today = held.team.viewer, date(2025, 1, 1)
    longest = Period("longest", FIRST, date(2033, 12, 31), "ten years")
    for period, expected in ((ALL, None), (longest, 5 * 12 * 10)):
        judged = {row["metric_id"]: row["low"] for row in
                  asked(viewer, targets.period_targets(viewer, keys, period, today))}  # fmt: skip
        assert judged == {held.metrics[0]: expected, held.metrics[1]: 5}


def test_another_organisation_has_no_part_in_it(aimed: Callable[[], Books]) -> None:
    held, others = aimed(), aimed()
    books.aim(held.team, held.metrics[0], low="5")
    keys = keys_of(
        [(held.metrics[0], held.clients[0], FIRST)], "metric_id", "client_kpi_id", "month"
    )
    assert asked(held.team.viewer, targets.target_rows(held.team.viewer, keys))[0]["low"] == 5
    stranger = others.team.admin
    assert asked(stranger, targets.target_rows(stranger, keys))[0]["low"] is None
    steps = targets.target_steps(stranger, held.metrics[0], held.clients[0])
    assert steps.empty


def test_the_steps_are_everyones_until_the_clients_first(aimed: Callable[[], Books]) -> None:
    held = aimed()
    metric, (cafe, law) = held.metrics[0], held.clients
    books.aim(held.team, metric, low="120")
    books.aim(held.team, metric, "2024-03-01", low="130")
    books.aim(held.team, metric, "2024-09-01", low="140")
    books.aim(held.team, metric, "2024-05-01", cafe, low="64")
    books.aim(held.team, metric, "2024-07-01", cafe)

    def steps(client: str) -> list[tuple[Any, ...]]:
        frame = targets.target_steps(held.team.viewer, metric, client)
        return [(row["from_month"], row["target_kind"], row["low"]) for row in rows(frame)]

    beginning = [(date(2000, 1, 1), "AT_LEAST", 120), (date(2024, 3, 1), "AT_LEAST", 130)]
    assert steps(law) == [*beginning, (date(2024, 9, 1), "AT_LEAST", 140)]
    assert steps(cafe) == [
        *beginning, (date(2024, 5, 1), "AT_LEAST", 64), (date(2024, 7, 1), "NONE", None),
    ]  # fmt: skip


def test_a_small_client_is_not_below_a_target_meant_for_another(
    aimed: Callable[[], Books],
) -> None:
    held = aimed()
    cafe, law = held.clients
    books.aim(held.team, held.metrics[1], low="120")
    books.aim(held.team, held.metrics[1], client_kpi_id=law, low="60")
    for client in held.clients:
        books.measure(held.team, client, "Score", "2024-03-31", "64")
    judged = metric_history.against_targets(held.team.viewer)
    assert (judged.with_target, judged.on_target) == (2, 1)
    assert list(judged.furthest_off["client_kpi_id"]) == [cafe]


def test_a_past_month_keeps_its_target_when_a_later_one_begins(
    aimed: Callable[[], Books],
) -> None:
    held = aimed()
    cafe = held.clients[0]
    row_id = books.aim(held.team, held.metrics[1], low="60")
    books.measure(held.team, cafe, "Score", "2024-03-31", "64")
    march = calendar_period.month(date(2024, 3, 1))

    def shown(period: Period | None = None) -> tuple[Any, ...]:
        (row,) = rows(metric_history.latest(held.team.viewer, period))
        return row["low"], row["band"]

    assert shown(march) == (60, "ON_TARGET")
    later = books.aim(held.team, held.metrics[1], "2024-04-01", low="80")
    assert shown(march) == (60, "ON_TARGET")
    books.measure(held.team, cafe, "Score", "2024-04-30", "64")
    assert shown() == (80, "OFF")
    assert shown(march) == (60, "ON_TARGET")
    metric_targets.remove(held.team.editor, later, 1)
    assert shown() == (60, "ON_TARGET")
    draft = TargetDraft(held.metrics[1], date(2024, 4, 1), "NONE")
    metric_targets.change(held.team.editor, row_id, 1, draft)
    assert shown(march) == (None, None)
