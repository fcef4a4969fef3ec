"""Possible duplicates in a file: new rows with the amounts of another record of client and month.

The other is a record that the file leaves as it is, a row that changes one, or an earlier new row;
for a row without a number also a recorded document of several lines, by what they add up to. Lines
of one document are no duplicates of each other, nor are documents that a file numbers differently,
nor the rows of a list that has everything once, of a bank's payments or of entries of time: these
may repeat what people recorded, and documents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import FEW_ROWS, hash_joins
from zixly_data.database.schema import financials
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.document import parse_day
from zixly_data.imports.matches.documents_in_file import OF_FILES
from zixly_data.imports.matches.matching import Match, has_rows_between
from zixly_data.imports.matches.targets import DATE, MONEY, TARGETS, TEXT, WHOLE, Types
from zixly_data.values.dates import month_end
from zixly_data.values.sources import FILE

Columns = Mapping[str, Sequence[str | None]]
# The client, the month (`2024-03`), revenue and expenses, as the texts that the columns hold: equal
# amounts are equal texts, and comparing these takes a fraction of the time of decimals and dates.
Amounts = tuple[str, str, str, str]
# The amounts of a row, and its number.
Wanted = tuple[Amounts, str | None]
_NOTHING = "0.00"
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
    shared = _shared_amounts(columns, new)
    wanted = list(dict.fromkeys((amounts, numbers[row]) for row, _, amounts in shared))
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
    in_file: dict[Amounts, tuple[str, int]] = {}
    if changed and not lists_once:
        with hash_joins(connection, len(changed)):
            for record in _records(connection, identity, changed):
                row = changed[record.id]
                for _, day, amounts in _shared_amounts(columns, [row], record[1:]):
                    in_file.setdefault(amounts, (day, row))
    duplicates: dict[int, Alike] = {}
    for row, day, amounts in shared:
        alike = recorded.get((amounts, numbers[row]))
        if alike is None and numbers[row] is None:
            alike = totals.get(amounts)
        if alike is None and not lists_once:
            first_day, first = in_file.setdefault(amounts, (day, row))
            are_numbered = numbers[row] is not None and numbers[first] is not None
            if first == row or are_numbered:
                continue
            alike = Alike(parse_day(first_day), first)
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
    is_long = len(wanted) > FEW_ROWS
    first, last = _first_and_last_day(amounts for amounts, _ in wanted)
    target = TARGETS[Kind.FINANCIALS]
    if is_long and not has_rows_between(connection, identity, target, str(first), str(last)):
        return {}
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
    if is_long:
        query = (
            sa.select(file.c.place, first_day)
            .join_from(file, financials, is_alike & (month_of(record.record_date) == file.c.month))
            .where(record.record_date.between(first, last))
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
    connection: Connection, identity: Identity, wanted: Sequence[Amounts]
) -> dict[Amounts, Alike]:
    """Return the first document of several lines that add up to these amounts in their month."""
    record = financials.c
    numbered = (
        record.tenant_id == identity.tenant_id,
        record.source_system == OF_FILES,
        record.external_id.is_not(None),
    )
    if not wanted or not connection.execute(sa.select(sa.exists().where(*numbered))).scalar_one():
        return {}
    clients = array_rows({"id": list({client for client, *_ in wanted})}, {"id": TEXT})
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
            record.record_date.between(*_first_and_last_day(wanted)),
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


def _first_and_last_day(wanted: Iterable[Amounts]) -> tuple[date, date]:
    months = {month for _, month, _, _ in wanted}
    return parse_day(f"{min(months)}-01"), month_end(parse_day(f"{max(months)}-01"))


def _rows_of(
    wanted: Sequence[Amounts], further: Mapping[str, Sequence[str | None]]
) -> sa.FromClause:
    """Return the amounts of months as a table, with `further` columns of text."""
    columns: dict[str, Sequence[str | None]] = {
        "place": [str(place) for place in range(len(wanted))],
        "client_kpi_id": [client for client, _, _, _ in wanted],
        "month": [f"{month}-01" for _, month, _, _ in wanted],
        "revenue": [revenue for _, _, revenue, _ in wanted],
        "expenses": [expenses for _, _, _, expenses in wanted],
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


def _shared_amounts(
    columns: Columns,
    rows: Sequence[int],
    current: Sequence[str | None] = (None,) * len(_SHARED),
) -> list[tuple[int, str, Amounts]]:
    """Return the rows that have an amount, each with its day and what duplicates of it share; empty
    cells keep what is recorded."""
    clients, days, revenues, expenses = (
        [column[row] or recorded for row in rows] if column else [recorded] * len(rows)
        for column, recorded in zip(map(columns.get, _SHARED), current, strict=True)
    )
    return [
        (row, day or "", (client or "", (day or "")[:7], earned or _NOTHING, spent or _NOTHING))
        for row, client, day, earned, spent in zip(
            rows, clients, days, revenues, expenses, strict=True
        )
        if (earned or _NOTHING) != _NOTHING or (spent or _NOTHING) != _NOTHING
    ]
