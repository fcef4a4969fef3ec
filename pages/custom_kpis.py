"""Custom metrics: delivery metrics of each client, measured against targets."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.delivery import metric_history
from zixly_data.figures.delivery.targets import target_steps
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.values.frames import rows
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components.cards import empty_state, headline, metric_row
from zixly_ui.components.filters import client_filter, filter_bar, period_filter
from zixly_ui.components.formatting import period_phrase
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.saved_views import saved_views
from zixly_ui.records.delivery import (
    metric_definition_forms,
    metric_forms,
    metric_summary,
    metric_tables,
    target_forms,
)
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()
may_edit = identity.role.includes(Role.EDITOR)
all_clients = clients.names(identity)
definitions = metric_definitions.definitions(identity)
choices = metric_forms.Choices(all_clients, definitions)

st.title("Custom metrics", anchor=False)
show_confirmation()
recording, defining = False, False
with filter_bar():
    with saved_views(identity, page="custom-kpis"):
        period = period_filter(today, tenant.financial_year_start_month, default="all")
        selection = client_filter(all_clients)
    if may_edit:
        recording = metric_forms.record_button(choices)
        defining = st.button("Define a metric", key="define-metric")

targets = metric_history.against_targets(identity, period, selection)
chosen_series, chosen_values, chosen_definitions = None, [], []
if not targets.metrics:
    empty_state(
        f"No values recorded{period_phrase(period, ' in ')}",
        metric_summary.advice_without_values(
            exist=metrics.has_values(identity), may_record=may_edit and choices.can_record
        ),
    )
else:
    headline(metric_summary.headline_text(targets))
    if off_target := rows(targets.furthest_off):
        st.caption("Furthest from their targets")
        metric_row(metric_summary.cards(off_target))
    shown_metric, chosen_series = metric_tables.show_latest(identity, period, selection, off_target)
    series = metric_summary.series_of(shown_metric)
    with st.container(border=True):
        st.subheader(plain(metric_summary.title(shown_metric)), anchor=False)
        show_chart(
            charts.metric_trend(
                metric_history.history(identity, *series),
                shown_metric["unit"],
                target_steps(
                    identity, choices.definitions[shown_metric["metric_name"]]["id"], series[0]
                ),
                by_month=shown_metric["adds_up"] != "LAST",
            ),
            "trend",
            alt=metric_summary.title(shown_metric),
        )
    chosen_values = metric_tables.show_values(
        identity,
        period,
        selection,
        series,
        metric_summary.formula_of(definitions, shown_metric),
    )
shown_targets = target_forms.Shown()
if not definitions.empty:
    if may_edit:
        chosen_definitions = metric_tables.show_definitions(identity, definitions)
    shown_targets = target_forms.show_targets(identity, selection)

if recording:
    metric_forms.record_dialog(identity, choices, selection, chosen_series, today)
elif defining:
    metric_definition_forms.define_dialog(identity, definitions)
elif shown_targets.is_setting:
    target_forms.set_target(identity, choices, selection)
elif shown_targets.chosen_ids:
    target_forms.change_target(identity, choices, shown_targets.chosen_ids)
elif chosen_values:
    metric_forms.change_value(identity, choices, chosen_values)
else:
    metric_definition_forms.change_definition(identity, definitions, chosen_definitions)
