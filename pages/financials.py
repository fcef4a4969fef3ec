"""Financials: what each client earned and cost, month by month, record by record."""

from __future__ import annotations

import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import client_totals, monthly, profitability
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.records import date_notes, financials
from zixly_ui import charts
from zixly_ui.charts.date_note_marks import with_notes
from zixly_ui.charts.plot import show_chart
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
from zixly_ui.records.date_note_forms import show_notes
from zixly_ui.records.financial_forms import COLUMNS, KIND, add_record, change_record
from zixly_ui.reports import profit_cards
from zixly_ui.reports.provenance_dialog import passport_buttons
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()
may_edit = identity.role.includes(Role.EDITOR)

st.title("Financials", anchor=False)
show_confirmation()
everyone = client_totals.list_clients(identity)
stop_without_clients(
    identity,
    everyone,
    "Figures belong to a client. Once the first one is here, its months are recorded here.",
)

with filter_bar():
    with saved_views(identity, page="financials"):
        period = period_filter(today, tenant.financial_year_start_month)
        selection = client_filter(everyone)
    adding = may_edit and add_record(identity, everyone, selection, today)

records = financials.list_records(identity, period, selection)
if records.empty:
    show_nothing_recorded(period.name, beside=", or record the first figures" if may_edit else "")
    st.stop()

months = monthly.monthly(identity, period, selection)
totals = profitability.totals_of(months)
headline(profit_cards.headline_text(totals, period.name, tenant.reporting_currency))
notes = date_notes.list_notes(identity, period, selection)
now, before = period.like_for_like(today)
current = profitability.profitability(identity, now, selection).totals
earlier = profitability.profitability(identity, before, selection).totals
for currency in profit_cards.currencies(totals, tenant.reporting_currency):
    with st.container(border=True):
        st.subheader(plain(profit_cards.best_month(months, currency)), anchor=False)
        metric_row(
            profit_cards.cards(
                profit_cards.in_currency(totals, currency),
                profit_cards.in_currency(earlier, currency),
                profit_cards.baseline_name(period, before),
                currency,
                so_far=profit_cards.in_currency(current, currency),
            ),
            currency,
        )
        passport_buttons(identity, period, selection, Basis(currency), tenant.time_zone)
        show_chart(
            with_notes(charts.income_by_month(months, currency, today), notes),
            f"income-{currency}",
            alt=f"Revenue, expenses and profit per month in {currency}",
        )

noting = show_notes(identity, everyone, selection, notes, today)
st.subheader("Records", anchor=False)
if may_edit:
    screen_only("hint").caption("Click a record to change or delete it.")
opens = "id" if may_edit else None
chosen = records_table(records, COLUMNS, table_key(KIND, records["id"]), opens=opens, anywhere=True)
if not adding and not noting:
    change_record(identity, everyone, chosen)
with st.container(horizontal=True):
    download_rows(Rows(Table.FINANCIALS, period, selection), f"financials-{period.slug}.csv")
    print_button(tenant, period.name)
