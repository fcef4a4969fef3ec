"""Staging: turns the cells of a file into rows for PostgreSQL, ready or rejected.

Nothing is guessed: an ambiguous column becomes a question, and a row with a problem is rejected
with the column, the value and the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain
from typing import Literal, TypeVar

from zixly_data.errors import InvalidInput
from zixly_data.exports.csv_file import unguard
from zixly_data.imports.cells import doubtful_dates
from zixly_data.imports.cells.dates import misread_order
from zixly_data.imports.cells.kinds import DEAL_DATES, FileField, Kind, field_of
from zixly_data.imports.cells.mapping import OVERHEAD, DateOrder, DecimalMark, Mapping
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.cells.times import local_days, read_time
from zixly_data.imports.references import ReferenceData
from zixly_data.imports.rows import values
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.client_names import Decisions, client_key
from zixly_data.imports.rows.clients_in_file import FileClients, find_clients
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import Column, Problem, StagedRows, cell_text

CellOrText = TypeVar("CellOrText", Cell, str | None)
# Programs write a dash where there is no name.
_NOTHING = frozenset("-–—")
# What MYOB writes for a card without an id.
_NO_ID = frozenset({"*None", "*none", "*NONE"})
FigureReader = Callable[[Sequence[Cell], str, DecimalMark | None], values.ColumnValues]


class RowStager:
    """Reads one file column by column. `row_rules` holds the rules of each kind of row."""

    def __init__(
        self, kind: Kind, table: Table, mapping: Mapping, reference_data: ReferenceData
    ) -> None:
        self.kind, self.table, self.mapping = kind, table, mapping
        self.reference_data = reference_data
        self.staged = StagedRows(len(table))
        self._time_zone = reference_data.time_zone
        self._cells: dict[str, Sequence[Cell]] = {}

    def has_column(self, name: str) -> bool:
        """Return whether the file has a column for this field."""
        return name in self.mapping.columns

    def cells(self, name: str) -> Sequence[Cell]:
        """Return the cells of a column, without the apostrophe that guards a formula in a CSV."""
        if name not in self._cells:
            self._cells[name] = _unguarded(self.table.columns[self.mapping.columns[name]])
        return self._cells[name]

    def text(self, name: str) -> Column:
        """Return the texts of a column; empty cells are None."""
        if not self.has_column(name):
            return [None] * self.staged.count
        field_spec = field_of(self.kind, name)
        cells: Sequence[Cell] = self.table.columns[self.mapping.columns[name]]
        if name == "client_id":
            cells = [None if cell in _NO_ID else cell for cell in cells]
        texts = values.texts(cells, field_spec.label, field_spec.longest)
        return self._accept(name, texts, Cause.INVALID_TEXT)

    def date(self) -> Column:
        heading = self.table.header[self.mapping.columns["date"]]
        cells, notes = local_days(self.cells("date"), self._time_zone, heading)
        self.staged.notes += notes
        order = self.mapping.date_order or self._date_order(cells)
        if order is None:
            self._add_question("date_order", "date")
            return [None] * self.staged.count
        days = self._accept("date", values.dates(cells, "Date", order), Cause.INVALID_DATE)
        self.require("date", days, Cause.NO_DATE, "Date is missing.")
        return days

    def _date_order(self, cells: Sequence[Cell]) -> DateOrder | None:
        """Return the order of the dates, which another column of dates may tell: a program writes
        all of them alike."""
        counted = self._counted(cells)
        order = values.date_order(counted)
        if order is None and misread_order(counted) is None:
            others = [self.cells(name) for name in DEAL_DATES if self.has_column(name)]
            order = values.date_order([*counted, *chain.from_iterable(others)])
        return order

    def other_dates(self, name: str) -> values.ColumnValues | None:
        """Return the days of another column of dates, which not every row needs, with its problems;
        None if the order of its dates is a question."""
        cells = self.cells(name)
        order = self.mapping.date_order or values.date_order([*self.cells("date"), *cells])
        if order is not None:
            return values.dates(cells, field_of(self.kind, name).label, order)
        if not any(question.about == "date_order" for question in self.staged.questions):
            self._add_question("date_order", name)
        return None

    def times(self, name: str, days: Column) -> Column:
        """Return the instants of a column of times, on these days; without a day there is none."""
        column: Column = []
        for row, (cell, day) in enumerate(zip(self.cells(name), days, strict=True)):
            moment = None
            if day is not None and cell is not None and str(cell).strip():
                try:
                    moment = read_time(cell, date.fromisoformat(day), self._time_zone)
                except InvalidInput as error:
                    self.reject(row, name, Cause.INVALID_TIME, str(error))
            column.append(moment)
        return column

    def money(self, name: str) -> Column:
        return self._read_figures(name, values.money, Cause.INVALID_AMOUNT, cents=True)

    def number(self, name: str, reader: FigureReader = values.numbers) -> Column:
        return self._read_figures(name, reader, Cause.INVALID_NUMBER)

    def read(self, field: FileField) -> Column:
        """Return the values of a column that needs no rule of its own: a text, or a figure."""
        match field.type:
            case "text" | "note":
                return self.text(field.name)
            case "money":
                return self.money(field.name)
            case "measure":
                return self.number(field.name)
        raise TypeError(f"a column of type {field.type} needs a rule of its own")

    def client(self) -> Column:
        """Return our client id of each row.

        Rejects rows without a client, except rows with a record id in a file without clients.
        """
        clients = self._find_clients()
        self.staged.unknown, self.staged.added = clients.unknown, clients.added
        self.staged.notes += clients.notes
        self.staged.left_out |= clients.left_out
        self.staged.of_no_client |= clients.of_no_client
        names = ("client_name", "project", "client_id")
        name = next((name for name in names if self.has_column(name)), "client_id")
        ids = self.staged.columns.get("id")
        for row, (cause, reason) in clients.problems.items():
            is_known = ids and ids[row] and not self.has_column(name)
            if not is_known and row not in self.staged.left_out:
                self.reject(row, name, cause, reason)
        self._find_clients_of_left_out(clients)
        return clients.ids

    def reject(self, row: int, name: str, cause: Cause, reason: str) -> None:
        """Reject a row because of the value in this field's column. A column that is read twice
        rejects it once."""
        problems = self.staged.problems.get(row, [])
        problem = self.problem(row, name, cause, reason)
        if problem not in problems:
            # Rows with the same open question share their list.
            self.staged.problems[row] = [*problems, problem]

    def problem(self, row: int, name: str, cause: Cause, reason: str) -> Problem:
        """Return a problem of a row with the value in this field's column."""
        heading, value = field_of(self.kind, name).label, ""
        if self.has_column(name):
            heading = self.table.header[self.mapping.columns[name]]
            value = cell_text(self.cells(name)[row])
        return Problem(cause, heading, value, reason)

    def require(self, name: str, column: Column, cause: Cause, sentence: str) -> None:
        """Reject the rows with no value in this column, unless they have a problem already."""
        problems = self.staged.problems
        for row, value in enumerate(column):
            if value is None and row not in problems:
                self.reject(row, name, cause, sentence)

    def _find_clients_of_left_out(self, clients: FileClients) -> None:
        """Fill in whose the rows are that are left out: our ids of clients on record, or nobody's.
        A voided document takes its lines on record away."""
        rows = self.staged.left_out - clients.left_out
        if not rows:
            return
        pairs = list(zip(self.text("client_id"), self.text("client_name"), strict=True))
        decisions = self._decisions()
        owners = {pair: self._owner(decisions, *pair) for pair in {pairs[row] for row in rows}}
        for row in rows:
            owner = owners[pairs[row]]
            if owner == OVERHEAD and self.kind is Kind.FINANCIALS and row in self.staged.voided:
                self.staged.of_no_client.add(row)
            elif owner != OVERHEAD:
                clients.ids[row] = owner

    def _owner(self, decisions: Decisions, client_id: str | None, name: str | None) -> str | None:
        """Return our id of a client on record, OVERHEAD, or None if it is not known."""
        clients = self.reference_data.clients_with_id(client_id) if client_id else []
        clients = clients or (self.reference_data.clients_named(name) if name else [])
        decision = decisions.get(client_key(client_id, name), name or client_id or "")
        if not clients and (decision == OVERHEAD or decision in self.reference_data.by_id):
            return decision
        return clients[0].id if len(clients) == 1 else None

    def _decisions(self) -> Decisions:
        return Decisions(self.mapping.clients, is_bank=self.table.is_bank)

    def _find_clients(self) -> FileClients:
        return find_clients(
            self._names("client_id"),
            self._names("client_name", "project"),
            self._names("currency"),
            self.staged.count,
            self._decisions(),
            self.reference_data,
            may_be_overheads=self.kind is Kind.FINANCIALS,
            is_our_file=self.has_column("id"),
            left_out=self.staged.left_out,
        )

    def _names(self, *names: str) -> Sequence[str | None] | None:
        """Return the first name that a row has in these columns; None if the file has none of
        them. Nobody is asked about the clients of rows that are left out."""
        columns = [
            [None if text in _NOTHING else text for text in self.text(name)]
            for name in names
            if self.has_column(name)
        ]
        if not columns:
            return None
        first, *others = columns
        for column in others:
            first = [text or other for text, other in zip(first, column, strict=True)]
        return self._counted(first)

    def _read_figures(
        self, name: str, reader: FigureReader, cause: Cause, *, cents: bool = False
    ) -> Column:
        if not self.has_column(name):
            return [None] * self.staged.count
        cells = self.cells(name)
        mark = self.mapping.decimal_mark or values.decimal_mark(self._counted(cells), cents=cents)
        if mark is None:
            self._add_question("decimal_mark", name)
            return [None] * self.staged.count
        return self._accept(name, reader(cells, field_of(self.kind, name).label, mark), cause)

    def _counted(self, cells: Sequence[CellOrText]) -> Sequence[CellOrText | None]:
        """Return the cells without those of rows that are left out, which ask nothing."""
        left_out = self.staged.left_out
        if not left_out:
            return cells
        return [None if row in left_out else cell for row, cell in enumerate(cells)]

    def _accept(self, name: str, column: values.ColumnValues, cause: Cause) -> Column:
        for row, reason in column.problems.items():
            self.reject(row, name, cause, reason)
        return column.values

    def _add_question(self, about: Literal["date_order", "decimal_mark"], name: str) -> None:
        heading = self.table.header[self.mapping.columns[name]]
        meanings_of = (
            doubtful_dates.date_meanings
            if about == "date_order"
            else doubtful_dates.figure_meanings
        )
        example, meanings = meanings_of(self.cells(name))
        self.staged.questions.append(Question(about, heading, cell_text(example), meanings))


def _unguarded(cells: Sequence[Cell]) -> Sequence[Cell]:
    if not any(type(cell) is str and cell[:1] == "'" for cell in cells):
        return cells
    return [unguard(cell) if isinstance(cell, str) else cell for cell in cells]
