"""The grids in which a month is entered: what was read, what was typed, and what is to be saved.

The rows of a grid never move, so what was typed stays at its place. `generation` names the
browser's own note of edits; it changes where that was taken over here and is begun anew.
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
from zixly_data.values.dates import month_name
from zixly_data.values.ids import new_id
from zixly_ui.month.entries import Choice, Entry, Slip, Texts


@dataclass
class Grid(ABC):
    """What all grids share. `seen` are the ids of the month's records as they were read."""

    what: ClassVar[str]
    noun: ClassVar[str]
    id_prefix: ClassVar[str]
    # What becomes of mine where somebody else has added the same: both stay, or theirs is changed.
    keeps_both: ClassVar[bool] = True
    emptied: ClassVar[str]

    month: date
    seen: set[str]
    entries: list[Entry] = field(default_factory=list)
    fixed: list[Texts] = field(default_factory=list)
    base: dict[tuple[int, str], str] = field(default_factory=dict)
    typed: dict[tuple[int, str], str] = field(default_factory=dict)
    locked: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    pressed: float | None = None
    closed: str | None = None
    generation: str = field(default_factory=lambda: new_id("grid"))

    # ── what a kind of grid says ────────────────────────────────────────────────────────────

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """The columns by name, in their order; those that are computed are disabled."""

    @abstractmethod
    def derived(self, line: int) -> Texts:
        """The computed cells of a row as it is typed now."""

    @abstractmethod
    def totals(self) -> None:
        """Draw what the figures add up to, as they are typed now."""

    @abstractmethod
    def label(self, entry: Entry) -> str:
        """What a person calls it: `Harbor Bridge`."""

    @abstractmethod
    def heading(self, entry: Entry, of_field: str) -> str:
        """What a person calls a field of it, in a sentence: `revenue`."""

    @abstractmethod
    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        """Whether there is anything to record; of a record that there is, whether it stays."""

    @abstractmethod
    def texts_of(self, values: Mapping[str, Any]) -> Texts:
        """A record's values as texts by field."""

    @abstractmethod
    def send(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        """Saves these; the answer also says what was saved, in words."""

    # ── what was typed ──────────────────────────────────────────────────────────────────────

    @property
    def key(self) -> str:
        return f"month-grid-{self.generation}"

    @property
    def month_name(self) -> str:
        return month_name(self.month)

    def take(self, edited: Mapping[int, Mapping[str, Any]]) -> None:
        """What the browser says was edited since the generation began; blank is an empty text."""
        was = self._read()
        now = dict(self.base)
        for line, cells in edited.items():
            for column, text in cells.items():
                now[line, column] = "" if text is None else str(text)
        self.typed = {at: text for at, text in now.items() if text != was.get(at, "")}

    def begin_anew(self) -> None:
        """Take over what was typed; the browser starts from here."""
        self.base = dict(self.typed)
        self.generation = new_id("grid")

    def close(self, words: str | None) -> None:
        """Nothing can be typed in a month that is closed; `words` say who closed it."""
        if (words is None) != (self.closed is None):
            self.begin_anew()
        self.closed = words

    def now(self, entry: Entry) -> Texts:
        """The texts of a record by field as they are typed now."""
        return {
            name: self.typed.get((entry.line, column), entry.was[name])
            for name, column in entry.columns.items()
        }

    def frame(self) -> pd.DataFrame:
        """All cells: those that can be typed as they stood when the generation began, for the
        browser lays what was typed since over them; those that are computed as of now."""
        rows = [{**fixed, **self.derived(line)} for line, fixed in enumerate(self.fixed)]
        for (line, column), text in {**self._read(), **self.base}.items():
            rows[line][column] = text
        names = list(self.config())
        return pd.DataFrame(
            {name: pd.array([row.get(name) or None for row in rows], "string") for name in names}
        )

    def changed(self) -> list[Entry]:
        """The records to save: those that were changed, emptied, or filled in."""
        at = {line for line, _ in self.typed}
        return [
            entry
            for entry in self.entries
            if entry.line in at
            and any((entry.line, column) in self.typed for column in entry.columns.values())
            and (entry.version is not None or self.is_filled(entry, self.now(entry)))
        ]

    def to_delete(self) -> list[Entry]:
        """The records whose cells were emptied."""
        return [
            entry
            for entry in self.changed()
            if entry.version is not None and not self.is_filled(entry, self.now(entry))
        ]

    def note_slips(self, cells: Sequence[tuple[str, str, str]]) -> None:
        """Keep what is wrong with the cells, in words that name each of them."""
        by_id = {entry.id: entry for entry in self.entries}
        self.slips = []
        for row_id, name, sentence in cells:
            entry = by_id[row_id]
            text = self.now(entry).get(name, "")
            words = f"{self.label(entry)}, {self.heading(entry, name)}: {sentence}"
            self.slips.append(Slip(entry.line, entry.columns.get(name, name), text, words))

    def touched_locks(self) -> list[Slip]:
        """What was typed over cells that stand for several records."""
        return [
            Slip(*at, self.typed[at], words)
            for at, (_, words) in self.locked.items()
            if at in self.typed
        ]

    def open_slips(self) -> list[Slip]:
        """Those whose cells still hold the text that was wrong."""
        now = {**self._read(), **self.typed}
        return [
            slip for slip in self.slips if now.get((slip.line, slip.column), slip.text) == slip.text
        ]

    # ── two people ──────────────────────────────────────────────────────────────────────────

    def note_conflicts(self, current: Sequence[StoredRow]) -> None:
        by_id = {entry.id: entry for entry in self.entries}
        self.choices = []
        for theirs in current:
            entry = by_id[theirs.row]
            mine = self.now(entry)
            others = self.texts_of(theirs.values) if theirs.id else {}
            self.choices.append(
                Choice(entry, theirs, self.words(entry, mine), self.words(entry, others))
            )

    def words(self, entry: Entry, texts: Texts) -> Texts:
        """A version of a record by label; empty where it is not there."""
        if not texts or not self.is_filled(entry, texts):
            return {}
        return {
            self.heading(entry, name).capitalize(): text
            for name, text in texts.items()
            if name in entry.columns
        }

    def resolve(self, choice: Choice, mine: bool) -> None:
        """Keep mine or take theirs: the entry then stands for what is there now."""
        entry, theirs = choice.entry, choice.theirs
        kept = self.now(entry)
        for column in entry.columns.values():
            self.typed.pop((entry.line, column), None)
        if theirs.id is not None:
            self.seen.add(theirs.id)
        both = theirs.id not in (None, entry.id) and mine and self.keeps_both
        if theirs.id is None:
            entry.id, entry.version, entry.was = new_id(self.id_prefix), None, dict(entry.blank)
        elif not both:
            entry.id, entry.version = theirs.id, theirs.version
            entry.was = {name: self.texts_of(theirs.values)[name] for name in entry.columns}
        if mine:
            for name, column in entry.columns.items():
                if kept[name] != entry.was[name]:
                    self.typed[entry.line, column] = kept[name]

    def _read(self) -> dict[tuple[int, str], str]:
        read = {
            (entry.line, column): entry.was[name]
            for entry in self.entries
            for name, column in entry.columns.items()
        }
        return {**read, **{at: text for at, (text, _) in self.locked.items()}}
