"""Possible duplicates in a file: new rows with the amounts of another record of client and month.

The other is a record that the file leaves as it is, a row that changes one, or an earlier new row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import financials
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.imports.arrays import array_rows
from zixly_data.imports.matching import Match
from zixly_data.imports.targets import DATE, MONEY, TEXT, WHOLE
from zixly_data.records.possible_duplicates import AmountsOfMonth, amounts_of_month
from zixly_data.values.dates import month_end

Columns = Mapping[str, Sequence[str | None]]
_AMOUNTS = ("revenue", "expenses")


@dataclass(frozen=True, slots=True)
class Alike:
    """Another record with the amounts of a row: its day, and the row of the file if it is there."""

    day: date
    row: int | None = None


def find_duplicates(
    connection: Connection,
    identity: Identity,
    columns: Columns,
    new: Sequence[int],
    matches: Mapping[int, Match],
) -> dict[int, Alike]:
    """Return the possible duplicates among the new rows, each with the first record like it."""
    shared = {row: amounts for row in new if (amounts := _amounts(columns, row)) is not None}
    if not shared:
        return {}
    changed = {match.id: row for row, match in matches.items() if match.current}
    with hash_joins(connection, len(shared)):
        first = _recorded(connection, identity, set(shared.values()), changed)
    if changed:
        with hash_joins(connection, len(changed)):
            for record in _records(connection, identity, changed):
                row = changed[record.id]
                amounts = _amounts(columns, row, record)
                if amounts is not None:
                    day = columns["record_date"][row] or str(record.record_date)
                    first.setdefault(amounts, Alike(date.fromisoformat(day), row))
    duplicates: dict[int, Alike] = {}
    for row, amounts in shared.items():
        own_day = date.fromisoformat(columns["record_date"][row] or "")
        alike = first.setdefault(amounts, Alike(own_day, row))
        if alike.row != row:
            duplicates[row] = alike
    return duplicates


def _recorded(
    connection: Connection,
    identity: Identity,
    wanted: Collection[AmountsOfMonth],
    changed: Collection[str],
) -> dict[AmountsOfMonth, Alike]:
    """Return the first record of each month and amounts, without the records that change."""
    file = array_rows(
        {
            "place": [str(place) for place in range(len(wanted))],
            "client_kpi_id": [amounts.client_kpi_id for amounts in wanted],
            "month": [str(amounts.month) for amounts in wanted],
            "revenue": [str(amounts.revenue) for amounts in wanted],
            "expenses": [str(amounts.expenses) for amounts in wanted],
        },
        {"place": WHOLE, "client_kpi_id": TEXT, "month": DATE, "revenue": MONEY, "expenses": MONEY},
    )
    months = [amounts.month for amounts in wanted]
    record = financials.c
    query = (
        sa.select(file.c.place, sa.func.min(record.record_date).label("day"))
        .join_from(
            file,
            financials,
            sa.and_(
                record.client_kpi_id == file.c.client_kpi_id,
                month_of(record.record_date) == file.c.month,
                record.revenue == file.c.revenue,
                record.expenses == file.c.expenses,
            ),
        )
        .where(
            record.tenant_id == identity.tenant_id,
            record.record_date.between(min(months), month_end(max(months))),
        )
        .group_by(file.c.place)
    )
    if changed:
        ids = array_rows({"id": list(changed)}, {"id": TEXT})
        query = query.where(record.id.not_in(sa.select(ids.c.id)))
    places = list(wanted)
    return {places[place]: Alike(day) for place, day in connection.execute(query)}


def _records(
    connection: Connection, identity: Identity, ids: Collection[str]
) -> Sequence[sa.Row[Any]]:
    wanted = array_rows({"id": list(ids)}, {"id": TEXT})
    names = ("id", "client_kpi_id", "record_date", *_AMOUNTS)
    query = (
        sa.select(*(financials.c[name] for name in names))
        .join_from(wanted, financials, financials.c.id == wanted.c.id)
        .where(financials.c.tenant_id == identity.tenant_id)
    )
    return connection.execute(query).all()


def _amounts(
    columns: Columns, row: int, record: sa.Row[Any] | None = None
) -> AmountsOfMonth | None:
    """Return what duplicates of the row share. An empty cell keeps what the record has."""

    def read(name: str) -> Any:
        text = columns[name][row] if name in columns else None
        if text is not None:
            return text
        return None if record is None else record._mapping[name]

    day = read("record_date")
    revenue, expenses = (Decimal(read(name) or 0) for name in _AMOUNTS)
    return amounts_of_month(read("client_kpi_id"), date.fromisoformat(str(day)), revenue, expenses)
