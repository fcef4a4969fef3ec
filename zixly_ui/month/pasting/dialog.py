"""The preview of a pasted block: its columns, where its rows go, and the cells that change.

Nothing is recorded here, except clients that the person adds. The block goes into the grid as if it
were typed.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity, Role
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import confirm
from zixly_ui.month.grid import Grid
from zixly_ui.month.leads_grid import LeadGrid
from zixly_ui.month.pages import requested
from zixly_ui.month.pasting import paste as pastes
from zixly_ui.month.pasting import text as paste_text
from zixly_ui.month.pasting.block import Block, read_block
from zixly_ui.month.pasting.cells import PastedCell, ambiguous_figure, cells_of, put
from zixly_ui.month.pasting.clients import read_clients
from zixly_ui.month.pasting.columns import Layout, columns_of
from zixly_ui.month.pasting.listener import Caught, caught
from zixly_ui.month.pasting.paste import Paste
from zixly_ui.month.pasting.places import Choice, Places, by_client, in_order, pasted_rows
from zixly_ui.month.pasting.questions import (
    ask_about_columns,
    ask_about_mark,
    ask_about_rows,
    choices_so_far,
    offer_new_clients,
)
from zixly_ui.month.pasting.rows import GridRow, read_rows, show_rows
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import require_identity

_FIRST_FREE = -1
_AREA, _ROW, _TABLE = 180, 33, 332


def offer_paste(identity: Identity, grid: Grid, currency: str) -> None:
    """Draw the button for a block, and the dialog of one that was pasted into the grid.

    `currency` is that of clients that are added without one.
    """
    if grid.closed is not None or grid.choices or not grid.shown.lines:
        return
    with st.container(gap=None):
        is_asked = st.button(
            "Paste from a spreadsheet", icon=":material/content_paste:", key="month-paste-open"
        )
        block = caught(grid)
    if block is not None or is_asked:
        pastes.keep(Paste(grid.kind, grid.month_name, block, read_clients(identity)))
    paste = pastes.current()
    if paste is None:
        return
    if not paste.is_for(grid):
        pastes.close()
        return
    dialog = st.dialog(f"Paste into {grid.month_name}", width="large", on_dismiss=pastes.close)
    dialog(_show)(grid, paste, currency)


def _show(grid: Grid, paste: Paste, currency: str) -> None:
    identity = retry(lambda: require_identity(Role.EDITOR))
    if paste.caught is None:
        _ask_for_text(paste)
        return
    try:
        block = read_block(paste.caught.text)
    except InvalidInput as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    columns = columns_of(grid)
    layout = ask_about_columns(paste, block, columns)
    if layout is None:
        return
    if left_out := paste_text.columns_text(block, layout, columns):
        st.caption(plain(left_out))
    unclear = ambiguous_figure(block, layout, columns)
    mark = ask_about_mark(paste, unclear)
    below = None
    if not layout.names_clients:
        below = _below_first(identity, grid, paste, block, layout)
        if not below:
            st.info("Choose the first row above.")
            return
    every_row = read_rows(identity, grid)
    rows = every_row if below is None else below
    numbers = [row.number for row in pasted_rows(block, layout)]
    choices = choices_so_far(paste, numbers)
    at_first = _places(grid, paste, block, layout, rows, {})
    places = _places(grid, paste, block, layout, rows, choices) if choices else at_first
    st.markdown(f"**{paste_text.summary(places)}**")
    asked = {row.row.number: row for row in (*places.waiting, *at_first.waiting)}
    ask_about_rows(paste, [asked[number] for number in sorted(asked)], places, every_row)
    offer_new_clients(identity, grid, paste, layout, places, currency)
    cells = cells_of(grid, block, layout, columns, places, mark)
    _preview(grid, cells, every_row)
    is_open = places.waiting or places.to_add or (unclear and mark is None)
    with st.container(horizontal=True):
        if st.button(
            "Put into the grid", type="primary", disabled=bool(is_open) or not cells,
            key=f"{paste.key}-put",
        ):  # fmt: skip
            _put(grid, cells)
        if st.button("Cancel", key=f"{paste.key}-cancel"):
            pastes.close()
            st.rerun()


def _ask_for_text(paste: Paste) -> None:
    text = st.text_area(
        "Block",
        key=f"{paste.key}-text",
        height=_AREA,
        placeholder="Client\tRevenue\tExpenses\nHarbor Bridge\t15,000.00\t8,000.00",
    )
    st.caption("Copy cells in your spreadsheet and paste them here, with or without headings.")
    if st.button("Read the block", type="primary", key=f"{paste.key}-read"):
        if not text.strip():
            st.error("There is nothing to paste. Copy some cells of a spreadsheet first.")
            return
        paste.caught = Caught(text)
        st.rerun(scope="fragment")


def _below_first(
    identity: Identity, grid: Grid, paste: Paste, block: Block, layout: Layout
) -> tuple[GridRow, ...]:
    """Ask for the first row that a block without names fills, and return the rows from there on;
    none until it is chosen. A grid of rows without clients gets as many as the block needs."""
    search = requested(grid.kind, grid.month)[0]
    rows = read_rows(identity, grid, search)
    lines = {row.line: index for index, row in enumerate(rows)}
    at = paste.caught.line if paste.caught else None
    labels = {row.line: row.label for row in rows}
    options = list(lines)
    start: int | None = at if at in lines else None
    if grid.rows_to_add:
        options = [_FIRST_FREE, *options]
        is_recorded = start is not None and not rows[lines[start]].is_free
        start = start if is_recorded else _FIRST_FREE
    first = st.selectbox(
        "First row of the grid to fill",
        options,
        index=None if start is None else options.index(start),
        format_func=lambda line: labels.get(line, "The first empty row"),
        placeholder="Choose the first row",
        key=f"{paste.key}-first",
    )
    if first is None:
        return ()
    wanted = len(pasted_rows(block, layout))
    while len(below := _below(rows, first)) < wanted and grid.rows_to_add:
        grid.add_rows()
        rows = read_rows(identity, grid, search)
    return below


def _below(rows: Sequence[GridRow], first: int) -> tuple[GridRow, ...]:
    if first == _FIRST_FREE:
        return tuple(row for row in rows if row.is_free)
    lines = [row.line for row in rows]
    return tuple(rows[lines.index(first) :])


def _places(
    grid: Grid,
    paste: Paste,
    block: Block,
    layout: Layout,
    rows: Sequence[GridRow],
    choices: dict[int, Choice],
) -> Places:
    if not layout.names_clients:
        return in_order(block, layout, rows, choices)
    add_row = grid.add_row if isinstance(grid, LeadGrid) else None
    return by_client(block, layout, grid, rows, paste.clients, choices, add_row)


def _preview(grid: Grid, cells: Sequence[PastedCell], rows: Sequence[GridRow]) -> None:
    problems = paste_text.problems(cells)
    if problems:
        st.warning(
            "These cells cannot be saved like this. Correct them in the grid after this:\n\n"
            + "\n".join(f"- {plain(problem)}" for problem in problems),
            icon=":material/warning:",
        )
    subject = "Overhead" if grid.kind == "overheads" else "Client"
    changes = paste_text.preview(cells, {row.line: row.label for row in rows}, subject)
    if changes:
        st.dataframe(
            pd.DataFrame(changes),
            hide_index=True,
            height=min(_TABLE, _ROW * (len(changes) + 1) + 2),
        )
    same = sum(cell.is_put and cell.text == cell.now for cell in cells)
    if same:
        st.caption(f"{plural(same, 'cell has', 'cells have')} this text already.")
    st.caption("Empty cells of the block change nothing. Nothing is recorded until you press Save.")


def _put(grid: Grid, cells: Sequence[PastedCell]) -> None:
    """Put the cells into the grid with what was typed there since, and close the dialog."""
    grid.apply_edits(st.session_state.get(grid.key, {"edited_rows": {}})["edited_rows"])
    changed = put(grid, cells)
    if isinstance(grid, LeadGrid):
        show_rows(grid, [cell.line for cell in cells])
    pastes.close()
    confirm(
        f"{plural(changed, 'cell')} of the block {'is' if changed == 1 else 'are'} in the grid. "
        "Nothing is recorded until you press Save."
    )
    st.rerun()
