"""Clients: the businesses served, with revenue, expenses and profit to date."""

from __future__ import annotations

import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import client_totals
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_data.values import period
from zixly_ui.components import paging
from zixly_ui.components.cards import empty_state, headline
from zixly_ui.components.filters import client_filter, filter_bar, search_filter
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.saved_views import saved_views
from zixly_ui.components.tables import records_table
from zixly_ui.findings.first_steps import show_next_step
from zixly_ui.http.download_links import download_rows
from zixly_ui.records import client_tables, client_text
from zixly_ui.records.client_forms import add_client
from zixly_ui.records.client_sections import prospects_link, show_no_match
from zixly_ui.records.client_text import list_headline
from zixly_ui.records.merge_forms import merge_clients
from zixly_ui.shell.page_links import open_client
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
all_clients = clients.names(identity)

with st.container(horizontal=True, horizontal_alignment="distribute"):
    st.title("Clients", anchor=False, width="content")
    with st.container(horizontal=True, horizontal_alignment="right", width="content"):
        merge_clients(identity, tenant, all_clients)
        add_client(identity, tenant.reporting_currency, client_tables.industries(all_clients))
show_confirmation()
show_next_step(identity, client_totals.recorded(identity))

if all_clients.empty:
    empty_state(
        "No clients yet",
        "A client is a business you serve. Add the first one to record its revenue and expenses.",
    )
    st.stop()

with filter_bar(), saved_views(identity, page="clients"):
    selection = client_filter(all_clients, search_filter(), prospects=True)
request = paging.requested("clients", client_tables.SORTS, selection)
listed = client_totals.page(identity, selection, request)
prospects_link(all_clients, selection)
if not listed.count:
    show_no_match(all_clients, selection)
    st.stop()

summary = client_totals.summary(identity, selection, tenant.reporting_currency)
headline(list_headline(summary, client_text.counts(all_clients)[0], tenant.reporting_currency))
paging.controls("clients", client_tables.SORTS, listed)
opened_ids = records_table(
    client_tables.with_status_labels(listed.frame),
    client_tables.CLIENTS,
    table_key("client", listed.frame["id"]),
    opens="id",
    anywhere=True,
)
open_client(opened_ids, period.parse("all", tenant.today()))
download_rows(Rows(Table.CLIENTS, client_filter=selection), "clients.csv")
