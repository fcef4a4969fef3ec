"""Earlier imports: the table, the details of an import, and undoing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from zixly_data import imports
from zixly_data.errors import NOT_SAVED, AccessDenied, AlreadyExists, MonthClosed, NotFound
from zixly_data.identity import Identity
from zixly_data.imports import ImportTouched, Kind
from zixly_data.people import audit
from zixly_data.people.tenants import Tenant
from zixly_data.values.frames import rows
from zixly_ui.components import paging
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import clock_time
from zixly_ui.components.forms import confirm
from zixly_ui.components.paging import Sort
from zixly_ui.components.record_dialog import close_table, table_key
from zixly_ui.components.tables import Column, records_table
from zixly_ui.imports.text import KINDS, counts_text, parse_sums, undo_text
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

TABLE = "import"
COLUMNS = (
    Column("file_name", "File"),
    Column("when", "When", "instant"),
    Column("imported_by_name", "By"),
    Column("kind_text", "Records"),
    Column("counts_text", "Rows"),
    Column("state_text", "Status"),
)
_SORTS = (Sort("Newest first"),)


def show_earlier_imports(identity: Identity, tenant: Tenant) -> list[str]:
    """Show the table of earlier imports; return the id of the clicked one, if any."""
    page = imports.page_of_imports(identity, paging.requested("imports", _SORTS))
    if page.frame.empty:
        return []
    st.subheader("Earlier imports", anchor=False)
    st.caption("Click an import to see its details or undo it.")
    paging.controls("imports", _SORTS, page)
    chosen_ids = records_table(
        _table(page.frame, tenant.time_zone),
        COLUMNS,
        table_key(TABLE, page.frame["id"]),
        opens="id",
        anywhere=True,
    )
    download(
        identity,
        lambda: imports.list_imports(identity).drop(columns=["id", "sums"]),
        "imports.csv",
        dataset="imports",
        filters=audit.filters(),
    )
    return chosen_ids


def open_import(
    identity: Identity, tenant: Tenant, selected_ids: Sequence[str], workspace: Workspace
) -> None:
    """Open the details of the clicked import."""
    for selected_id in selected_ids:
        for row in rows(imports.find_import(identity, import_id=selected_id)):
            dialog = st.dialog(plain(row["file_name"]), width="medium", on_dismiss=_close)
            dialog(partial(_show_details, identity, tenant, row, workspace))()


def ask_to_undo(identity: Identity, import_id: str, workspace: Workspace) -> None:
    """Open a dialog that confirms and undoes the import."""
    row = next(iter(rows(imports.find_import(identity, import_id=import_id))), None)
    if row is None:
        st.warning("This import no longer exists.", icon=":material/info:")
        return
    dialog = st.dialog("Undo this import?", width="medium", on_dismiss=_close)
    dialog(lambda: _offer_undo(identity, row, workspace))()


def _show_details(
    identity: Identity, tenant: Tenant, row: Mapping[str, Any], workspace: Workspace
) -> None:
    importer = row["imported_by_name"] or "A former team member"
    when = clock_time(row["created_at"], tenant.time_zone)
    st.markdown(plain(f"{importer} imported {KINDS[Kind(row['kind'])].lower()} on {when}."))
    st.markdown(plain(f"{counts_text(row)}."))
    _show_sums(row)
    st.caption(f"Checksum of the file (SHA-256): {row['checksum']}")
    if row["undone_at"] is None:
        _offer_undo(identity, row, workspace)
    else:
        undone_by = f" by {row['undone_by_name']}" if row["undone_by_name"] else ""
        undone = clock_time(row["undone_at"], tenant.time_zone)
        st.info(plain(f"This import was undone on {undone}{undone_by}."), icon=":material/undo:")


def _offer_undo(identity: Identity, row: Mapping[str, Any], workspace: Workspace) -> None:
    st.markdown(plain(undo_text(row)))
    if not st.button("Undo this import", icon=":material/undo:", key=f"undo-{row['id']}"):
        return
    try:
        with st.spinner("Undoing…", show_time=True):
            retry(lambda: imports.undo(identity, row["id"]))
    except ImportTouched as error:
        st.error(sentence(error), icon=":material/error:")
        changed_rows: Any = error.current
        if len(changed_rows) > 3:
            st.markdown(
                "\n".join(f"- {plain(changed_row.description)}" for changed_row in changed_rows)
            )
        return
    except (AccessDenied, AlreadyExists, MonthClosed, NotFound, *NOT_SAVED) as error:
        st.error(f"{sentence(error)} Nothing was undone.", icon=":material/error:")
        return
    if workspace.finished is not None and workspace.finished.id == row["id"]:
        workspace.clear()
    workspace.discard_proposal()
    _close()
    confirm(f"The import of {row['file_name']} was undone. All records are as they were before it.")
    st.rerun()


def _show_sums(row: Mapping[str, Any]) -> None:
    """Show the imported amounts, by action and currency."""
    lines = []
    for group in parse_sums(row):
        if group["action"] not in ("NEW", "CHANGED", "REMOVED") or group["currency"] is None:
            continue
        amounts = ", ".join(
            f"{name} {group['currency']} {Decimal(group[name]):,.2f}"
            for name in ("revenue", "expenses", "value")
            if name in group
        )
        if amounts:
            lines.append(f"- {str(group['action']).capitalize()} rows: {plain(amounts)}")
    if lines:
        st.markdown("\n".join(lines))


def _table(earlier: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    entries, zone = rows(earlier), ZoneInfo(time_zone)
    return earlier.assign(
        when=[entry["created_at"].astimezone(zone).replace(tzinfo=None)
              for entry in entries],
        kind_text=[KINDS[Kind(entry["kind"])] for entry in entries],
        counts_text=[counts_text(entry) for entry in entries],
        state_text=["Imported" if entry["undone_at"] is None else "Undone" for entry in entries],
    )  # fmt: skip


def _close() -> None:
    close_table(TABLE)
