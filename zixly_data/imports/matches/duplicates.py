"""Possible duplicates in a file: new rows with the amounts of another record of client and month.

The other is a record that the file leaves as it is, a row that changes one, or an earlier new row;
for a row without a number also a recorded document of several lines, by what they add up to. Lines
of one document are no duplicates of each other, nor are documents that a file numbers differently,
nor the rows of a list that has everything once, of a bank's payments or of entries of time: these
may repeat what people recorded, and documents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import FEW_ROWS, hash_joins
from zixly_data.database.schema import financials
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.document import parse_day
from zixly_data.imports.matches.documents_in_file import OF_FILES
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.matches.targets import DATE, MONEY, TEXT, WHOLE, Types
from zixly_data.records.possible_duplicates import AmountsOfMonth, amounts_of_month
from zixly_data.values.dates import month_end
from zixly_data.values.sources import FILE

Columns = Mapping[str, Sequence[str | None]]
# The amounts of a row, and its number.
Wanted = tuple[AmountsOfMonth, str | None]
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
    removed_ids: Collection[str],
    *,
    is_bank: bool,
    lists_once: bool,
) -> dict[int, Alike]:
    """Return the possible duplicates among the new rows, each with the first record like it."""
    numbers = columns.get("external_id", [None] * (max(new, default=-1) + 1))
    shared = {row: _amounts(columns, row) for row in new}
    wanted = list(
        dict.fromkeys(
            (amounts, numbers[row]) for row, (amounts, _) in shared.items() if amounts is not None
        )
    )
    if not wanted:
        return {}
    changed = {match.id: row for row, match in matches.items() if match.current}
    with hash_joins(connection, len(wanted)):
        recorded = _recorded(
            connection, identity, wanted, {*changed, *removed_ids}, is_bank=is_bank
        )
        totals = _totals(connection, identity, [
            amounts for amounts, number in wanted if number is None
        ])  # fmt: skip
    in_file: dict[AmountsOfMonth, Alike] = {}
    if changed and not lists_once:
        with hash_joins(connection, len(changed)):
            for record in _records(connection, identity, changed):
                row = changed[record.id]
                amounts, day = _amounts(columns, row, record[1:])
                if amounts is not None:
                    in_file.setdefault(amounts, Alike(day, row))
    duplicates: dict[int, Alike] = {}
    for row, (amounts, day) in shared.items():
        if amounts is None:
            continue
        alike = recorded.get((amounts, numbers[row]))
        if alike is None and numbers[row] is None:
            alike = totals.get(amounts)
        if alike is None and not lists_once:
            alike = in_file.setdefault(amounts, Alike(day, row))
            are_numbered = numbers[row] is not None and numbers[alike.row or 0] is not None
            if alike.row == row or are_numbered:
                continue
        if alike is not None:
            duplicates[row] = alike
    return duplicates


def _recorded(
    connection: Connection,
    identity: Identity,
    wanted: Sequence[Wanted],
    changed: Collection[str],
    *,
    is_bank: bool,
) -> dict[Wanted, Alike]:
    """Return the first record of each month and amounts, without the records that change and those
    of the same number; for a bank without the lines of other lists."""
    numbers = [number for _, number in wanted]
    file = _rows_of([amounts for amounts, _ in wanted], {"external_id": numbers})
    record = financials.c
    is_alike = sa.and_(
        record.tenant_id == identity.tenant_id,
        record.client_kpi_id == file.c.client_kpi_id,
        record.revenue == file.c.revenue,
        record.expenses == file.c.expenses,
    )
    if any(numbers):
        is_alike &= record.external_id.is_distinct_from(file.c.external_id) | (
            file.c.external_id.is_(None)
        )
    if is_bank:
        is_alike &= (record.source_system != FILE) | record.external_id.is_not(None)
    if changed:
        ids = array_rows({"id": list(changed)}, {"id": TEXT})
        is_alike &= record.id.not_in(sa.select(ids.c.id))
    first_day = sa.func.min(record.record_date)
    if len(wanted) > FEW_ROWS:
        months = [amounts.month for amounts, _ in wanted]
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
    days = connection.execute(query)
    return {wanted[place]: Alike(day) for place, day in days if day is not None}


def _totals(
    connection: Connection, identity: Identity, wanted: Sequence[AmountsOfMonth]
) -> dict[AmountsOfMonth, Alike]:
    """Return the first document of several lines that add up to these amounts in their month."""
    record, months = financials.c, [amounts.month for amounts in wanted]
    numbered = (
        record.tenant_id == identity.tenant_id,
        record.source_system == OF_FILES,
        record.external_id.is_not(None),
    )
    if not wanted or not connection.execute(sa.select(sa.exists().where(*numbered))).scalar_one():
        return {}
    clients = array_rows({"id": list({amounts.client_kpi_id for amounts in wanted})}, {"id": TEXT})
    month = month_of(record.record_date)
    documents = (
        sa.select(
            record.client_kpi_id,
            month.label("month"),
            sa.func.sum(record.revenue).label("revenue"),
            sa.func.sum(record.expenses).label("expenses"),
            sa.func.min(record.record_date).label("day"),
        )
        .where(
            *numbered,
            record.client_kpi_id.in_(sa.select(clients.c.id)),
            record.record_date.between(min(months), month_end(max(months))),
        )
        .group_by(record.client_kpi_id, record.external_id, month)
        .having(sa.func.count() > 1)
        .subquery("documents")
    )
    file = _rows_of(wanted, {})
    is_alike = sa.and_(
        *(documents.c[name] == file.c[name]
          for name in ("client_kpi_id", "month", "revenue", "expenses"))
    )  # fmt: skip
    query = (
        sa.select(file.c.place, sa.func.min(documents.c.day))
        .join_from(file, documents, is_alike)
        .group_by(file.c.place)
    )
    return {wanted[place]: Alike(day) for place, day in connection.execute(query)}


def _rows_of(
    wanted: Sequence[AmountsOfMonth], further: Mapping[str, Sequence[str | None]]
) -> sa.FromClause:
    """Return the amounts of months as a table, with `further` columns of text."""
    columns: dict[str, Sequence[str | None]] = {
        "place": [str(place) for place in range(len(wanted))],
        "client_kpi_id": [amounts.client_kpi_id for amounts in wanted],
        "month": [str(amounts.month) for amounts in wanted],
        "revenue": [str(amounts.revenue) for amounts in wanted],
        "expenses": [str(amounts.expenses) for amounts in wanted],
    }
    types: Types = dict.fromkeys(further, TEXT) | {
        "place": WHOLE, "client_kpi_id": TEXT, "month": DATE, "revenue": MONEY, "expenses": MONEY,
    }  # fmt: skip
    return array_rows({**columns, **further}, types)


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
    parsed_day = parse_day(day or "")
    amounts = Decimal(revenue or 0), Decimal(expenses or 0)
    return amounts_of_month(client or "", parsed_day, *amounts), parsed_day
