"""Typing in a month's grid and saving it: totals meanwhile, slips in words, two versions."""

from __future__ import annotations

import time
from typing import Any, NoReturn
from zlib import crc32

import streamlit as st
from streamlit.errors import StreamlitAPIException

from zixly_data.errors import Conflict, InvalidCells, MonthClosed, StillWriting
from zixly_data.identity import Role
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import confirm
from zixly_ui.month.entries import Choice
from zixly_ui.month.grid import Grid
from zixly_ui.month.picker import WHATS
from zixly_ui.month.unsaved import counted, drop, unsaved_elsewhere
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import require_identity

# The browser tells of an edit a moment after it was made; a click on Save may come before it.
_SETTLED = 0.5
_ROW, _TALLEST = 33, 600
_MOST = 12
_GONE = "*not there*"


@st.fragment
def edit(grid: Grid) -> None:
    """The grid, and what to do with it. Runs by itself at every edit, without reading the books."""
    require_identity(Role.EDITOR)
    grid.take(st.session_state.get(grid.key, {"edited_rows": {}})["edited_rows"])
    grid.totals()
    editor: Any = st.data_editor
    editor(
        grid.frame(),
        key=grid.key,
        column_config=grid.config(),
        hide_index=True,
        num_rows="fixed",
        disabled=grid.closed is not None,
        height=min(_ROW * (len(grid.fixed) + 1) + 2, _TALLEST),
        placeholder="",
        alt=f"{grid.noun.capitalize()}s of {grid.month_name}",
    )
    if grid.closed is not None:
        return
    if grid.choices:
        _choose(grid)
        return
    agreed = _deletion(grid)
    _slips(grid)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Save", type="primary", icon=":material/save:", key="month-save"):
            grid.pressed = time.monotonic()
        if grid.typed:
            _discarding(grid)
            st.markdown(f"{counted(grid)}, not saved yet.", width="content")
    if grid.pressed is not None:
        _settle(grid.pressed)
        grid.pressed = None
        _save(grid, agreed)


def show_unsaved(here: Grid) -> None:
    """Say where else something was typed and not saved."""
    others = unsaved_elsewhere(here)
    if others:
        places = ", ".join(f"{WHATS[grid.what]} of {grid.month_name}" for grid in others)
        st.caption(f":material/edit_note: Typed and not saved yet: {places}.")


def _again() -> NoReturn:
    """Draw the grid anew; the whole page where the whole page is being drawn."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _settle(pressed: float) -> None:
    """Wait until what was typed last has arrived; if it does, this run is done once more."""
    left = pressed + _SETTLED - time.monotonic()
    if left > 0:
        time.sleep(left)
        _again()


def _save(grid: Grid, agreed: bool) -> None:
    identity = require_identity(Role.EDITOR)
    changed = grid.changed()
    grid.slips = grid.touched_locks()
    if grid.slips:
        _again()
    if grid.to_delete() and not agreed:
        st.error(
            "Nothing was saved yet. Tick the box above to delete what you emptied, or write the "
            "cells again.",
            icon=":material/error:",
        )
        return
    if not changed:
        st.info("There is nothing to save: no cell differs from what is recorded.")
        return
    try:
        _, words = retry(lambda: grid.send(identity, changed, agreed))
    except InvalidCells as error:
        grid.note_slips(error.cells)
        _again()
    except Conflict as error:
        current: Any = error.current
        grid.note_conflicts(current)
        grid.begin_anew()
        _again()
    except MonthClosed as error:
        st.error(
            f"{sentence(error)} Nothing was saved; what you typed is still here.",
            icon=":material/lock:",
        )
    except StillWriting as error:
        st.error(f"{sentence(error)} What you typed is still here.", icon=":material/error:")
    else:
        drop(grid)
        confirm(words)
        st.rerun()


def _deletion(grid: Grid) -> bool:
    """Ask before anything is deleted. Another choice of records is another question."""
    emptied = grid.to_delete()
    if not emptied:
        return False
    names = _listed([grid.label(entry) for entry in emptied])
    records = plural(len(emptied), grid.noun)
    key = f"month-delete-{crc32(' '.join(entry.id for entry in emptied).encode())}"
    return st.checkbox(
        plain(f"Delete the {records} whose {grid.emptied} you emptied: {names}."), key=key
    )


def _slips(grid: Grid) -> None:
    slips = grid.open_slips()
    if not slips:
        return
    told = [f"- {plain(slip.words)}" for slip in slips[:_MOST]]
    if len(slips) > _MOST:
        told.append(f"- and {len(slips) - _MOST:,} more")
    cells = "One cell has" if len(slips) == 1 else f"{len(slips):,} cells have"
    st.error(
        f"Nothing was saved. {cells} to be changed:\n\n" + "\n".join(told),
        icon=":material/error:",
    )


def _discarding(grid: Grid) -> None:
    with st.popover("Discard …", icon=":material/undo:", key="month-discard-ask"):
        st.markdown(f"Forget {counted(grid)} of {grid.month_name}?")
        if st.button(":red[Discard what I typed]", key="month-discard"):
            drop(grid)
            st.rerun()


def _choose(grid: Grid) -> None:
    """Mine and theirs side by side, a choice for each, and saving what was chosen."""
    count = len(grid.choices)
    st.warning(
        f"Someone else saved {plural(count, f'{grid.noun} of these', f'{grid.noun}s of these')} "
        "while you were typing. Nothing was saved and nothing you typed is lost: choose for each.",
        icon=":material/compare_arrows:",
    )
    keys = [f"month-choice-{grid.generation}-{n}" for n in range(count)]
    if count > 1:
        with st.container(horizontal=True):
            st.button("Keep all of mine", on_click=_set_all, args=(keys, "mine"))
            st.button("Take all of theirs", on_click=_set_all, args=(keys, "theirs"))
    for choice, key in zip(grid.choices, keys, strict=True):
        with st.container(border=True):
            st.markdown(f"**{plain(grid.label(choice.entry))}**")
            st.markdown(_side_by_side(choice))
            st.segmented_control(
                "Which one?",
                ["mine", "theirs"],
                format_func=_options(grid, choice).__getitem__,
                key=key,
                label_visibility="collapsed",
            )
    chosen = [st.session_state.get(key) for key in keys]
    if st.button("Save my choices", type="primary", disabled=None in chosen, key="month-choose"):
        for choice, which in zip(grid.choices, chosen, strict=True):
            grid.resolve(choice, which == "mine")
        grid.choices = []
        grid.begin_anew()
        if grid.changed():
            _save(grid, agreed=True)
        else:
            drop(grid)
            confirm("Kept as it was saved by someone else.")
            st.rerun()


def _options(grid: Grid, choice: Choice) -> dict[str, str]:
    added = choice.theirs.id not in (None, choice.entry.id)
    mine = "Keep both" if added and grid.keeps_both else "Keep mine"
    return {"mine": mine, "theirs": "Take theirs"}


def _set_all(keys: list[str], which: str) -> None:
    for key in keys:
        st.session_state[key] = which


def _side_by_side(choice: Choice) -> str:
    lines = ["| | Your version | Saved by someone else |", "| --- | --- | --- |"]
    for label in {**choice.mine, **choice.others}:
        cells = [
            _cell(version.get(label, "")) if version else _GONE
            for version in (choice.mine, choice.others)
        ]
        if cells[0] != cells[1]:
            cells = [cell if cell == _GONE else f"**{cell}**" if cell else "–" for cell in cells]
        lines.append(f"| {_cell(label)} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return plain(" ".join(text.split()))


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST])
    return shown if len(names) <= _MOST else f"{shown} and {len(names) - _MOST:,} more"
