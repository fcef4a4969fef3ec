"""The pages of a month's grid: which one is shown, and the search that narrows its rows."""

from __future__ import annotations

import time
from datetime import date

import streamlit as st

from zixly_ui.month.entries import Shown
from zixly_ui.month.grid import Grid
from zixly_ui.shell.markdown import plain

_SEARCHES = {"overheads": ("Find an overhead", "Account, counterparty or note")}
_SEARCH, _PAGE, _TURN = "month-search", "month-page", "month-turn"


def requested(kind: str, month: date) -> tuple[str, int]:
    """Return what is searched for and the number of the page: the first, unless the person turned
    the pages of these rows."""
    search = str(st.session_state.get(_SEARCH, "")).strip()
    rows = kind, month, search
    if st.session_state.get(_PAGE, (None, 0))[0] != rows:
        st.session_state[_PAGE] = rows, 0
        st.session_state.pop(_TURN, None)
    return search, st.session_state[_PAGE][1]


def requested_turn() -> tuple[int, float] | None:
    """Return the number of the page to turn to and when its button was pressed, if it was."""
    turn: tuple[int, float] | None = st.session_state.get(_TURN)
    return turn


def turn_to(number: int) -> None:
    """Show another page of the same rows from the next run on."""
    rows, _ = st.session_state[_PAGE]
    st.session_state[_PAGE] = rows, number
    del st.session_state[_TURN]


def search_box(shown: Shown, search: str, kind: str) -> None:
    """Draw the search if there are more rows than one page holds, or while it is in use."""
    if shown.is_part or search:
        label, placeholder = _SEARCHES.get(kind, ("Find a client", "Name or external ID"))
        st.text_input(
            label, key=_SEARCH, placeholder=placeholder, width=220, icon=":material/search:"
        )


def show_pages(grid: Grid) -> None:
    """Draw what part of the rows is shown, and buttons for the others; nothing if all are shown.

    A page is turned once the last edit has arrived, which the browser reports with a delay.
    """
    shown, search = grid.shown, requested(grid.kind, grid.month)[0]
    if grid.choices or not (shown.is_part or search):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="month-pages"):
        st.caption(plain(shown_text(shown, search)), width="stretch")
        if not shown.is_part:
            return
        turns = 0
        if st.button(
            "Previous rows", icon=":material/chevron_left:", key="month-previous-rows",
            disabled=not shown.number,
        ):  # fmt: skip
            turns = -1
        if st.button(
            "Next rows", icon=":material/chevron_right:", icon_position="right",
            key="month-next-rows", disabled=shown.first + shown.size > shown.count,
        ):  # fmt: skip
            turns = 1
        if turns:
            st.session_state[_TURN] = shown.number + turns, time.monotonic()


def shown_text(shown: Shown, search: str) -> str:
    """Return `Showing rows 1–200 of 2,000. The totals are those of the whole month.`"""
    totals = "The totals are those of the whole month."
    of_search = f" for “{search}”" if search else ""
    if not shown.count:
        return f"No rows{of_search}. {totals}"
    last = shown.first + len(shown.lines) - 1
    return f"Showing rows {shown.first:,}–{last:,} of {shown.count:,}{of_search}. {totals}"
