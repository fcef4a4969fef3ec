"""The place in the grid of each row of a pasted block: by client, or one after another.

Nothing is guessed. A row without a client here, with several places, or beyond the last row waits
for the person's choice, and so no row is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zixly_ui.month.grid import Grid
from zixly_ui.month.pasting.block import Block, PastedRow
from zixly_ui.month.pasting.clients import Clients
from zixly_ui.month.pasting.columns import CLIENT, CLIENT_CODE, LEAVE_OUT, Layout
from zixly_ui.month.pasting.rows import KEYS, GridRow, key_of

# What is done with a row of the block: a line of the grid, LEAVE_OUT, or ADD its client.
ADD = "add"
Choice = int | str


class Reason(StrEnum):
    """Why a row of the block waits for a choice."""

    UNKNOWN = "no client has the name or external ID in it"
    NO_NAME = "it names no client"
    AMBIGUOUS = "several clients have the name in it"
    NO_ROW = "the client has no row in the grid"
    SEVERAL = "the client has several rows in the grid"
    BEYOND = "it is below the last row of the grid"
    TWICE = "another row of the block has the same place"


@dataclass(frozen=True)
class OpenRow:
    """A row of the block that waits for a choice: why, the name that matches no row, and the lines
    of the grid to offer first."""

    row: PastedRow
    reason: Reason
    name: str = ""
    first: tuple[int, ...] = ()


@dataclass(frozen=True)
class Places:
    """`lines` is the line of the grid of each row of the block that has one, by its number; the
    other rows wait for a choice, are left out, or wait for their client to be added."""

    lines: Mapping[int, int]
    waiting: tuple[OpenRow, ...]
    left_out: tuple[PastedRow, ...]
    to_add: tuple[PastedRow, ...]


def in_order(
    block: Block, layout: Layout, rows: Sequence[GridRow], choices: Mapping[int, Choice]
) -> Places:
    """Place the rows of a block without names on these rows of the grid, in their order.

    `choices` are by the number of a row of the block.
    """
    pasted = pasted_rows(block, layout)
    return _settled(
        {
            row.number: rows[index].line if index < len(rows) else OpenRow(row, Reason.BEYOND)
            for index, row in enumerate(pasted)
        },
        pasted,
        choices,
    )


def by_client(
    block: Block,
    layout: Layout,
    grid: Grid,
    rows: Sequence[GridRow],
    clients: Clients,
    choices: Mapping[int, Choice],
    add_row: Callable[[str], int] | None = None,
) -> Places:
    """Place the rows of a block by the clients they name.

    `rows` are all rows of the grid. `add_row` adds a row for another record of a client and returns
    its line; without it a client has the rows that are there. `choices` are as for `in_order`.
    """
    of_client: dict[str, list[GridRow]] = {}
    for own in rows:
        of_client.setdefault(own.client, []).append(own)
    free = {client: [own.line for own in all_own if own.is_free]
            for client, all_own in of_client.items()}  # fmt: skip

    def place_of(row: PastedRow) -> int | OpenRow:
        name = name_in(row, layout)
        matching = clients.matching(layout.text(row, CLIENT), layout.text(row, CLIENT_CODE))
        if not matching:
            near = clients.similar(name) if name else ()
            offered = [own.line for client in near for own in of_client.get(client, ())]
            return OpenRow(row, Reason.UNKNOWN if name else Reason.NO_NAME, name, tuple(offered))
        lines = [own.line for client in matching for own in of_client.get(client, ())]
        if len(matching) > 1 or not lines:
            return OpenRow(
                row, Reason.NO_ROW if len(matching) == 1 else Reason.AMBIGUOUS, name, tuple(lines)
            )
        (client,) = matching
        key = key_of(grid, [layout.text(row, column) for column in KEYS.get(grid.kind, ())])
        alike = [own.line for own in of_client[client] if all(key) and own.key == key]
        if add_row is not None and not alike:
            return free[client].pop(0) if free[client] else add_row(client)
        candidates = alike or lines
        return (
            candidates[0]
            if len(candidates) == 1
            else OpenRow(row, Reason.SEVERAL, name, tuple(lines))
        )

    pasted = pasted_rows(block, layout)
    return _settled({row.number: place_of(row) for row in pasted}, pasted, choices)


def pasted_rows(block: Block, layout: Layout) -> tuple[PastedRow, ...]:
    """Return the rows of the block without the one of its headings."""
    return block.rows[1:] if layout.has_headings else block.rows


def name_in(row: PastedRow, layout: Layout) -> str:
    """Return the name of the client in a row of the block, its external id without one."""
    return layout.text(row, CLIENT) or layout.text(row, CLIENT_CODE)


def _settled(
    places: Mapping[int, int | OpenRow],
    pasted: Sequence[PastedRow],
    choices: Mapping[int, Choice],
) -> Places:
    lines: dict[int, int] = {}
    waiting: list[OpenRow] = []
    left_out, to_add = [], []
    for row in pasted:
        place = choices.get(row.number, places[row.number])
        if place == LEAVE_OUT:
            left_out.append(row)
        elif place == ADD:
            to_add.append(row)
        elif isinstance(place, int):
            lines[row.number] = place
        elif isinstance(place, OpenRow):
            waiting.append(place)
    shared = Counter(lines.values())
    for row in pasted:
        line = lines.get(row.number)
        if line is not None and shared[line] > 1:
            del lines[row.number]
            waiting.append(OpenRow(row, Reason.TWICE, first=(line,)))
    waiting.sort(key=lambda open_row: open_row.row.number)
    return Places(lines, tuple(waiting), tuple(left_out), tuple(to_add))
