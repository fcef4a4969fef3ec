"""The provenance of a figure in a dialog: formula, filters, months and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import provenance
from zixly_data.figures.definitions import FIGURES
from zixly_data.figures.provenance import Provenance
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period
from zixly_ui.components import paging
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import clock_time, money, percent, plural, short_date
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.shell.markdown import plain, plain_options

_COLUMNS = (
    Column("client_name", "Client"),
    Column("month", "Month", "month"),
    Column("records", "Records", "count"),
    Column("own_currency", "Recorded in"),
    Column("own_revenue", "Recorded revenue", "money"),
    Column("own_expenses", "Recorded expenses", "money"),
    Column("rate", "Rate", "figure"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("profit", "Profit", "money"),
    Column("hours", "Billable hours", "figure"),
)
_SORTS = (
    Sort("By client"),
    Sort("Latest month first", "month", descending=True),
    Sort("Highest revenue first", "revenue", descending=True),
    Sort("Highest expenses first", "expenses", descending=True),
    Sort("Highest profit first", "profit", descending=True),
    Sort("Lowest profit first", "profit"),
)
_CONVERSION = ("own_currency", "own_revenue", "own_expenses", "rate")


def provenance_menu(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
    figures: Sequence[str] = ("revenue", "expenses", "profit", "margin"),
    *,
    place: str = "",
) -> None:
    """Draw the menu that opens the figures above it.

    `place` distinguishes menus about the same days.
    """
    name = f"{place}{period.slug}-{basis.currency}"
    figure = menu(name, {figure: FIGURES[figure].label for figure in figures})
    if figure is not None:
        show_provenance(identity, figure, period, client_filter, basis, time_zone)


def menu(name: str, labels: Mapping[str, str]) -> str | None:
    """Draw the menu of what can be opened, by labels; return what was just chosen.

    One element for all figures: each button would be a message of its own at every click.
    """
    return st.menu_button(
        "Where this comes from",
        list(labels),
        format_func=plain_options(labels.__getitem__),
        icon=":material/fact_check:",
        key=f"made-{name}",
        type="tertiary",
    )


def value_text(passport: Provenance) -> str:
    """Return the figure as the page shows it, with the same digits."""
    if passport.figure.unit == "percent":
        return percent(passport.value, 2)
    amount = money(passport.value, passport.currency)
    return f"{amount} per hour" if passport.figure.unit == "amount per hour" else amount


def show_provenance(
    identity: Identity,
    figure: str,
    period: Period,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
) -> None:
    """Open the dialog about one figure."""
    passport = provenance.provenance(
        identity,
        figure,
        period,
        basis.currency,
        basis.narrow(client_filter),
        converted=basis.converted,
    )
    title = f"{passport.figure.label}: {value_text(passport)}"
    st.dialog(plain(title), width="large")(_show)(
        identity, passport, basis.narrow(client_filter), basis, time_zone
    )


def _show(
    identity: Identity,
    passport: Provenance,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
) -> None:
    figure = passport.figure
    st.markdown(
        f"**{plain(figure.formula)}** Not included: {plain(lower_first(figure.leaves_out))}"
    )
    if basis.converted:
        st.markdown(plain(FIGURES["converted"].formula))
    st.caption(plain(f"{passport.period.name} · {basis.label}{_filter_text(client_filter)}"))
    source = f"{plural(passport.records, 'record')} of {plural(passport.clients, 'client')}"
    st.markdown(plain(freshness(source, passport.latest, passport.changed_at, time_zone)))
    columns = [
        column
        for column in _COLUMNS
        if basis.converted or column.name not in _CONVERSION
        if column.name != "hours" or figure.name == "hourly_rate"
    ]
    name = f"passport-{figure.name}"
    request = paging.requested(name, _SORTS, passport.period, client_filter, basis)
    page = passport.months
    if request != page.request:
        page = provenance.provenance(
            identity, figure.name, passport.period, basis.currency, client_filter, request,
            converted=basis.converted,
        ).months  # fmt: skip
    paging.controls(name, _SORTS, page)
    records_table(page.frame, columns, f"passport-table-{figure.name}", height=320)
    slug = f"{figure.name}-{passport.period.slug}-{basis.currency.lower()}"
    with st.container(horizontal=True):
        download(
            identity,
            lambda: provenance.months(
                identity, passport.period, basis.currency, client_filter, converted=basis.converted
            ),
            f"{slug}.csv",
            dataset="passport",
            filters=audit.filters(passport.period, client_filter, figure=figure.name),
            label="Download months",
        )
        download_rows(
            Rows(Table.FINANCIALS, passport.period, client_filter),
            f"{slug}-records.csv",
            label="Download records",
        )


def lower_first(sentence: str) -> str:
    """Return a sentence as it continues after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _filter_text(client_filter: ClientFilter) -> str:
    count = len(client_filter.client_kpi_ids)
    phrases = [
        *([plural(count, "client") + " selected"] if count else []),
        *(status.lower() for status in client_filter.statuses),
        *client_filter.industries,
        *([f"search “{client_filter.search}”"] if client_filter.search else []),
    ]
    return "".join(f" · {phrase}" for phrase in phrases)


def freshness(source: str, latest: date | None, changed_at: datetime | None, time_zone: str) -> str:
    """Return what a figure is calculated from, its latest record, and the last change."""
    if latest is None or changed_at is None:
        return "There are no records."
    changed = clock_time(changed_at, time_zone)
    return (
        f"Calculated from {source}. The latest is dated {short_date(latest)}. "
        f"The last change was on {changed}."
    )
