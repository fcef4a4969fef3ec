"""Lead stages: the steps of a lead, their order, and which of them take new events."""

from __future__ import annotations

import streamlit as st

from zixly_data.identity import Role
from zixly_data.people import audit, tenants
from zixly_data.records.pipeline import lead_stages
from zixly_ui.components.cards import headline
from zixly_ui.components.downloads import download
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.tables import records_table
from zixly_ui.records.pipeline import stage_forms, stage_text
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.ADMIN)
tenant = tenants.get(identity)
stages = lead_stages.list_with_events(identity)

with st.container(horizontal=True, horizontal_alignment="distribute"):
    st.title("Lead stages", anchor=False, width="content")
    is_adding = stage_forms.add_stage(identity)
show_confirmation()

headline(stage_text.headline_text(stages))
st.caption("Click a stage to rename, move, merge or retire it. Recorded events are never lost.")
chosen_ids = records_table(
    stage_text.table(stages, tenant.time_zone),
    stage_text.COLUMNS,
    table_key(stage_forms.KIND, stages["id"]),
    opens="id",
    anywhere=True,
)
download(
    identity,
    lambda: lead_stages.list_with_events(identity).drop(columns=["id", "merged_into", "version"]),
    "lead-stages.csv",
    dataset="lead_stages",
    filters=audit.filters(),
)
if not is_adding:
    stage_forms.change_stage(identity, stages, chosen_ids)
