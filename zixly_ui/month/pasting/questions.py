"""The choices that a pasted block leaves to the person: its columns, its rows, new clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from zixly_data.errors import NOT_SAVED, AlreadyExists, InvalidInput
from zixly_data.identity import Identity
from zixly_data.values.amount_formats import Mark
from zixly_ui.components.formatting import plural
from zixly_ui.month.grid import Grid
from zixly_ui.month.leads_grid import LeadGrid
from zixly_ui.month.pasting import text as paste_text
from zixly_ui.month.pasting.block import Block
from zixly_ui.month.pasting.clients import add_clients, read_clients
from zixly_ui.month.pasting.columns import (
    CLIENT,
    CLIENT_CODE,
    LEAVE_OUT,
    Column,
    Holds,
    Layout,
    has_headings,
    recognise,
)
from zixly_ui.month.pasting.paste import Paste
from zixly_ui.month.pasting.places import ADD, Choice, OpenRow, Places, Reason
from zixly_ui.month.pasting.rows import GridRow
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain, plain_options
from zixly_ui.shell.retrying import retry

_COLUMNS_BESIDE, _WIDTH = 3, 480
# A form with more would be slow to read; each choice lists all rows of the grid.
_MOST_ROWS, _MOST_OPTIONS = 20, 10_000


def ask_about_columns(paste: Paste, block: Block, columns: Sequence[Column]) -> Layout | None:
    """Draw what each column holds; return the layout, None until every column is chosen."""
    start = paste.caught.column if paste.caught else None
    names = paste.clients.names
    with_headings = has_headings(block, columns, names)
    suggested = recognise(block, columns, names, start, with_headings=with_headings)
    is_open = None in suggested.columns
    with st.expander("Columns", expanded=is_open, icon=":material/view_column:"):
        chosen_headings = st.checkbox(
            "The first row has headings", with_headings, key=f"{paste.key}-headings"
        )
        if chosen_headings != with_headings:
            suggested = recognise(block, columns, names, start, with_headings=chosen_headings)
        labels = {
            column.name: column.label for column in columns if column.holds is not Holds.COMPUTED
        }
        chosen: list[str | None] = []
        for first in range(0, block.width, _COLUMNS_BESIDE):
            places = range(first, min(first + _COLUMNS_BESIDE, block.width))
            for place, beside in zip(places, st.columns(_COLUMNS_BESIDE), strict=False):
                options = [*labels, LEAVE_OUT]
                name = suggested.columns[place]
                chosen.append(
                    beside.selectbox(
                        plain(_column_label(block, place, chosen_headings)),
                        options,
                        index=None if name is None else options.index(name),
                        format_func=lambda option: labels.get(option, "Leave out"),
                        placeholder="Choose a column",
                        key=f"{paste.key}-column-{place}-{chosen_headings}",
                    )
                )
    layout = Layout(chosen_headings, tuple(chosen))
    used = [name for name in chosen if name not in (None, LEAVE_OUT)]
    twice = next((name for name in used if used.count(name) > 1), None)
    if None in chosen:
        st.info("Choose for each column what it holds, or leave it out.")
        return None
    if twice is not None:
        st.error(plain(f"Two columns are {labels[twice]}. Leave one of them out."))
        return None
    if set(used) <= {CLIENT, CLIENT_CODE, "currency"}:
        st.error("No column has anything for this grid. Choose one above.")
        return None
    return layout


def ask_about_mark(paste: Paste, unclear: str) -> Mark | None:
    """Ask about the decimal mark if a figure could be read in both ways; return the choice."""
    if not unclear:
        return None
    marks: dict[Mark, str] = {".": "A point", ",": "A comma"}
    chosen: Mark | None = st.segmented_control(
        plain(f"Which decimal mark do the figures use? “{unclear}” could be either."),
        list(marks),
        format_func=plain_options(lambda mark: marks[mark]),
        key=f"{paste.key}-mark",
    )
    return chosen


def choices_so_far(paste: Paste, numbers: Sequence[int]) -> dict[int, Choice]:
    """Return the choices for the rows of the block with these numbers."""
    choices = {number: st.session_state.get(_row_key(paste, number)) for number in numbers}
    return {number: choice for number, choice in choices.items() if choice is not None}


def ask_about_rows(
    paste: Paste, asked: Sequence[OpenRow], open_now: Places, rows: Sequence[GridRow]
) -> None:
    """Draw a choice for each of these rows of the block: a row of the grid, or leaving it out."""
    if not asked:
        return
    waiting = [row.row.number for row in open_now.waiting]
    unknown = [row.row.number for row in open_now.waiting if row.reason == Reason.UNKNOWN]
    with st.container(horizontal=True):
        if len(unknown) > 1:
            st.button(
                f"Add all {len(unknown):,} as new clients", key=f"{paste.key}-add-all",
                on_click=_choose_all, args=(paste, unknown, ADD),
            )  # fmt: skip
        if len(waiting) > 1:
            st.button(
                f"Leave out all {len(waiting):,}", key=f"{paste.key}-leave-all",
                on_click=_choose_all, args=(paste, waiting, LEAVE_OUT),
            )  # fmt: skip
    labels: dict[Choice, str] = {row.line: row.label for row in rows}
    most = max(1, min(_MOST_ROWS, _MOST_OPTIONS // max(1, len(rows))))
    undecided = [row for row in asked if row.row.number in waiting]
    ordered = [*undecided, *(row for row in asked if row not in undecided)]
    for reason in Reason:
        alike = [row for row in asked if row.reason == reason]
        drawn = [row for row in ordered[:most] if row.reason == reason]
        if drawn:
            st.markdown(plain(paste_text.reason_text(reason, len(alike))))
        for row in drawn:
            _ask_about_row(paste, row, labels)
    if len(ordered) > most:
        st.caption(f"{len(ordered) - most:,} more to choose for after these.")


def _ask_about_row(paste: Paste, row: OpenRow, labels: Mapping[Choice, str]) -> None:
    added: list[Choice] = [ADD] if row.reason == Reason.UNKNOWN else []
    options: list[Choice] = list(dict.fromkeys((*row.first, *added, LEAVE_OUT, *labels)))
    texts = {ADD: "Add as a new client", LEAVE_OUT: "Leave out this row", **labels}
    st.selectbox(
        plain(paste_text.row_text(row.row)),
        options,
        index=None,
        format_func=lambda option: texts[option],
        placeholder="Choose where this row goes",
        width=_WIDTH,
        key=_row_key(paste, row.row.number),
    )


def offer_new_clients(
    identity: Identity, grid: Grid, paste: Paste, layout: Layout, places: Places, currency: str
) -> None:
    """Draw the button that adds the chosen new clients at once, and add them."""
    if not places.to_add:
        return
    named = {
        (layout.text(row, CLIENT), layout.text(row, CLIENT_CODE)): layout.text(row, "currency")
        for row in places.to_add
    }
    noun = plural(len(named), "client")
    st.caption(plain(f"{noun} will be added at once; the figures wait until you press Save."))
    if not st.button(f"Add {noun}", icon=":material/add_business:", key=f"{paste.key}-add"):
        return
    is_lead = isinstance(grid, LeadGrid)
    try:
        retry(lambda: add_clients(identity, paste.clients, named, currency, are_prospects=is_lead))
    except (AlreadyExists, InvalidInput, *NOT_SAVED) as error:
        st.error(plain(sentence(error)), icon=":material/error:")
        paste.clients = read_clients(identity)
        return
    paste.clients = read_clients(identity)
    grid.pages.clear()
    for row in places.to_add:
        st.session_state.pop(_row_key(paste, row.number), None)
    st.rerun(scope="fragment")


def _choose_all(paste: Paste, numbers: Sequence[int], choice: Choice) -> None:
    for number in numbers:
        st.session_state[_row_key(paste, number)] = choice


def _row_key(paste: Paste, number: int) -> str:
    return f"{paste.key}-row-{number}"


def _column_label(block: Block, place: int, with_headings: bool) -> str:
    heading = block.rows[0].cells[place] if with_headings else ""
    samples = block.column(place, skip_first=with_headings)
    return heading or f"Column {place + 1}: {', '.join(samples[:2])}"[:60]
