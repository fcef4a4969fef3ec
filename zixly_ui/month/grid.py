"""The grids for entering a month: the texts read, the texts typed, and the records to save.

A grid holds the rows of all pages that were opened, and shows one page. A line is the number of a
row in the order in which rows were read; it never changes, so what was typed on one page is kept
while another is shown. `generation` is part of the key of the browser's edit state; it changes when
the edits are taken over, so that the browser starts anew.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import pandas as pd

from zixly_data.identity import Identity
from zixly_data.records.bulk_saving import Saved, StoredRow
from zixly_data.records.possible_duplicates import Repetition
from zixly_data.values.dates import month_name
from zixly_data.values.ids import new_id
from zixly_ui.month.entries import Choice, Entry, Question, Shown, Slip, Texts
from zixly_ui.records import duplicate_text


@dataclass
class Grid(ABC):
    """The base of all grids. `seen` are the ids of the month's records when they were read."""

    kind: ClassVar[str]
    noun: ClassVar[str]
    id_prefix: ClassVar[str]
    # If another person has added the same record: keep both, or change theirs.
    keeps_both: ClassVar[bool] = True
    emptied_noun: ClassVar[str]
    # How many empty rows its button adds; none if rows belong to clients.
    rows_to_add: ClassVar[int] = 0

    month: date
    seen: set[str]
    entries: list[Entry] = field(default_factory=list)
    fixed: list[Texts] = field(default_factory=list)
    base: dict[tuple[int, str], str] = field(default_factory=dict)
    typed: dict[tuple[int, str], str] = field(default_factory=dict)
    locked: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    question: Question | None = None
    pressed: float | None = None
    rows_requested: float | None = None
    empty_rows: int = 0
    closed: str | None = None
    pages: dict[tuple[str, int], Shown] = field(default_factory=dict)
    shown: Shown = field(default_factory=Shown)
    generation: str = field(default_factory=lambda: new_id("grid"))

    # ── per kind of grid ────────────────────────────────────────────────────────────────────

    @abstractmethod
    def read_rows(self, identity: Identity, search: str, number: int) -> Shown:
        """Read a page of the rows that match `search`; add those not read before."""

    @abstractmethod
    def column_config(self) -> dict[str, Any]:
        """Return the columns by name, in their order; computed columns are disabled."""

    @abstractmethod
    def computed_cells(self, line: int) -> Texts:
        """Return the computed cells of a row from its current texts."""

    @abstractmethod
    def show_totals(self) -> None:
        """Show the totals of the month with the current texts."""

    @abstractmethod
    def label(self, entry: Entry) -> str:
        """Return the name of a record for people: `Harbor Bridge`."""

    @abstractmethod
    def heading(self, entry: Entry, field_name: str) -> str:
        """Return the name of a field in a sentence: `revenue`."""

    @abstractmethod
    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        """Return whether a new entry has anything to record, or an existing record stays."""

    @abstractmethod
    def to_texts(self, values: Mapping[str, Any]) -> Texts:
        """Format a record's values as texts by field."""

    @abstractmethod
    def save(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        """Save these entries; return the result and a sentence about it."""

    def add_rows(self) -> None:
        """Add `rows_to_add` empty rows at the end of the last page."""
        self.empty_rows += self.rows_to_add
        self.pages.clear()

    # ── pages ───────────────────────────────────────────────────────────────────────────────

    def show_page(self, identity: Identity, search: str, number: int) -> None:
        """Show a page of the rows, as it was read when it was opened first."""
        page = self.pages.get((search, number))
        if page is None:
            page = self.pages[search, number] = self.read_rows(identity, search, number)
        if page.lines != self.shown.lines:
            self.start_generation()
        self.shown = page

    @property
    def typed_elsewhere(self) -> int:
        """The number of edits on other pages."""
        lines = set(self.shown.lines)
        return sum(line not in lines for line, _ in self.typed)

    # ── edits ───────────────────────────────────────────────────────────────────────────────

    @property
    def key(self) -> str:
        return f"month-grid-{self.generation}"

    @property
    def month_name(self) -> str:
        return month_name(self.month)

    def apply_edits(self, edited: Mapping[int, Mapping[str, Any]]) -> None:
        """Apply the browser's edits since the generation began; a blank cell is an empty text."""
        initial = self._initial_texts()
        current = dict(self.base)
        for row, cells in edited.items():
            for column, text in cells.items():
                current[self.shown.lines[row], column] = "" if text is None else str(text)
        self.typed = {
            position: text
            for position, text in current.items()
            if text != initial.get(position, "")
        }
        if self.question is not None and self.question.typed != self.typed:
            self.question = None

    def start_generation(self) -> None:
        """Take over the edits and start a new generation, for which the browser has none."""
        self.base = dict(self.typed)
        self.generation = new_id("grid")

    def close(self, text: str | None) -> None:
        """Close the grid to edits with a text about the closing, or open it again with None."""
        if (text is None) != (self.closed is None):
            self.start_generation()
        self.closed = text

    def current_texts(self, entry: Entry) -> Texts:
        """Return the current texts of a record by field."""
        return {
            name: self.typed.get((entry.line, column), entry.original[name])
            for name, column in entry.columns.items()
        }

    def frame(self) -> pd.DataFrame:
        """Return the cells of the page. Editable cells have their texts of the start of the
        generation, because the browser applies later edits itself; computed cells are current."""
        rows = {
            line: {**self.fixed[line], **self.computed_cells(line)} for line in self.shown.lines
        }
        for (line, column), text in {**self._initial_texts(), **self.base}.items():
            if line in rows:
                rows[line][column] = text
        names = list(self.column_config())
        return pd.DataFrame(
            {
                name: pd.array([row.get(name) or None for row in rows.values()], "string")
                for name in names
            }
        )

    def uncounted_entries(self) -> list[Entry]:
        """Return the entries that the month's totals do not include as they are now."""
        lines = {line for line, _ in self.typed}
        return [
            entry for entry in self.entries if entry.line in lines or entry.counted != entry.stored
        ]

    def changed_entries(self) -> list[Entry]:
        """Return the entries to save: changed, emptied, or filled in."""
        lines = {line for line, _ in self.typed}
        return [
            entry
            for entry in self.entries
            if entry.line in lines
            and any((entry.line, column) in self.typed for column in entry.columns.values())
            and (entry.version is not None or self.is_filled(entry, self.current_texts(entry)))
        ]

    def emptied_entries(self) -> list[Entry]:
        """Return the records whose cells were emptied, which are to be deleted."""
        return [
            entry
            for entry in self.changed_entries()
            if entry.version is not None and not self.is_filled(entry, self.current_texts(entry))
        ]

    def note_slips(self, cells: Sequence[tuple[str, str, str]]) -> None:
        """Store the errors of cells, with messages that name each cell."""
        by_id = {entry.id: entry for entry in self.entries}
        self.slips = []
        for row_id, name, sentence in cells:
            entry = by_id[row_id]
            text = self.current_texts(entry).get(name, "")
            message = f"{self.label(entry)}, {self.heading(entry, name)}: {sentence}"
            self.slips.append(Slip(entry.line, entry.columns.get(name, name), text, message))

    def edited_locks(self) -> list[Slip]:
        """Return the edits of cells that stand for several records."""
        return [
            Slip(*position, self.typed[position], message)
            for position, (_, message) in self.locked.items()
            if position in self.typed
        ]

    def open_slips(self) -> list[Slip]:
        """Return the slips whose cells still hold the rejected text."""
        current = {**self._initial_texts(), **self.typed}
        return [
            slip
            for slip in self.slips
            if current.get((slip.line, slip.column), slip.text) == slip.text
        ]

    def note_repetitions(self, repetitions: Sequence[Repetition]) -> None:
        """Ask whether records that repeat amounts of the month are to be saved too."""
        by_id = {entry.id: entry for entry in self.entries}
        details = [by_id[repetition.rows[0]].details for repetition in repetitions]
        texts = [
            duplicate_text.repetition_text(
                row["client"], row["currency"], repetition.amounts, repetition.days
            )
            for row, repetition in zip(details, repetitions, strict=True)
        ]
        self.question = Question(tuple(repetitions), texts, dict(self.typed))

    # ── conflicts ───────────────────────────────────────────────────────────────────────────

    def note_conflicts(self, current: Sequence[StoredRow]) -> None:
        by_id = {entry.id: entry for entry in self.entries}
        self.choices = []
        for theirs in current:
            entry = by_id[theirs.row]
            mine = self.current_texts(entry)
            others = self.to_texts(theirs.values) if theirs.id else {}
            self.choices.append(
                Choice(
                    entry,
                    theirs,
                    self.labelled_texts(entry, mine),
                    self.labelled_texts(entry, others),
                )
            )

    def labelled_texts(self, entry: Entry, texts: Texts) -> Texts:
        """Return a version of a record by label; empty if it does not exist."""
        if not texts or not self.is_filled(entry, texts):
            return {}
        return {
            self.heading(entry, name).capitalize(): text
            for name, text in texts.items()
            if name in entry.columns
        }

    def resolve(self, choice: Choice, mine: bool) -> None:
        """Keep mine or take theirs; the entry then stands for the record as it is now."""
        entry, theirs = choice.entry, choice.theirs
        my_texts = self.current_texts(entry)
        for column in entry.columns.values():
            self.typed.pop((entry.line, column), None)
        if theirs.id is not None:
            self.seen.add(theirs.id)
        keeps_both = theirs.id not in (None, entry.id) and mine and self.keeps_both
        if theirs.id is None:
            entry.id, entry.version = new_id(self.id_prefix), None
            entry.original = dict(entry.blank)
        elif not keeps_both:
            entry.id, entry.version = theirs.id, theirs.version
            entry.original = {name: self.to_texts(theirs.values)[name] for name in entry.columns}
        if mine:
            for name, column in entry.columns.items():
                if my_texts[name] != entry.original[name]:
                    self.typed[entry.line, column] = my_texts[name]

    def _initial_texts(self) -> dict[tuple[int, str], str]:
        texts = {
            (entry.line, column): entry.original[name]
            for entry in self.entries
            for name, column in entry.columns.items()
        }
        return {**texts, **{position: text for position, (text, _) in self.locked.items()}}
