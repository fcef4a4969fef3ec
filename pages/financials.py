"""Financials: revenue and expenses of each client, by month and record by record."""

from __future__ import annotations

import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import monthly, period_totals
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.records import clients, financials
from zixly_ui import charts
from zixly_ui.charts.date_note_marks import with_notes
from zixly_ui.charts.plot import show_chart
from zixly_ui.components import paging
from zixly_ui.components.cards import headline, metric_row, show_nothing_recorded
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.filters import client_filter, filter_bar, period_filter
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.printing import print_button, screen_only
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.saved_views import saved_views
from zixly_ui.components.tables import records_table
from zixly_ui.findings.first_steps import stop_without_clients
from zixly_ui.http.download_links import download_rows
from zixly_ui.records.date_note_forms import notes_of, show_notes
from zixly_ui.records.financial_forms import COLUMNS, KIND, SORTS, add_record, change_record
from zixly_ui.reports import profit_cards
from zixly_ui.reports.provenance_dialog import provenance_menu
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()
may_edit = identity.role.includes(Role.EDITOR)

st.title("Financials", anchor=False)
show_confirmation()
all_clients = clients.names(identity)
stop_without_clients(
    identity,
    all_clients,
    "Financial records belong to a client. Add a client first.",
)

with filter_bar():
    with saved_views(identity, page="financials"):
        period = period_filter(today, tenant.financial_year_start_month)
        selection = client_filter(all_clients)
    is_adding = may_edit and add_record(identity, all_clients, selection, today)

request = paging.requested("records", SORTS, period, selection)
records = financials.page(identity, period, selection, request)
if not records.count:
    show_nothing_recorded(period.name, suggestion=", or record figures" if may_edit else "")
    st.stop()

months = monthly.by_month(identity, period, selection)
current_period, earlier_period = period.like_for_like(today)
all_totals = period_totals.period_totals(
    identity, (period, current_period, earlier_period), selection
)
totals, current, earlier = (
    all_totals[compared] for compared in (period, current_period, earlier_period)
)
headline(profit_cards.headline_text(totals, period.name, tenant.reporting_currency))
notes = notes_of(identity, period, selection)
for currency in profit_cards.currencies(totals, tenant.reporting_currency):
    with st.container(border=True):
        st.subheader(plain(profit_cards.best_month(months, currency)), anchor=False)
        metric_row(
            profit_cards.cards(
                profit_cards.in_currency(totals, currency),
                profit_cards.in_currency(earlier, currency),
                profit_cards.baseline_name(period, earlier_period),
                currency,
                so_far=profit_cards.in_currency(current, currency),
            ),
            currency,
        )
        provenance_menu(identity, period, selection, Basis(currency), tenant.time_zone)
        show_chart(
            with_notes(charts.income_by_month(months, currency, today), notes.frame),
            f"income-{currency}",
            alt=f"Revenue, expenses and profit by month in {currency}",
        )

is_adding_note = show_notes(identity, all_clients, selection, period, notes, today)
st.subheader("Records", anchor=False)
if may_edit:
    screen_only("hint").caption("Click a record to change or delete it.")
id_column = "id" if may_edit else None
paging.controls("records", SORTS, records)
chosen_ids = records_table(
    records.frame, COLUMNS, table_key(KIND, records.frame["id"]), opens=id_column, anywhere=True
)
if not is_adding and not is_adding_note:
    change_record(identity, all_clients, chosen_ids)
with st.container(horizontal=True):
    download_rows(Rows(Table.FINANCIALS, period, selection), f"financials-{period.slug}.csv")
    print_button(tenant, period.name)
