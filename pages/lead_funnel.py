"""Lead funnel: how many decided leads become contracts, where they are lost, and how fast."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.pipeline import win_rate
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_data.values import period as periods
from zixly_data.values.frames import rows
from zixly_ui.components.cards import empty_state, headline, metric_row
from zixly_ui.components.filters import client_filter, filter_bar, period_filter, stage_choice
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.saved_views import views_before
from zixly_ui.findings.first_steps import stop_without_clients
from zixly_ui.records.pipeline import funnel_text, funnel_view, lead_forms
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
counting = funnel_view.view_choice()
st.caption(plain(funnel_text.view_text(period, counting)))

stage, lead = None, None
win_rates = win_rate.win_rates(identity, period, selection, counting)
if win_rates.empty:
    empty_state(
        funnel_text.none_title(period, counting),
        "Choose another period or other clients above. A lead begins with its first event.",
    )
else:
    total = rows(win_rates)[0]
    headline(funnel_text.headline_text(total, period, counting))
    metric_row(funnel_text.cards(win_rates, tenant.reporting_currency))
    if later := funnel_text.later_text(total):
        st.caption(plain(later))
    clicked_stages = funnel_view.show_funnel(identity, period, selection, counting)
    show_lost_reasons(identity, period, selection, counting)
    stage = stage_choice(choices.stages, clicked_stages)
    view = View(period, selection, stage, all_time, tenant.time_zone, counting)
    lead = show_leads(identity, view)
show_views()

view = View(period, selection, stage, all_time, tenant.time_zone, counting)
chosen_ids = show_events(identity, view, lead)
if not is_adding:
    lead_forms.change_event(identity, choices, chosen_ids)
