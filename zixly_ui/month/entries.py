"""The parts of a month's grid: records, cells that cannot be saved, and conflicting versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zixly_data.records.bulk_saving import StoredRow

Texts = dict[str, str]


@dataclass
class Entry:
    """A record in the grid, or the place for a new one.

    By field: `columns` are its columns, `original` its texts as read, and `blank` the texts of a
    new record. `details` holds other values that a kind of grid needs.
    """

    line: int
    columns: Mapping[str, str]
    id: str
    version: int | None
    original: Texts
    blank: Texts
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Slip:
    """A cell that cannot be saved: its position, the text at the time, and the message."""

    line: int
    column: str
    text: str
    message: str


@dataclass
class Choice:
    """A choice for a record that another person changed: my texts and theirs, by label."""

    entry: Entry
    theirs: StoredRow
    mine: Texts
    others: Texts
