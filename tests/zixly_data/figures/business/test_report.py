"""Profitability with the lines of the business: each row recomputed from raw rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.ledgers.profit_ledgers import (
    CLIENTS,
    ZERO,
    Ledger,
    Overhead,
    ledgers,
    lines_by_hand,
    months_of,
    overheads,
    overheads_by_hand,
    periods,
    write,
    write_overheads,
)
from tests.support.records import overhead
from zixly_data.errors import SessionEnded
from zixly_data.figures.breakdown import By, as_file, breakdown
from zixly_data.figures.business.report import business_report
from zixly_data.figures.ledger import RatesMissing
from zixly_data.figures.profitability import margin_of
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import rows
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]
TODAY, START = date(2024, 2, 20), 7
EXTRA = ("overheads", "unassigned", "business_profit", "business_margin")
several_times = settings(
    max_examples=examples(12),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def key_of(by: By, month: date) -> str:
    """The first day of the row of time that a month belongs to."""
    if by is By.MONTH:
        return str(month)
    if by is By.QUARTER:
        return str(date(month.year, (month.month + 2) // 3 * 3 - 2, 1))
    return str(date(month.year if month.month >= START else month.year - 1, START, 1))


@several_times
@given(
    ledger=ledgers, others=overheads, period=periods,
    by=st.sampled_from((By.MONTH, By.QUARTER, By.FINANCIAL_YEAR)),
    target_currency=st.sampled_from((None, "AUD")),
)  # fmt: skip
def test_rows_of_time_of_any_ledger(
    new_team: NewTeam,
    ledger: Ledger,
    others: list[Overhead],
    period: Period,
    by: By,
    target_currency: str | None,
) -> None:
    team = new_team()
    write(team, ledger)
    write_overheads(team, others)
    report = business_report(
        team.viewer, period, by, TODAY, target_currency=target_currency, financial_year_start=START
    ).report
    of_clients = breakdown(
        team.viewer, period, by, TODAY, target_currency=target_currency, financial_year_start=START
    )
    theirs = overheads_by_hand(others, period, target_currency)
    if not theirs:
        assert report.groups.equals(of_clients.groups)
        return
    sums: dict[tuple[str, str], dict[str, list[Decimal]]] = defaultdict(
        lambda: {name: [ZERO, ZERO] for name in ("clients", "OVERHEAD", "UNASSIGNED")}
    )
    for month in months_of(ledger, period, target_currency):
        currency = target_currency or CLIENTS[month.client][1]
        sums[currency, key_of(by, month.month)]["clients"][0] += month.revenue
        sums[currency, key_of(by, month.month)]["clients"][1] += month.expenses
    for (day, kind, currency), (revenue, expenses) in theirs.items():
        sums[currency, key_of(by, day)][kind][0] += revenue
        sums[currency, key_of(by, day)][kind][1] += expenses
    groups = rows(report.groups)
    assert [(row["currency"], row["key"]) for row in groups] == sorted(sums)
    so_far: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in groups:
        lines = sums[row["currency"], row["key"]]
        profit = {name: earned - spent for name, (earned, spent) in lines.items()}
        so_far[row["currency"]] += profit["clients"]
        assert row["profit"] == profit["clients"]
        assert row["cumulative_profit"] == so_far[row["currency"]]
        assert (row["overheads"], row["unassigned"]) == (profit["OVERHEAD"], profit["UNASSIGNED"])
        assert row["business_profit"] == sum(profit.values())
        revenue = sum((earned for earned, _ in lines.values()), ZERO)
        assert row["business_margin"] == margin_of(row["business_profit"], revenue)
    as_before = {(row["currency"], row["key"]): row for row in rows(of_clients.groups)}
    for row in groups:
        before = as_before.get((row["currency"], row["key"]))
        if before is None:
            assert (row["clients"], row["revenue"], row["margin"]) == (0, 0, None)
            assert row["profit_before"] is None
        else:
            assert {name: row[name] for name in before} == before


@several_times
@given(
    ledger=ledgers, others=overheads, period=periods, by=st.sampled_from(tuple(By)),
    target_currency=st.sampled_from((None, "AUD")),
)  # fmt: skip
def test_lines_of_the_period_and_of_those_it_is_compared_with(
    new_team: NewTeam,
    ledger: Ledger,
    others: list[Overhead],
    period: Period,
    by: By,
    target_currency: str | None,
) -> None:
    team = new_team()
    write(team, ledger)
    write_overheads(team, others)
    of_business = business_report(team.viewer, period, by, TODAY, target_currency=target_currency)
    so_far, before = period.like_for_like(TODAY)
    has_overheads = any(span.contains(row[2]) for row in others for span in (period, before))
    assert not of_business.left_out
    lines = {(row["currency"], row["line"]): row for row in rows(of_business.lines)}
    by_hand = lines_by_hand(ledger, others, period, target_currency) if has_overheads else {}
    assert {key: (row["revenue"], row["expenses"]) for key, row in lines.items()} == by_hand
    for days, suffix in ((so_far, "_so_far"), (before, "_before")):
        by_hand = lines_by_hand(ledger, others, days, target_currency)
        clients = {m.client for m in months_of(ledger, days, target_currency)}
        of_clients = {target_currency or CLIENTS[client][1] for client in clients}
        for (currency, line), row in lines.items():
            assert (row[f"profit{suffix}"] is None) == (row[f"revenue{suffix}"] is None)
            if row[f"revenue{suffix}"] is not None:
                revenue, expenses = by_hand[currency, line]
                assert (row[f"revenue{suffix}"], row[f"expenses{suffix}"]) == (revenue, expenses)
                assert row[f"profit{suffix}"] == revenue - expenses
            else:
                # A currency in which no client has a record is not compared.
                assert currency not in of_clients
    if not by.months:
        assert not set(EXTRA) & set(of_business.report.groups.columns)


def test_a_file_has_the_columns_only_with_overheads_and_by_time(new_team: NewTeam) -> None:
    team = new_team()
    books.money(team, books.client(team), "2024-02-01", "10", "4")

    def columns(by: By) -> list[str]:
        report = business_report(team.viewer, books.Q1_2024, by, TODAY)
        return list(as_file(report.report).columns)

    before = {by: columns(by) for by in By}
    overhead(team, "2024-01-01", "1")
    for by in By:
        assert columns(by) == [*before[by], *(EXTRA if by.months else ())]
    file = as_file(business_report(team.viewer, books.Q1_2024, By.MONTH, TODAY).report)
    first: dict[str, Any] = file.to_dict("records")[0]
    assert (first["month"], first["revenue"], first["profit"]) == ("2024-01-01", 0, 0)
    assert (first["overheads"], first["business_profit"]) == (Decimal("-1.00"), Decimal("-1.00"))


def test_filtered_clients_leave_the_lines_out_and_their_rates_unneeded(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, currency="AUD")
    books.money(team, client, "2024-02-01", "10", "4")
    only = ClientFilter(client_kpi_ids=(client,))
    asked = (team.viewer, books.Q1_2024, By.MONTH, TODAY)
    assert not business_report(*asked, only).left_out
    overhead(team, "2024-02-01", "1", currency="NZD")
    filtered = business_report(*asked, only, target_currency="AUD")
    assert filtered.left_out
    assert filtered.lines.empty
    assert not set(EXTRA) & set(filtered.report.groups.columns)
    with pytest.raises(RatesMissing, match="no exchange rate into AUD for NZD in Feb 2024"):
        business_report(*asked, target_currency="AUD")
    # The period before needs no rate: it is not compared.
    later = (team.viewer, Period("2024-Q2", date(2024, 4, 1), date(2024, 6, 30), "Q2"), By.MONTH)
    compared = business_report(*later, add_months(TODAY, 12), target_currency="AUD")
    assert compared.lines["profit_before"].isna().all()


def test_another_tenant_and_a_session_that_ended(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    overhead(team, "2024-02-10", "7")
    asked = (books.Q1_2024, By.MONTH, TODAY)
    theirs = business_report(other.viewer, *asked)
    assert theirs.lines.empty
    assert theirs.report.groups.empty
    assert len(business_report(team.viewer, *asked).report.groups) == 1
    with pytest.raises(SessionEnded):
        business_report(Identity(**{**vars(team.viewer), "secret": "none"}), *asked)
