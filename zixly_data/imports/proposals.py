"""What a file would do, before it does anything.

    opened   = open_file(name, data)
    mapping  = suggest(identity, kind, opened.tables[0])      # adjusted by hand
    proposal = propose(identity, kind, opened, mapping)
    done     = confirming.confirm(identity, proposal)

Each row of the file is new, changed, unchanged, rejected or left out. A proposal writes nothing; it
remembers what it was made of, so that confirming can tell whether anything moved meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import imports
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import references as knowledge
from zixly_data.imports.cells.kinds import Kind, field_of
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import OpenedFile, Table
from zixly_data.imports.matching import Match, match
from zixly_data.imports.recognition import missing
from zixly_data.imports.references import Known
from zixly_data.imports.row_rules import stage
from zixly_data.imports.staging import Problem, Staged
from zixly_data.imports.targets import SHAPES
from zixly_data.values.dates import month_name

_NOT_THERE = "There is no such record in Zixly, and the row does not say enough for a new one."
_WAITS = "What it says depends on the question that the file leaves open."


class Action(StrEnum):
    """What becomes of a row of the file."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REJECTED = "REJECTED"
    LEFT_OUT = "LEFT_OUT"


@dataclass(frozen=True)
class Proposal:
    """What a file would do. Row by row, by their places in `table`: `actions`, the `matches` on
    record, and in `staged` the values and what is wrong."""

    kind: Kind
    file_name: str
    checksum: str
    table: Table
    mapping: Mapping
    known: Known
    staged: Staged
    matches: Map[int, Match]
    actions: tuple[Action, ...]

    @property
    def counts(self) -> Map[Action, int]:
        """How many rows of each."""
        found = Counter(self.actions)
        return {action: found[action] for action in Action}

    @property
    def changes_anything(self) -> bool:
        """Whether confirming would write a row."""
        return bool(self.counts[Action.NEW] or self.counts[Action.CHANGED])

    def rows(self, action: Action) -> list[int]:
        """The places of the rows with this action."""
        return [row for row, each in enumerate(self.actions) if each is action]


def propose(
    identity: Identity, kind: Kind, opened: OpenedFile, mapping: Mapping, sheet: int = 0
) -> Proposal:
    """What this file would do, read in this way.

    Raises InvalidInput when a column that is needed has not been chosen, is not there, or is chosen
    for two things; AccessDenied for a VIEWER.
    """
    table = opened.tables[sheet]
    _require_columns(kind, table, mapping)
    with scoped(identity) as connection:
        require_editor(connection)
        known = knowledge.read(connection, identity)
        staged = stage(kind, table, mapping, known)
        return evaluate(connection, identity, Proposal(
            kind, opened.name, opened.checksum, table, mapping, known, staged, {}, ()))  # fmt: skip


def evaluate(connection: Connection, identity: Identity, proposal: Proposal) -> Proposal:
    """The same proposal against the rows on record at this moment.

    What matching finds wrong is added to the problems of a copy: `proposal` stays as it was.
    """
    staged, shape = proposal.staged, SHAPES[proposal.kind]
    problems = {row: list(found) for row, found in staged.problems.items()}
    matches = match(
        connection,
        identity,
        proposal.kind,
        staged.columns,
        staged.good,
        same_day_is_new=proposal.mapping.same_day_is_new,
    )
    actions = []
    closed = frozenset(proposal.known.closed)
    incomplete = {
        row
        for name in shape.key
        for row, value in enumerate(staged.columns[name])
        if value is None and row not in matches
    }
    for row in range(staged.count):
        partner = matches.get(row)
        if row in staged.left_out:
            actions.append(Action.LEFT_OUT)
            continue
        if row not in problems:
            if row in incomplete:
                problems[row] = [Problem("", "", _WAITS if staged.questions else _NOT_THERE)]
            elif closed and shape.dated and (partner is None or partner.now):
                month = _closed_month(staged, shape.dated, row, partner, closed)
                if month:
                    problems[row] = [Problem("", "", f"{month_name(month)} is closed.")]
        if row in problems:
            actions.append(Action.REJECTED)
        elif partner is None:
            actions.append(Action.NEW)
        else:
            actions.append(Action.CHANGED if partner.now else Action.UNCHANGED)
    return replace(
        proposal,
        staged=replace(staged, problems=problems),
        matches=matches,
        actions=tuple(actions),
    )


def require_editor(connection: Connection) -> None:
    """Raises AccessDenied unless the person may import: PostgreSQL lets nobody else look here."""
    connection.execute(sa.select(imports.c.id).limit(0))


def _require_columns(kind: Kind, table: Table, mapping: Mapping) -> None:
    sentences = missing(kind, mapping)
    if sentences:
        raise InvalidInput(" ".join(sentences), advice="Choose the column that says it.")
    chosen: dict[int, str] = {}
    for name, place in mapping.columns.items():
        label = field_of(kind, name).label
        if not 0 <= place < len(table.header):
            raise InvalidInput(f"The file has no column for “{label}”.", field=name,
                               advice="Choose another column.")  # fmt: skip
        if place in chosen:
            raise InvalidInput(
                f"The column “{table.header[place]}” is chosen twice: for “{chosen[place]}” and "
                f"for “{label}”.",
                field=name, advice="Choose another column for one of them.",
            )  # fmt: skip
        chosen[place] = label


def _closed_month(
    staged: Staged, dated: str, row: int, partner: Match | None, closed: frozenset[date]
) -> date | None:
    """The closed month in which the row lies or lay."""
    days = [staged.columns[dated][row]]
    if partner is not None and dated in partner.now:
        days.append(partner.now[dated])
    months = {date.fromisoformat(day).replace(day=1) for day in days if day}
    return min(months & closed, default=None)
