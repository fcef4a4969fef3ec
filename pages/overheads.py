"""Overheads: revenue and expenses of no client, and what is not yet assigned."""

from __future__ import annotations

import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.records import clients, overheads
from zixly_data.records.currencies_in_use import currencies_in_use
from zixly_data.tables.overheads import OverheadKind
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components import paging
from zixly_ui.components.cards import headline
from zixly_ui.components.filters import filter_bar, period_filter
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.overhead_filter import overhead_filter
from zixly_ui.components.printing import print_button, screen_only
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.saved_views import saved_views
from zixly_ui.components.tables import records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.records import overhead_text
from zixly_ui.records.overhead_forms import KIND, add_overhead, change_overhead
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()
may_edit = identity.role.includes(Role.EDITOR)

st.title("Overheads", anchor=False)
show_confirmation()
with filter_bar():
    with saved_views(identity, page="overheads"):
        period = period_filter(today, tenant.financial_year_start_month)
        selection = overhead_filter(currencies_in_use(identity))
    is_adding = may_edit and add_overhead(identity, tenant.reporting_currency, today)

request = paging.requested("overheads", overhead_text.SORTS, period, selection)
records = overheads.page(identity, period, selection, request)
if not records.count:
    overhead_text.show_empty(
        period.name, has_records=overheads.has_records(identity), may_edit=may_edit
    )
    st.stop()

months = overheads.by_month(identity, period, selection)
headline(overhead_text.headline_text(months, period, tenant.reporting_currency))
if (months["kind"] == OverheadKind.UNASSIGNED).any():
    st.caption(overhead_text.UNASSIGNED_TEXT)
for currency in overhead_text.currencies(months, tenant.reporting_currency):
    if months.loc[months["currency"] == currency, "month"].nunique() > 1:
        with st.container(border=True):
            title = f"Overheads by month in {currency}"
            st.subheader(title, anchor=False)
            figure = charts.income_by_month(months, currency, today, has_profit=False)
            show_chart(figure, f"overheads-{currency}", alt=title)

st.subheader("Records", anchor=False)
if may_edit:
    screen_only("hint").caption("Click an overhead to change, assign or delete it.")
paging.controls("overheads", overhead_text.SORTS, records)
chosen_ids = records_table(
    overhead_text.table(records.frame),
    overhead_text.COLUMNS,
    table_key(KIND, records.frame["id"]),
    opens="id" if may_edit else None,
    anywhere=True,
)
if not is_adding:
    change_overhead(identity, clients.names(identity), chosen_ids)
with st.container(horizontal=True):
    rows = Rows(Table.OVERHEADS, period, overhead_filter=selection)
    download_rows(rows, f"overheads-{period.slug}.csv")
    print_button(tenant, period.name)
