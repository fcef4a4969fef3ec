"""Proposals: the effect of a file on the records, before anything is written.

    opened   = open_file(name, data)
    mapping  = suggest(identity, kind, opened.tables[0])      # adjusted by hand
    proposal = propose(identity, kind, opened, mapping)
    result   = confirming.confirm(identity, proposal)

Each row of the file is new, changed, unchanged, rejected or left out, and lines on record that a
document of the file no longer has are removed. A proposal writes nothing; it keeps its inputs, so
that `confirm` can detect data that changed in the meantime.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zixly_data.errors import Conflict
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.matches.document_lines import RemovedLine
from zixly_data.imports.matches.duplicates import Alike
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.references import ReferenceData, ReferencedClient
from zixly_data.imports.rows.causes import WAITING
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import Problem, StagedRows


class ProposalOutdated(Conflict):
    """The data changed after the proposal was made. `current` is the current proposal, if known."""

    advice = "Check the new proposal and confirm it if it is correct."


class Action(StrEnum):
    """The effect of a row of the file. REMOVED is that of a line on record whose document the file
    has without it."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REJECTED = "REJECTED"
    LEFT_OUT = "LEFT_OUT"
    REMOVED = "REMOVED"


@dataclass(frozen=True)
class Proposal:
    """The effect of a file, by the index of the row in `table`: `actions`, the `matches` on record,
    and the `problems` of the rejected rows. `staged` has the values, and the problems of reading
    them. `removed` are lines on record that the file takes away. `questions` are those about the
    rows beside the records; `staged` has those about the cells. `duplicates` are new financial
    records with the amounts of another one of their month; they stay listed if the mapping leaves
    them out."""

    kind: Kind
    file_name: str
    checksum: str
    table: Table
    mapping: Mapping
    reference_data: ReferenceData
    staged: StagedRows
    matches: Map[int, Match]
    actions: tuple[Action, ...]
    problems: Map[int, Sequence[Problem]] = field(default_factory=dict)
    duplicates: Map[int, Alike] = field(default_factory=dict)
    removed: tuple[RemovedLine, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def counts(self) -> Map[Action, int]:
        """The number of rows with each action, and of lines that are removed."""
        counts = Counter(self.actions)
        counts[Action.REMOVED] = len(self.removed)
        return {action: counts[action] for action in Action}

    @property
    def all_questions(self) -> list[Question]:
        """The questions about the cells, and about the rows beside the records."""
        return [*self.staged.questions, *self.questions]

    @property
    def is_open(self) -> bool:
        """Whether a question is not answered yet."""
        return self.staged.is_open or bool(self.questions)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of records that the rows become."""
        return (self.kind, Kind.OVERHEADS) if self.staged.of_no_client else (self.kind,)

    def kind_of(self, row: int) -> Kind:
        """Return the kind of record that a row becomes: amounts of no client are overheads."""
        return Kind.OVERHEADS if row in self.staged.of_no_client else self.kind

    @property
    def clients(self) -> list[ReferencedClient]:
        """The clients on record and those that the file adds."""
        return [*self.reference_data.clients, *self.staged.added.values()]

    @property
    def currencies(self) -> Sequence[str | None]:
        """The currency of the amounts of each row: its own, or that of its client."""
        columns = self.staged.columns
        if self.kind is Kind.OVERHEADS:
            return columns["currency"]
        of_clients = {client.id: client.currency for client in self.clients}
        currencies = [of_clients.get(client or "") for client in columns["client_kpi_id"]]
        for row in self.staged.of_no_client:
            currencies[row] = columns["currency"][row]
        return currencies

    @property
    def is_undecided(self) -> bool:
        """Whether a person has yet to decide about the possible duplicates."""
        return bool(self.duplicates) and self.mapping.duplicates is None

    @property
    def changes_anything(self) -> bool:
        """Whether `confirm` would write a row or remove a line."""
        counts = self.counts
        return bool(counts[Action.NEW] or counts[Action.CHANGED] or counts[Action.REMOVED])

    @property
    def only_waits(self) -> bool:
        """Whether rows are rejected, each for nothing but an answer that is missing."""
        rejected = self.rows(Action.REJECTED)
        return bool(rejected) and all(
            problem.cause in WAITING for row in rejected for problem in self.problems[row]
        )

    def rows(self, action: Action, kind: Kind | None = None) -> list[int]:
        """Return the indexes of the rows with this action, of one kind of record or all."""
        return [
            row
            for row, row_action in enumerate(self.actions)
            if row_action is action and (kind is None or self.kind_of(row) is kind)
        ]
