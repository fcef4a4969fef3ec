"""Possible duplicates in a file: new rows with the amounts of another record of client and month.

The other is a record that the file leaves as it is, a row that changes one, or an earlier new row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import FEW_ROWS, hash_joins
from zixly_data.database.schema import financials
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.matches.targets import DATE, MONEY, TEXT, WHOLE
from zixly_data.records.possible_duplicates import AmountsOfMonth, amounts_of_month
from zixly_data.values.dates import month_end

Columns = Mapping[str, Sequence[str | None]]
_SHARED = ("client_kpi_id", "record_date", "revenue", "expenses")


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
    shared = {row: _amounts(columns, row) for row in new}
    wanted = {amounts for amounts, _ in shared.values() if amounts is not None}
    if not wanted:
        return {}
    changed = {match.id: row for row, match in matches.items() if match.current}
    with hash_joins(connection, len(wanted)):
        first = _recorded(connection, identity, wanted, changed)
    if changed:
        with hash_joins(connection, len(changed)):
            for record in _records(connection, identity, changed):
                row = changed[record.id]
                amounts, day = _amounts(columns, row, record[1:])
                if amounts is not None:
                    first.setdefault(amounts, Alike(day, row))
    duplicates: dict[int, Alike] = {}
    for row, (amounts, day) in shared.items():
        if amounts is not None:
            alike = first.setdefault(amounts, Alike(day, row))
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
    record = financials.c
    is_alike = sa.and_(
        record.tenant_id == identity.tenant_id,
        record.client_kpi_id == file.c.client_kpi_id,
        record.revenue == file.c.revenue,
        record.expenses == file.c.expenses,
    )
    if changed:
        ids = array_rows({"id": list(changed)}, {"id": TEXT})
        is_alike &= record.id.not_in(sa.select(ids.c.id))
    first_day = sa.func.min(record.record_date)
    if len(wanted) > FEW_ROWS:
        months = [amounts.month for amounts in wanted]
        query = (
            sa.select(file.c.place, first_day)
            .join_from(file, financials, is_alike & (month_of(record.record_date) == file.c.month))
            .where(record.record_date.between(min(months), month_end(max(months))))
            .group_by(file.c.place)
        )
    else:
        # A month of a client is looked up in its index, row by row.
        last_day = sa.cast(file.c.month + sa.text("interval '1 month - 1 day'"), sa.Date)
        of_month = sa.select(first_day).where(
            is_alike, record.record_date.between(file.c.month, last_day)
        )
        query = sa.select(file.c.place, of_month.correlate(file).scalar_subquery())
    places = list(wanted)
    days = connection.execute(query)
    return {places[place]: Alike(day) for place, day in days if day is not None}


def _records(
    connection: Connection, identity: Identity, ids: Collection[str]
) -> Sequence[sa.Row[Any]]:
    """Return the records with these ids: the id, then what duplicates share, as texts."""
    wanted = array_rows({"id": list(ids)}, {"id": TEXT})
    shared = (sa.cast(financials.c[name], TEXT) for name in _SHARED)
    query = (
        sa.select(financials.c.id, *shared)
        .join_from(wanted, financials, financials.c.id == wanted.c.id)
        .where(financials.c.tenant_id == identity.tenant_id)
    )
    return connection.execute(query).all()


def _amounts(
    columns: Columns, row: int, current: Sequence[str | None] = (None,) * len(_SHARED)
) -> tuple[AmountsOfMonth | None, date]:
    """Return what duplicates of the row share, and its day; empty cells keep what is recorded."""
    client, day, revenue, expenses = (
        (columns[name][row] if name in columns else None) or recorded
        for name, recorded in zip(_SHARED, current, strict=True)
    )
    parsed_day = _parse_day(day or "")
    amounts = Decimal(revenue or 0), Decimal(expenses or 0)
    return amounts_of_month(client or "", parsed_day, *amounts), parsed_day


@lru_cache(maxsize=40_000)
def _parse_day(text: str) -> date:
    return date.fromisoformat(text)
