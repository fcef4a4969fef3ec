"""Profitability by every dimension: each figure once more from raw rows, in plain Decimals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
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
    Month,
    cents,
    fraction,
    ledgers,
    months_of,
    periods,
    total,
    write,
)
from zixly_data.figures.breakdown import By, as_file, breakdown
from zixly_data.figures.ledger import RatesMissing
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
TODAY = date(2024, 2, 20)
START = 7
several_times = settings(
    max_examples=examples(12),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def group_of(month: Month, by: By, ours: list[str], moved: int = 0) -> str:
    """The key of the row that a client's month belongs to, so many months on."""
    _, _, industry, status = CLIENTS[month.client]
    first = add_months(month.month, moved)
    match by:
        case By.CLIENT:
            return ours[month.client]
        case By.INDUSTRY:
            return industry or ""
        case By.STATUS:
            return status
        case By.MONTH:
            return str(first)
        case By.QUARTER:
            return str(first.replace(month=(first.month - 1) // 3 * 3 + 1))
        case By.FINANCIAL_YEAR:
            return str(date(first.year if first.month >= START else first.year - 1, START, 1))


def sums(
    months: Iterable[Month], key: Callable[[Month], tuple[str, str]]
) -> dict[tuple[str, str], list[Month]]:
    grouped: dict[tuple[str, str], list[Month]] = defaultdict(list)
    for month in months:
        grouped[key(month)].append(month)
    return grouped


def revenue(months: Iterable[Month]) -> Decimal:
    return total(months, lambda m: m.revenue)


def profit(months: Iterable[Month]) -> Decimal:
    return total(months, lambda m: m.revenue - m.expenses)


def rate_per_hour(months: list[Month]) -> Decimal | None:
    worked = [month for month in months if month.hours]
    all_hours = sum((month.hours or ZERO for month in worked), ZERO)
    return cents(revenue(worked) / all_hours) if all_hours else None


def table(frame: Any) -> dict[tuple[str, str], dict[str, Any]]:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {(row.get("key", ""), row["currency"]): row for row in rows}


def rows_before(period: Period, months: int) -> Period:
    """So many months earlier, by another route: day for day, but the last of a whole month is the
    last of any."""
    start, end = add_months(period.start, -months), add_months(period.end, -months)
    next_day = period.end + timedelta(days=1)
    if next_day.day == 1 and period.start <= period.end.replace(day=1):
        end = add_months(next_day, -months) - timedelta(days=1)
    return between(start, end)


@several_times
@given(
    ledger=ledgers,
    period=periods,
    by=st.sampled_from(By),
    target_currency=st.sampled_from((None, "AUD")),
)
def test_any_ledger_by_anything_in_any_period(
    new_team: NewTeam, ledger: Ledger, period: Period, by: By, target_currency: str | None
) -> None:
    team = new_team()
    ours = write(team, ledger)

    def key(moved: int = 0) -> Callable[[Month], tuple[str, str]]:
        return lambda m: (group_of(m, by, ours, moved), target_currency or CLIENTS[m.client][1])

    report = breakdown(
        team.viewer, period, by, TODAY, target_currency=target_currency, financial_year_start=START
    )
    now = sums(months_of(ledger, period, target_currency), key())
    so_far, before = period.like_for_like(TODAY)
    earlier, year_earlier, step = before, so_far.shifted(-12), by.months
    if step:
        earlier, year_earlier = rows_before(so_far, step), rows_before(so_far, 12)
    compared = {
        "so_far": sums(months_of(ledger, so_far, target_currency), key()),
        "before": sums(months_of(ledger, earlier, target_currency), key(step)),
        "year_before": sums(
            months_of(ledger, year_earlier, target_currency), key(12 if step else 0)
        ),
    }
    rows_by_group = table(report.groups)
    assert set(rows_by_group) == set(now)
    all_revenue: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for (_, currency), months in now.items():
        all_revenue[currency] += revenue(months)
    for group, months in now.items():
        row = rows_by_group[group]
        assert row["revenue"] == revenue(months)
        assert row["expenses"] == total(months, lambda m: m.expenses)
        assert row["profit"] == profit(months)
        assert row["margin"] == fraction(profit(months), revenue(months))
        assert row["clients"] == len({month.client for month in months})
        whole = all_revenue[group[1]]
        has_share = revenue(months) > 0 and whole > 0
        assert row["share"] == (fraction(revenue(months), whole) if has_share else None)
        assert row["hourly_rate"] == rate_per_hour(months)
        for span, theirs in compared.items():
            assert row[f"revenue_{span}"] == (revenue(theirs[group]) if group in theirs else None)
            assert row[f"profit_{span}"] == (profit(theirs[group]) if group in theirs else None)


def test_a_row_that_is_a_whole_month_is_compared_with_a_whole_one(new_team: NewTeam) -> None:
    """A thousand on the last day of each month; the period begins in the middle of one."""
    team = new_team()
    client = books.client(team)
    for day in ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
                "2026-05-31", "2026-06-30"):  # fmt: skip
        books.money(team, client, day, "1000")
    half = between("2026-01-15", "2026-06-30")
    quarters = breakdown(team.viewer, half, By.QUARTER, TODAY).groups
    assert list(quarters["revenue"]) == [3000, 3000]
    assert list(quarters["revenue_before"]) == [1000, 3000]
    months = breakdown(team.viewer, half, By.MONTH, TODAY).groups
    assert list(months["revenue_before"]) == [1000] * 6
    february = between("2026-01-15", "2026-02-28")
    assert list(breakdown(team.viewer, february, By.MONTH, TODAY).groups["revenue_before"]) == [
        1000, 1000,
    ]  # fmt: skip


@several_times
@given(ledger=ledgers, period=periods, target_currency=st.sampled_from((None, "AUD")))
def test_totals_are_those_of_all_groups_whatever_they_are(
    new_team: NewTeam, ledger: Ledger, period: Period, target_currency: str | None
) -> None:
    team = new_team()
    write(team, ledger)
    so_far, before = period.like_for_like(TODAY)
    spans = {"": period, "_so_far": so_far, "_before": before, "_year_before": so_far.shifted(-12)}
    first = None
    for by in By:
        report = breakdown(
            team.viewer,
            period,
            by,
            TODAY,
            target_currency=target_currency,
            financial_year_start=START,
        )
        totals = table(report.totals)
        assert first is None or totals == first
        first = totals
        for currency, groups in report.groups.groupby("currency"):
            assert groups["profit"].sum() == totals["", str(currency)]["profit"]
            assert groups["cumulative_profit"].iloc[-1] == groups["profit"].sum()
    for suffix, span in spans.items():
        month_sums_by_group = sums(
            months_of(ledger, span, target_currency),
            lambda m: ("", target_currency or CLIENTS[m.client][1]),
        )
        for group, row in (first or {}).items():
            months = month_sums_by_group.get(group, [])
            nothing = ZERO if suffix == "" else None
            assert row[f"revenue{suffix}"] == (revenue(months) if months else nothing)
            assert row[f"profit{suffix}"] == (profit(months) if months else nothing)
            assert row[f"margin{suffix}"] == fraction(profit(months), revenue(months))


def test_the_first_quarter_of_2024(vera: Identity) -> None:
    report = breakdown(vera, books.Q1_2024, By.CLIENT, date(2026, 11, 22))
    columns = ["client_id", "client_name", "currency", "revenue", "expenses", "profit", "margin"]
    file = as_file(report)
    assert list(file.columns[:7]) == columns
    assert [tuple(row) for row in file[columns].itertuples(index=False)] == [
        ("HBC-2024-001", "Harbor Bridge Construction", "AUD", Decimal("45000.00"),
         Decimal("24000.00"), Decimal("21000.00"), Decimal("0.4667")),
        ("SLF-2024-003", "Sydney Law Firm", "AUD", Decimal("25000.00"),
         Decimal("12000.00"), Decimal("13000.00"), Decimal("0.5200")),
        ("BES-2024-002", "Bondi E-commerce Store", "AUD", Decimal("24000.00"),
         Decimal("12000.00"), Decimal("12000.00"), Decimal("0.5000")),
    ]  # fmt: skip
    assert [Decimal(str(m)) for m in report.totals["margin"]] == [Decimal("0.4894")]
    assert file["hourly_rate"].dropna().tolist() == [Decimal("125.00")]


def test_a_rate_that_is_missing_stops_the_report_or_the_comparison(new_team: NewTeam) -> None:
    team = new_team()
    kauri = books.client(team, "Kauri", currency="NZD")
    for day in ("2024-01-10", "2023-10-10"):
        books.money(team, kauri, day, "100", "40")
    asked = (team.viewer, books.Q1_2024, By.CLIENT, date(2024, 5, 1))
    with pytest.raises(RatesMissing, match="no exchange rate into AUD for NZD in Jan 2024"):
        breakdown(*asked, target_currency="AUD")
    draft = RateDraft(date(2024, 1, 1), "NZD", "AUD", Decimal("0.9"))
    exchange_rates.put_all(team.editor, [draft])
    (row,) = table(breakdown(*asked, target_currency="AUD").groups).values()
    assert (row["revenue"], row["revenue_before"]) == (Decimal("90.00"), None)
    (row,) = table(breakdown(*asked).groups).values()
    assert (row["revenue"], row["revenue_before"]) == (Decimal("100.00"), Decimal("100.00"))


def test_records_dated_ahead_count_and_are_not_compared(new_team: NewTeam) -> None:
    team = new_team()
    harbour = books.client(team, "Harbour")
    for day, amount in (("2024-02-05", "10"), ("2024-02-25", "100"), ("2024-01-05", "8")):
        books.money(team, harbour, day, amount)
    february = Period("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024")
    report = breakdown(team.viewer, february, By.CLIENT, TODAY)
    (row,) = table(report.groups).values()
    assert (row["revenue"], row["revenue_so_far"], row["revenue_before"]) == (110, 10, 8)
    assert (report.so_far.end, report.before.end) == (TODAY, date(2024, 1, 20))


def test_a_filter_and_another_tenant(new_team: NewTeam, sarah: Identity, cole: Identity) -> None:
    asked = (books.Q1_2024, By.CLIENT, date(2026, 11, 22))
    only = breakdown(cole, *asked, ClientFilter(search="law"))
    assert only.groups["client_id"].tolist() == ["SLF-2024-003"]
    hers = breakdown(sarah, *asked)
    assert set(hers.groups["client_id"]) == {"HBR-001", "BRD-002"}
    empty = breakdown(new_team().viewer, *asked)
    assert empty.groups.empty
    assert list(empty.groups.columns) == list(hers.groups.columns)
    assert empty.totals.empty
