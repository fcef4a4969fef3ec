"""The editor of a month's grid: totals while typing, saving, errors, and conflicts."""

from __future__ import annotations

import time
from typing import Any, NoReturn
from zlib import crc32

import streamlit as st
from streamlit.errors import StreamlitAPIException

from zixly_data.errors import NOT_SAVED, Conflict, InvalidCells, MonthClosed, PossibleDuplicates
from zixly_data.identity import Role
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import confirm
from zixly_ui.month.entries import Choice
from zixly_ui.month.grid import Grid
from zixly_ui.month.pages import requested_turn, show_pages, turn_to
from zixly_ui.month.picker import KINDS
from zixly_ui.month.unsaved import changed_cells_text, drop, unsaved_elsewhere
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain, plain_options
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import require_identity

# The browser reports an edit with a delay; a click on Save may arrive before it.
_SETTLED = 0.5
_ROW, _TALLEST = 33, 600
_MOST_SHOWN = 12
_ABSENT = "*no record*"


@st.fragment
def edit(grid: Grid) -> None:
    """Show the grid and its actions. A fragment: each edit reruns it without reading records."""
    require_identity(Role.EDITOR)
    grid.apply_edits(st.session_state.get(grid.key, {"edited_rows": {}})["edited_rows"])
    grid.show_totals()
    if grid.shown.lines:
        editor: Any = st.data_editor
        editor(
            grid.frame(),
            key=grid.key,
            column_config=grid.column_config(),
            hide_index=True,
            num_rows="fixed",
            disabled=grid.closed is not None,
            height=min(_ROW * (len(grid.shown.lines) + 1) + 2, _TALLEST),
            placeholder="",
            alt=f"{grid.noun.capitalize()}s for {grid.month_name}",
        )
    # Below the grid: the toolbar of the grid covers what is at its upper right.
    show_pages(grid)
    if turn := requested_turn():
        number, pressed = turn
        _wait_for_edits(pressed)
        turn_to(number)
        st.rerun()
    if grid.closed is not None:
        return
    if grid.choices:
        _show_choices(grid)
        return
    _offer_rows(grid)
    may_delete = _confirm_deletion(grid)
    _show_slips(grid)
    is_asking = _show_question(grid)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not is_asking and st.button(
            "Save", type="primary", icon=":material/save:", key="month-save"
        ):
            grid.pressed = time.monotonic()
        if grid.typed:
            _offer_discard(grid)
            elsewhere = f", {grid.typed_elsewhere:,} on other pages" * bool(grid.typed_elsewhere)
            text = f"{changed_cells_text(grid)}{elsewhere}, not saved yet."
            st.markdown(text, width="content")
    if grid.pressed is not None:
        _wait_for_edits(grid.pressed)
        grid.pressed = None
        _save(grid, may_delete)


def show_unsaved(grid: Grid) -> None:
    """Show the other grids with unsaved edits."""
    others = unsaved_elsewhere(grid)
    if others:
        places = _join_names([f"{KINDS[other.kind]} for {other.month_name}" for other in others])
        st.caption(f":material/edit_note: Unsaved changes: {places}.")


