"""Texts about possible duplicates: records of a client and month with the same amounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zixly_data.records.possible_duplicates import AmountsOfMonth
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values.dates import month_name
from zixly_data.values.names import listed
from zixly_ui.components.formatting import money, plural

_MOST_DAYS = 8


def question(
    client_name: str, currency: str, draft: FinancialDraft, days: Iterable[date], this_one: str
) -> str:
    """Return the question about a draft whose amounts are recorded on these days of its month.

    `Harbor Bridge Construction already has a record of $15,000.00 revenue and $8,000.00 expenses in
    November 2026, dated 1 November. Record this one too?`
    """
    dates = list(days)
    amounts = (
        f"{money(draft.revenue, currency)} revenue and {money(draft.expenses, currency)} expenses"
    )
    records = "a record" if len(dates) == 1 else plural(len(dates), "record")
    return (
        f"{client_name} already has {records} of {amounts} in {month_name(draft.record_date)}, "
        f"dated {days_text(dates)}. {this_one}"
    )


def repetition_text(
    client_name: str, currency: str, amounts: AmountsOfMonth, days: Iterable[date]
) -> str:
    """Return the client, number, amounts and days of records that would be alike.

    `Harbor Bridge Construction: 2 records of $15,000.00 revenue and $8,000.00 expenses, dated 1 and
    29 November`
    """
    dates = list(days)
    return (
        f"{client_name}: {plural(len(dates), 'record')} of {money(amounts.revenue, currency)} "
        f"revenue and {money(amounts.expenses, currency)} expenses, dated {days_text(dates)}"
    )


def days_text(days: Iterable[date]) -> str:
    """Return days of one month: `1 November`, `1, 8 and 15 November`."""
    dates = sorted(set(days))
    numbers = [str(day.day) for day in dates]
    if len(numbers) > _MOST_DAYS + 1:
        numbers[_MOST_DAYS:] = [f"{len(numbers) - _MOST_DAYS} other days in"]
    return f"{listed(numbers)} {month_name(dates[0]).split()[0]}"
