"""From the cells of a file to rows as PostgreSQL takes them, or to what is wrong with them.

Nothing is guessed: what could mean two things is a question, and every row with something wrong is
rejected with the column, the value and the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from zixly_data.exports.csv_file import unguard
from zixly_data.imports import values
from zixly_data.imports.cells import doubtful_dates
from zixly_data.imports.cells.kinds import Kind, field_of
from zixly_data.imports.cells.mapping import DecimalMark, Mapping
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.clients_in_file import ClientsInFile, UnknownClient, find_clients
from zixly_data.imports.references import Known, KnownClient

Column = list[str | None]
FigureReader = Callable[[Sequence[Cell], str, DecimalMark | None], values.Read]


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row: the column's heading, the value as the file has it, the reason."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Question:
    """What the file leaves open: `example` is a cell of the column that shows it, `meanings` say
    what it is by either answer, where it can be read by it (`DMY`: `3 Apr 2024`)."""

    about: Literal["date_order", "decimal_mark"]
    column: str
    example: str
    meanings: Map[str, str] = field(default_factory=dict)


@dataclass
class Staged:
    """The rows of a file. `columns` has a list for each column of the table that the file speaks
    of, and `id` and `external_id` where it has them."""

    count: int
    columns: dict[str, Column] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)
    unknown: list[UnknownClient] = field(default_factory=list)
    added: dict[str, KnownClient] = field(default_factory=dict)

    @property
    def good(self) -> list[int]:
        """The places of the rows with nothing wrong."""
        bad = self.problems.keys() | self.left_out
        return [row for row in range(self.count) if row not in bad]


class Stage:
    """Reads one file column by column; what kinds of rows need is in `rows_of_kinds`."""

    def __init__(self, kind: Kind, table: Table, mapping: Mapping, known: Known) -> None:
        self.kind, self.table, self.mapping, self.known = kind, table, mapping, known
        self.staged = Staged(len(table))

    def has(self, name: str) -> bool:
        """Whether the file has a column for this field."""
        return name in self.mapping.columns

    def cells(self, name: str) -> Sequence[Cell]:
        """The cells of a column, without the apostrophe that guards what could be a formula."""
        cells = self.table.columns[self.mapping.columns[name]]
        if not any(type(cell) is str and cell[:1] == "'" for cell in cells):
            return cells
        return [unguard(cell) if isinstance(cell, str) else cell for cell in cells]

    def text(self, name: str) -> Column:
        """The texts of a column; empty cells are None."""
        if not self.has(name):
            return [None] * self.staged.count
        wanted = field_of(self.kind, name)
        cells = self.table.columns[self.mapping.columns[name]]
        return self._taken(name, values.texts(cells, wanted.label, wanted.longest))

    def date(self) -> Column:
        cells = self.cells("date")
        order = self.mapping.date_order or values.date_order(cells)
        if order is None:
            self._ask("date_order", "date")
            return [None] * self.staged.count
        return self._taken("date", values.dates(cells, "Date", order), needed=True)

    def money(self, name: str) -> Column:
        return self._figures(name, values.money, cents=True)

    def number(self, name: str) -> Column:
        return self._figures(name, values.numbers)

    def client(self) -> Column:
        """Our id of each row's client; rows without any are wrong, but for those with an id."""
        found = self._clients()
        self.staged.unknown, self.staged.added = found.unknown, found.added
        self.staged.left_out |= found.left_out
        place = "client_name" if self.has("client_name") else "client_id"
        ids = self.staged.columns.get("id")
        for row, reason in found.problems.items():
            if not (ids and ids[row] and not self.has(place)):
                self.wrong(row, place, reason)
        return found.ids

    def wrong(self, row: int, name: str, reason: str) -> None:
        """The row is rejected for what stands in this field's column."""
        heading, value = field_of(self.kind, name).label, ""
        if self.has(name):
            heading = self.table.header[self.mapping.columns[name]]
            value = shown(self.cells(name)[row])
        self.staged.problems.setdefault(row, []).append(Problem(heading, value, reason))

    def needed(self, name: str, column: Column, sentence: str) -> None:
        """Rows with nothing in this column are wrong."""
        wrong = self.staged.problems
        for row, value in enumerate(column):
            if value is None and row not in wrong:
                self.wrong(row, name, sentence)

    def _clients(self) -> ClientsInFile:
        return find_clients(
            self.text("client_id") if self.has("client_id") else None,
            self.text("client_name") if self.has("client_name") else None,
            self.text("currency") if self.has("currency") else None,
            self.staged.count,
            self.mapping.clients,
            self.known,
        )

    def _figures(self, name: str, reader: FigureReader, *, cents: bool = False) -> Column:
        if not self.has(name):
            return [None] * self.staged.count
        cells = self.cells(name)
        mark = self.mapping.decimal_mark or values.decimal_mark(cells, cents=cents)
        if mark is None:
            self._ask("decimal_mark", name)
            return [None] * self.staged.count
        return self._taken(name, reader(cells, field_of(self.kind, name).label, mark))

    def _taken(self, name: str, read: values.Read, *, needed: bool = False) -> Column:
        for row, reason in read.problems.items():
            self.wrong(row, name, reason)
        if needed:
            self.needed(name, read.values, f"{field_of(self.kind, name).label} is missing.")
        return read.values

    def _ask(self, about: Literal["date_order", "decimal_mark"], name: str) -> None:
        heading = self.table.header[self.mapping.columns[name]]
        of_cells = doubtful_dates.of_dates if about == "date_order" else doubtful_dates.of_figures
        example, meanings = of_cells(self.cells(name))
        self.staged.questions.append(Question(about, heading, shown(example), meanings))


def shown(cell: Cell, *, whole: bool = False) -> str:
    """A cell as a person reads it, shortened unless it is wanted whole."""
    if cell is None:
        return ""
    text = format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    return text if whole or len(text) <= 80 else f"{text[:80]}…"
