"""Possible duplicates: records of one client and month with the same revenue and expenses.

Another date or number does not tell them apart, as a bill that was recorded twice may have both.
Records without any amount are no duplicates. Whether two are the same bill only people know: forms,
grids and imports ask, and a finding lists what was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.database.schema import financials
from zixly_data.identity import Identity
from zixly_data.records.bulk_saving import RowChange, Values
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values.dates import month_end
from zixly_data.values.frames import Date, Frame, Money, Text, fetch, nullable


class AmountsOfMonth(NamedTuple):
    """What possible duplicates have in common; `month` is a first day."""

    client_kpi_id: str
    month: date
    revenue: Decimal
    expenses: Decimal


class RecordsAlike(Frame):
    """One row per record with the same client, month, revenue and expenses, oldest first."""

    id: Text
    record_date: Date
    revenue: Money
    expenses: Money
    source_system: Text
    note: Text = nullable


@dataclass(frozen=True)
class Repetition:
    """Records that would be alike if a grid was saved: its rows by id, and the days of all."""

    amounts: AmountsOfMonth
    rows: tuple[str, ...]
    days: tuple[date, ...]


def amounts_of_month(
    client_kpi_id: str, day: date, revenue: Decimal, expenses: Decimal
) -> AmountsOfMonth | None:
    """Return what the possible duplicates of such a record share; None if it has no amount."""
    if not revenue and not expenses:
        return None
    return AmountsOfMonth(client_kpi_id, day.replace(day=1), revenue, expenses)


def has_amount(revenue: Any, expenses: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a record can be a duplicate."""
    return sa.or_(revenue != 0, expenses != 0)


def find(
    identity: Identity, draft: FinancialDraft, *, except_id: str | None = None
) -> DataFrame[RecordsAlike]:
    """Return the recorded possible duplicates of a record, except the record with this id."""
    shared = amounts_of_month(draft.client_kpi_id, draft.record_date, draft.revenue, draft.expenses)
    columns = (financials.c[name] for name in RecordsAlike.to_schema().columns)
    query = (
        sa.select(*columns)
        .where(
            financials.c.tenant_id == identity.tenant_id,
            *(_alike(shared) if shared else [sa.false()]),
            financials.c.id != (except_id or ""),
        )
        .order_by(financials.c.record_date, financials.c.id)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, RecordsAlike)


def of_grid(
    connection: Connection, identity: Identity, month: date, changes: Sequence[RowChange]
) -> tuple[Repetition, ...]:
    """Return the possible duplicates that these changes of a month would add, by the grid's rows.

    A record that keeps its client and amounts adds none, whatever else of it changes.
    """
    saved = {change.id: change.values for change in changes}
    clients = {values["client_kpi_id"] for values in saved.values() if values is not None}
    query = sa.select(
        *(
            financials.c[name]
            for name in ("id", "client_kpi_id", "record_date", "revenue", "expenses")
        )
    ).where(
        financials.c.tenant_id == identity.tenant_id,
        financials.c.client_kpi_id.in_(clients),
        financials.c.record_date.between(month, month_end(month)),
    )
    stored: dict[str, Values] = {}
    if clients:
        stored = {row.id: dict(row._mapping) for row in connection.execute(query)}
    alike: dict[AmountsOfMonth, list[tuple[date, str, bool]]] = defaultdict(list)
    after: dict[str, Values | None] = {**stored, **saved}
    for row_id, values in after.items():
        shared = _shared(values)
        if values is not None and shared is not None:
            is_new = row_id in saved and shared != _shared(stored.get(row_id))
            alike[shared].append((values["record_date"], row_id, is_new))
    return tuple(
        Repetition(
            shared,
            tuple(sorted(row_id for _, row_id, is_new in records if is_new)),
            tuple(sorted(day for day, _, _ in records)),
        )
        for shared, records in alike.items()
        if len(records) > 1 and any(is_new for _, _, is_new in records)
    )


def _alike(shared: AmountsOfMonth) -> list[sa.ColumnElement[bool]]:
    return [
        financials.c.client_kpi_id == shared.client_kpi_id,
        financials.c.record_date.between(shared.month, month_end(shared.month)),
        financials.c.revenue == shared.revenue,
        financials.c.expenses == shared.expenses,
    ]


def _shared(values: Values | None) -> AmountsOfMonth | None:
    if values is None:
        return None
    return amounts_of_month(
        values["client_kpi_id"], values["record_date"], values["revenue"], values["expenses"]
    )
