"""The records of no client behind a line of the business, by account and one by one.

Amounts are in their own currency.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import overheads
from zixly_data.figures.business.lines import CLIENTS, LINE_OF_KIND, OVERHEADS, UNASSIGNED
from zixly_data.identity import Identity
from zixly_data.values.frames import Count, Date, Frame, Money, Text, arrow_types, fetch, nullable
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


class OverheadRecords(Frame):
    """One row per record of no client, by date. `kind` is OVERHEAD or UNASSIGNED."""

    record_date: Date
    kind: Text
    account: Text = nullable
    counterparty: Text = nullable
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money
    source_system: Text
    note: Text = nullable
    id: Text


def overhead_records(
    identity: Identity, figure: str, period: Period, currency: str | None = None
) -> DataFrame[OverheadRecords]:
    """Return the records of no client behind a figure of `BUSINESS_FIGURES`, by date, for a file.

    `currency` restricts them to records in it.
    """
    columns = (overheads.c[name] for name in arrow_types(OverheadRecords))
    query = (
        sa.select(*columns)
        .where(*record_conditions(identity, figure, period, currency))
        .order_by(overheads.c.record_date, overheads.c.id)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, OverheadRecords)


def record_conditions(
    identity: Identity, figure: str, period: Period, currency: str | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a figure on `overheads`; none on the currency without `currency`."""
    kinds = [kind for kind, line in LINE_OF_KIND.items() if line in LINES_OF[figure]]
    conditions = [
        overheads.c.tenant_id == identity.tenant_id,
        overheads.c.record_date.between(period.start, period.end),
        overheads.c.kind.in_(kinds),
    ]
    return conditions if currency is None else [*conditions, overheads.c.currency == currency]


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
        .where(*record_conditions(identity, figure, period, currency))
        .group_by(record.kind, record.account, record.currency)
        .order_by(expenses.desc(), record.kind, record.account.nulls_last(), record.currency)
        .limit(MOST_ACCOUNTS)
    )


def line_of(kind: Any) -> sa.ColumnElement[Any]:
    """Return the line of a column `kind`."""
    return sa.case(*((kind == name, line) for name, line in LINE_OF_KIND.items()))
