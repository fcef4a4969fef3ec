"""The rows of a file as they were staged: values, problems, questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from zixly_data.imports.cells.table import Cell
from zixly_data.imports.meanings.asked import AskedColumn
from zixly_data.imports.references import ReferencedClient
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.deals import Deals
from zixly_data.imports.rows.questions import Question, UnknownClient, UnknownStage
from zixly_data.tables.lead_stages import LeadStageDraft

Column = list[str | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a row: its cause, the column's heading, the value in the file, the reason."""

    cause: Cause
    column: str
    value: str
    reason: str


@dataclass
class StagedRows:
    """The rows of a file. `columns` has a list for each column of the target that the file fills,
    and for `id` and `external_id` if the file has them. `voided` has the rows that are left out
    because their document counts no more: voided, deleted, a draft. `retired` has the rows at a
    retired stage, where no event is new; `of_no_client` the rows whose amounts belong to no client,
    which become overheads. `meanings` and `unknown_stages` are questions about the values of a
    column, `new_stages` the stages that the file adds, `notes` sentences about how the rows were
    read."""

    count: int
    columns: dict[str, Column] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    voided: set[int] = field(default_factory=set)
    of_no_client: set[int] = field(default_factory=set)
    retired: dict[int, Problem] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    meanings: list[AskedColumn] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown_stages: list[UnknownStage] = field(default_factory=list)
    unknown: list[UnknownClient] = field(default_factory=list)
    added: dict[str, ReferencedClient] = field(default_factory=dict)
    new_stages: list[LeadStageDraft] = field(default_factory=list)
    deals: Deals | None = None

    @property
    def ready(self) -> list[int]:
        """The indexes of the rows without a problem that are not left out."""
        bad = self.problems.keys() | self.left_out
        return [row for row in range(self.count) if row not in bad]

    @property
    def is_open(self) -> bool:
        """Whether a question about the cells is not answered yet. Unknown clients and stages reject
        their own rows only."""
        return bool(self.questions) or any(column.unanswered for column in self.meanings)


def cell_text(cell: Cell, *, whole: bool = False) -> str:
    """Return a cell as a person reads it, shortened to 80 letters unless `whole`."""
    if cell is None:
        return ""
    text = format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    return text if whole or len(text) <= 80 else f"{text[:80]}…"
