"""Lead funnel: how many leads become contracts, how fast, and the value of the open ones."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.pipeline import funnel
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_data.records.pipeline import lead_states
from zixly_data.values import period as periods
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components import formatting
from zixly_ui.components.cards import empty_state, headline, metric_row
from zixly_ui.components.filters import client_filter, filter_bar, period_filter, stage_choice
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.saved_views import views_before
from zixly_ui.findings.first_steps import stop_without_clients
from zixly_ui.records.pipeline import funnel_text, lead_forms
from zixly_ui.records.pipeline.lead_tables import View, show_events, show_leads
from zixly_ui.records.pipeline.lost_reasons import show_lost_reasons
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()
all_time = periods.parse("all", today)
all_clients = clients.names(identity)

st.title("Lead funnel", anchor=False)
show_confirmation()
stop_without_clients(
    identity,
    all_clients,
    "A lead belongs to a client. Add a client first.",
)
choices = lead_forms.choices(identity, all_clients, tenant.time_zone)
with filter_bar():
    show_views = views_before(identity, page="lead-funnel")
    period = period_filter(today, tenant.financial_year_start_month)
    selection = client_filter(all_clients, prospects=True)
    is_adding = lead_forms.add_event(identity, choices, selection, today)

sums = lead_states.sums(identity, period, selection)
if sums.empty:
    empty_state(
        f"No leads began{formatting.period_phrase(period, ' in ')}",
        "Choose another period or other clients above. A lead begins with its first event.",
    )
else:
    headline(funnel_text.headline_text(sums, period))
    metric_row(funnel_text.cards(sums, tenant.reporting_currency))

stage, lead = None, None
if not sums.empty:
    steps = funnel.funnel(identity, period, selection)
    cohort_phrase = formatting.period_phrase(period, " whose first event is in ")
    with st.container(border=True):
        st.subheader(plain(funnel_text.narrowest_step(steps)), anchor=False)
        clicked_stages = show_chart(
            charts.funnel(steps), "funnel", on_select=True, alt=funnel_text.alt_text(steps)
        )
        st.caption(
            "Leads, the share of the previous stage, and the median days from that stage. Includes "
            f"all leads{plain(cohort_phrase)}, with all later events. Each lead counts at every "
            "stage up to the furthest it reached."
        )
    show_lost_reasons(identity, period, selection)
    stage = stage_choice(choices.stages, clicked_stages)
    lead = show_leads(identity, View(period, selection, stage, all_time, tenant.time_zone))
show_views()

view = View(period, selection, stage, all_time, tenant.time_zone)
chosen_ids = show_events(identity, view, lead)
if not is_adding:
    lead_forms.change_event(identity, choices, chosen_ids)
