"""The parts of a month's grid: records, cells that cannot be saved, and conflicting versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zixly_data.records.bulk_saving import StoredRow
from zixly_data.records.possible_duplicates import Repetition

Texts = dict[str, str]


@dataclass
class Entry:
    """A record in the grid, or the place for a new one.

    By field: `columns` are its columns, `original` its texts as read, and `blank` the texts of a
    new record. `details` holds other values that a kind of grid needs. `counted` are the texts of
    the record that the month's totals include, none for a new one.
    """

    line: int
    columns: Mapping[str, str]
    id: str
    version: int | None
    original: Texts
    blank: Texts
    details: Mapping[str, Any]
    counted: Texts = field(init=False)

    def __post_init__(self) -> None:
        self.counted = self.stored

    @property
    def stored(self) -> Texts:
        """The texts of the stored record; none for a new one."""
        return {} if self.version is None else dict(self.original)


@dataclass(frozen=True)
class Shown:
    """A page of a grid: its lines, and the number of rows of all pages of at most `size` rows."""

    lines: tuple[int, ...] = ()
    count: int = 0
    number: int = 0
    size: int = 1

    @property
    def first(self) -> int:
        """The number of the first row, counted from 1."""
        return self.number * self.size + 1

    @property
    def is_part(self) -> bool:
        """Return whether there are other pages."""
        return self.count > self.size


@dataclass(frozen=True)
class Slip:
    """A cell that cannot be saved: its position, the text at the time, and the message."""

    line: int
    column: str
    text: str
    message: str


@dataclass
class Question:
    """Whether to save records that repeat amounts of the month: the repetitions, each as a text,
    what was typed when the person was asked, and the repetitions that the person has accepted."""

    repetitions: tuple[Repetition, ...]
    texts: Sequence[str]
    typed: Mapping[tuple[int, str], str]
    accepted: tuple[Repetition, ...] = ()


@dataclass
class Choice:
    """A choice for a record that another person changed: my texts and theirs, by label."""

    entry: Entry
    theirs: StoredRow
    mine: Texts
    others: Texts
