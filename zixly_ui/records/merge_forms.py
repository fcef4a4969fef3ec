"""Merging clients: the dialog with its preview, and undoing earlier merges.

The dialog keeps the preview as it was shown: merging does what the person has read, or refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd
import streamlit as st

from zixly_data.errors import Conflict
from zixly_data.identity import Identity, Role
from zixly_data.people.tenants import Tenant
from zixly_data.records import client_merges
from zixly_data.records.merge_preview import MergePreview, label
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import clock_time, is_absent, plural
from zixly_ui.components.forms import confirm
from zixly_ui.components.record_dialog import REFUSALS
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import current_identity

_KEPT, _MERGED, _SEEN, _REFUSED = "merge-kept", "merge-merged", "merge-seen", "merge-refused"
_MOST_SHOWN = 20
_UNDOABLE = "You can undo the merge until a record that moved is changed or deleted."


def merge_clients(identity: Identity, tenant: Tenant, clients: pd.DataFrame) -> None:
    """Draw the button that opens the dialog, for editors. `clients` is a frame of `clients.names`.

    The link `?merge=ID&into=ID` opens it with both clients chosen, once.
    """
    if not identity.role.includes(Role.EDITOR):
        return
    linked = [st.query_params.pop(name, None) for name in ("into", "merge")]
    is_pressed = st.button("Merge clients", icon=":material/merge:", key="merge-clients")
    if not is_pressed and not any(linked):
        return
    _forget()
    known_ids = set(clients["id"])
    for key, client_id in zip((_KEPT, _MERGED), linked, strict=True):
        st.session_state[key] = client_id if client_id in known_ids else None
    labels = {row["id"]: f"{row['client_name']} ({row['client_id']})" for row in rows(clients)}
    dialog = st.dialog("Merge clients", width="medium", icon=":material/merge:", on_dismiss=_forget)
    dialog(lambda: _draw(identity, tenant, labels))()


def _draw(identity: Identity, tenant: Tenant, labels: Mapping[str, str]) -> None:
    retry(current_identity)
    st.markdown(
        "If one business is in Zixly twice, keep one of the two. All records of the other move to "
        "it."
    )
    _choice("Client to keep", _KEPT, labels)
    _choice("Client to merge into it", _MERGED, labels)
    kept, merged = st.session_state.get(_KEPT), st.session_state.get(_MERGED)
    if kept is not None and merged is not None:
        _offer_merge(identity, kept, merged)
    _show_earlier(identity, tenant)


def _choice(name: str, key: str, labels: Mapping[str, str]) -> None:
    st.selectbox(
        name, list(labels), key=key, index=None, format_func=labels.__getitem__,
        placeholder="Choose a client", on_change=_read_again,
    )  # fmt: skip


def _offer_merge(identity: Identity, kept: str, merged: str) -> None:
    """Show what the merge does, and the buttons to exchange the two and to merge them."""
    try:
        if _SEEN not in st.session_state:
            st.session_state[_SEEN] = retry(lambda: client_merges.preview(identity, kept, merged))
    except REFUSALS as error:
        st.error(sentence(error), icon=":material/error:")
        return
    seen: MergePreview = st.session_state[_SEEN]
    if refused := st.session_state.pop(_REFUSED, None):
        st.warning(plain(refused), icon=":material/sync_problem:")
    with st.container(border=True, key="merge-preview"):
        st.markdown("\n".join(f"- {plain(text)}" for text in (*seen.sentences, _UNDOABLE)))
    with st.container(horizontal=True):
        is_pressed = st.button("Merge", type="primary", key="merge-both")
        st.button(
            "Keep the other one", icon=":material/swap_vert:", key="merge-swap", on_click=_swap
        )
    if not is_pressed:
        return
    try:
        retry(lambda: client_merges.merge(identity, seen))
    except Conflict as error:
        st.session_state[_SEEN] = cast("MergePreview", error.current)
        st.session_state[_REFUSED] = f"{error} {error.advice}"
        st.rerun(scope="fragment")
    except REFUSALS as error:
        st.error(sentence(error), icon=":material/error:")
        return
    _finish(f"Merged: {label(seen.merged)} into {label(seen.kept)}.")


def _show_earlier(identity: Identity, tenant: Tenant) -> None:
    merges = rows(retry(lambda: client_merges.list_merges(identity)))
    if not merges:
        return
    with st.expander(f"Earlier merges · {len(merges):,}", key="earlier-merges"):
        for number, row in enumerate(merges[:_MOST_SHOWN]):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(_line(row, tenant.time_zone)))
                if is_absent(row["undone_at"]):
                    _offer_undo(identity, row, f"undo-merge-{number}")
        if len(merges) > _MOST_SHOWN:
            st.caption(
                f"The latest {_MOST_SHOWN} are shown. The command “client merges” lists all."
            )


def _offer_undo(identity: Identity, row: Mapping[str, Any], key: str) -> None:
    if not st.button("Undo", icon=":material/undo:", key=key):
        return
    try:
        retry(lambda: client_merges.undo(identity, row["id"]))
    except (Conflict, *REFUSALS) as error:
        st.error(sentence(error), icon=":material/error:")
        return
    _finish(
        f"Undone: {row['merged_name']} ({row['merged_client_id']}) is a client of its own again."
    )


def _line(row: Mapping[str, Any], time_zone: str) -> str:
    """Return `Harbour Cafe (HC-01) into Harbour Cafe Pty Ltd, 12 rows, by Support on …`."""
    person = "the operator" if is_absent(row["merged_by_name"]) else row["merged_by_name"]
    line = (
        f"{row['merged_name']} ({row['merged_client_id']}) into {row['kept_name']}, "
        f"{plural(row['rows_moved'], 'row')}, by {person} on "
        f"{clock_time(row['created_at'], time_zone)}."
    )
    if is_absent(row["undone_at"]):
        return line
    by = "" if is_absent(row["undone_by_name"]) else f" by {row['undone_by_name']}"
    return f"{line} Undone{by} on {clock_time(row['undone_at'], time_zone)}."


def _swap() -> None:
    state = st.session_state
    state[_KEPT], state[_MERGED] = state[_MERGED], state[_KEPT]
    _read_again()


def _read_again() -> None:
    """Let the preview be read anew: other clients are chosen."""
    st.session_state.pop(_SEEN, None)


def _forget() -> None:
    for key in (_KEPT, _MERGED, _SEEN, _REFUSED):
        st.session_state.pop(key, None)


def _finish(message: str) -> None:
    _forget()
    confirm(message)
    st.rerun()
