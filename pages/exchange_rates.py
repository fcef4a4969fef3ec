"""Exchange rates: the monthly rates with which amounts in other currencies are converted."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import conversion
from zixly_data.identity import Role
from zixly_data.people import audit, tenants
from zixly_data.records import exchange_rates
from zixly_data.values.paging import cut_frame
from zixly_data.values.period import ALL
from zixly_ui.charts.plot import show_chart
from zixly_ui.components import paging
from zixly_ui.components.cards import empty_state, headline
from zixly_ui.components.downloads import download
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.tables import records_table
from zixly_ui.rates import charts as rate_charts
from zixly_ui.rates import forms as rate_forms
from zixly_ui.rates import text as rate_text
from zixly_ui.rates.file_import import import_rates
from zixly_ui.rates.grid import fill_in
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
target_currency = tenant.reporting_currency
may_edit = identity.role.includes(Role.EDITOR)
currencies = conversion.currencies(identity)
rates = exchange_rates.list_rates(identity)
missing = conversion.missing_rates(identity, ALL, target_currency)
rates_on_file = rate_text.rates_by_key(rates)
are_rates_needed = any(currency != target_currency for currency in currencies)

is_adding = False
with st.container(horizontal=True, horizontal_alignment="distribute"):
    st.title("Exchange rates", anchor=False, width="content")
    if may_edit:
        is_adding = rate_forms.add_rate(identity, rates_on_file, currencies, target_currency)
show_confirmation()

if are_rates_needed or not rates.empty:
    headline(rate_text.headline_text(currencies, missing, rates, target_currency))
else:
    empty_state(
        f"All amounts are in {target_currency}, so no rates are needed",
        "Once a client has amounts in another currency, the months without a rate are listed here.",
    )
if may_edit:
    fill_in(identity, missing, rates_on_file, target_currency, tenant.today())
elif not missing.empty:
    st.caption(
        plain(rate_text.missing_rates_text(missing, target_currency, tenant.today(), may_edit))
    )
    if len(missing) > 1:
        st.markdown(plain(rate_text.missing_months_text(missing)))

pairs = [
    (pair, months) for pair, months in rate_charts.rates_by_pair(rates).items() if len(months) > 1
]
for (currency, into_currency), months in pairs[: rate_charts.MOST]:
    with st.container(border=True):
        title = rate_charts.chart_title(currency, into_currency, months)
        st.subheader(plain(title), anchor=False)
        figure = rate_charts.rate_by_month(currency, into_currency, months)
        show_chart(figure, f"rate-{currency}-{into_currency}", alt=title)
if len(pairs) > rate_charts.MOST:
    st.caption(f"{len(pairs) - rate_charts.MOST:,} more currencies are in the table.")

chosen_ids: list[str] = []
if not rates.empty:
    st.subheader("Recorded rates", anchor=False)
    st.caption(
        "Each month's amounts are converted at the rate of that month."
        + (" Click a rate to change or delete it." if may_edit else "")
    )
    page = cut_frame(rates, paging.requested("rates", rate_text.SORTS))
    paging.controls("rates", rate_text.SORTS, page)
    chosen_ids = records_table(
        rate_text.table(page.frame),
        rate_text.COLUMNS,
        table_key(rate_forms.KIND, page.frame["id"]),
        opens="id" if may_edit else None,
        anywhere=True,
        height=440 if len(rates) > 12 else None,
    )
    download(
        identity,
        lambda: exchange_rates.as_file(exchange_rates.list_rates(identity)),
        "exchange-rates.csv",
        dataset="exchange_rates",
        filters=audit.filters(),
    )
if may_edit:
    import_rates(identity, rates_on_file, target_currency)
    if not is_adding:
        rate_forms.change_rate(identity, rates, chosen_ids)
