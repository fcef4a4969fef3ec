"""Service delivery profitability: which clients made money in a period, and how much."""

from __future__ import annotations

import streamlit as st

from zixly_data import audit, clients, reports, tenants
from zixly_ui import charts, income
from zixly_ui.cards import empty_state, headline, metric_row
from zixly_ui.errors import plain
from zixly_ui.filters import client_filter, period_filter
from zixly_ui.opening import open_client
from zixly_ui.session import require_identity
from zixly_ui.show import chart
from zixly_ui.tables import download, records_table

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()

st.title("Service delivery profitability", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    period = period_filter(today, tenant.financial_year_start_month, default="last-quarter")
    which = client_filter(clients.list_clients(identity))

report = reports.profitability(identity, period, which)
if report.clients.empty:
    empty_state(
        f"Nothing was recorded in {period.name}",
        "Choose another period or other clients above, or enter figures under Financials.",
    )
    st.stop()

headline(income.answer(report.totals, period.name, tenant.reporting_currency))
now, before = period.like_for_like(today)
earlier = reports.profitability(identity, before, which).totals
for currency in income.currencies(report.totals, tenant.reporting_currency):
    section = report.clients[report.clients["currency"] == currency]
    with st.container(border=True):
        st.subheader(plain(income.best_and_worst(section, currency)), anchor=False)
        metric_row(
            income.cards(
                income.in_currency(report.totals, currency),
                income.in_currency(earlier, currency),
                before.name,
                currency,
            ),
            currency,
        )
        opened = chart(
            charts.profit_by_client(section, currency),
            f"profit-{currency}",
            on_select=True,
            alt=f"Profit per client in {currency}, the highest first",
        )
        opened += records_table(
            section,
            income.CLIENT_COLUMNS,
            f"table-{currency}",
            opens="client_kpi_id",
            anywhere=True,
        )
        open_client(opened, period)

if len(report.totals) > 1:
    st.subheader("Totals per currency", anchor=False)
    records_table(report.totals, income.TOTAL_COLUMNS, "totals")
download(
    identity,
    lambda: reports.as_file(reports.profitability(identity, period, which).clients),
    f"profitability-{period.slug}.csv",
    what="profitability",
    filters=audit.filters(period, which),
)
