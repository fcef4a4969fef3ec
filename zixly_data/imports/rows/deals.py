"""The deals of a file with a row for each: HubSpot's, Pipedrive's."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zixly_data.imports.rows.staged import StagedRows


@dataclass(frozen=True)
class Deals:
    """What a file says about its deals, by row, besides the values of their events.

    `created`   the day of creation
    `dated`     the rows for which the file says since when the deal is at its stage
    `ids`       the id in the other program
    `entries`   the row of the event with which a deal began, by the row of the deal; these follow
                the rows of the file
    `unplaced`  the rows before they were compared with the leads on record
    """

    created: Sequence[str | None]
    dated: frozenset[int]
    ids: Sequence[str | None]
    entries: Map[int, int] = field(default_factory=dict)
    unplaced: StagedRows | None = None
