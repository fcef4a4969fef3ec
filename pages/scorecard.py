"""Scorecard: clients by metrics in one month, against targets and the month before."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.delivery import metric_report
from zixly_data.figures.delivery.scorecard import scorecard
from zixly_data.people import audit, tenants
from zixly_data.records import clients
from zixly_data.records.delivery import metric_definitions
from zixly_ui.components.cards import headline
from zixly_ui.components.downloads import download
from zixly_ui.components.filters import client_filter, filter_bar
from zixly_ui.components.printing import print_button, screen_only
from zixly_ui.components.record_dialog import table_key
from zixly_ui.month.picker import pick_month
from zixly_ui.records.delivery import scorecard_choices, scorecard_text
from zixly_ui.records.delivery.scorecard_dialog import TABLE, show_cell
from zixly_ui.records.delivery.scorecard_table import show_table
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity, snapshot

identity = require_identity()

# One moment: the headline, the cells and the row of all clients agree.
with snapshot(identity):
    tenant = tenants.get(identity)
    all_clients = clients.names(identity)
    definitions = metric_definitions.definitions(identity)

    st.title("Scorecard", anchor=False)
    if definitions.empty:
        scorecard_choices.show_no_metrics(identity)
        st.stop()
    with filter_bar():
        month = pick_month(tenant.today(), ())
        selection = client_filter(all_clients)
        metric_ids = scorecard_choices.metric_choice(definitions)
    number = scorecard_choices.requested(month, selection, metric_ids)
    card = scorecard(identity, month, selection, metric_ids or None, number)
    if not card.clients.count:
        scorecard_choices.show_nothing(identity, card.period, selection)
        st.stop()

    headline(scorecard_text.headline_text(card.standing, card.period.name))
    remaining = scorecard_text.remaining_text(card.standing)
    st.caption(plain(f"{remaining} Changes are against {card.before.name}.".strip()))
    with screen_only("cells"):
        st.caption("Click a cell to see the values behind it.")
    scorecard_choices.show_pages(card.clients, card.metrics_left_out)
    chosen = show_table(card, table_key(TABLE, [str(month), *card.clients.frame["client_kpi_id"]]))
    with st.container(horizontal=True):
        download(
            identity,
            lambda: metric_report.as_file(
                metric_report.metric_report(identity, card.period, selection, metric_ids or None)
            ),
            f"scorecard-{card.period.slug}.csv",
            dataset="metrics",
            filters=audit.filters(card.period, selection),
        )
        print_button(tenant, card.period.name)
    if chosen is not None:
        show_cell(identity, card, chosen, selection)
