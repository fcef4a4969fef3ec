"""Financial records: revenue and expenses of each client.

A record is one amount of revenue and one of expenses on a calendar date, in its client's currency.
Profit is revenue - expenses, computed by the database; a negative revenue is a credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, financials
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.tables.financials import FINANCIALS, FinancialDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Money, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period
from zixly_data.values.sources import MANUAL

_ORDER = (
    financials.c.record_date.desc(),
    sa.func.lower(client_kpis.c.client_name),
    financials.c.id,
)
_SORTS = {
    "record_date": financials.c.record_date,
    "client_name": sa.func.lower(client_kpis.c.client_name),
    "revenue": financials.c.revenue,
    "expenses": financials.c.expenses,
    "profit": financials.c.profit,
}


class FinancialRecords(Frame):
    """One row per record."""

    id: Text
    record_date: Date
    client_kpi_id: Text
    client_id: Text
    client_name: Text
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money
    source_system: Text
    note: Text = nullable
    version: Count


@dataclass(frozen=True)
class FinancialRecord(FinancialDraft):
    """A stored record. `version` counts its changes."""

    id: str = ""
    source_system: str = MANUAL
    version: int = 0


def list_records(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[FinancialRecords]:
    """Return the records of a period: one row each, latest first, then by client name.

    `source_system` is the origin of the record: `manual`, `xero`, a file.
    """
    with reporting(identity) as connection:
        return fetch(connection, records_query(identity, period, client_filter), FinancialRecords)


def page(
    identity: Identity, period: Period, client_filter: ClientFilter | None, request: PageRequest
) -> Page[FinancialRecords]:
    """Return one page of `list_records`, which may be sorted by date, client name or an amount."""
    query = records_query(identity, period, client_filter)
    with reporting(identity) as connection:
        return fetch_page(connection, query, FinancialRecords, request, _ORDER, _SORTS)


def records_query(
    identity: Identity, period: Period, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    """Return the statement of `list_records`; its columns are those of `FinancialRecords`."""
    return (
        sa.select(
            financials.c.id,
            financials.c.record_date,
            financials.c.client_kpi_id,
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            client_kpis.c.currency,
            financials.c.revenue,
            financials.c.expenses,
            financials.c.profit,
            financials.c.source_system,
            financials.c.note,
            financials.c.version,
        )
        .select_from(financials.join(client_kpis, client_kpis.c.id == financials.c.client_kpi_id))
        .where(
            *in_period(identity, period),
            *client_conditions(identity, client_filter, financials.c.client_kpi_id),
        )
        .order_by(*_ORDER)
    )


def get(identity: Identity, record_id: str) -> FinancialRecord:
    """Return one record. Raises NotFound, also for a record of another tenant."""
    return versioned_rows.get(identity, *_current(identity, record_id))


def add(identity: Identity, draft: FinancialDraft, *, row_id: str) -> None:
    """Add a record with the id `row_id` (`ids.new_id("fin")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput naming the field to change, NotFound (no such client).
    """
    versioned_rows.add(identity, financials, row_id, FINANCIALS.values(draft))


def change(identity: Identity, record_id: str, version: int, draft: FinancialDraft) -> None:
    """Change a record that is still at `version`.

    Raises Conflict with the current record if someone else changed it first, FromSource if a source
    such as Xero writes it, and as `add` does.
    """
    versioned_rows.change(
        identity,
        financials,
        record_id,
        version,
        FINANCIALS.values(draft),
        _current(identity, record_id),
    )


def delete(identity: Identity, record_id: str, version: int) -> None:
    """Delete a record that is still at `version`.

    Raises Conflict, NotFound, FromSource, AccessDenied.
    """
    versioned_rows.delete(identity, financials, record_id, version, _current(identity, record_id))


def in_period(identity: Identity, period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the period's conditions on `financials`, starting with the tenant."""
    return (
        financials.c.tenant_id == identity.tenant_id,
        financials.c.record_date.between(period.start, period.end),
    )


def _current(identity: Identity, record_id: str) -> versioned_rows.Current[FinancialRecord]:
    query = sa.select(*(financials.c[name] for name in FINANCIALS.record)).where(
        financials.c.tenant_id == identity.tenant_id, financials.c.id == record_id
    )
    return query, "record", lambda row: FinancialRecord(**row._mapping)
