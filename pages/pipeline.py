"""Pipeline: the open leads by stage, which of them are stalled, and what they may be worth."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.pipeline import open_leads
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_data.values.frames import rows
from zixly_ui.components.cards import empty_state, headline, metric_row
from zixly_ui.components.filters import client_filter, filter_bar, stage_choice
from zixly_ui.components.saved_views import saved_views
from zixly_ui.findings.first_steps import stop_without_clients
from zixly_ui.records.pipeline import pipeline_tables, pipeline_text
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
all_clients = clients.names(identity)

st.title("Pipeline", anchor=False)
stop_without_clients(identity, all_clients, "A lead belongs to a client. Add a client first.")
with filter_bar(), saved_views(identity, page="pipeline"):
    selection = client_filter(all_clients, prospects=True)

by_stage = open_leads.by_stage(identity, selection)
stages = [row for row in rows(by_stage) if row["currency"] is None]
if not any(row["leads"] for row in stages):
    empty_state(
        "No open leads",
        "Choose other clients above, or record a lead event in the lead funnel. A lead is open "
        "until it is won or lost.",
    )
    st.stop()

headline(pipeline_text.headline_text(stages))
of_currencies = [row for row in rows(by_stage) if row["currency"] is not None]
metric_row(pipeline_text.cards(of_currencies, tenant.reporting_currency))
if later := pipeline_text.later_text(stages):
    st.caption(plain(later))
clicked_stages = pipeline_tables.show_stages(identity, selection, stages, by_stage)
stage = stage_choice([row["stage"] for row in stages], clicked_stages)
pipeline_tables.show_leads(identity, selection, stage)
