"""Earlier imports: who brought in what and when, and taking one back as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from zixly_data import imports
from zixly_data.errors import AlreadyExists, MonthClosed, NotFound, StillWriting
from zixly_data.identity import Identity
from zixly_data.imports import ImportTouched, Kind
from zixly_data.people.tenants import Tenant
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import clock_time
from zixly_ui.components.forms import confirm
from zixly_ui.components.record_dialog import close_table, table_key
from zixly_ui.components.tables import Column, records_table
from zixly_ui.imports.text import KINDS, counts_words, sums_of, undoing_words
from zixly_ui.imports.workspace import Desk
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

TABLE = "import"
COLUMNS = (
    Column("file_name", "File"),
    Column("when", "When", "instant"),
    Column("imported_by_name", "By"),
    Column("kind_text", "What"),
    Column("counts_text", "Rows"),
    Column("state_text", "State"),
)
_SHOWN = 500


def earlier_imports(tenant: Tenant, found: pd.DataFrame) -> list[str]:
    """The table of them; the answer is the id of the one that was clicked, if one was."""
    if found.empty:
        return []
    st.subheader("Earlier imports", anchor=False)
    st.caption("Click an import to see more of it, or to undo it.")
    latest = found.head(_SHOWN)
    chosen = records_table(
        _table(latest, tenant.time_zone),
        COLUMNS,
        table_key(TABLE, latest["id"]),
        opens="id",
        anywhere=True,
    )
    if len(found) > _SHOWN:
        st.caption(f"The latest {_SHOWN:,} of {len(found):,}.")
    return chosen


def open_import(
    identity: Identity,
    tenant: Tenant,
    found: pd.DataFrame,
    chosen: Sequence[str],
    desk: Desk,
) -> None:
    """What is on record of the import that was clicked."""
    row = next((each for each in rows(found) if each["id"] in chosen), None)
    if row is not None:
        dialog = st.dialog(plain(row["file_name"]), width="medium", on_dismiss=_close)
        dialog(lambda: _details(identity, tenant, row, desk))()


def ask_to_undo(identity: Identity, import_id: str, desk: Desk) -> None:
    """Asks once more, then takes the import back."""
    found = imports.list_imports(identity)
    row = next((each for each in rows(found) if each["id"] == import_id), None)
    if row is None:
        st.warning("This import is not there any more.", icon=":material/info:")
        return
    dialog = st.dialog("Undo this import?", width="medium", on_dismiss=_close)
    dialog(lambda: _undoing(identity, row, desk))()


def _details(identity: Identity, tenant: Tenant, row: Mapping[str, Any], desk: Desk) -> None:
    who = row["imported_by_name"] or "Somebody who is not here any more"
    when = clock_time(row["created_at"], tenant.time_zone)
    st.markdown(plain(f"{who} imported {KINDS[Kind(row['kind'])].lower()} on {when}."))
    st.markdown(plain(f"{counts_words(row)}."))
    _sums(row)
    st.caption(f"Checksum of the file (SHA-256): {row['checksum']}")
    if row["undone_at"] is None:
        _undoing(identity, row, desk)
    else:
        by = f" by {row['undone_by_name']}" if row["undone_by_name"] else ""
        undone = clock_time(row["undone_at"], tenant.time_zone)
        st.info(plain(f"It was undone on {undone}{by}."), icon=":material/undo:")


def _undoing(identity: Identity, row: Mapping[str, Any], desk: Desk) -> None:
    st.markdown(plain(undoing_words(row)))
    if not st.button("Undo this import", icon=":material/undo:", key=f"undo-{row['id']}"):
        return
    try:
        with st.spinner("Undoing …", show_time=True):
            retry(lambda: imports.undo(identity, row["id"]))
    except ImportTouched as error:
        st.error(sentence(error), icon=":material/error:")
        touched: Any = error.current
        if len(touched) > 3:
            st.markdown("\n".join(f"- {plain(each.words)}" for each in touched))
        return
    except (AlreadyExists, MonthClosed, NotFound, StillWriting) as error:
        st.error(f"{sentence(error)} Nothing was undone.", icon=":material/error:")
        return
    if desk.done is not None and desk.done.id == row["id"]:
        desk.clear()
    desk.forget_proposal()
    _close()
    confirm(f"Undone: the import of {row['file_name']}. Everything is as it was before it.")
    st.rerun()


def _sums(row: Mapping[str, Any]) -> None:
    """The amounts as they went in, by action and currency."""
    lines = []
    for group in sums_of(row):
        if group["action"] not in ("NEW", "CHANGED") or group["currency"] is None:
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


def _table(found: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    entries, zone = rows(found), ZoneInfo(time_zone)
    return found.assign(
        when=[each["created_at"].astimezone(zone).replace(tzinfo=None)
              for each in entries],
        kind_text=[KINDS[Kind(each["kind"])] for each in entries],
        counts_text=[counts_words(each) for each in entries],
        state_text=["Imported" if each["undone_at"] is None else "Undone" for each in entries],
    )  # fmt: skip


def _close() -> None:
    close_table(TABLE)
