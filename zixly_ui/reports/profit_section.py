"""One currency of the profitability page: its answer, figures, chart, table, and who moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from zixly_data.figures.breakdown import By, Profitability
from zixly_data.figures.client_moves import Mover, movers
from zixly_data.figures.concentration import concentration
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import table_of
from zixly_data.values.period import ALL, Period
from zixly_ui.charts.date_note_marks import with_notes
from zixly_ui.charts.plot import show_chart
from zixly_ui.components.cards import metric_row
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.tables import Column, records_table
from zixly_ui.reports import breakdown_charts as charts
from zixly_ui.reports import breakdown_text as words
from zixly_ui.reports import profit_cards
from zixly_ui.reports.provenance_dialog import passport_buttons
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import open_client, period_query

_MONEY = ("revenue", "expenses", "profit")
_LONGEST_MOVERS = 6


def show_section(
    identity: Identity,
    tenant: Tenant,
    report: Profitability,
    basis: Basis,
    total: profit_cards.Amounts,
    client_filter: ClientFilter,
    everyone: pd.DataFrame,
    notes: pd.DataFrame | None = None,
) -> None:
    """Everything about the report's amounts in the currency of the basis, whose row of the totals
    is `total`. `everyone` are the tenant's clients (`id, industry`), `notes` what to mark on charts
    over time (`DateNotes`)."""
    by, currency = report.by, basis.currency
    groups = table_of(report.groups)
    shown = _labelled(by, groups.filter(pc.equal(groups["currency"], currency)))
    listed: list[dict[str, Any]] = shown.to_pylist()
    with st.container(border=True):
        st.subheader(plain(words.chart_title(by, listed, currency)), anchor=False)
        metric_row(
            profit_cards.cards(
                total,
                _part(total, "before"),
                profit_cards.baseline_name(report.period, report.before),
                currency,
                so_far=_part(total, "so_far"),
            ),
            currency,
        )
        if report.period.key != ALL.key:
            st.caption(plain(words.year_before_text(total, report.year_before.name)))
        figures = ["revenue", "expenses", "profit", "margin"]
        if total["hourly_rate"] is not None:
            figures.append("hourly_rate")
        passport_buttons(identity, report.period, client_filter, basis, tenant.time_zone, figures)
        opened = _charts(report, listed, currency, tenant, notes)
        opened += records_table(
            shown, _columns(report), f"table-{currency}-{by}", opens="key", anywhere=True
        )
        if by is By.CLIENT:
            _who_moved(report, listed, currency)
    _open(by, opened, report.period, client_filter, everyone)


def record_filters(
    by: By, key: str, period: Period, client_filter: ClientFilter, everyone: pd.DataFrame
) -> dict[str, Any]:
    """Which records a row of anything but clients is made of, as an address of Financials says
    it. `everyone` are the tenant's clients (`id, industry`)."""
    wanted: dict[str, Any] = {
        "client": client_filter.client_kpi_ids,
        "status": client_filter.statuses,
        "industry": client_filter.industries,
        **period_query(period),
    }
    if by.months:
        wanted |= {"from": "", "to": "", **period_query(_within(words.days_of(by, key), period))}
    elif by is By.STATUS:
        wanted["status"] = [key]
    elif key:
        wanted["industry"] = [key]
    else:
        # No filter says "without an industry": these are their clients.
        without = everyone.loc[everyone["industry"].isna(), "id"].tolist()
        asked = client_filter.client_kpi_ids
        wanted["client"] = [each for each in without if not asked or each in asked]
    return {name: value for name, value in wanted.items() if value}


def _charts(
    report: Profitability,
    listed: list[dict[str, Any]],
    currency: str,
    tenant: Tenant,
    notes: pd.DataFrame | None,
) -> list[str]:
    by = report.by
    alt = f"Profit by {words.LABELS[by].lower()} in {currency}"
    if not by.months:
        figure = charts.profit_ranked(listed, currency)
        return show_chart(figure, f"profit-{currency}-{by}", on_select=True, alt=alt)

    today, time = tenant.today(), words.timeline(by, listed)

    def noted(figure: go.Figure) -> go.Figure:
        if notes is None:
            return figure
        return with_notes(figure, notes, words.label_finder(by, time))

    keys = [row["key"] for row in time]
    running = next((key for key in keys if words.days_of(by, key).is_partial(today)), None)
    opened = show_chart(
        noted(charts.over_time(time, currency, running)), f"profit-{currency}-{by}",
        on_select=True, alt=alt,
    )  # fmt: skip
    if len(listed) > 2:
        st.caption("Profit added up since the start of the period")
        opened += show_chart(
            noted(charts.cumulative(time, currency)), f"cumulative-{currency}-{by}",
            on_select=True, alt=f"Cumulative profit in {currency}",
        )  # fmt: skip
    return opened


