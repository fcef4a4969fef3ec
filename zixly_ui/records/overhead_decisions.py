"""Deciding about an overhead: marking it as one, or assigning it to a client."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import overheads
from zixly_data.records.overheads import Overhead
from zixly_data.tables.overheads import OVERHEADS, OverheadDraft, OverheadKind
from zixly_data.values.ids import new_id
from zixly_ui.components.record_dialog import Finish, act
from zixly_ui.records import overhead_text
from zixly_ui.records.financial_forms import Names


def offer_decisions(
    identity: Identity, clients: pd.DataFrame, record: Overhead, finish: Finish
) -> None:
    """Draw the buttons of the decisions; `finish` closes the form with a confirmation."""
    if record.kind == OverheadKind.UNASSIGNED and st.button(
        "Mark as overhead", icon=":material/check:", key=f"mark-{record.id}"
    ):
        act(
            "overhead",
            lambda: _mark(identity, record),
            finish,
            f"Saved: {overhead_text.summary(record)}.",
        )
    if clients.empty:
        return
    with st.popover(
        "Assign to a client…", icon=":material/person_add:", key=f"ask-who-{record.id}"
    ):
        _assignment(identity, Names(clients), record, finish)


def _assignment(identity: Identity, names: Names, record: Overhead, finish: Finish) -> None:
    st.markdown(
        "It becomes a financial record of the client, with the same date, amounts and note. The "
        "account and the counterparty stay in the audit trail only."
    )
    client = st.selectbox(
        "Client",
        names.ids,
        index=None,
        format_func=names.option,
        placeholder="Choose a client",
        key=f"client-of-{record.id}",
    )
    if not st.button("Assign", type="primary", key=f"assign-{record.id}"):
        return
    if client is None:
        st.error("Choose a client first.", icon=":material/error:")
        return
    # The same id for each attempt: pressed twice, one record.
    row_id = st.session_state.setdefault(f"record-of-{record.id}", new_id("fin"))
    act(
        "overhead",
        lambda: overheads.assign(identity, record.id, record.version, client, row_id=row_id),
        finish,
        f"Assigned to {names.name(client)}: {overhead_text.summary(record)}.",
    )


def _mark(identity: Identity, record: Overhead) -> None:
    draft = OverheadDraft(**{name: getattr(record, name) for name in OVERHEADS.entered})
    overheads.change(
        identity, record.id, record.version, replace(draft, kind=OverheadKind.OVERHEAD)
    )
