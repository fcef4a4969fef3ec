"""The four lines of the business: recomputed from raw rows, and adding up to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.ledgers.profit_ledgers import (
    Ledger,
    Overhead,
    fraction,
    ledgers,
    lines_by_hand,
    overheads,
    overheads_by_hand,
    periods,
    write,
)
from tests.support.ledgers.profit_ledgers import write_overheads as write_rows
from tests.support.records import overhead
from zixly_data.database.connection import reporting, snapshot
from zixly_data.errors import SessionEnded
from zixly_data.figures import conversion
from zixly_data.figures.business.lines import LINES, Business, business, period_lines
from zixly_data.figures.business.overhead_sums import overhead_months
from zixly_data.figures.ledger import RatesMissing
from zixly_data.figures.period_totals import period_totals
from zixly_data.figures.profitability import margin_of, profitability
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.frames import rows
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]
several_times = settings(
    max_examples=examples(12),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def amounts(report: Business) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    return {
        (row["currency"], row["line"]): (row["revenue"], row["expenses"])
        for row in rows(report.lines)
    }


def profits(report: Business, currency: str = "AUD") -> list[str]:
    """The profit of each line."""
    return [str(row["profit"]) for row in rows(report.lines) if row["currency"] == currency]


@several_times
@given(
    ledger=ledgers, others=overheads, period=periods, target_currency=st.sampled_from((None, "AUD"))
)
def test_any_lines_of_any_ledger(
    new_team: NewTeam,
    ledger: Ledger,
    others: list[Overhead],
    period: Period,
    target_currency: str | None,
) -> None:
    team = new_team()
    write(team, ledger)
    write_rows(team, others)
    report = business(team.viewer, period, target_currency)
    by_hand = lines_by_hand(ledger, others, period, target_currency)
    assert amounts(report) == by_hand
    lines = rows(report.lines)
    assert [row["line"] for row in lines] == list(LINES) * (len(lines) // 4)
    assert [row["currency"] for row in lines] == sorted(row["currency"] for row in lines)
    for row in lines:
        assert row["profit"] == row["revenue"] - row["expenses"]
    for first in range(0, len(lines), 4):
        parts = lines[first : first + 3]
        assert lines[first + 3]["profit"] == sum(row["profit"] for row in parts)
    for row in rows(report.margins):
        for name, line in (("contribution_margin", "clients"), ("business_margin", "business")):
            revenue, expenses = by_hand[row["currency"], line]
            profit = revenue - expenses
            by_itself = fraction(profit, revenue) if revenue > 0 else margin_of(profit, revenue)
            assert row[name] == by_itself
    # The line of the clients is the total of the clients' own report, row by row.
    clients = profitability(team.viewer, period, target_currency=target_currency)
    for total in rows(clients.totals):
        assert by_hand[total["currency"], "clients"] == (total["revenue"], total["expenses"])


@several_times
@given(
    others=overheads, spans=st.lists(periods, min_size=1, max_size=3),
    target_currency=st.sampled_from((None, "AUD")),
)  # fmt: skip
def test_months_of_several_periods_at_once(
    new_team: NewTeam, others: list[Overhead], spans: list[Period], target_currency: str | None
) -> None:
    team = new_team()
    write(team, ([], []))
    write_rows(team, others)
    with reporting(team.viewer) as connection:
        months = overhead_months(connection, team.viewer, spans, target_currency)
    for period, found in months.items():
        sums: dict[tuple[date, str, str], tuple[Decimal, Decimal]] = {}
        for row in found:
            key = row.month, row.kind, row.currency
            revenue, expenses = sums.get(key, (Decimal(0), Decimal(0)))
            sums[key] = revenue + row.revenue, expenses + row.expenses
        assert sums == overheads_by_hand(others, period, target_currency)


@several_times
@given(
    ledger=ledgers,
    others=overheads,
    pairs=st.lists(st.tuples(periods, periods), min_size=1, max_size=3),
)
def test_lines_of_pairs_of_periods(
    new_team: NewTeam,
    ledger: Ledger,
    others: list[Overhead],
    pairs: list[tuple[Period, Period]],
) -> None:
    team = new_team()
    write(team, ledger)
    write_rows(team, others)
    with snapshot(team.viewer):
        totals = period_totals(team.viewer, [period for pair in pairs for period in pair])
        frames = period_lines(team.viewer, totals, pairs)
    for pair, frame in zip(pairs, frames, strict=True):
        now, before = (lines_by_hand(ledger, others, period) for period in pair)
        if not any(period.contains(row[2]) for row in others for period in pair):
            assert frame.empty
            continue
        assert {(row["currency"], row["line"]) for row in rows(frame)} == set(now)
        for row in rows(frame):
            key = row["currency"], row["line"]
            for suffix, (revenue, expenses) in (
                ("", now[key]), ("_so_far", now[key]), ("_before", before.get(key, (None, None))),
            ):  # fmt: skip
                assert (row[f"revenue{suffix}"], row[f"expenses{suffix}"]) == (revenue, expenses)
                profit = None if revenue is None or expenses is None else revenue - expenses
                assert row[f"profit{suffix}"] == profit


def test_the_example_of_a_new_organisation(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-02-01", "1000", "400")
    overhead(team, "2024-02-10", "250")
    overhead(team, "2024-03-31", "50", kind="UNASSIGNED")
    report = business(team.viewer, books.Q1_2024)
    assert profits(report) == ["600.00", "-50.00", "-250.00", "300.00"]
    (margins,) = rows(report.margins)
    assert margins == {
        "currency": "AUD",
        "contribution_margin": Decimal("0.6000"),
        "business_margin": Decimal("0.3000"),
    }


def test_a_currency_of_overheads_alone_has_lines_and_is_never_added(new_team: NewTeam) -> None:
    team = new_team()
    books.money(team, books.client(team), "2024-02-01", "10", "4")
    overhead(team, "2024-02-10", "7", currency="USD")
    report = business(team.viewer, books.Q1_2024)
    assert profits(report) == ["6.00", "0.00", "0.00", "6.00"]
    assert profits(report, "USD") == ["0.00", "0.00", "-7.00", "-7.00"]
    assert conversion.currencies(team.viewer) == ["AUD", "USD"]


def test_all_missing_rates_are_named_together(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "100", "40")
    overhead(team, "2024-02-10", "7", currency="USD")
    overhead(team, "2024-02-11", "7", currency="AUD")
    missing = [("NZD", date(2024, 1, 1)), ("USD", date(2024, 2, 1))]
    with pytest.raises(RatesMissing) as raised:
        business(team.viewer, books.Q1_2024, "AUD")
    assert raised.value.months == missing
    needed = conversion.missing_rates(team.viewer, books.Q1_2024, "AUD")
    assert [(row["currency"], row["month"]) for row in rows(needed)] == missing
    with reporting(team.viewer) as connection:
        months = overhead_months(connection, team.viewer, [books.Q1_2024], "AUD")[books.Q1_2024]
    assert {(row.own_currency, row.revenue, row.expenses) for row in months} == {
        ("AUD", Decimal("0.00"), Decimal("7.00")), ("USD", None, None),
    }  # fmt: skip
    drafts = [RateDraft(month, code, "AUD", Decimal("0.5")) for code, month in missing]
    exchange_rates.put_all(team.editor, drafts)
    assert profits(business(team.viewer, books.Q1_2024, "AUD")) == [
        "30.00", "0.00", "-10.50", "19.50",
    ]  # fmt: skip
    used = conversion.used_rates(team.viewer, books.Q1_2024, "AUD")
    assert list(used["currency"]) == ["NZD"]
    used = conversion.used_rates(team.viewer, books.Q1_2024, "AUD", overheads=True)
    assert list(used["currency"]) == ["NZD", "USD"]


def test_without_overheads_and_without_records(new_team: NewTeam, vera: Identity) -> None:
    nothing = business(new_team().viewer, books.ALWAYS)
    assert nothing.lines.empty
    assert nothing.margins.empty
    report = business(vera, books.Q1_2024)
    assert profits(report) == ["46000.00", "0.00", "0.00", "46000.00"]
    assert list(nothing.lines.columns) == list(report.lines.columns)


def test_another_tenant_and_a_session_that_ended(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    overhead(team, "2024-02-10", "7")
    assert business(other.viewer, books.ALWAYS).lines.empty
    pair = (books.ALWAYS, books.Q1_2024)
    totals = period_totals(other.viewer, pair)
    assert [frame.empty for frame in period_lines(other.viewer, totals, [pair])] == [True]
    assert [frame.empty for frame in period_lines(team.viewer, totals, [pair])] == [False]
    assert profits(business(team.viewer, books.ALWAYS)) == ["0.00", "0.00", "-7.00", "-7.00"]
    stranger = Identity(**{**vars(team.viewer), "secret": "none"})
    for read in (
        lambda: business(stranger, books.ALWAYS),
        lambda: period_lines(stranger, totals, [pair]),
    ):
        with pytest.raises(SessionEnded):
            read()
