"""Questions about a file that a person answers once for all of its rows."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Literal

# Each is the field of `Mapping` that holds the answer.
QuestionAbout = Literal[
    "date_order", "decimal_mark", "currency", "negative", "tax", "same_day", "reused_numbers"
]


@dataclass(frozen=True)
class Question:
    """A question about a column, or about the whole file. `example` is a cell to which it applies,
    `meanings` what the cell is by each answer (`DMY`: `3 Apr 2024`, `NZD`: `NZD 900.00`)."""

    about: QuestionAbout
    column: str
    example: str
    meanings: Map[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UnknownStage:
    """A stage of the file that is none of ours: its name in the file, the number of its rows, and
    the stages of ours with similar names, the most similar first."""

    name: str
    rows: int
    similar: tuple[str, ...]
