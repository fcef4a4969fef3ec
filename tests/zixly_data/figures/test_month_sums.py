"""What PostgreSQL keeps per client and month is what its records add up to, whatever happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.database.connection import scoped
from zixly_data.figures.month_sums import month_sums
from zixly_data.identity import Identity
from zixly_data.records import clients, financials
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values import ids
from zixly_data.values.period import ALL, Period, between

Sums = dict[tuple[str, date], tuple[Decimal, Decimal, int]]

FIRST, LAST = date(2023, 11, 20), date(2024, 3, 10)
days = st.dates(FIRST, LAST)
cents = st.integers(-50_000, 500_000).map(lambda n: Decimal(n).scaleb(-2))
# What an editor does: record, correct a record that is there, or delete one. Which is by its place.
steps = st.lists(
    st.tuples(
        st.sampled_from(("add", "add", "change", "delete")),
        st.integers(0, 30), st.integers(0, 1), days, cents, cents,
    ),
    max_size=12,
)  # fmt: skip


def kept(identity: Identity, period: Period = ALL) -> Sums:
    with scoped(identity) as connection:
        rows = connection.execute(sa.select(month_sums(identity, period))).all()
    found = {(r.client_kpi_id, r.month): (r.revenue, r.expenses, r.records) for r in rows}
    assert len(found) == len(rows), "a client has a month twice"
    return found


def recomputed(identity: Identity, period: Period = ALL) -> Sums:
    """The same from the raw rows, in Python."""
    sums: Sums = defaultdict(lambda: (Decimal(0), Decimal(0), 0))
    with scoped(identity) as connection:
        for row in connection.execute(sa.text("select * from financials")):
            if period.contains(row.record_date):
                key = (row.client_kpi_id, row.record_date.replace(day=1))
                revenue, expenses, records = sums[key]
                sums[key] = (revenue + row.revenue, expenses + row.expenses, records + 1)
    return dict(sums)


def do(team: Team, ours: list[str], made: list[str], step: tuple[object, ...]) -> None:
    what, place, of, day, revenue, expenses = step
    draft = FinancialDraft(ours[of], day, revenue, expenses)  # type: ignore[call-overload,arg-type]
    if what == "add" or not made:
        made.append(ids.new_id("fin"))
        financials.add(team.editor, draft, row_id=made[-1])
        return
    record = made[place % len(made)]  # type: ignore[operator]
    version = financials.get(team.editor, record).version
    if what == "change":
        financials.change(team.editor, record, version, draft)
    else:
        financials.delete(team.editor, record, version)
        made.remove(record)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, ends=st.tuples(days, days))
def test_any_sequence_of_changes_and_any_period(
    new_team: Callable[[], Team], steps: list[tuple[object, ...]], ends: tuple[date, date]
) -> None:
    team = new_team()
    ours, made = [books.client(team, "Harbour"), books.client(team, "Bondi")], list[str]()
    for step in steps:
        do(team, ours, made, step)
    assert kept(team.editor) == recomputed(team.editor)
    period = between(min(ends), max(ends))
    assert kept(team.editor, period) == recomputed(team.editor, period)


def test_periods_that_start_or_end_inside_a_month(new_team: Callable[[], Team]) -> None:
    team = new_team()
    client = books.client(team)
    day = FIRST
    while day <= LAST:
        books.money(team, client, day, "1.01", "0.50")
        day += timedelta(days=1)
    for start, end in (
        ("2024-01-05", "2024-01-20"), ("2024-01-05", "2024-02-20"), ("2024-01-05", "2024-01-31"),
        ("2024-01-01", "2024-01-20"), ("2023-12-05", "2024-03-01"), ("2023-12-31", "2024-01-01"),
        ("2024-01-01", "2024-01-31"), ("2023-12-31", "2024-02-01"), ("2024-02-29", "2024-02-29"),
    ):  # fmt: skip
        period = between(start, end)
        found = kept(team.viewer, period)
        assert found == recomputed(team.viewer, period)
        assert sum(records for _, _, records in found.values()) == period.days


def test_many_who_write_one_month_at_once(new_team: Callable[[], Team]) -> None:
    """Nobody's amount is lost, whoever waits for whom, and in whatever order."""
    team = new_team()
    ours = [books.client(team, "Harbour"), books.client(team, "Bondi")]

    def write(number: int) -> None:
        for turn in range(10):
            client = ours[(number + turn) % 2]
            record = books.money(team, client, "2024-03-05", f"{number}.{turn:02}", "1")
            if turn % 3 == 0:
                draft = FinancialDraft(client, date(2024, 4, 1), Decimal(turn), Decimal(number))
                financials.change(team.editor, record, 1, draft)
            if turn % 4 == 0:
                financials.delete(team.editor, record, financials.get(team.editor, record).version)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    found = kept(team.viewer)
    assert found == recomputed(team.viewer)
    assert sum(records for _, _, records in found.values()) == 6 * 7


def test_what_was_rolled_back_counts_nowhere(new_team: Callable[[], Team]) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-03-05", "10")
    before = kept(team.editor)
    try:
        with scoped(team.editor) as connection:
            connection.execute(sa.text("delete from financials"))
            raise RuntimeError
    except RuntimeError:
        pass
    assert kept(team.editor) == before == recomputed(team.editor)


def test_a_client_goes_with_its_sums(new_team: Callable[[], Team], admin: sa.Engine) -> None:
    team = new_team()
    gone, stays = books.client(team, "Gone"), books.client(team, "Stays")
    for client in (gone, stays):
        books.money(team, client, "2024-03-05", "10")
    clients.delete(team.editor, gone, 1, "Gone")
    assert {client for client, _ in kept(team.viewer)} == {stays}
    with admin.connect() as superuser:
        left = superuser.execute(
            sa.text("select client_kpi_id from zixly.financial_months where tenant_id = :t"),
            {"t": team.tenant_id},
        ).scalars()
        assert set(left) == {stays}


def test_an_organisation_goes_with_its_sums(new_team: Callable[[], Team], admin: sa.Engine) -> None:
    team = new_team()
    books.money(team, books.client(team), "2024-03-05", "10")
    with admin.begin() as superuser:
        superuser.execute(sa.text("delete from zixly.tenants where id = :t"), {"t": team.tenant_id})
        left = superuser.execute(
            sa.text("select count(*) from zixly.financial_months where tenant_id = :t"),
            {"t": team.tenant_id},
        ).scalar_one()
    assert left == 0
