"""Provenance of a line of the business: its months, accounts and records, and the last change.

The months of a line add up to it exactly, converted or not. Those of clients are sums over all
clients; `figures.provenance` has each client's months. Accounts and records are in their own
currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import overheads
from zixly_data.figures.business.line_records import (
    LINES_OF,
    Accounts,
    accounts_query,
    line_of,
    records_of,
)
from zixly_data.figures.business.lines import CLIENTS
from zixly_data.figures.business.overhead_sums import overhead_ledger
from zixly_data.figures.definitions import OF_BUSINESS, Figure
from zixly_data.figures.ledger import ledger, rate_rows, require_rates
from zixly_data.figures.month_sums import margin
from zixly_data.figures.provenance import freshness_query
from zixly_data.identity import Identity
from zixly_data.records.overheads import conditions
from zixly_data.values.frames import (
    Count,
    Date,
    Frame,
    Money,
    Rate,
    Text,
    arrow_types,
    fetch,
)
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period

_FIRST_PAGE = PageRequest()


class LineMonths(Frame):
    """One row per month, own currency and line with a record in the period, by month.

    `own_…` are in the currency of the records. `rate` is that of the month, 1 if nothing is
    converted.
    """

    month: Date
    line: Text
    records: Count
    own_currency: Text
    own_revenue: Money
    own_expenses: Money
    rate: Rate
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money


@dataclass(frozen=True)
class BusinessProvenance:
    """A figure with the months behind it.

    `value` is in `currency`, or a fraction if the unit is percent; None if the figure has no value.
    `months` is one page of them, `records` counts those of all. `accounts` are the 50 with the
    highest expenses. `latest` is the date of the newest record, `changed_at` the time of the last
    change to one.
    """

    figure: Figure
    period: Period
    currency: str
    value: Decimal | None
    months: Page[LineMonths]
    accounts: DataFrame[Accounts]
    records: int
    latest: date | None
    changed_at: datetime | None

    @property
    def has_clients(self) -> bool:
        """Whether the figure includes records of clients."""
        return CLIENTS in LINES_OF[self.figure.name]


def business_provenance(
    identity: Identity,
    figure: str,
    period: Period,
    currency: str,
    request: PageRequest = _FIRST_PAGE,
    *,
    converted: bool = False,
) -> BusinessProvenance:
    """Return a figure of `BUSINESS_FIGURES` with its months, in `currency` or `converted` into it.

    Everything is read at the same moment. The months may be sorted by revenue, expenses or profit.
    Raises RatesMissing if an amount cannot be converted, KeyError for another figure.
    """
    rows = _months(identity, figure, period, currency, converted)
    revenue, expenses = sa.func.sum(rows.c.revenue), sa.func.sum(rows.c.expenses)
    profit = revenue - expenses
    sums = sa.select(
        (margin(profit, revenue) if figure == "business_margin" else profit).label("value"),
        sa.func.coalesce(sa.func.sum(rows.c.records), 0).label("records"),
    )
    sorts = {name: rows.c[name] for name in ("revenue", "expenses", "profit")}
    own_currency = None if converted else currency
    with reporting(identity) as connection:
        _require_rates(connection, identity, figure, period, currency, converted)
        total = connection.execute(sums).one()
        page = fetch_page(connection, _columns(rows), LineMonths, request, _order(rows), sorts)
        accounts = fetch(
            connection, accounts_query(identity, figure, period, own_currency), Accounts
        )
        freshness = connection.execute(_freshness(identity, figure, period, own_currency)).one()
    return BusinessProvenance(
        figure=OF_BUSINESS[figure],
        period=period,
        currency=currency,
        value=total.value,
        months=page,
        accounts=accounts,
        records=int(total.records),
        latest=freshness.latest,
        changed_at=freshness.changed_at,
    )


def line_months(
    identity: Identity, figure: str, period: Period, currency: str, *, converted: bool = False
) -> DataFrame[LineMonths]:
    """Return all months of `business_provenance`, for a file. Raises RatesMissing."""
    rows = _months(identity, figure, period, currency, converted)
    with reporting(identity) as connection:
        _require_rates(connection, identity, figure, period, currency, converted)
        return fetch(connection, _columns(rows).order_by(*_order(rows)), LineMonths)


def _ledgers(
    identity: Identity, figure: str, period: Period, target_currency: str | None
) -> list[sa.Subquery]:
    """Return the ledger of overheads, and that of clients if the figure includes them."""
    ledgers = [overhead_ledger(identity, period, target_currency)]
    if CLIENTS in LINES_OF[figure]:
        ledgers.append(ledger(identity, period, target_currency=target_currency))
    return ledgers


def _require_rates(
    connection: sa.Connection,
    identity: Identity,
    figure: str,
    period: Period,
    currency: str,
    converted: bool,
) -> None:
    if converted:
        rows = rate_rows(*_ledgers(identity, figure, period, currency))
        require_rates(connection, rows, currency)


def _months(
    identity: Identity, figure: str, period: Period, currency: str, converted: bool
) -> sa.Subquery:
    """Return the sums of each month, own currency and line of the figure, in one currency."""
    parts = []
    for rows in _ledgers(identity, figure, period, currency if converted else None):
        line = line_of(rows.c.kind) if "kind" in rows.c else sa.literal_column(f"'{CLIENTS}'")
        parts.append(
            sa.select(
                line.label("line"),
                *(rows.c[name] for name in _SUMMED),
                *(rows.c[name] for name in _KEYS),
            )
        )
    both = sa.union_all(*parts).subquery("both")
    return (
        sa.select(
            both.c.line,
            *(both.c[name] for name in _KEYS),
            *(sa.func.sum(both.c[name]).label(name) for name in _SUMMED),
            (sa.func.sum(both.c.revenue) - sa.func.sum(both.c.expenses)).label("profit"),
        )
        .where(both.c.line.in_(LINES_OF[figure]), both.c.currency == currency)
        .group_by(both.c.line, *(both.c[name] for name in _KEYS))
        .subquery("months")
    )


_KEYS = ("month", "own_currency", "currency", "rate")
_SUMMED = ("own_revenue", "own_expenses", "revenue", "expenses", "records")


def _columns(rows: sa.Subquery) -> sa.Select[Any]:
    columns = {name: rows.c[name] for name in arrow_types(LineMonths)}
    columns["records"] = sa.cast(columns["records"], sa.BigInteger).label("records")
    return sa.select(*columns.values())


def _order(rows: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    return rows.c.month, rows.c.line, rows.c.own_currency


def _freshness(
    identity: Identity, figure: str, period: Period, currency: str | None
) -> sa.Select[Any]:
    of_overheads = sa.select(
        sa.func.max(overheads.c.record_date).label("latest"),
        sa.func.max(overheads.c.updated_at).label("changed_at"),
    ).where(*conditions(identity, period, records_of(figure, currency)))
    if CLIENTS not in LINES_OF[figure]:
        return of_overheads
    both = sa.union_all(of_overheads, freshness_query(identity, period, None, currency)).subquery(
        "both"
    )
    return sa.select(
        sa.func.max(both.c.latest).label("latest"),
        sa.func.max(both.c.changed_at).label("changed_at"),
    )
