"""A conflict: two versions of one record side by side, where somebody else saved first."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from zixly_ui.shell.markdown import plain


def conflict(
    mine: Mapping[str, str], theirs: Mapping[str, str], labels: Mapping[str, str], key: str
) -> str | None:
    """Show both versions of a record that someone else changed first, and ask which to keep.

    `mine` and `theirs` are texts by field, `labels` the fields in order with their names. Returns
    `"mine"`, `"theirs"` or, until a button is pressed, None.
    """
    st.warning(
        "Someone else saved this record while you were editing it. Your changes are kept. "
        "Compare both versions and choose one.",
        icon=":material/compare_arrows:",
    )
    lines = ["| | Your version | Saved version |", "| --- | --- | --- |"]
    for field, label in labels.items():
        cells = [_cell(version.get(field, "")) for version in (mine, theirs)]
        if cells[0] != cells[1]:
            cells = [f"**{cell}**" if cell else "–" for cell in cells]
        lines.append(f"| {_cell(label)} | {cells[0]} | {cells[1]} |")
    st.markdown("\n".join(lines))
    with st.container(horizontal=True):
        if st.button("Keep my version", key=f"{key}-mine", type="primary"):
            return "mine"
        if st.button("Use the saved version", key=f"{key}-theirs"):
            return "theirs"
    return None


def _cell(text: str) -> str:
    return plain(" ".join(text.split()))
