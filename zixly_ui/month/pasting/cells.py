"""The cells that a pasted block changes: the text in the grid now, and the pasted one.

What can be read is put in the form in which the grid writes it. What cannot is put in as it is
pasted, with a sentence about it, and the grid refuses to save it; where the grid itself has no such
text, the cell stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.numbers import decimal_mark, parse_number
from zixly_data.imports.references import normalise_name
from zixly_data.records.month_cells import parse_day, parse_metric
from zixly_data.tables.overheads import parse_kind
from zixly_data.values.amount_formats import Mark, detect_mark, is_thousands_comma
from zixly_data.values.amounts import parse_money
from zixly_data.values.currencies import parse_currency
from zixly_ui.month.entries import Entry
from zixly_ui.month.grid import Grid
from zixly_ui.month.leads_grid import LeadGrid
from zixly_ui.month.metrics_grid import MetricGrid
from zixly_ui.month.pasting.block import Block, PastedRow
from zixly_ui.month.pasting.columns import Column, Holds, Layout
from zixly_ui.month.pasting.places import Places, pasted_rows


@dataclass(frozen=True)
class PastedCell:
    """A cell of the grid: its position, the number of the row of the block, the column's label, and
    the text before and after. `problem` is a sentence about a text that cannot be saved."""

    line: int
    column: str
    number: int
    label: str
    now: str
    text: str
    problem: str = ""
    is_put: bool = True


def ambiguous_figure(block: Block, layout: Layout, columns: Sequence[Column]) -> str:
    """Return a figure whose decimal mark could be a point or a comma, empty if there is none."""
    texts = _figures(block, layout, columns)
    if _mark(texts, columns) is not None:
        return ""
    is_money = any(column.holds is Holds.MONEY for column in columns)
    unclear = (
        text
        for text in texts
        if detect_mark(text) == "?" and not (is_money and is_thousands_comma(text))
    )
    return next(unclear, "")


def cells_of(
    grid: Grid,
    block: Block,
    layout: Layout,
    columns: Sequence[Column],
    places: Places,
    mark: Mark | None,
) -> list[PastedCell]:
    """Return the cells with a pasted text, in the order of the block; an empty cell of the block
    changes nothing. `mark` is the decimal mark that the person has chosen, if one was asked for."""
    reader = _Reader(
        grid, layout, columns, mark or _mark(_figures(block, layout, columns), columns)
    )
    cells = (
        reader.cell(row, places.lines[row.number], name)
        for row in pasted_rows(block, layout)
        if row.number in places.lines
        for name in layout.columns
    )
    return [cell for cell in cells if cell is not None]


def put(grid: Grid, cells: Sequence[PastedCell]) -> int:
    """Put the cells into the grid as if they were typed; return how many differ from before."""
    originals = {
        (entry.line, column): entry.original[name]
        for entry in grid.entries
        for name, column in entry.columns.items()
    }
    changed = 0
    for cell in cells:
        if not cell.is_put:
            continue
        position = cell.line, cell.column
        changed += cell.text != cell.now
        if cell.text == originals[position]:
            grid.typed.pop(position, None)
        else:
            grid.typed[position] = cell.text
    grid.question = None
    grid.start_generation()
    return changed


def _figures(block: Block, layout: Layout, columns: Sequence[Column]) -> list[str]:
    names = {column.name for column in columns if column.holds in (Holds.MONEY, Holds.NUMBER)}
    return [
        text
        for place, name in enumerate(layout.columns)
        if name in names
        for text in block.column(place, skip_first=layout.has_headings)
    ]


def _mark(texts: Sequence[str], columns: Sequence[Column]) -> Mark | None:
    is_money = any(column.holds is Holds.MONEY for column in columns)
    return decimal_mark(texts, cents=is_money)


class _Reader:
    """Reads the cells of a block for the rows of a grid."""

    def __init__(
        self, grid: Grid, layout: Layout, columns: Sequence[Column], mark: Mark | None
    ) -> None:
        self._grid, self._layout, self._mark = grid, layout, mark
        self._columns = {column.name: column for column in columns}
        self._targets = {
            (entry.line, column): (entry, name)
            for entry in grid.entries
            for name, column in entry.columns.items()
        }

    def cell(self, row: PastedRow, line: int, name: str | None) -> PastedCell | None:
        """Return the cell for the text in this column of the block; None if it has none, or if the
        grid has no such cell to fill."""
        text, column = self._layout.text(row, name or ""), self._columns.get(name or "")
        if not text or column is None:
            return None
        cell = partial(PastedCell, line, column.name, row.number, column.label)
        if (line, column.name) in self._grid.locked:
            now, problem = self._grid.locked[line, column.name]
            return cell(now, text, problem, is_put=False)
        if (line, column.name) not in self._targets:
            return None
        entry, field = self._targets[line, column.name]
        now = self._grid.current_texts(entry)[field]
        currency = self._currency(entry, row)
        stated = self._layout.text(row, "currency").upper()
        if column.holds is Holds.MONEY and stated and stated != currency:
            return cell(
                now,
                text,
                f"The block has {stated}, but the amounts of {self._grid.label(entry)} are in "
                f"{currency}. The cell stays as it is.",
                is_put=False,
            )
        try:
            return cell(now, self._read(column, text, currency))
        except InvalidInput as error:
            return cell(now, text, str(error), is_put=column.name != "stage")

    def _currency(self, entry: Entry, row: PastedRow) -> str | None:
        """Return the currency of the amounts in a row of the grid."""
        texts = self._grid.current_texts(entry)
        if isinstance(self._grid, LeadGrid):
            return self._grid.currencies.get(texts["client_kpi_id"])
        if "currency" in texts:
            return (self._layout.text(row, "currency") or texts["currency"]).strip().upper()
        return entry.details.get("currency")

    def _read(self, column: Column, text: str, currency: str | None) -> str:
        """Return the text as the grid writes it. Raises InvalidInput."""
        if column.holds is Holds.MONEY:
            return f"{parse_money(text, column.name, currency, self._mark):,.2f}"
        if column.holds is Holds.DATE:
            day = parse_day(text, self._grid.month, column.name)
            return f"{day.day}/{day.month}/{day.year}"
        if column.holds is Holds.CURRENCY:
            return parse_currency(text)
        if column.name == "kind":
            return parse_kind(text).label
        if isinstance(self._grid, MetricGrid):
            return self._metric_text(self._grid.metrics[column.label], text)
        if isinstance(self._grid, LeadGrid) and column.name == "stage":
            stages = {normalise_name(stage): stage for stage in self._grid.offered}
            if normalise_name(text) not in stages:
                raise InvalidInput(f"“{text}” is not a stage. The cell stays as it is.")
            return stages[normalise_name(text)]
        return text

    def _metric_text(self, metric: Mapping[str, Any], text: str) -> str:
        if metric["kind"] == "YES_NO":
            parse_metric(text, "YES_NO", "")
            return text
        number = parse_number(text.removesuffix("%").rstrip(), self._mark, "")
        return f"{number:f}%" if metric["kind"] == "PERCENT" else f"{number:f}"
