"""Unsaved grids, kept in the session while the person visits other months and pages."""

from __future__ import annotations

from datetime import date

import streamlit as st

from zixly_ui.components.formatting import plural
from zixly_ui.month.grid import Grid

_SLOT = "month-kept"


def collect() -> None:
    """Apply the edits of every unsaved grid, and drop the grids without any."""
    for grid in _unsaved_grids():
        edited = st.session_state.get(grid.key)
        if edited is not None:
            grid.apply_edits(edited["edited_rows"])
        elif grid.typed:
            grid.start_generation()
        if not grid.typed and not grid.choices:
            drop(grid)


def pending_grid(kind: str, month: date) -> Grid | None:
    """Return the unsaved grid of a kind and month, if any. Call `collect` first."""
    grid: Grid | None = st.session_state.get(_slot(kind, month))
    return grid


def keep(grid: Grid) -> None:
    st.session_state[_slot(grid.kind, grid.month)] = grid


def drop(grid: Grid) -> None:
    st.session_state.pop(_slot(grid.kind, grid.month), None)


def unsaved_elsewhere(current: Grid) -> list[Grid]:
    """Return the other grids with unsaved edits, the latest month first."""
    others = [grid for grid in _unsaved_grids() if grid is not current and grid.typed]
    return sorted(others, key=lambda grid: (grid.month, grid.kind), reverse=True)


def changed_cells_text(grid: Grid) -> str:
    """Return the number of edits: `3 changed cells`."""
    return plural(len(grid.typed), "changed cell")


def _unsaved_grids() -> list[Grid]:
    return [value for value in list(st.session_state.values()) if isinstance(value, Grid)]


def _slot(kind: str, month: date) -> str:
    return f"{_SLOT}-{kind}-{month:%Y-%m}"
