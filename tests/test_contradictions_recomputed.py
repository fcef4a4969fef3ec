"""Random ledgers: what PostgreSQL finds is what plain Python finds in the raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests import books
from tests.conftest import Team
from zixly_data import contradictions
from zixly_data.connection import scoped
from zixly_data.identity import Identity

TODAY = date(2024, 3, 10)
ZERO = Decimal(0)

days = st.dates(date(2023, 12, 25), date(2024, 3, 12))
# Bills long before any lead as well, around the 90 days that make a client one of old.
days_of_bills = days | st.dates(date(2023, 9, 20), date(2023, 12, 24))
# Few amounts, so that credits cancel bills out and months are without revenue.
amounts = st.sampled_from(("0", "0", "10.00", "-10.00", "0.01", "250.55")).map(Decimal)
bills = st.lists(st.tuples(st.integers(0, 2), days_of_bills, amounts, amounts), max_size=14)
stages = st.sampled_from(("Inquiry", "Contract signed", "Contract signed", "Lost"))
steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("AB"), stages, days), max_size=6)


def raw(identity: Identity, query: str) -> list[sa.Row[tuple[object, ...]]]:
    with scoped(identity) as connection:
        return list(connection.execute(sa.text(query)))


def before_contract(identity: Identity) -> set[tuple[str, Decimal, date, date, int]]:
    """Per client: what was billed before its first won event, from when to when, in records.

    But of none that was billed for more than 90 days when its first lead event was recorded.
    """
    won: dict[str, date] = {}
    any_event: dict[str, date] = {}
    for row in raw(identity, "select * from lead_events"):
        client, day = row.client_kpi_id, row.event_date
        any_event[client] = min(any_event.get(client, date.max), day)
        if row.status == "WON":
            won[client] = min(won.get(client, date.max), day)
    bills = defaultdict(list)
    of_old: dict[str, Decimal] = defaultdict(Decimal)
    for row in raw(identity, "select * from financials"):
        client, day = row.client_kpi_id, row.record_date
        if client in won and row.revenue and day < won[client]:
            bills[client].append(row)
        if client in any_event and (any_event[client] - day).days > 90:
            of_old[client] += row.revenue
    bills = {client: some for client, some in bills.items() if not of_old[client] > 0}
    found = set()
    for client, some in bills.items():
        revenue = sum((row.revenue for row in some), ZERO)
        if revenue > 0:
            first = min(row.record_date for row in some)
            found.add((client, revenue, first, won[client], len(some)))
    return found


def costs_alone(identity: Identity) -> set[tuple[str, str, Decimal, int]]:
    """Per client and month that is over: the costs of a month whose revenue adds up to nothing."""
    months = defaultdict(list)
    for row in raw(identity, "select * from financials"):
        months[row.client_kpi_id, row.record_date.strftime("%Y-%m")].append(row)
    found = set()
    for (client, month), some in months.items():
        revenue = sum((row.revenue for row in some), ZERO)
        expenses = sum((row.expenses for row in some), ZERO)
        if month < TODAY.strftime("%Y-%m") and expenses > 0 and revenue == 0:
            found.add((client, month, expenses, len(some)))
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(  # The first is a client of old; the second began a day later, and is none.
    bills=[
        (client, day, Decimal("10.00"), ZERO)
        for client, first in ((0, date(2023, 12, 1)), (1, date(2023, 12, 2)))
        for day in (first, date(2024, 2, 1))
    ],
    steps=[(client, "A", "Contract signed", date(2024, 3, 1)) for client in (0, 1)],
)
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
    each = books.client(team)
    books.money(team, each, TODAY - timedelta(days=40), "10", "3")
    books.money(team, each, TODAY - timedelta(days=39), "-10", "3")
    books.money(team, each, TODAY - timedelta(days=5), "1", "3")
    books.event(team, each, "A", "Contract signed", TODAY - timedelta(days=4))
    of_old = books.client(team, "Of old")
    for day in (200, 20):
        books.money(team, of_old, TODAY - timedelta(days=day), "5")
    books.event(team, of_old, "Add-on", "Contract signed", TODAY)
    assert [row[1] for row in before_contract(team.viewer)] == [Decimal(1)]
    assert [row[2] for row in costs_alone(team.viewer)] == [Decimal(6)]
