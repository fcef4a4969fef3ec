"""One currency of the profitability page: title, cards, chart, table, and client moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from zixly_data.figures.breakdown import Breakdown, By, Profitability
from zixly_data.figures.client_moves import ClientMove, client_moves
from zixly_data.figures.concentration import concentration
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import arrow_types, table_of
from zixly_data.values.paging import cut_frame
from zixly_data.values.period import ALL, Period
from zixly_ui.charts.date_note_marks import with_notes
from zixly_ui.charts.plot import show_chart
from zixly_ui.charts.style import Figure
from zixly_ui.components import paging
from zixly_ui.components.cards import metric_row
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.tables import records_table
from zixly_ui.reports import breakdown_charts as charts
from zixly_ui.reports import breakdown_text as texts
from zixly_ui.reports import profit_cards
from zixly_ui.reports.breakdown_table import columns, sorts_by
from zixly_ui.reports.business_provenance import business_menu
from zixly_ui.reports.business_text import CurrencyLines
from zixly_ui.reports.business_view import show_business
from zixly_ui.reports.provenance_dialog import provenance_menu
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import open_client, period_query

_MONEY = ("revenue", "expenses", "profit")
_MAX_MOVERS = 6


def show_section(
    identity: Identity,
    tenant: Tenant,
    report: Profitability,
    basis: Basis,
    total: profit_cards.Amounts,
    client_filter: ClientFilter,
    all_clients: pd.DataFrame,
    notes: pd.DataFrame | None = None,
    lines: CurrencyLines | None = None,
) -> None:
    """Show the amounts of the report in the currency of the basis.

    `total` is the row of the totals in that currency, `all_clients` are the tenant's clients (`id,
    industry`), `notes` the marks on charts over time (`DateNotes`). `lines` are those of the
    business, shown below the clients.
    """
    by, currency = report.by, basis.currency
    groups = report.groups[report.groups["currency"] == currency]
    has_business = lines is not None
    in_rows = has_business and "business_profit" in groups
    if not in_rows:
        groups = groups[list(arrow_types(Breakdown))]
    listed: list[dict[str, Any]] = _labelled(by, table_of(groups)).to_pylist()
    with st.container(border=True):
        title = texts.chart_title(by, listed, currency, of_business=in_rows)
        st.subheader(plain(title), anchor=False)
        metric_row(
            profit_cards.cards(
                total,
                _figures_of(total, "before"),
                profit_cards.baseline_name(report.period, report.before),
                currency,
                so_far=_figures_of(total, "so_far"),
                beside_business=has_business,
            ),
            currency,
        )
        if report.period.key != ALL.key:
            st.caption(plain(texts.year_before_text(total, report.year_before.name)))
        figures = ["revenue", "expenses", "profit", "margin"]
        if total["hourly_rate"] is not None:
            figures.append("hourly_rate")
        if has_business:
            business_menu(identity, report.period, basis, tenant.time_zone, figures)
        else:
            provenance_menu(
                identity, report.period, client_filter, basis, tenant.time_zone, figures
            )
        opened_keys = _charts(report, listed, currency, tenant, notes, of_business=in_rows)
        name, sorts = f"groups-{currency}-{by}", sorts_by(by)
        filters = (report.period, client_filter, basis)
        page = cut_frame(groups, paging.requested(name, sorts, *filters))
        paging.controls(name, sorts, page)
        opened_keys += records_table(
            _labelled(by, table_of(page.frame)),
            columns(report, beside_business=has_business, in_rows=in_rows),
            paging.table_key(f"table-{currency}-{by}", page),
            opens="key",
            anywhere=True,
        )
        if by is By.CLIENT:
            _show_moves(report, listed, currency)
    if lines is not None:
        show_business(identity, lines, report.period)
    _open_records(by, opened_keys, report.period, client_filter, all_clients)


def record_filters(
    by: By, key: str, period: Period, client_filter: ClientFilter, all_clients: pd.DataFrame
) -> dict[str, Any]:
    """Return the query parameters of Financials for the records behind a row other than a client.

    `all_clients` are the tenant's clients (`id, industry`).
    """
    query: dict[str, Any] = {
        "client": client_filter.client_kpi_ids,
        "status": client_filter.statuses,
        "industry": client_filter.industries,
        **period_query(period),
    }
    if by.months:
        query |= {"from": "", "to": "", **period_query(_overlap(texts.days_of(by, key), period))}
    elif by is By.STATUS:
        query["status"] = [key]
    elif key:
        query["industry"] = [key]
    else:
        # There is no filter for "without an industry", so the clients themselves are listed.
        without_industry = all_clients.loc[all_clients["industry"].isna(), "id"].tolist()
        chosen = client_filter.client_kpi_ids
        query["client"] = [
            client_id for client_id in without_industry if not chosen or client_id in chosen
        ]
    return {name: value for name, value in query.items() if value}


def _charts(
    report: Profitability,
    listed: list[dict[str, Any]],
    currency: str,
    tenant: Tenant,
    notes: pd.DataFrame | None,
    *,
    of_business: bool,
) -> list[str]:
    by = report.by
    alt = f"Profit by {texts.LABELS[by].lower()} in {currency}"
    if not by.months:
        figure = charts.profit_ranked(listed, currency)
        return show_chart(figure, f"profit-{currency}-{by}", on_select=True, alt=alt)

    today, timeline = tenant.today(), texts.timeline(by, listed)

    def with_marks(figure: Figure) -> Figure:
        if notes is None:
            return figure
        return with_notes(figure, notes, texts.label_finder(by, timeline))

    keys = [row["key"] for row in timeline]
    current_key = next((key for key in keys if texts.days_of(by, key).is_partial(today)), None)
    opened_keys = show_chart(
        with_marks(charts.over_time(timeline, currency, current_key, of_business=of_business)),
        f"profit-{currency}-{by}",
        on_select=True,
        alt=alt,
    )
    if len(listed) > 2:
        subject = "profit from clients" if of_business else "profit"
        st.caption(f"Cumulative {subject} since the start of the period")
        opened_keys += show_chart(
            with_marks(charts.cumulative(timeline, currency)), f"cumulative-{currency}-{by}",
            on_select=True, alt=f"Cumulative profit in {currency}",
        )  # fmt: skip
    return opened_keys


def _show_moves(report: Profitability, listed: list[dict[str, Any]], currency: str) -> None:
    moves = client_moves(listed)
    shares = concentration(listed, currency)
    if shares is not None and shares.clients > 1:
        st.markdown(plain(texts.describe_concentration(shares)))
    for mover in moves[:_MAX_MOVERS]:
        _show_move(mover, report)
    if len(moves) > _MAX_MOVERS:
        st.caption(f"{len(moves) - _MAX_MOVERS} more in the table above.")


def _show_move(mover: ClientMove, report: Profitability) -> None:
    icon = "trending_up" if mover.move == "TURNED_TO_PROFIT" else "trending_down"
    st.page_link(
        page_path("client.py"),
        label=plain(texts.describe_move(mover, report.before.name)),
        icon=f":material/{icon}:",
        query_params={"id": mover.key, **period_query(report.period)},
    )


def _labelled(by: By, groups: pa.Table) -> pa.Table:
    """Return the groups with their labels, and with the changes of their profit."""
    keys_and_names = zip(groups["key"].to_pylist(), groups["name"].to_pylist(), strict=True)
    labels = [texts.label(by, key, name) for key, name in keys_and_names]
    profit = groups["profit_so_far"]
    shown = groups.append_column("label", pa.array(labels, pa.string()))
    changes = {"profit_change": "profit_before", "profit_year_change": "profit_year_before"}
    for name, before in changes.items():
        shown = shown.append_column(name, pc.subtract(profit, groups[before]))
    return shown


def _figures_of(total: profit_cards.Amounts, suffix: str) -> dict[str, Any] | None:
    """Return the figures of one period of the totals, None if nothing was recorded in it."""
    if total[f"revenue_{suffix}"] is None:
        return None
    return {name: total[f"{name}_{suffix}"] for name in (*_MONEY, "margin")}


def _open_records(
    by: By,
    opened_keys: list[str],
    period: Period,
    client_filter: ClientFilter,
    all_clients: pd.DataFrame,
) -> None:
    """Open the records behind a row or a mark."""
    if not opened_keys:
        return
    if by is By.CLIENT:
        open_client(opened_keys, period)
        return
    st.switch_page(
        page_path("financials.py"),
        query_params=record_filters(by, opened_keys[0], period, client_filter, all_clients),
    )


def _overlap(days: Period, period: Period) -> Period:
    """Return the days of a row that lie in the period."""
    if period.start <= days.start and days.end <= period.end:
        return days
    start, end = max(days.start, period.start), min(days.end, period.end)
    return replace(days, key="custom", start=start, end=end)
