"""The provenance of the profit of the business, and the menu of all figures that can be opened."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.business.line_records import BUSINESS_FIGURES, records_of
from zixly_data.figures.business.provenance import (
    BusinessProvenance,
    LineMonths,
    business_provenance,
    line_months,
)
from zixly_data.figures.definitions import FIGURES, OF_BUSINESS
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import table_of
from zixly_data.values.paging import Page
from zixly_data.values.period import Period
from zixly_ui.components import paging
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import money, percent, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.reports.business_text import named_lines
from zixly_ui.reports.profit_cards import OF_CLIENTS
from zixly_ui.reports.provenance_dialog import freshness, lower_first, menu, show_provenance
from zixly_ui.shell.markdown import plain

HEADLINES = ("revenue", "expenses", "profit", "margin")
_MONTH_COLUMNS = (
    Column("month", "Month", "month"),
    Column("label", "Line"),
    Column("records", "Records", "count"),
    Column("own_currency", "Recorded in"),
    Column("own_revenue", "Recorded revenue", "money"),
    Column("own_expenses", "Recorded expenses", "money"),
    Column("rate", "Rate", "figure"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("profit", "Profit", "money"),
)
_CONVERSION = ("own_currency", "own_revenue", "own_expenses", "rate")
_ACCOUNT_COLUMNS = (
    Column("account", "Account"),
    Column("label", "Line"),
    Column("currency", "Currency"),
    Column("records", "Records", "count"),
    Column("first_record", "First", "date"),
    Column("last_record", "Latest", "date"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
)
_SORTS = (
    Sort("By month"),
    Sort("Highest revenue first", "revenue", descending=True),
    Sort("Highest expenses first", "expenses", descending=True),
    Sort("Highest profit first", "profit", descending=True),
    Sort("Lowest profit first", "profit"),
)


def business_menu(
    identity: Identity,
    period: Period,
    basis: Basis,
    time_zone: str,
    figures: Sequence[str] = HEADLINES,
    *,
    place: str = "",
) -> None:
    """Draw `provenance_menu` for figures of all clients beside those of the business.

    `place` distinguishes menus about the same days.
    """
    labels = {name: OF_CLIENTS.get(name, FIGURES[name].label) for name in figures}
    labels |= {name: OF_BUSINESS[name].label for name in BUSINESS_FIGURES}
    figure = menu(f"{place}{period.slug}-{basis.currency}", labels)
    if figure in BUSINESS_FIGURES:
        show_business_provenance(identity, figure, period, basis, time_zone)
    elif figure is not None:
        show_provenance(identity, figure, period, ClientFilter(), basis, time_zone)


def show_business_provenance(
    identity: Identity, figure: str, period: Period, basis: Basis, time_zone: str
) -> None:
    """Open the dialog about one figure of `BUSINESS_FIGURES`."""
    passport = business_provenance(
        identity, figure, period, basis.currency, converted=basis.converted
    )
    value = passport.value
    amount = (
        percent(value, 2) if passport.figure.unit == "percent" else money(value, passport.currency)
    )
    title = f"{passport.figure.label}: {amount}"
    st.dialog(plain(title), width="large")(_show)(identity, passport, basis, time_zone)


def _show(identity: Identity, passport: BusinessProvenance, basis: Basis, time_zone: str) -> None:
    figure, period = passport.figure, passport.period
    st.markdown(
        f"**{plain(figure.formula)}** Not included: {plain(lower_first(figure.leaves_out))}"
    )
    if basis.converted:
        st.markdown(plain(FIGURES["converted"].formula))
    st.caption(plain(f"{period.name} · {basis.label}"))
    source = plural(passport.records, "record")
    st.markdown(plain(freshness(source, passport.latest, passport.changed_at, time_zone)))
    _show_months(identity, passport, basis)
    if len(passport.accounts):
        st.caption("Records without a client by account, in the currency they are recorded in")
        records_table(
            named_lines(table_of(passport.accounts)),
            _ACCOUNT_COLUMNS,
            f"accounts-{figure.name}",
        )
    slug = f"{figure.name.replace('_', '-')}-{period.slug}-{basis.currency.lower()}"
    own_currency = None if basis.converted else basis.currency
    with st.container(horizontal=True):
        download(
            identity,
            lambda: line_months(
                identity, figure.name, period, basis.currency, converted=basis.converted
            ),
            f"{slug}.csv",
            dataset="passport",
            filters=audit.filters(period, None, figure=figure.name),
            label="Download months",
        )
        download_rows(
            Rows(Table.OVERHEADS, period, overhead_filter=records_of(figure.name, own_currency)),
            f"{slug}-records.csv",
            label="Download records without a client",
        )
        if passport.has_clients:
            download_rows(
                Rows(Table.FINANCIALS, period, basis.narrow(ClientFilter())),
                f"{slug}-client-records.csv",
                label="Download records of clients",
            )


def _show_months(identity: Identity, passport: BusinessProvenance, basis: Basis) -> None:
    name = f"passport-{passport.figure.name}"
    request = paging.requested(name, _SORTS, passport.period, basis)
    page: Page[LineMonths] = passport.months
    if request != page.request:
        page = business_provenance(
            identity, passport.figure.name, passport.period, basis.currency, request,
            converted=basis.converted,
        ).months  # fmt: skip
    paging.controls(name, _SORTS, page)
    columns = [
        column
        for column in _MONTH_COLUMNS
        if basis.converted or column.name not in _CONVERSION
        if passport.has_clients or column.name != "label"
    ]
    records_table(
        named_lines(table_of(page.frame)), columns, f"passport-table-{passport.figure.name}"
    )
