"""Random ledgers: what PostgreSQL finds is what plain Python finds in the raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.database.connection import scoped
from zixly_data.findings import contradictions
from zixly_data.identity import Identity

TODAY = date(2024, 3, 10)
ZERO = Decimal(0)

days = st.dates(date(2023, 12, 25), date(2024, 3, 12))
# Few amounts, so that credits cancel bills out and months are without revenue.
amounts = st.sampled_from(("0", "0", "10.00", "-10.00", "0.01", "250.55")).map(Decimal)
bills = st.lists(st.tuples(st.integers(0, 2), days, amounts, amounts), max_size=14)
stages = st.sampled_from(("Inquiry", "Contract signed", "Contract signed", "Lost"))
steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("AB"), stages, days), max_size=6)


def raw(identity: Identity, query: str) -> list[sa.Row[tuple[object, ...]]]:
    with scoped(identity) as connection:
        return list(connection.execute(sa.text(query)))


def before_contract(identity: Identity) -> set[tuple[str, Decimal, date, date, int]]:
    """Per client: what was billed before its first won event, from when to when, in records."""
    won: dict[str, date] = {}
    for row in raw(identity, "select * from lead_events"):
        if row.status == "WON":
            won[row.client_kpi_id] = min(won.get(row.client_kpi_id, date.max), row.event_date)
    bills = defaultdict(list)
    for row in raw(identity, "select * from financials"):
        if row.client_kpi_id in won and row.revenue and row.record_date < won[row.client_kpi_id]:
            bills[row.client_kpi_id].append(row)
    contradictions = set()
    for client, some in bills.items():
        revenue = sum((row.revenue for row in some), ZERO)
        if revenue > 0:
            first = min(row.record_date for row in some)
            contradictions.add((client, revenue, first, won[client], len(some)))
    return contradictions


def costs_alone(identity: Identity) -> set[tuple[str, str, Decimal, int]]:
    """Per client and month that is over: the costs of a month whose revenue adds up to nothing."""
    months = defaultdict(list)
    for row in raw(identity, "select * from financials"):
        months[row.client_kpi_id, row.record_date.strftime("%Y-%m")].append(row)
    contradictions = set()
    for (client, month), some in months.items():
        revenue = sum((row.revenue for row in some), ZERO)
        expenses = sum((row.expenses for row in some), ZERO)
        if month < TODAY.strftime("%Y-%m") and expenses > 0 and revenue == 0:
            contradictions.add((client, month, expenses, len(some)))
    return contradictions


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=bills, steps=steps)
def test_any_bills_and_any_contracts(
    new_team: Callable[[], Team],
    bills: list[tuple[int, date, Decimal, Decimal]],
    steps: list[tuple[int, str, str, date]],
) -> None:
    team = new_team()
    ours = [books.client(team, name) for name in ("Harbour", "Bondi", "Kauri")]
    for of, day, revenue, expenses in bills:
        books.money(team, ours[of], day, revenue, expenses)
    for of, lead, stage, day in steps:
        books.event(team, ours[of], lead, stage, day)
    rows = contradictions.findings(team.viewer, TODAY).to_dict("records")
    early = {
        (r["client_kpi_id"], r["amount"], r["since"], r["until"], r["records"])
        for r in rows
        if r["kind"] == "REVENUE_BEFORE_CONTRACT"
    }
    costly = {
        (r["client_kpi_id"], r["subject"], r["amount"], r["records"])
        for r in rows
        if r["kind"] == "EXPENSES_WITHOUT_REVENUE"
    }
    assert early == before_contract(team.viewer)
    assert costly == costs_alone(team.viewer)
    keys = [(r["kind"], r["client_kpi_id"], r["subject"]) for r in rows]
    assert len(keys) == len(set(keys)), "two findings have one key"


def test_the_ledgers_are_not_all_without_contradictions(new_team: Callable[[], Team]) -> None:
    team = new_team()
    client_id = books.client(team)
    books.money(team, client_id, TODAY - timedelta(days=40), "10", "3")
    books.money(team, client_id, TODAY - timedelta(days=39), "-10", "3")
    books.money(team, client_id, TODAY - timedelta(days=5), "1", "3")
    books.event(team, client_id, "A", "Contract signed", TODAY - timedelta(days=4))
    assert [row[1] for row in before_contract(team.viewer)] == [Decimal(1)]
    assert [row[2] for row in costs_alone(team.viewer)] == [Decimal(6)]
