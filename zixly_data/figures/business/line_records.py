"""The records of no client behind a line of the business, by account.

Amounts are in their own currency.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import overheads
from zixly_data.figures.business.lines import CLIENTS, LINE_OF_KIND, OVERHEADS, UNASSIGNED
from zixly_data.identity import Identity
from zixly_data.records.overheads import conditions
from zixly_data.values.frames import Count, Date, Frame, Money, Text, nullable
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.period import Period

LINES_OF = {
    "unassigned": (UNASSIGNED,),
    "overheads": (OVERHEADS,),
    "business_profit": (CLIENTS, UNASSIGNED, OVERHEADS),
    "business_margin": (CLIENTS, UNASSIGNED, OVERHEADS),
}
BUSINESS_FIGURES = tuple(LINES_OF)
"""The figures that have such a provenance."""
MOST_ACCOUNTS = 50


class Accounts(Frame):
    """One row per line, account and currency with a record of no client, highest expenses first."""

    line: Text
    account: Text = nullable
    currency: Text
    records: Count
    first_record: Date
    last_record: Date
    revenue: Money
    expenses: Money


def records_of(figure: str, currency: str | None) -> OverheadFilter:
    """Return the filter of the records of no client behind a figure of `BUSINESS_FIGURES`.

    They are in `currency`, or in any without one.
    """
    kinds = tuple(kind for kind, line in LINE_OF_KIND.items() if line in LINES_OF[figure])
    return OverheadFilter(kinds, () if currency is None else (currency,))


def accounts_query(
    identity: Identity, figure: str, period: Period, currency: str | None
) -> sa.Select[Any]:
    """Return the statement of the `MOST_ACCOUNTS` accounts with the highest expenses."""
    record = overheads.c
    line, expenses = line_of(record.kind), sa.func.sum(record.expenses)
    return (
        sa.select(
            line.label("line"),
            record.account,
            record.currency,
            sa.func.count().label("records"),
            sa.func.min(record.record_date).label("first_record"),
            sa.func.max(record.record_date).label("last_record"),
            sa.func.sum(record.revenue).label("revenue"),
            expenses.label("expenses"),
        )
        .where(*conditions(identity, period, records_of(figure, currency)))
        .group_by(record.kind, record.account, record.currency)
        .order_by(expenses.desc(), record.kind, record.account.nulls_last(), record.currency)
        .limit(MOST_ACCOUNTS)
    )


def line_of(kind: Any) -> sa.ColumnElement[Any]:
    """Return the line of a column `kind`."""
    return sa.case(*((kind == name, line) for name, line in LINE_OF_KIND.items()))
