"""The grids that hold something unsaved, kept while the person looks at other months and pages."""

from __future__ import annotations

from datetime import date

import streamlit as st

from zixly_ui.components.formatting import plural
from zixly_ui.month.grid import Grid

_SLOT = "month-kept"


def collect() -> None:
    """Take over what was typed in every grid, whichever page or month was looked at meanwhile."""
    for grid in _kept():
        edited = st.session_state.get(grid.key)
        if edited is not None:
            grid.take(edited["edited_rows"])
        elif grid.typed:
            grid.begin_anew()
        if not grid.typed and not grid.choices:
            drop(grid)


def pending_grid(what: str, month: date) -> Grid | None:
    """The grid with something unsaved, if there is one, once all were collected."""
    grid: Grid | None = st.session_state.get(_slot(what, month))
    return grid


def keep(grid: Grid) -> None:
    st.session_state[_slot(grid.what, grid.month)] = grid


def drop(grid: Grid) -> None:
    st.session_state.pop(_slot(grid.what, grid.month), None)


def unsaved_elsewhere(here: Grid) -> list[Grid]:
    """Other grids that hold something unsaved, the latest month first."""
    others = [grid for grid in _kept() if grid is not here and grid.typed]
    return sorted(others, key=lambda grid: (grid.month, grid.what), reverse=True)


def counted(grid: Grid) -> str:
    """`3 changed cells`."""
    return plural(len(grid.typed), "changed cell")


def _kept() -> list[Grid]:
    return [each for each in list(st.session_state.values()) if isinstance(each, Grid)]


def _slot(what: str, month: date) -> str:
    return f"{_SLOT}-{what}-{month:%Y-%m}"