def _rerun() -> NoReturn:
    """Rerun the fragment, or the whole page if the whole page is being drawn."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _wait_for_edits(pressed: float) -> None:
    """Wait for the last edit to arrive, and rerun to include it."""
    remaining = pressed + _SETTLED - time.monotonic()
    if remaining > 0:
        time.sleep(remaining)
        _rerun()


def _offer_rows(grid: Grid) -> None:
    """Offer more empty rows below the last page: a block pasted past the last row loses its end."""
    is_last_page = grid.shown.number * grid.shown.size + len(grid.shown.lines) >= grid.shown.count
    if not grid.rows_to_add or not is_last_page:
        return
    if st.button(
        f"Add {grid.rows_to_add} empty rows", icon=":material/add:", key="month-more-rows"
    ):
        grid.rows_requested = time.monotonic()
    if grid.rows_requested is not None:
        _wait_for_edits(grid.rows_requested)
        grid.rows_requested = None
        grid.add_rows()
        st.rerun()


def _save(grid: Grid, may_delete: bool) -> None:
    identity = require_identity(Role.EDITOR)
    changed = grid.changed_entries()
    grid.slips = grid.edited_locks()
    if grid.slips:
        _rerun()
    if grid.emptied_entries() and not may_delete:
        st.error(
            "Nothing was saved. Tick the box above to delete what you cleared, or fill in the "
            "cells again.",
            icon=":material/error:",
        )
        return
    if not changed:
        st.info("There is nothing to save. Every cell matches what is recorded.")
        return
    try:
        _, text = retry(lambda: grid.save(identity, changed, may_delete))
    except InvalidCells as error:
        grid.note_slips(error.cells)
        _rerun()
    except Conflict as error:
        current: Any = error.current
        grid.note_conflicts(current)
        grid.start_generation()
        _rerun()
    except PossibleDuplicates as error:
        repetitions: Any = error.repetitions
        grid.note_repetitions(repetitions)
        _rerun()
    except MonthClosed as error:
        st.error(
            f"{sentence(error)} Nothing was saved. Your entries are still in the grid.",
            icon=":material/lock:",
        )
    except NOT_SAVED as error:
        st.error(f"{sentence(error)} Your entries are still in the grid.", icon=":material/error:")
    else:
        drop(grid)
        confirm(text)
        st.rerun()


def _confirm_deletion(grid: Grid) -> bool:
    """Ask before records are deleted; another set of records has a checkbox of its own."""
    emptied = grid.emptied_entries()
    if not emptied:
        return False
    names = _join_names([grid.label(entry) for entry in emptied])
    records = plural(len(emptied), grid.noun)
    key = f"month-delete-{crc32(' '.join(entry.id for entry in emptied).encode())}"
    return st.checkbox(
        plain(f"Delete {records} whose {grid.emptied_noun} you cleared: {names}."), key=key
    )


def _show_slips(grid: Grid) -> None:
    slips = grid.open_slips()
    if not slips:
        return
    lines = [f"- {plain(slip.message)}" for slip in slips[:_MOST_SHOWN]]
    if len(slips) > _MOST_SHOWN:
        lines.append(f"- and {len(slips) - _MOST_SHOWN:,} more")
    cells = "One cell needs" if len(slips) == 1 else f"{len(slips):,} cells need"
    st.error(
        f"Nothing was saved. {cells} to be corrected:\n\n" + "\n".join(lines),
        icon=":material/error:",
    )


def _show_question(grid: Grid) -> bool:
    """Ask whether to save records that repeat amounts of the month; return whether it is open.

    Editing a cell ends the question, and so does Cancel; the grid keeps everything typed.
    """
    question = grid.question
    if question is None or question.accepted:
        return False
    lines = [f"- {plain(text)}" for text in question.texts[:_MOST_SHOWN]]
    if len(question.texts) > _MOST_SHOWN:
        lines.append(f"- and {len(question.texts) - _MOST_SHOWN:,} more")
    with st.container(border=True, key="month-question"):
        st.markdown(
            ":material/content_copy: Nothing is saved yet. These records would have the same "
            f"amounts in {grid.month_name}. Save these too?\n\n" + "\n".join(lines)
        )
        with st.container(horizontal=True):
            if st.button("Save these too", type="primary", key="month-save-duplicates"):
                question.accepted = question.repetitions
                grid.pressed = time.monotonic()
                _rerun()
            if st.button("Cancel", key="month-cancel-duplicates"):
                grid.question = None
                _rerun()
    return True


def _offer_discard(grid: Grid) -> None:
    with st.popover("Discard…", icon=":material/undo:", key="month-discard-ask"):
        st.markdown(f"Discard {changed_cells_text(grid)} in {grid.month_name}?")
        if st.button(":red[Discard my changes]", key="month-discard"):
            drop(grid)
            st.rerun()


def _show_choices(grid: Grid) -> None:
    """Show mine and theirs side by side with a choice for each, and save the choices."""
    count = len(grid.choices)
    st.warning(
        f"Someone else saved {count:,} of these {grid.noun}s while you were typing. Your changes "
        "are not saved yet, but nothing is lost. Choose which version to keep for each.",
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
                "Version to keep",
                ["mine", "theirs"],
                format_func=plain_options(_options(grid, choice).__getitem__),
                key=key,
                label_visibility="collapsed",
            )
    selections = [st.session_state.get(key) for key in keys]
    if st.button(
        "Save my choices", type="primary", disabled=None in selections, key="month-choose"
    ):
        for choice, side in zip(grid.choices, selections, strict=True):
            grid.resolve(choice, side == "mine")
        grid.choices = []
        grid.start_generation()
        if grid.changed_entries():
            _save(grid, may_delete=True)
        else:
            drop(grid)
            confirm("Kept the version saved by someone else.")
            st.rerun()


def _options(grid: Grid, choice: Choice) -> dict[str, str]:
    added = choice.theirs.id not in (None, choice.entry.id)
    mine = "Keep both" if added and grid.keeps_both else "Keep mine"
    return {"mine": mine, "theirs": "Take theirs"}


def _set_all(keys: list[str], side: str) -> None:
    for key in keys:
        st.session_state[key] = side


def _side_by_side(choice: Choice) -> str:
    lines = ["| | Your version | Saved by someone else |", "| --- | --- | --- |"]
    for label in {**choice.mine, **choice.others}:
        cells = [
            _cell(version.get(label, "")) if version else _ABSENT
            for version in (choice.mine, choice.others)
        ]
        if cells[0] != cells[1]:
            cells = [cell if cell == _ABSENT else f"**{cell}**" if cell else "–" for cell in cells]
        lines.append(f"| {_cell(label)} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return plain(" ".join(text.split()))


def _join_names(names: list[str]) -> str:
    rest = len(names) - _MOST_SHOWN
    *first, last = [*names[:_MOST_SHOWN], *([f"{rest:,} more"] if rest > 0 else [])]
    return f"{', '.join(first)} and {last}" if first else last
