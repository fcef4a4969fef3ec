"""The margin bridge of one currency on the page: waterfall, clients, and advice."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.bridge import PARTS, Bridge
from zixly_data.identity import Identity
from zixly_data.records.delivery import metric_purposes
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.paging import cut_frame
from zixly_ui.charts.plot import show_chart
from zixly_ui.components import paging
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.printing import screen_only
from zixly_ui.components.tables import records_table
from zixly_ui.reports import bridge_table, bridge_text, business_changes
from zixly_ui.reports.bridge_chart import waterfall
from zixly_ui.reports.bridge_provenance import bridge_menu
from zixly_ui.reports.bridge_text import Total
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import open_client


def show_bridge(
    identity: Identity,
    report: Bridge,
    total: Total,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
) -> None:
    """Show chart, table and advice in the currency of `total` and of `basis`.

    A click on a part of the chart filters the clients to those with a share in it; a click on a
    client opens it.
    """
    currency = total["currency"]
    clients = report.clients[report.clients["currency"] == currency]
    period, against = report.period.name, report.against.name
    with st.container(border=True):
        st.subheader(plain(bridge_text.parts_title(total)), anchor=False)
        clicked = show_chart(
            waterfall(total, period, against),
            # Another comparison is another chart, in which nothing was clicked yet.
            f"bridge-{currency}-{report.period.slug}-{report.against.slug}",
            on_select=True,
            alt=bridge_text.alt_text(total, period, against),
        )
        part = next((key for key in clicked if key in PARTS and total[key]), None)
        bridge_menu(identity, report, total, client_filter, basis, time_zone)
        warning = bridge_table.doubtful_hours_text(clients)
        if warning:
            st.caption(f":material/warning: {plain(warning)}")
        screen_only(f"parts-{currency}").caption(
            "Click a part to see its clients. Click it again to see all clients."
        )
    if bridge_text.is_of_business(total):
        with st.container(border=True):
            lines = business_changes.changes(report.lines, currency)
            st.subheader(plain(business_changes.changes_title(lines)), anchor=False)
            with st.container(key=f"business-changes-{currency}"):
                st.markdown(business_changes.changes_table(lines, against, period))
            gap = business_changes.gap_text(lines, against, period)
            if gap:
                st.caption(f":material/warning: {plain(gap)}")
    if clients.empty:
        return
    with st.container(border=True):
        shown = clients if part is None else bridge_table.clients_of_part(clients, part)
        st.subheader(plain(bridge_table.clients_title(shown, part)), anchor=False)
        name = f"bridge-{currency}"
        filters = (report.period, report.against, client_filter, basis, part)
        page = cut_frame(shown, paging.requested(name, bridge_table.SORTS, *filters))
        paging.controls(name, bridge_table.SORTS, page)
        opened_ids = records_table(
            bridge_table.blank_zeros(page.frame),
            bridge_table.columns(shown),
            paging.table_key(f"bridge-clients-{currency}-{part}", page),
            opens="client_kpi_id",
            anywhere=True,
        )
        open_client(opened_ids, report.period)
    advice = bridge_table.missing_hours_text(clients)
    if advice:
        with st.container(border=True):
            st.subheader("What to do", anchor=False)
            metric_name = metric_purposes.name_of_metric(identity)
            st.markdown(plain(bridge_table.hours_advice(advice, metric_name)))
            st.page_link(
                page_path("custom_kpis.py"),
                label=plain(bridge_table.hours_link_label(metric_name)),
                icon=":material/speed:",
            )
