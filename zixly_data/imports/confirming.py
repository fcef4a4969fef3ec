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
from zixly_data.database.schema import imports
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import remembering
from zixly_data.imports.additions import add_clients, add_stages, final_mapping
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.evaluation import evaluate
from zixly_data.imports.previews import sums
from zixly_data.imports.proposals import Action, Proposal, ProposalOutdated
from zixly_data.imports.references import read_reference_data
from zixly_data.imports.writing import insert, new_rows, remove, update
from zixly_data.values.ids import new_id

# Rows in a statement: few enough to report progress and to stop between statements, so many that a
# client's month is seldom in two of them (its sums are updated by each).
ROWS_AT_ONCE = 20_000
# Imports of a tenant, and undoing them, run one after the other.
_TAKE_TURN = sa.text("select app.take_turn('importing')")

Progress = Callable[[int, int], None]
_Write = Callable[[Connection, Identity, Proposal, Kind, Any], None]


@dataclass(frozen=True)
class ImportResult:
    """The result of an import. `undo` takes its `id`."""

    id: str
    counts: Map[Action, int]


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
        writes: list[tuple[_Write, Kind, Sequence[Any]]] = []
        for kind in proposal.kinds:
            lines = [removed.line for removed in proposal.removed if removed.kind is kind]
            writes += [
                (remove, kind, lines), (insert, kind, new_rows(proposal, kind)),
                (update, kind, proposal.rows(Action.CHANGED, kind)),
            ]  # fmt: skip
        rows, done = sum(len(written) for _, _, written in writes), 0
        report_progress(done, rows)
        for write, kind, written in writes:
            for start in range(0, len(written), ROWS_AT_ONCE):
                batch = written[start : start + ROWS_AT_ONCE]
                write(connection, identity, proposal, kind, batch)
                done += len(batch)
                report_progress(done, rows)
        remembering.remember(connection, proposal.kind, proposal.table, final_mapping(proposal))
    return ImportResult(import_id, proposal.counts)


def _require_complete(proposal: Proposal, *, skip_rejected: bool) -> None:
    if proposal.is_open:
        for column in proposal.staged.meanings:
            for value in column.unanswered:
                rows = f"with “{value.value}”" if value.value else "without a value"
                raise InvalidInput(
                    f"How rows {rows} in “{column.heading}” count is not answered, "
                    "so nothing was imported.",
                    advice="Choose it, then confirm.",
                )
        raise InvalidInput(
            "A question about the file is not answered.", advice="Answer it, then confirm."
        )
    rejected = proposal.counts[Action.REJECTED]
    if rejected and not skip_rejected:
        rows = "1 row" if rejected == 1 else f"{rejected:,} rows"
        if proposal.only_waits:
            raise InvalidInput(
                f"{rows} of the file cannot be imported without an answer, so nothing was "
                "imported.",
                advice="Answer what is asked about them, or import the other rows only, with "
                "--skip-rejected in the command.",
            )
        raise InvalidInput(
            f"{rows} of the file cannot be imported, so nothing was imported.",
            advice="Correct the file, or import the other rows only, with --skip-rejected in the "
            "command.",
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
    if _effect(current) != _effect(proposal):
        raise ProposalOutdated("Someone has changed records that are in the file.", current=current)


def _effect(proposal: Proposal) -> tuple[object, ...]:
    """Return what has to be the same for the proposal to be current."""
    return (
        proposal.actions, proposal.matches, proposal.removed, proposal.duplicates,
        proposal.questions,
    )  # fmt: skip


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
        "removed": counts[Action.REMOVED],
        "sums": sa.cast(json.loads(json.dumps(sums(proposal), default=str)), sa.JSON),
    }
