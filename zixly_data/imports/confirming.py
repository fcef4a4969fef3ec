"""Making a proposal true: all of it or nothing, and only if it is still what it was.

One transaction, one import at a time per tenant. The proposal is weighed again first; where the
data moved meanwhile, nothing is written and a new proposal is due.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import client_kpis, imports
from zixly_data.errors import Conflict, InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import references as knowledge
from zixly_data.imports import remembering
from zixly_data.imports.arrays import rows_of
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.previews import sums
from zixly_data.imports.proposals import Action, Proposal, evaluate
from zixly_data.imports.targets import BROUGHT, FILE, SHAPES, TEXT, WHOLE
from zixly_data.values.ids import new_id, new_ids

# So many rows in a statement: often enough to say how far it is and to be stopped.
ROWS_AT_ONCE = 5_000
# The namespace of the lock that lets one import in at a time.
_ONE_AT_A_TIME = 0x494D5052

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """What an import did. `id` is what undoes it."""

    id: str
    counts: Mapping[Action, int]


class Moved(Conflict):
    """The data changed since the proposal was made. `current` is the proposal as it is now."""

    advice = "Look at the new proposal, and confirm it if it is right."


def confirm(
    identity: Identity,
    proposal: Proposal,
    *,
    skip_rejected: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Writes what the proposal says, in one transaction, and notes the import.

    `progress(done, rows)` is told after every few thousand rows; what it raises stops the import
    and leaves nothing behind.

    Raises InvalidInput while a question is open, a row is rejected without `skip_rejected`, or
    nothing would change; Moved; MonthClosed; AccessDenied.
    """
    _require_complete(proposal, skip_rejected=skip_rejected)
    tell = progress or (lambda done, rows: None)
    with scoped(identity) as connection:
        connection.execute(
            sa.select(sa.func.pg_advisory_xact_lock(
                _ONE_AT_A_TIME, sa.func.hashtext(identity.tenant_id)))
        )  # fmt: skip
        _require_unmoved(connection, identity, proposal)
        import_id = new_id("imp")
        connection.execute(sa.insert(imports).values(id=import_id, **_described(proposal)))
        _add_clients(connection, proposal)
        new, changed = proposal.rows(Action.NEW), proposal.rows(Action.CHANGED)
        rows = len(new) + len(changed)
        done = 0
        tell(done, rows)
        for write, places in ((_insert, new), (_update, changed)):
            for start in range(0, len(places), ROWS_AT_ONCE):
                some = places[start : start + ROWS_AT_ONCE]
                write(connection, identity, proposal, some)
                done += len(some)
                tell(done, rows)
        remembering.remember(connection, proposal.kind, proposal.table, proposal.mapping)
    return Imported(import_id, proposal.counts)


def _require_complete(proposal: Proposal, *, skip_rejected: bool) -> None:
    if proposal.staged.questions:
        raise InvalidInput(
            "The file leaves something open.", advice="Answer the question, then confirm."
        )
    rejected = proposal.counts[Action.REJECTED]
    if rejected and not skip_rejected:
        rows = "1 row" if rejected == 1 else f"{rejected:,} rows"
        raise InvalidInput(
            f"{rows} of the file cannot be imported, so nothing was.",
            advice="Mend them, or import the rest without them.",
        )
    if not proposal.changes_anything:
        raise InvalidInput(
            "The file changes nothing.", advice="Everything in it is in Zixly already."
        )


def _require_unmoved(connection: Connection, identity: Identity, proposal: Proposal) -> None:
    """Weighs the proposal against what is there now. What refers to clients, stages and metrics
    has to be read anew where any of these changed."""
    now = replace(proposal, known=knowledge.read(connection, identity))
    if now.known != proposal.known:
        raise Moved("Somebody changed what the file refers to.", current=None)
    again = evaluate(connection, identity, now)
    if (again.actions, again.matches) != (proposal.actions, proposal.matches):
        raise Moved("Somebody changed records that the file is about.", current=again)


