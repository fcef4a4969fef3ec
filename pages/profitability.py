"""Service delivery profitability: the profit and margin of each client in a period."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import conversion, profitability
from zixly_data.figures.breakdown import By, as_file
from zixly_data.figures.business.lines import business
from zixly_data.figures.business.report import BusinessReport, business_report
from zixly_data.figures.definitions import FIGURES
from zixly_data.figures.ledger import RatesMissing
from zixly_data.people import audit, tenants
from zixly_data.records import clients
from zixly_data.values.frames import rows
from zixly_ui.components.cards import headline, show_nothing_recorded
from zixly_ui.components.currency_choice import Basis, target_currency_choice
from zixly_ui.components.downloads import download
from zixly_ui.components.filters import choice, client_filter, filter_bar, period_filter
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.printing import print_button
from zixly_ui.components.saved_views import saved_views
from zixly_ui.components.tables import records_table
from zixly_ui.findings.first_steps import stop_without_figures
from zixly_ui.records.date_note_forms import notes_of, show_notes
from zixly_ui.reports import breakdown_text, business_text, business_view, profit_cards
from zixly_ui.reports.business_view import show_business
from zixly_ui.reports.profit_section import show_section
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.session import require_identity, snapshot

identity = require_identity()


def report_in(currency: str | None) -> BusinessReport:
    return business_report(
        identity, period, by, today, selection,
        target_currency=currency, financial_year_start=tenant.financial_year_start_month,
    )  # fmt: skip


with snapshot(identity):
    tenant = tenants.get(identity)
    today = tenant.today()
    st.title("Service delivery profitability", anchor=False)
    show_confirmation()
    stop_without_figures(identity, currencies := conversion.currencies(identity))
    all_clients = clients.names(identity)
    with filter_bar(), saved_views(identity, page="profitability"):
        period = period_filter(today, tenant.financial_year_start_month, default="last-quarter")
        selection = client_filter(all_clients)
        target_currency = target_currency_choice(currencies, tenant.reporting_currency)
        by = By(choice("Group by", "by", list(By), breakdown_text.LABELS.__getitem__))
    try:
        answer = report_in(target_currency)
    except RatesMissing as missing:
        st.warning(plain(f"{missing} {missing.advice} Each currency is shown separately."))
        target_currency, answer = None, report_in(None)
    notes = notes_of(identity, period, selection) if by.months else None
report = answer.report
if report.groups.empty and answer.lines.empty:
    show_nothing_recorded(period.name)
    st.stop()

totals = [row for row in rows(report.totals) if row["clients"]]
lines_of = business_view.lines_by_currency(answer, tenant.reporting_currency)
if lines_of:
    counts = {row["currency"]: row["clients"] for row in totals}
    headline(
        business_text.headline_text(answer.lines, counts, period.name, tenant.reporting_currency)
    )
else:
    headline(profit_cards.headline_text(totals, period.name, tenant.reporting_currency))
if answer.left_out:
    st.caption(business_text.FILTERED)
if target_currency is not None:
    st.caption(plain(f"Converted into {target_currency}. {FIGURES['converted'].formula}"))
    st.page_link(
        page_path("exchange_rates.py"), label="Exchange rates", icon=":material/currency_exchange:"
    )
for total in sorted(totals, key=lambda row: row["currency"] != tenant.reporting_currency):
    basis = Basis(total["currency"], converted=target_currency is not None)
    marks = None if notes is None else notes.frame
    lines = lines_of.pop(basis.currency, None)
    show_section(identity, tenant, report, basis, total, selection, all_clients, marks, lines)
for lines in lines_of.values():
    show_business(identity, lines, period)
if len(totals) > 1:
    title = "Totals of clients by currency" if answer.lines.size else "Totals by currency"
    st.subheader(title, anchor=False)
    recorded = report.totals[report.totals["clients"] > 0]
    records_table(recorded, profit_cards.TOTAL_COLUMNS, "totals")
    download(
        identity,
        lambda: (
            profitability.profitability(
                identity, period, selection, target_currency=target_currency
            ).totals
        ),
        f"totals-by-currency-{period.slug}.csv",
        dataset="totals",
        filters=audit.filters(period, selection, into=target_currency),
        label="Download totals",
    )
if notes is not None:
    show_notes(identity, all_clients, selection, period, notes, today)

filters = audit.filters(period, selection, by=by.value, into=target_currency)
with st.container(horizontal=True):
    if by is By.CLIENT:
        download(
            identity,
            lambda: profitability.as_file(
                profitability.profitability(
                    identity, period, selection, target_currency=target_currency
                ).clients
            ),
            f"profitability-{period.slug}.csv",
            dataset="profitability",
            filters=filters,
        )
    download(
        identity,
        lambda: as_file(report_in(target_currency).report),
        f"profitability-by-{by}-{period.slug}.csv",
        dataset="breakdown",
        filters=filters,
        label="Download with comparisons",
    )
    if not answer.lines.empty:
        download(
            identity,
            lambda: business(identity, period, target_currency).lines,
            f"business-{period.slug}.csv",
            dataset="business",
            filters=filters,
            label="Download business lines",
        )
    print_button(
        tenant,
        f"{period.name}, by {breakdown_text.LABELS[by].lower()}",
        f"Converted into {target_currency}" if target_currency else "Each currency separately",
    )
