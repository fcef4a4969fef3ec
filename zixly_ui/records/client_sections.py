"""Sections of a client's page: records, metrics and files, and the messages without any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.client_totals import Recorded
from zixly_data.figures.delivery import metric_history
from zixly_data.identity import Identity, Role
from zixly_data.records import financials
from zixly_data.records.clients import Client
from zixly_data.records.delivery import metrics
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import PROSPECT
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date, short_month
from zixly_data.values.frames import rows
from zixly_data.values.paging import Page, PageRequest
from zixly_data.values.period import Period
from zixly_ui.charts.progress import sparkline
from zixly_ui.components import paging
from zixly_ui.components.cards import Card, empty_state, metric_row
from zixly_ui.components.formatting import decimal_text, is_absent, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.records.client_tables import FINANCIALS, LEAD_EVENTS, METRICS, with_readings
from zixly_ui.records.client_text import WHAT_IS_A_PROSPECT, counts
from zixly_ui.records.delivery import metric_summary
from zixly_ui.records.delivery.metric_text import metric_text, rounded
from zixly_ui.records.delivery.target_text import BANDS, target_text
from zixly_ui.records.pipeline.lead_tables import with_time, with_times
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import period_query

_TREND = 12
_MOST_CARDS = 24
_NOTE_STYLE = (
    "white-space: pre-wrap; overflow-wrap: anywhere; max-width: 46rem; padding-left: .75rem; "
    "border-left: 3px solid rgb(128 128 128 / .4)"
)


@dataclass(frozen=True)
class _Section:
    """A kind of record of a client, and the page on which to record more.

    The link reads `editor_label` for editors and `viewer_label` for everyone else.
    """

    title: str
    holds: Table
    file: str
    editor_label: str
    viewer_label: str
    columns: Sequence[Column]
    page: Callable[[PageRequest], Page[Any]]

    @property
    def sorts(self) -> tuple[Sort, Sort]:
        """The orders by date, which is the first column."""
        return Sort("Newest first"), Sort("Oldest first", self.columns[0].name)


def show_records(
    identity: Identity, client: Client, period: Period, earlier: Period, time_zone: str
) -> None:
    """Show the records of the client in the period: figures, lead events, custom metrics.

    Sums of metrics are compared with those of the `earlier` period. Times of lead events are in the
    time zone.
    """
    this_client = ClientFilter(client_kpi_ids=(client.id,))
    figures = _Section(
        "Financial records",
        Table.FINANCIALS,
        "financials.py",
        "Record figures",
        "Open in Financials",
        FINANCIALS,
        lambda request: financials.page(identity, period, this_client, request),
    )
    events = _Section(
        "Lead events",
        Table.LEAD_EVENTS,
        "lead_funnel.py",
        "Add an event",
        "Open in Lead funnel",
        LEAD_EVENTS,
        lambda request: leads.page(identity, period, this_client, request),
    )
    values = _Section(
        "Custom metrics",
        Table.CUSTOM_METRICS,
        "custom_kpis.py",
        "Record a value",
        "Open in Custom metrics",
        METRICS,
        lambda request: metrics.page(identity, period, this_client, request),
    )
    for section in (figures, events, values):
        request = paging.requested(section.file, section.sorts, client.id, period)
        page = section.page(request)
        shown: pd.DataFrame = page.frame
        count = f" · {page.count:,}" if page.count else ""
        st.subheader(plain(f"{section.title}{count}"), anchor=False)
        if not page.count:
            st.write(plain(f"None in {period.name}." if period.key != "all" else "None so far."))
        elif section is values:
            latest = metric_history.page(identity, period, this_client)
            if note := metric_summary.period_note(period):
                st.caption(note.strip())
            before = None if period.key == "all" else earlier
            cards = [_metric_card(metric, before) for metric in rows(latest.frame[:_MOST_CARDS])]
            metric_row(cards)
            if latest.count > _MOST_CARDS:
                st.caption(f"{latest.count - _MOST_CARDS:,} more metrics are in the table.")
            shown = with_readings(shown)
        elif section is events:
            shown = with_times(shown, time_zone)
            section = replace(section, columns=with_time(section.columns, shown))
        _show_section(identity, client, period, section, page, shown)


def show_not_found() -> None:
    """Show the message for a client that was deleted, never existed, or is in another tenant."""
    with st.container(key="client-not-found", width=560):
        st.header("Client not found", anchor=False)
        st.write("It may have been deleted, or the link may be incomplete.")
        st.page_link(page_path("clients.py"), label="See all clients", icon=":material/groups:")


def show_prospect(client: Client) -> None:
    """Say of a prospect that it is one, and what makes it a client."""
    if client.status == PROSPECT:
        st.info(WHAT_IS_A_PROSPECT, icon=":material/handshake:")


def prospects_link(clients: pd.DataFrame, selection: ClientFilter) -> None:
    """Draw the link from the list of clients to that of prospects, or back, if there are any."""
    count, prospects = counts(clients)
    if not prospects:
        return
    label, query = f"See {plural(prospects, 'prospect')}", {"status": PROSPECT}
    if selection.statuses == (PROSPECT,):
        label, query = f"See {plural(count, 'client')}", {}
    st.page_link(
        page_path("clients.py"), label=label, icon=":material/handshake:", query_params=query
    )


def show_no_match(clients: pd.DataFrame, selection: ClientFilter) -> None:
    """Show the empty state of a list of clients in which `selection` finds none."""
    count, prospects = counts(clients)
    if not count and selection == ClientFilter():
        empty_state("No clients yet", WHAT_IS_A_PROSPECT)
        return
    everyone = plural(count, "client") + (
        f" and {plural(prospects, 'prospect')}" if prospects else ""
    )
    empty_state(
        "No matching clients",
        f"None of your {everyone} matches. Change the search or filters above.",
    )


def show_note(client: Client) -> None:
    """Show the note on the client with its line breaks, if it has one."""
    if client.note:
        st.html(f'<div style="{_NOTE_STYLE}">{escape(client.note)}</div>')


def show_no_figures(recorded: Recorded, period: Period) -> None:
    """Show the empty state of a period without figures of the client with these records."""
    if recorded.first_record is None or recorded.last_record is None:
        empty_state(
            "No figures yet",
            "Profit and margin appear here once revenue and expenses are recorded.",
        )
        return
    first, last = short_date(recorded.first_record), short_date(recorded.last_record)
    empty_state(
        f"No figures in {period.name}",
        f"Records are dated from {first} to {last}. Choose another period above to see them.",
    )


def _show_section(
    identity: Identity,
    client: Client,
    period: Period,
    section: _Section,
    page: Page[Any],
    shown: pd.DataFrame,
) -> None:
    """Show the records as a table with its file and a link to the page that records more."""
    slug = section.file.removesuffix(".py").replace("_", "-")
    if page.count:
        paging.controls(section.file, section.sorts, page)
        records_table(shown, section.columns, f"{slug}-{client.id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if page.count:
            selection = Rows(section.holds, period, ClientFilter(client_kpi_ids=(client.id,)))
            download_rows(selection, f"{client.client_id}-{slug}-{period.slug}.csv")
        may_record = identity.role.includes(Role.EDITOR)
        st.page_link(
            page_path(section.file),
            label=section.editor_label if may_record else section.viewer_label,
            icon=":material/add:" if may_record else ":material/arrow_forward:",
            query_params={"client": client.id, **period_query(period)},
        )


def _metric_card(row: Mapping[str, Any], earlier: Period | None) -> Card:
    trend = sparkline(row["trend"][-_TREND:])
    value, previous = row["metric_value"], row["previous_value"]
    scale = (row["kind"], row["unit"], row["out_of"])
    scale_of_value = (*scale, row["adds_up"])
    sentences = [f"{metric_summary.basis(row)}."]
    if not is_absent(row["target_kind"]):
        verdict = (BANDS | metric_summary.UNJUDGED)[row["band"] or row["unjudged"]].lower()
        sentences.append(f"The target is {target_text(row, *scale)}: {verdict}.")
    change = against = None
    if not is_absent(previous):
        difference = rounded(value - previous, row["adds_up"])
        change = _step(difference, row["kind"], metric_text(previous, *scale_of_value))
        if row["adds_up"] == "LAST":
            against = f"since {short_date(row['previous_date'])}"
        elif earlier is None:
            against = f"vs {short_month(row['previous_date'])}"
        else:
            against = f"vs {earlier.name}"
    return Card(
        row["metric_name"],
        metric_text(value, *scale_of_value),
        change,
        against,
        "up" if row["direction"] == "UP" else "down",
        trend if len(trend) > 1 else (),
        " ".join(sentences),
    )


def _step(difference: Decimal, kind: str, previous: str) -> str:
    if not difference:
        return "no change"
    if kind == "YES_NO":
        return f"was {previous}"
    digits = decimal_text(abs(difference))
    return f"{'+' if difference > 0 else '-'}{digits}{' points' if kind == 'PERCENT' else ''}"
