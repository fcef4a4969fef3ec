"""One client: revenue, profit and every record of it."""

from __future__ import annotations

import streamlit as st

from zixly_data.errors import InvalidInput, NotFound
from zixly_data.figures import client_totals, monthly, period_totals
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_data.values.client_filter import ClientFilter
from zixly_ui import charts
from zixly_ui.audit.history import show_history
from zixly_ui.charts.date_note_marks import with_notes
from zixly_ui.charts.plot import show_chart
from zixly_ui.components.cards import headline, metric_row
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.filters import period_filter
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.printing import print_button
from zixly_ui.records import client_tables
from zixly_ui.records.client_forms import edit_and_delete
from zixly_ui.records.client_sections import (
    show_no_figures,
    show_not_found,
    show_note,
    show_prospect,
    show_records,
)
from zixly_ui.records.client_text import client_headline, particulars
from zixly_ui.records.date_note_forms import notes_of, show_notes
from zixly_ui.reports import profit_cards
from zixly_ui.reports.provenance_dialog import provenance_menu
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity, snapshot

identity = require_identity()

# One moment: figures above and records below agree.
with snapshot(identity):
    tenant = tenants.get(identity)
    today = tenant.today()
    all_clients = clients.names(identity)
    try:
        client = clients.get(identity, st.query_params.get("id", ""))
    except (NotFound, InvalidInput):
        show_not_found()
        st.stop()

    this_client = ClientFilter(client_kpi_ids=(client.id,))
    currency = client.currency
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.title(plain(client.client_name), anchor=False, width="content")
        edit_and_delete(identity, client, client_tables.industries(all_clients))
    st.caption(plain(particulars(client)))
    show_prospect(client)
    show_note(client)
    show_confirmation()

    period = period_filter(today, tenant.financial_year_start_month, default="last-12-months")
    current_period, earlier_period = period.like_for_like(today)
    totals = period_totals.period_totals(
        identity, (period, current_period, earlier_period), this_client
    )
    total, current, earlier = (
        profit_cards.in_currency(totals[compared], currency)
        for compared in (period, current_period, earlier_period)
    )
    headline(client_headline(client, total, period.name))
    if total is None:
        show_no_figures(client_totals.recorded(identity, this_client), period)
    else:
        months = monthly.by_month(identity, period, this_client)
        notes = notes_of(identity, period, this_client)
        with st.container(border=True):
            st.subheader(plain(profit_cards.best_month(months, currency)), anchor=False)
            baseline = profit_cards.baseline_name(period, earlier_period)
            metric_row(profit_cards.cards(total, earlier, baseline, currency, so_far=current))
            provenance_menu(identity, period, this_client, Basis(currency), tenant.time_zone)
            show_chart(
                with_notes(charts.income_by_month(months, currency, today), notes.frame),
                f"income-{client.id}",
                alt=f"Revenue, expenses and profit by month, in {currency}",
            )
        show_notes(identity, all_clients, this_client, period, notes, today)

    print_button(tenant, period.name, f"Amounts in {currency}")
    show_records(identity, client, period, earlier_period, tenant.time_zone)
    show_history(identity, "client_kpis", client.id, client_name=client.client_name)
