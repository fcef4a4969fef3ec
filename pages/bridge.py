"""What changed: why profit rose or fell against an earlier period, in total and per client."""

from __future__ import annotations

import streamlit as st

from zixly_data.errors import InvalidPeriod
from zixly_data.figures import conversion
from zixly_data.figures.bridge import as_file, bridge
from zixly_data.figures.ledger import RatesMissing
from zixly_data.people import audit, tenants
from zixly_data.records import clients
from zixly_data.values.comparison import like_for_like
from zixly_ui.components.cards import empty_state, headline, show_nothing_recorded
from zixly_ui.components.comparison_choice import comparison_choice
from zixly_ui.components.currency_choice import Basis, basis_choice
from zixly_ui.components.downloads import download
from zixly_ui.components.filters import client_filter, period_filter
from zixly_ui.components.printing import print_button
from zixly_ui.findings.first_steps import stop_without_figures
from zixly_ui.reports import bridge_text, business_text, profit_cards
from zixly_ui.reports.bridge_view import show_bridge
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()

st.title("What changed", anchor=False)
currencies_on_record = conversion.currencies(identity)
stop_without_figures(identity, currencies_on_record)
with st.container(horizontal=True, vertical_alignment="bottom"):
    requested_period = period_filter(
        today, tenant.financial_year_start_month, default="last-quarter"
    )
    baseline = comparison_choice()
    selection = client_filter(clients.names(identity))
basis = basis_choice(currencies_on_record, tenant.reporting_currency)

try:
    comparison = like_for_like(requested_period, today, baseline)
except InvalidPeriod as error:
    empty_state(str(error), error.advice)
    st.stop()
period, against = comparison.period, comparison.against

narrowed_filter, target_currency = basis.narrow(selection), basis.target_currency
try:
    report = bridge(identity, against, period, narrowed_filter, target_currency)
except RatesMissing as error:
    st.warning(
        f"{plain(str(error))} {plain(error.advice)} Until then, each currency is shown separately.",
        icon=":material/currency_exchange:",
    )
    narrowed_filter, target_currency = selection, None
    report = bridge(identity, against, period, narrowed_filter)

if report.totals.empty:
    show_nothing_recorded(period.name, against.name)
    st.stop()

currencies = profit_cards.currencies(report.totals, tenant.reporting_currency)
for currency in currencies:
    total = profit_cards.in_currency(report.totals, currency)
    assert total is not None
    headline(bridge_text.headline_text(total, period.name, against.name))
    if currency == currencies[0]:
        if comparison.note:
            st.caption(plain(comparison.note))
        if target_currency:
            st.caption(
                f"Converted into {target_currency}: each month's amounts at the exchange rate of "
                "that month."
            )
        if report.left_out:
            st.caption(business_text.FILTERED)
    shown_basis = Basis(currency, converted=target_currency is not None)
    show_bridge(identity, report, total, selection, shown_basis, tenant.time_zone)

filters = audit.filters(
    period,
    narrowed_filter,
    against_from=against.start,
    against_to=against.end,
    converted_into=target_currency,
)
with st.container(horizontal=True):
    download(
        identity,
        lambda: as_file(
            bridge(identity, against, period, narrowed_filter, target_currency).clients
        ),
        f"what-changed-{period.slug}-against-{against.slug}.csv",
        dataset="bridge",
        filters=filters,
    )
    if not report.lines.empty:
        download(
            identity,
            lambda: bridge(identity, against, period, narrowed_filter, target_currency).lines,
            f"what-changed-business-{period.slug}-against-{against.slug}.csv",
            dataset="bridge",
            filters=filters,
            label="Download business lines",
        )
    print_button(tenant, f"{period.name} vs {against.name}", f"Amounts in {basis.label}")
