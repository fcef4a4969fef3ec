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
    the stages of ours with similar names, the most similar first.

    `likely` is the one of them that it is by its name or its status. `new_name` is the name that it
    would have as a new stage, `decision` the answer of the mapping.
    """

    name: str
    rows: int
    similar: tuple[str, ...]
    likely: str | None = None
    new_name: str = ""
    decision: str | None = None


@dataclass(frozen=True)
class UnknownClient:
    """A client of the file that is not in Zixly: its key in the mapping, which is its name in the
    file, and the number of its rows. An empty name stands for the rows that name no client.

    `similar`    our ids of the clients with similar names, the most similar first
    `client_id`  its external id, if Zixly knows the name but not the id: `similar` starts with the
                 clients of that name
    `parts`      the names in a cell that names several clients
    `decision`   the answer of the mapping; None if it is still to be decided
    """

    name: str
    rows: int
    similar: tuple[str, ...]
    client_id: str = ""
    parts: tuple[str, ...] = ()
    decision: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it can be added without a look at it: it is neither several clients, nor none,
        nor perhaps a client on record."""
        return bool(self.name) and not self.parts and not self.client_id
