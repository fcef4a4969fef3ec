"""What a month's grid consists of: its records, the cells that cannot be saved, the choices between
two versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zixly_data.records.bulk_saving import StoredRow

Texts = dict[str, str]


@dataclass
class Entry:
    """One record in the grid, or the place for one: where its fields stand and what was read.

    `columns` are the columns by field, `was` the texts as read by field, and `blank` what a new
    record starts with. `about` is whatever else a kind of grid has to know of it.
    """

    line: int
    columns: Mapping[str, str]
    id: str
    version: int | None
    was: Texts
    blank: Texts
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Slip:
    """A cell that cannot be saved as it is: where, its text then, and what is wrong in words."""

    line: int
    column: str
    text: str
    words: str


@dataclass
class Choice:
    """One record that somebody else changed: theirs against mine, by label."""

    entry: Entry
    theirs: StoredRow
    mine: Texts
    others: Texts
