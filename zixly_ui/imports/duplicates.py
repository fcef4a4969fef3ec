"""The decision about possible duplicates in a file: import them too, or leave them out."""

from __future__ import annotations

from datetime import date
from zlib import crc32

import pandas as pd
import streamlit as st

from zixly_data.imports import Proposal, previews
from zixly_data.imports.cells.mapping import Duplicates
from zixly_data.values.dates import short_date
from zixly_ui.components.formatting import plural
from zixly_ui.components.tables import Column, records_table
from zixly_ui.imports.preview import MOST_ROWS
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain_options

_OPTIONS: dict[Duplicates, str] = {"KEEP": "Import them too", "LEAVE_OUT": "Leave them out"}
_COLUMNS = (
    Column("date", "Date", "date"),
    Column("client_name", "Client"),
    Column("currency", "Currency"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("like", "Same as"),
    Column("line", "Line", "count", width=70),
)


def ask_about_duplicates(workspace: Workspace, proposal: Proposal) -> None:
    """Ask once for the whole file; nothing can be imported without a decision."""
    mapping, count = workspace.mapping, len(proposal.duplicates)
    if mapping is None or not count:
        return
    label = f"Possible duplicates: {plural(count, 'row')}"
    with st.expander(label, expanded=proposal.is_undecided, icon=":material/content_copy:"):
        st.markdown(
            "Another record of the same client and month has the same revenue and expenses. It may "
            "be the same bill with another date or number."
        )
        rows = workspace.cached_view(
            "duplicates", lambda proposal: _with_likes(previews.duplicates(proposal, MOST_ROWS))
        )
        records_table(rows, _COLUMNS, f"import-duplicates-{workspace.number}")
        if count > MOST_ROWS:
            st.caption(f"Showing the first {MOST_ROWS:,} of {count:,} rows.")
        options = list(_OPTIONS)
        decision = st.radio(
            "What should happen to the possible duplicates?",
            options,
            index=None if mapping.duplicates is None else options.index(mapping.duplicates),
            format_func=plain_options(_OPTIONS.__getitem__),
            horizontal=True,
            # Other rows are another question.
            key=f"import-duplicates-{workspace.number}-{workspace.sheet}-{_checksum(proposal)}",
        )
    if decision is not None and decision != mapping.duplicates:
        workspace.update_mapping(duplicates=decision)
        st.rerun()


def _checksum(proposal: Proposal) -> int:
    return crc32(repr(sorted(proposal.duplicates)).encode())


def _with_likes(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `like`, such as `1 Nov 2026, recorded` or `1 Nov 2026, line 4`."""
    likes = [
        f"{short_date(date.fromisoformat(day))}, "
        + ("recorded" if pd.isna(line) else f"line {line}")
        for day, line in zip(rows["like_date"], rows["like_line"], strict=True)
    ]
    days = [date.fromisoformat(day) for day in rows["date"]]
    return rows.assign(date=pd.Series(days, index=rows.index, dtype="object"), like=likes)