def _described(proposal: Proposal) -> dict[str, Any]:
    counts = proposal.counts
    return {
        "kind": proposal.kind.value,
        "file_name": proposal.file_name[-255:],
        "checksum": proposal.checksum,
        "added": counts[Action.NEW],
        "changed": counts[Action.CHANGED],
        "unchanged": counts[Action.UNCHANGED],
        "rejected": counts[Action.REJECTED],
        "left_out": counts[Action.LEFT_OUT],
        "sums": sa.cast(json.loads(json.dumps(sums(proposal), default=str)), sa.JSON),
    }


def _add_clients(connection: Connection, proposal: Proposal) -> None:
    """The clients that the file brings along, where a row of theirs goes in."""
    new = proposal.staged.added.values()
    if not new:
        return
    ids = proposal.staged.columns["client_kpi_id"]
    wanted = {ids[row] for row in proposal.rows(Action.NEW) + proposal.rows(Action.CHANGED)}
    added = [client for client in new if client.id in wanted]
    if added:
        connection.execute(
            sa.insert(client_kpis),
            [
                {"id": each.id, "client_id": each.client_id, "client_name": each.client_name,
                 "currency": each.currency}
                for each in added
            ],
        )  # fmt: skip


def _insert(
    connection: Connection, identity: Identity, proposal: Proposal, places: Sequence[int]
) -> None:
    shape, staged = SHAPES[proposal.kind], proposal.staged
    columns: dict[str, Sequence[str | None]] = {"id": new_ids(shape.prefix, len(places))}
    columns |= _said(proposal, places)
    if "external_id" in staged.columns:
        columns["external_id"] = [staged.columns["external_id"][row] for row in places]
    file = rows_of(columns, {"id": TEXT, "external_id": TEXT, **shape.types})
    values: dict[str, Any] = {name: file.c[name] for name in columns}
    if proposal.kind is Kind.CLIENTS:
        values |= _defaults_of_clients(file, proposal.known.currency)
    else:
        values |= {"tenant_id": sa.literal(identity.tenant_id), "source_system": sa.literal(FILE)}
    if proposal.kind is Kind.FINANCIALS:
        nothing = sa.literal(0)
        for name in ("revenue", "expenses"):
            values[name] = sa.func.coalesce(file.c[name], nothing) if name in columns else nothing
    connection.execute(
        sa.insert(shape.table).from_select(list(values), sa.select(*values.values()))
    )


def _update(
    connection: Connection, identity: Identity, proposal: Proposal, places: Sequence[int]
) -> None:
    """Writes what the file says over what is there, if that is still of the version seen."""
    shape, table = SHAPES[proposal.kind], SHAPES[proposal.kind].table
    partners = [proposal.matches[row] for row in places]
    said = _said(proposal, places)
    columns: dict[str, Sequence[str | None]] = {
        "id": [partner.id for partner in partners],
        "version": [str(partner.version) for partner in partners],
        **said,
    }
    file = rows_of(columns, {"id": TEXT, "version": WHOLE, **shape.types})
    written = {
        name: file.c[name] if name in shape.clearable
        else sa.func.coalesce(file.c[name], table.c[name])
        for name in said
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
    if changed != len(places):
        raise Moved("Somebody changed a record that the file is about.", current=None)


def _said(proposal: Proposal, places: Sequence[int]) -> dict[str, Sequence[str | None]]:
    """What the file says of these rows, by column, with what the columns bring along."""
    names = (*SHAPES[proposal.kind].columns, *BROUGHT.get(proposal.kind, ()))
    columns = proposal.staged.columns
    return {name: [columns[name][row] for row in places] for name in names if name in columns}


def _defaults_of_clients(file: sa.FromClause, currency: str) -> dict[str, Any]:
    """What a new client needs and a file may not say."""
    defaults = {
        "client_name": file.c.client_id,
        "currency": sa.literal(currency),
        "status": sa.literal("ACTIVE"),
    }
    return {
        name: sa.func.coalesce(file.c[name], default) if name in file.c else default
        for name, default in defaults.items()
    }
