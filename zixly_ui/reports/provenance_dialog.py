"""What a figure is made of, in a dialog: its formula, its filters, its months and its records."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import provenance
from zixly_data.figures.definitions import FIGURES
from zixly_data.figures.provenance import Passport
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.formatting import clock_time, money, percent, plural, short_date
from zixly_ui.components.tables import Column, download, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.shell.markdown import plain

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
_CONVERSION = ("own_currency", "own_revenue", "own_expenses", "rate")


def passport_buttons(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
    figures: Sequence[str] = ("revenue", "expenses", "profit", "margin"),
    *,
    place: str = "",
) -> None:
    """A line of buttons that open the figures above it. `place` tells lines about the same days
    apart."""
    with buttons_line(f"{place}{period.slug}-{basis.currency}"):
        for figure in figures:
            passport_button(identity, figure, period, client_filter, basis, time_zone, place=place)


def buttons_line(name: str) -> DeltaGenerator:
    """The place of buttons that open figures, with the words before them."""
    line = st.container(
        horizontal=True, gap="small", vertical_alignment="center", key=f"made-{name}"
    )
    line.caption(":material/fact_check: How it is made:", width="content")
    return line


def passport_button(
    identity: Identity,
    figure: str,
    period: Period,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
    label: str | None = None,
    *,
    place: str = "",
) -> None:
    """A button that opens one figure, called as the figure is unless `label` says more."""
    if st.button(
        label or FIGURES[figure].label,
        key=f"passport-{place}{period.slug}-{basis.currency}-{figure}",
        type="tertiary",
    ):
        _open(identity, figure, period, client_filter, basis, time_zone)


def value_text(found: Passport) -> str:
    """The figure as the page shows it, with the digits it has."""
    if found.figure.unit == "percent":
        return percent(found.value, 2)
    amount = money(found.value, found.currency)
    return f"{amount} an hour" if found.figure.unit == "amount per hour" else amount


def _open(
    identity: Identity,
    figure: str,
    period: Period,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
) -> None:
    found = provenance.passport(
        identity,
        figure,
        period,
        basis.currency,
        basis.narrow(client_filter),
        converted=basis.converted,
    )
    title = f"{found.figure.label}: {value_text(found)}"
    st.dialog(plain(title), width="large")(_show)(
        identity, found, basis.narrow(client_filter), basis, time_zone
    )


def _show(
    identity: Identity, found: Passport, client_filter: ClientFilter, basis: Basis, time_zone: str
) -> None:
    figure = found.figure
    st.markdown(f"**{plain(figure.formula)}** Left out: {plain(lower_first(figure.leaves_out))}")
    if basis.converted:
        st.markdown(plain(FIGURES["converted"].formula))
    st.caption(plain(f"{found.period.name} · {basis.label}{_narrowed(client_filter)}"))
    st.markdown(plain(_freshness(found, time_zone)))
    columns = [
        column
        for column in _COLUMNS
        if basis.converted or column.name not in _CONVERSION
        if column.name != "hours" or figure.name == "hourly_rate"
    ]
    records_table(found.months, columns, f"passport-table-{figure.name}", height=320)
    slug = f"{figure.name}-{found.period.slug}-{basis.currency.lower()}"
    with st.container(horizontal=True):
        download(
            identity,
            lambda: found.months,
            f"{slug}.csv",
            dataset="passport",
            filters=audit.filters(found.period, client_filter, figure=figure.name),
            label="Download these months",
        )
        download_rows(
            Rows(Table.FINANCIALS, found.period, client_filter),
            f"{slug}-records.csv",
            label="Download the records",
        )


def lower_first(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _narrowed(client_filter: ClientFilter) -> str:
    chosen = len(client_filter.client_kpi_ids)
    words = [
        *([plural(chosen, "client") + " chosen"] if chosen else []),
        *(status.lower() for status in client_filter.statuses),
        *client_filter.industries,
        *([f"search “{client_filter.search}”"] if client_filter.search else []),
    ]
    return "".join(f" · {each}" for each in words)


def _freshness(found: Passport, time_zone: str) -> str:
    if found.latest is None or found.changed_at is None:
        return "There is no record to make it of."
    clients = found.months["client_id"].nunique()
    made = f"Made of {plural(found.records, 'record')} of {plural(clients, 'client')}"
    changed = clock_time(found.changed_at, time_zone)
    return (
        f"{made}. The newest is dated {short_date(found.latest)}; "
        f"one was last changed on {changed}."
    )
