"""Confirming a proposal: all of it is written or nothing, and only if it is still current.

One transaction, one import at a time per tenant. The proposal is evaluated again first; if the data
has changed in the meantime, nothing is written and a new proposal is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import imports
from zixly_data.errors import Conflict, InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import remembering
from zixly_data.imports.additions import add_clients, add_stages, final_mapping
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.targets import TARGETS, TEXT, WHOLE
from zixly_data.imports.previews import sums
from zixly_data.imports.proposals import Action, Proposal, evaluate
from zixly_data.imports.references import read_reference_data
from zixly_data.tables.overheads import OverheadKind
from zixly_data.values.ids import new_id, new_ids
from zixly_data.values.sources import FILE

# Rows in a statement: few enough to report progress and to stop between statements, so many that a
# client's month is seldom in two of them (its sums are updated by each).
ROWS_AT_ONCE = 20_000
# Imports of a tenant run one after the other.
_TAKE_TURN = sa.text("select app.take_turn('importing')")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportResult:
    """The result of an import. `undo` takes its `id`."""

    id: str
    counts: Map[Action, int]


class ProposalOutdated(Conflict):
    """The data changed after the proposal was made. `current` is the current proposal, if known."""

    advice = "Check the new proposal and confirm it if it is correct."


def confirm(
    identity: Identity,
    proposal: Proposal,
    *,
    skip_rejected: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Write the rows of the proposal in one transaction, and record the import.

    `progress(done, rows)` is called after every few thousand rows; an exception from it rolls the
    import back.

    Raises InvalidInput if a question is open, possible duplicates are undecided, a row is rejected
    without `skip_rejected`, or nothing would change; ProposalOutdated; MonthClosed; AccessDenied.
    """
    _require_complete(proposal, skip_rejected=skip_rejected)
    report_progress = progress or (lambda done, rows: None)
    with scoped(identity) as connection:
        connection.execute(_TAKE_TURN)
        _require_unmoved(connection, identity, proposal)
        import_id = new_id("imp")
        connection.execute(sa.insert(imports).values(id=import_id, **_import_row(proposal)))
        add_clients(connection, proposal)
        add_stages(connection, identity, proposal)
        new, changed = _new_rows(proposal), proposal.rows(Action.CHANGED)
        rows = len(new) + len(changed)
        done = 0
        report_progress(done, rows)
        writes: tuple[tuple[Callable[..., None], Sequence[Any]], ...] = (
            (_insert, new), (_update, changed),
        )  # fmt: skip
        for write, written in writes:
            for start in range(0, len(written), ROWS_AT_ONCE):
                batch = written[start : start + ROWS_AT_ONCE]
                write(connection, identity, proposal, batch)
                done += len(batch)
                report_progress(done, rows)
        remembering.remember(connection, proposal.kind, proposal.table, final_mapping(proposal))
    return ImportResult(import_id, proposal.counts)


def _require_complete(proposal: Proposal, *, skip_rejected: bool) -> None:
    if proposal.staged.is_open:
        raise InvalidInput(
            "A question about the file is not answered.", advice="Answer it, then confirm."
        )
    rejected = proposal.counts[Action.REJECTED]
    if rejected and not skip_rejected:
        rows = "1 row" if rejected == 1 else f"{rejected:,} rows"
        raise InvalidInput(
            f"{rows} of the file cannot be imported, so nothing was imported.",
            advice="Correct the file, or import the other rows only.",
        )
    if proposal.is_undecided:
        count = len(proposal.duplicates)
        rows = "1 new row has" if count == 1 else f"{count:,} new rows have"
        raise InvalidInput(
            f"{rows} the amounts of another record of the same client and month, so nothing was "
            "imported.",
            advice="Choose whether to import them too or to leave them out.",
        )
    if not proposal.changes_anything:
        raise InvalidInput(
            "The file changes nothing.", advice="Everything in it is already recorded."
        )


def _require_unmoved(connection: Connection, identity: Identity, proposal: Proposal) -> None:
    """Raise ProposalOutdated unless the proposal has the same effect on the current data. If the
    reference data changed, the file has to be staged again."""
    fresh = replace(proposal, reference_data=read_reference_data(connection, identity))
    if fresh.reference_data != proposal.reference_data:
        raise ProposalOutdated(
            "Someone has changed something that the file refers to.", current=None
        )
    current = evaluate(connection, identity, fresh)
    if (current.actions, current.matches, current.duplicates) != (
        proposal.actions, proposal.matches, proposal.duplicates,
    ):  # fmt: skip
        raise ProposalOutdated("Someone has changed records that are in the file.", current=current)


def _import_row(proposal: Proposal) -> dict[str, Any]:
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


def _new_rows(proposal: Proposal) -> list[tuple[int, str]]:
    """Return the new rows with their ids, by client, if any, and day.

    Of two rows of a day, the lower one of the file counts: it has the later id. In this order,
    neighbours of an index, and of the sums by month, are written together.
    """
    target = TARGETS[proposal.kind]
    places = proposal.rows(Action.NEW)
    numbered = list(zip(places, new_ids(target.prefix, len(places)), strict=True))
    if target.date_column is None:
        return numbered
    columns = proposal.staged.columns
    order = [columns[name] for name in ("client_kpi_id", target.date_column) if name in columns]
    return sorted(numbered, key=lambda row: [column[row[0]] or "" for column in order])


def _insert(
    connection: Connection,
    identity: Identity,
    proposal: Proposal,
    numbered: Sequence[tuple[int, str]],
) -> None:
    target, staged = TARGETS[proposal.kind], proposal.staged
    places = [place for place, _ in numbered]
    columns: dict[str, Sequence[str | None]] = {"id": [row_id for _, row_id in numbered]}
    columns |= _file_values(proposal, places)
    if "external_id" in staged.columns:
        columns["external_id"] = [staged.columns["external_id"][row] for row in places]
    file = array_rows(columns, {"id": TEXT, "external_id": TEXT, **target.types})
    values: dict[str, Any] = {name: file.c[name] for name in columns}
    if proposal.kind is Kind.CLIENTS:
        values |= _client_defaults(file, proposal.reference_data.currency)
    else:
        values |= {"tenant_id": sa.literal(identity.tenant_id), "source_system": sa.literal(FILE)}
    if proposal.kind is Kind.OVERHEADS and "kind" in columns:
        values["kind"] = sa.func.coalesce(file.c.kind, OverheadKind.OVERHEAD.value)
    if proposal.kind in (Kind.FINANCIALS, Kind.OVERHEADS):
        zero = sa.literal(0)
        for name in ("revenue", "expenses"):
            values[name] = sa.func.coalesce(file.c[name], zero) if name in columns else zero
    connection.execute(
        sa.insert(target.table).from_select(list(values), sa.select(*values.values()))
    )


def _update(
    connection: Connection, identity: Identity, proposal: Proposal, places: Sequence[int]
) -> None:
    """Update the matched rows, if they still have the versions of the proposal."""
    target, table = TARGETS[proposal.kind], TARGETS[proposal.kind].table
    partners = [proposal.matches[row] for row in places]
    file_values = _file_values(proposal, places)
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
    if changed != len(places):
        raise ProposalOutdated("Someone has changed a record that is in the file.", current=None)


def _file_values(proposal: Proposal, places: Sequence[int]) -> dict[str, Sequence[str | None]]:
    """Return the values of these rows by column, including the derived columns."""
    names = (*TARGETS[proposal.kind].columns, *TARGETS[proposal.kind].derived)
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
