"""What can be done with a stage besides renaming it: moving, merging, retiring and restoring it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records.pipeline import stage_changes
from zixly_data.records.pipeline.lead_stages import LeadStage
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import is_absent, plural
from zixly_ui.components.record_dialog import REFUSALS, Finish, act
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_FIRST = ""


def offer_actions(
    identity: Identity, stages: pd.DataFrame, record: LeadStage, finish: Finish
) -> None:
    """Draw the actions on a stage; `finish` closes the form with a confirmation.

    `stages` is a frame of `LeadStagesWithEvents`.
    """
    others = [row for row in rows(stages) if row["id"] != record.id]
    if record.merged_into is None:
        with st.popover("Move…", icon=":material/swap_vert:", key=f"ask-move-{record.id}"):
            _move(identity, others, record, finish)
        into = [
            row for row in others
            if row["status"] == record.status and is_absent(row["retired_at"])
        ]  # fmt: skip
        if into:
            with st.popover("Merge…", icon=":material/merge:", key=f"ask-merge-{record.id}"):
                _merge(identity, into, record, finish)
    if record.retired_at is not None:
        if st.button("Restore", icon=":material/restart_alt:", key=f"restore-{record.id}"):
            act(
                "stage",
                lambda: stage_changes.restore(identity, record.id, record.version),
                finish,
                f"Restored: “{record.stage}” takes events again.",
            )
        return
    events = next((row["events"] for row in rows(stages) if row["id"] == record.id), 0)
    with st.popover("Retire…", icon=":material/block:", key=f"ask-retire-{record.id}"):
        kept = f" Its {plural(events, 'event')} still count{'s' if events == 1 else ''} at it."
        st.markdown(plain(f"“{record.stage}” will take no new events.{kept if events else ''}"))
        if st.button("Retire stage", type="primary", key=f"retire-{record.id}"):
            act(
                "stage",
                lambda: stage_changes.retire(identity, record.id, record.version),
                finish,
                f"Retired: “{record.stage}” takes no new events.",
            )


def _move(
    identity: Identity, others: list[dict[str, Any]], record: LeadStage, finish: Finish
) -> None:
    names = {_FIRST: "First"} | {row["id"]: f"After {row['stage']}" for row in others}
    st.markdown("The order decides which of two events of one day is the later one.")
    place = st.selectbox(
        "New place", list(names), index=None, format_func=names.__getitem__,
        placeholder="Choose a place", key=f"place-of-{record.id}",
    )  # fmt: skip
    if not st.button("Move stage", type="primary", key=f"move-{record.id}"):
        return
    if place is None:
        st.error("Choose a place first.", icon=":material/error:")
        return
    other_id, after = (place, True) if place != _FIRST else (others[0]["id"], False)
    act(
        "stage",
        lambda: stage_changes.move(identity, record.id, record.version, other_id, after=after),
        finish,
        f"Moved: “{record.stage}” is {names[place][:1].lower()}{names[place][1:]} now.",
    )


def _merge(
    identity: Identity, into: list[dict[str, Any]], record: LeadStage, finish: Finish
) -> None:
    names = {row["id"]: row["stage"] for row in into}
    st.markdown(
        "Its events keep the name that was recorded, and count at the other stage in every figure."
    )
    target = st.selectbox(
        "Merge into", list(names), index=None, format_func=names.__getitem__,
        placeholder="Choose a stage", key=f"target-of-{record.id}",
    )  # fmt: skip
    if target is not None:
        try:
            preview = retry(lambda: stage_changes.merge_preview(identity, record.id, target))
        except REFUSALS as error:
            st.error(sentence(error), icon=":material/error:")
            return
        st.info(plain(preview.sentence), icon=":material/info:")
    if not st.button("Merge stages", type="primary", key=f"merge-{record.id}"):
        return
    if target is None:
        st.error("Choose a stage first.", icon=":material/error:")
        return
    act(
        "stage",
        lambda: stage_changes.merge(identity, record.id, record.version, target),
        finish,
        f"Merged: “{record.stage}” counts as “{names[target]}”.",
    )