def _who_moved(report: Profitability, listed: list[dict[str, Any]], currency: str) -> None:
    found = movers(listed)
    dependence = concentration(listed, currency)
    if dependence is not None and dependence.clients > 1:
        st.markdown(plain(words.describe_concentration(dependence)))
    for mover in found[:_LONGEST_MOVERS]:
        _line(mover, report)
    if len(found) > _LONGEST_MOVERS:
        st.caption(f"And {len(found) - _LONGEST_MOVERS} more in the table above.")


def _line(mover: Mover, report: Profitability) -> None:
    icon = "trending_up" if mover.move == "TURNED_TO_PROFIT" else "trending_down"
    st.page_link(
        page_path("client.py"),
        label=plain(words.describe_move(mover, report.before.name)),
        icon=f":material/{icon}:",
        query_params={"id": mover.key, **period_query(report.period)},
    )


def _columns(report: Profitability) -> list[Column]:
    before = report.before.name
    if report.by.months:
        before = f"the {words.LABELS[report.by].lower()} before"
    part = "Up to today, against " if report.so_far != report.period else "Against "
    columns = [
        Column("label", words.LABELS[report.by]),
        Column("revenue", "Revenue", "money"),
        Column("expenses", "Expenses", "money"),
        Column("profit", "Profit", "money"),
        Column("margin", "Margin", "percent", help="Profit as a share of revenue"),
        Column("share", "Share", "percent", help="Of all revenue shown"),
    ]
    if report.by.months or report.period.key != ALL.key:
        columns += [
            Column("profit_change", "Profit change", "money", help=f"{part}{before}"),
            Column(
                "profit_year_change", "On a year before", "money",
                help=f"{part}the same days a year before",
            ),
        ]  # fmt: skip
    columns.append(
        Column("hourly_rate", "An hour", "money", help="Revenue per billable hour on record")
    )
    if report.by.months:
        columns.append(Column("cumulative_profit", "Profit so far", "money"))
    elif report.by is By.CLIENT:
        columns.append(Column("client_id", "External ID"))
    return columns


def _labelled(by: By, groups: pa.Table) -> pa.Table:
    """The groups with what a person calls them, and by how much their profit changed."""
    named = zip(groups["key"].to_pylist(), groups["name"].to_pylist(), strict=True)
    labels = [words.label(by, key, name) for key, name in named]
    profit = groups["profit_so_far"]
    shown = groups.append_column("label", pa.array(labels, pa.string()))
    changes = {"profit_change": "profit_before", "profit_year_change": "profit_year_before"}
    for name, before in changes.items():
        shown = shown.append_column(name, pc.subtract(profit, groups[before]))
    return shown


def _part(total: profit_cards.Amounts, suffix: str) -> dict[str, Any] | None:
    """The figures of one of the totals' periods, None where nothing was recorded in it."""
    if total[f"revenue_{suffix}"] is None:
        return None
    return {name: total[f"{name}_{suffix}"] for name in (*_MONEY, "margin")}


def _open(
    by: By, opened: list[str], period: Period, client_filter: ClientFilter, everyone: pd.DataFrame
) -> None:
    """From a row or a mark to what it is made of."""
    if not opened:
        return
    if by is By.CLIENT:
        open_client(opened, period)
        return
    st.switch_page(
        page_path("financials.py"),
        query_params=record_filters(by, opened[0], period, client_filter, everyone),
    )


def _within(days: Period, period: Period) -> Period:
    """The days of a row that lie in the period."""
    if period.start <= days.start and days.end <= period.end:
        return days
    start, end = max(days.start, period.start), min(days.end, period.end)
    return replace(days, key="custom", start=start, end=end)
