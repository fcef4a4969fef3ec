"""Writes the rows of a proposal, some thousand at once, in the transaction of `confirm`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.document import Line
from zixly_data.imports.matches.targets import TARGETS, TEXT, WHOLE
from zixly_data.imports.proposals import Action, Proposal, ProposalOutdated
from zixly_data.tables.overheads import OverheadKind
from zixly_data.values.ids import new_ids
from zixly_data.values.sources import FILE


def new_rows(proposal: Proposal, kind: Kind) -> list[tuple[int, str]]:
    """Return the new rows of a kind with their ids, by client, if any, and day.

    Of two rows of a day, the lower one of the file counts: it has the later id. In this order,
    neighbours of an index, and of the sums by month, are written together.
    """
    target = TARGETS[kind]
    places = proposal.rows(Action.NEW, kind)
    numbered = list(zip(places, new_ids(target.prefix, len(places)), strict=True))
    if target.date_column is None:
        return numbered
    columns = proposal.staged.columns
    # Sorting by one column after the other, the last one first, compares texts instead of lists.
    for name in (target.date_column, "client_kpi_id"):
        if name in columns:
            numbered.sort(key=_value_in(columns[name]))
    return numbered


def _value_in(column: Sequence[str | None]) -> Callable[[tuple[int, str]], str]:
    return lambda numbered: column[numbered[0]] or ""


def insert(
    connection: Connection,
    identity: Identity,
    proposal: Proposal,
    kind: Kind,
    numbered: Sequence[tuple[int, str]],
) -> None:
    target, staged = TARGETS[kind], proposal.staged
    places = [place for place, _ in numbered]
    columns: dict[str, Sequence[str | None]] = {"id": [row_id for _, row_id in numbered]}
    columns |= _file_values(proposal, kind, places)
    if "external_id" in staged.columns:
        columns["external_id"] = [staged.columns["external_id"][row] for row in places]
    file = array_rows(columns, {"id": TEXT, "external_id": TEXT, **target.types})
    values: dict[str, Any] = {name: file.c[name] for name in columns}
    if kind is Kind.CLIENTS:
        values |= _client_defaults(file, proposal.reference_data.currency)
    else:
        values |= {"tenant_id": sa.literal(identity.tenant_id), "source_system": sa.literal(FILE)}
    if kind is Kind.OVERHEADS and "kind" in columns:
        values["kind"] = sa.func.coalesce(file.c.kind, OverheadKind.OVERHEAD.value)
    if kind in (Kind.FINANCIALS, Kind.OVERHEADS):
        zero = sa.literal(0)
        for name in ("revenue", "expenses"):
            values[name] = sa.func.coalesce(file.c[name], zero) if name in columns else zero
    connection.execute(
        sa.insert(target.table).from_select(list(values), sa.select(*values.values()))
    )


def update(
    connection: Connection,
    identity: Identity,
    proposal: Proposal,
    kind: Kind,
    places: Sequence[int],
) -> None:
    """Update the matched rows, if they still have the versions of the proposal."""
    target, table = TARGETS[kind], TARGETS[kind].table
    partners = [proposal.matches[row] for row in places]
    file_values = _file_values(proposal, kind, places)
    columns: dict[str, Sequence[str | None]] = {
        "id": [partner.id for partner in partners],
        "version": [str(partner.version) for partner in partners],
        **file_values,
    }
    file = array_rows(columns, {"id": TEXT, "version": WHOLE, **target.types})
    written = {
        name: file.c[name] if name in target.clearable
        else sa.func.coalesce(file.c[name], table.c[name])
        for name in file_values
    }  # fmt: skip
    with hash_joins(connection, len(places)):
        changed = connection.execute(
            sa.update(table)
            .values(written)
            .where(
                table.c.tenant_id == identity.tenant_id,
                table.c.id == file.c.id,
                table.c.version == file.c.version,
            )
        ).rowcount
    _require_all(changed, places)


def remove(
    connection: Connection,
    identity: Identity,
    proposal: Proposal,
    kind: Kind,
    lines: Sequence[Line],
) -> None:
    """Delete lines on record, if they still have the versions of the proposal."""
    table = TARGETS[kind].table
    file = array_rows(
        {"id": [line.id for line in lines], "version": [str(line.version) for line in lines]},
        {"id": TEXT, "version": WHOLE},
    )
    with hash_joins(connection, len(lines)):
        removed = connection.execute(
            sa.delete(table).where(
                table.c.tenant_id == identity.tenant_id,
                table.c.id == file.c.id,
                table.c.version == file.c.version,
            )
        ).rowcount
    _require_all(removed, lines)


def _require_all(written: int, wanted: Sequence[object]) -> None:
    if written != len(wanted):
        raise ProposalOutdated("Someone has changed a record that is in the file.", current=None)


def _file_values(
    proposal: Proposal, kind: Kind, places: Sequence[int]
) -> dict[str, Sequence[str | None]]:
    """Return the values of these rows by column, including the derived columns."""
    names = (*TARGETS[kind].columns, *TARGETS[kind].derived)
    columns = proposal.staged.columns
    return {name: [columns[name][row] for row in places] for name in names if name in columns}


def _client_defaults(file: sa.FromClause, currency: str) -> dict[str, Any]:
    """Return values of a new client for columns that the file may lack."""
    defaults = {
        "client_name": file.c.client_id,
        "currency": sa.literal(currency),
        "status": sa.literal("ACTIVE"),
    }
    return {
        name: sa.func.coalesce(file.c[name], default) if name in file.c else default
        for name, default in defaults.items()
    }
