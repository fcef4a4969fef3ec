"""Forms to add a lead stage and to change one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records.pipeline import lead_stages, stage_changes
from zixly_data.records.pipeline.lead_stages import LeadStage
from zixly_data.tables.lead_stages import LEAD_STAGES, OPEN, STATUSES, LeadStageDraft
from zixly_data.values.frames import rows
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.fields import draw_field, initial_values, read_field
from zixly_ui.components.forms import EntryForm
from zixly_ui.records.pipeline.stage_actions import offer_actions
from zixly_ui.records.pipeline.stage_text import STATUS_LABELS
from zixly_ui.shell.retrying import retry

KIND = "stage"
_NAME, _STATUS = (LEAD_STAGES.entered[name] for name in ("stage", "status"))


def add_stage(identity: Identity) -> bool:
    """Draw the button for a new stage; return whether it was pressed and its form is open."""
    if not st.button("Add stage", type="primary", icon=":material/add:", key="add-stage"):
        return False
    _add_dialog(identity)
    return True


@st.dialog("Add stage", width="medium")
def _add_dialog(identity: Identity) -> None:
    form = EntryForm(KIND, id_prefix="stage", initial={"status": OPEN})
    draft = _draw("Add stage", True, form)
    if draft is not None:
        with form.problems():
            retry(lambda: stage_changes.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Added: {_summary(draft)}. Open it to move it.")


def change_stage(identity: Identity, stages: pd.DataFrame, chosen_ids: Sequence[str]) -> None:
    """Open the form of the stage chosen in the table, a frame of `LeadStagesWithEvents`."""
    events = {row["id"]: row["events"] for row in rows(stages)}
    has_events = any(events.get(stage_id) for stage_id in chosen_ids)
    record_dialog.open_dialog(
        record_dialog.Kind[LeadStage](
            name=KIND,
            read=partial(lead_stages.get, identity),
            change=partial(stage_changes.change, identity),
            start=partial(initial_values, LEAD_STAGES),
            draw=partial(_draw, "Save changes", not has_events),
            texts=_texts,
            trail=lambda stage: show_history(identity, "lead_stages", stage.id),
            summary=_summary,
            decide=partial(offer_actions, identity, stages),
        ),
        chosen_ids,
    )


def _draw(button: str, has_status: bool, form: EntryForm) -> LeadStageDraft | None:
    """Draw the fields; return the draft once the button is pressed and the name can be read."""
    with form.box(border=False):
        draw_field(form, _NAME)
        if has_status:
            form.choice("status", _STATUS.label, STATUSES, STATUS_LABELS.__getitem__)
        else:
            st.caption("Its status stays, because it has events. They are renamed with it.")
        is_submitted = form.submit(button)
    name = read_field(form, _NAME) if is_submitted else None
    if name is None:
        return None
    return LeadStageDraft(name, str(form.value("status") or form.initial("status")))


def _texts(draft: LeadStageDraft) -> dict[str, str]:
    return {_NAME.label: draft.stage, _STATUS.label: STATUS_LABELS[draft.status]}


def _summary(draft: LeadStageDraft) -> str:
    return f"{draft.stage} ({STATUS_LABELS[draft.status].lower()})"
