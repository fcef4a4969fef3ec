"""The columns of a pasted block: which column of the grid each one fills.

A heading decides, then the cells (names of clients, currencies, dates), then the place of the block
in the grid. A column that none of them decides is asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.headings import normalise_heading, normalise_without_suffix
from zixly_data.imports.cells.kinds import Kind, field_of
from zixly_data.imports.references import normalise_name
from zixly_data.tables.clients import CLIENT_ID, CLIENT_NAME, CURRENCY
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.tables.overheads import OVERHEADS
from zixly_data.values.amounts import read_amount
from zixly_data.values.currencies import CODES
from zixly_data.values.dates import parse_date
from zixly_ui.month.grid import Grid
from zixly_ui.month.metrics_grid import MetricGrid
from zixly_ui.month.pasting.block import Block, PastedRow

LEAVE_OUT = "leave-out"
CLIENT, CLIENT_CODE = "client", "client_id"
_TABLES: dict[str, EntryTable] = {
    "financials": FINANCIALS, "overheads": OVERHEADS, "leads": LEAD_EVENTS,
}  # fmt: skip


class Holds(StrEnum):
    """What the cells of a column hold."""

    CLIENT = "client"
    CURRENCY = "currency"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    COMPUTED = "computed"


# Headings such as `Total` name an amount, not its side; in these grids it is the usual one.
_AMOUNTS = {
    "financials": ("revenue", field_of(Kind.FINANCIALS, "amount").names),
    "overheads": ("expenses", field_of(Kind.OVERHEADS, "amount").names),
}
_HOLDS = {"money": Holds.MONEY, "date": Holds.DATE, "currency": Holds.CURRENCY}


@dataclass(frozen=True)
class Column:
    """A column that a block can have. `headings` are normalised.

    `title` is its heading in the grid, empty for a column that the grid does not show. A computed
    column is recognised, but nothing is put into it.
    """

    name: str
    label: str
    holds: Holds
    headings: frozenset[str]
    title: str = ""


@dataclass(frozen=True)
class Layout:
    """The columns of a block, by their names in the grid: LEAVE_OUT if one is not used, None until
    the person has chosen."""

    has_headings: bool
    columns: tuple[str | None, ...]

    @property
    def names_clients(self) -> bool:
        return CLIENT in self.columns or CLIENT_CODE in self.columns

    def text(self, row: PastedRow, name: str) -> str:
        """Return the cell of a row in the column of this name, empty if the block has none."""
        return row.cells[self.columns.index(name)] if name in self.columns else ""


def columns_of(grid: Grid) -> tuple[Column, ...]:
    """Return the columns that a block for this grid can have, those of the grid in their order."""
    table = _TABLES.get(grid.kind)
    fields = table.entered if table else {}
    columns = []
    for name, config in grid.column_config().items():
        title, is_disabled = str(config["label"]), bool(config["disabled"])
        label, own = title, fields.get(name)
        if name in (CLIENT, "client_kpi_id"):
            name, label, own, is_disabled = CLIENT, "Client", CLIENT_NAME, False
            holds = Holds.CLIENT
        elif name == "currency":
            own, is_disabled, holds = CURRENCY, False, Holds.CURRENCY
        elif own is not None:
            holds = _HOLDS.get(own.type, Holds.TEXT)
        else:
            holds = Holds.NUMBER
            if isinstance(grid, MetricGrid) and not is_disabled:
                label = list(grid.metrics)[int(name.removeprefix("m"))]
        headings = {normalise_heading(label), normalise_heading(title)}
        headings.update(own.headings if own else ())
        if _AMOUNTS.get(grid.kind, ("", ()))[0] == name:
            headings.update(_AMOUNTS[grid.kind][1])
        holds = Holds.COMPUTED if is_disabled else holds
        columns.append(Column(name, label, holds, frozenset(headings), title))
    if any(column.name == CLIENT for column in columns):
        label = f"Client: {CLIENT_ID.noun}"
        columns.append(Column(CLIENT_CODE, label, Holds.CLIENT, frozenset(CLIENT_ID.headings)))
    return tuple(columns)


def has_headings(block: Block, columns: Sequence[Column], names: Collection[str]) -> bool:
    """Return whether the first row holds headings: names of columns, or words above figures.

    `names` are the normalised names and external ids of clients, which are no headings.
    """
    first = block.rows[0].cells
    if any(is_figure(cell) for cell in first):
        return False
    if any(_matches(cell, column) for cell in first for column in columns):
        return True
    if any(normalise_name(cell) in names for cell in first if cell):
        return False
    return any(
        cell and not any(letter.isdigit() for letter in cell) and _are_figures(below)
        for cell, below in (
            (first[place], block.column(place, skip_first=True)) for place in range(block.width)
        )
    )


def recognise(
    block: Block,
    columns: Sequence[Column],
    names: Collection[str],
    start: int | None,
    *,
    with_headings: bool,
) -> Layout:
    """Return what the columns of the block hold, as far as that is certain.

    `names` are as in `has_headings`. `start` is the place in the grid of the block's first column,
    None if nobody has chosen a cell.
    """
    by_cells = _by_cells(block, columns, names, skip_first=with_headings)
    if not with_headings:
        return Layout(False, _by_place(block, columns, by_cells, start))
    by_headings = _by_headings(block.rows[0].cells, columns)
    filled = {column.name for column in columns if column.holds is not Holds.CLIENT}
    if filled.isdisjoint(by_headings) and None not in by_headings:
        # No heading is known: they may be those of another language.
        used = set(by_headings)
        by_headings = tuple(
            own if heading == LEAVE_OUT and own not in used else heading
            for heading, own in zip(by_headings, by_cells, strict=True)
        )
    return Layout(True, by_headings)


def is_figure(text: str) -> bool:
    """Return whether a text is an amount or another number, with either decimal mark."""
    for mark in (".", ","):
        try:
            read_amount(text.removesuffix("%"), mark, "")
        except InvalidInput:
            continue
        return True
    return False


def _by_headings(cells: Sequence[str], columns: Sequence[Column]) -> tuple[str | None, ...]:
    """Return the column of each heading. Of several for one column its exact label wins; without
    it they are asked about. A heading that is not known is left out."""
    layout: list[str | None] = [LEAVE_OUT] * len(cells)
    taken: set[int] = set()
    for is_match in (_is_label, _matches):
        for column in columns:
            places = [
                place
                for place, cell in enumerate(cells)
                if place not in taken and is_match(cell, column)
            ]
            if not places or (column.name in layout and column.holds is not Holds.COMPUTED):
                continue
            taken.update(places)
            if column.holds is not Holds.COMPUTED:
                layout[places[0]] = column.name
                for place in places if len(places) > 1 else ():
                    layout[place] = None
    return tuple(layout)


def _by_cells(
    block: Block, columns: Sequence[Column], names: Collection[str], *, skip_first: bool
) -> list[str | None]:
    """Return the columns that their cells alone decide: clients, currencies, dates."""
    texts = [block.column(place, skip_first=skip_first) for place in range(block.width)]
    layout: list[str | None] = [None if cells else LEAVE_OUT for cells in texts]
    offered = {column.holds: column.name for column in reversed(columns)}
    clients = Counter(
        {
            place: sum(normalise_name(cell) in names for cell in cells)
            for place, cells in enumerate(texts)
        }
    )
    if Holds.CLIENT in offered and (most := clients.most_common(1)) and most[0][1]:
        layout[most[0][0]] = offered[Holds.CLIENT]
    for holds, fits in ((Holds.CURRENCY, _is_currency), (Holds.DATE, _is_date)):
        fitting = [
            place
            for place, cells in enumerate(texts)
            if cells and layout[place] is None and all(fits(cell) for cell in cells)
        ]
        if holds in offered and len(fitting) == 1:
            layout[fitting[0]] = offered[holds]
    return layout


def _by_place(
    block: Block, columns: Sequence[Column], by_cells: Sequence[str | None], start: int | None
) -> tuple[str | None, ...]:
    """Fill in the columns that the block's place in the grid decides, unless its cells say that it
    lies elsewhere."""
    shown = [column for column in columns if column.title]
    if start is None:
        return tuple(by_cells)
    below: list[Column | None] = [
        shown[start + place] if start + place < len(shown) else None for place in range(block.width)
    ]
    for name, column in zip(by_cells, below, strict=True):
        if name not in (None, LEAVE_OUT) and (column is None or column.name != name):
            return tuple(by_cells)
    layout = list(by_cells)
    for place, column in enumerate(below):
        if layout[place] is not None or column is None or column.holds is Holds.COMPUTED:
            continue
        cells = block.column(place)
        expects_figures = column.holds in (Holds.MONEY, Holds.NUMBER)
        if column.holds is Holds.TEXT or expects_figures == any(is_figure(cell) for cell in cells):
            layout[place] = column.name
    return tuple(layout)


def _is_label(cell: str, column: Column) -> bool:
    labels = {normalise_heading(column.label), normalise_heading(column.title)} - {""}
    return normalise_heading(cell) in labels


def _matches(cell: str, column: Column) -> bool:
    keys = {normalise_heading(cell), normalise_without_suffix(cell)} - {""}
    return not keys.isdisjoint(column.headings)


def _are_figures(cells: Sequence[str]) -> bool:
    return bool(cells) and all(is_figure(cell) for cell in cells)


def _is_currency(text: str) -> bool:
    return text.upper() in CODES


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except InvalidInput:
        return False
    return True
