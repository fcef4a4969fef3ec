"""The leads and the events behind the funnel, as tables and files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.pipeline import funnel, steps
from zixly_data.identity import Identity, Role
from zixly_data.records.pipeline import leads
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import Period
from zixly_data.values.times import time_text
from zixly_ui.components import paging, record_dialog
from zixly_ui.components.formatting import period_phrase, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.records.pipeline.funnel_text import which_leads
from zixly_ui.shell.markdown import plain

LEAD_COLUMNS = (
    Column("lead_id", "Lead"),
    Column("client_name", "Client"),
    Column("stage", "Current stage"),
    Column("value", "Value", "money"),
    Column("currency", "Currency"),
    Column("first_date", "First event", "date"),
    Column("last_date", "Latest event", "date"),
    Column("days_open", "Days", "count", help="From the first event to the end, or to today"),
)
EVENT_COLUMNS = (
    Column("event_date", "Date", "date"),
    Column("client_name", "Client"),
    Column("lead_id", "Lead"),
    Column("stage", "Stage"),
    Column("value", "Value", "money"),
    Column("currency", "Currency"),
    Column("reason", "Reason"),
    Column("note", "Note"),
)
_LEAD_SORTS = (
    Sort("Newest first"),
    Sort("Oldest first", "first_date"),
    Sort("Latest event first", "last_date", descending=True),
    Sort("Highest value first", "value", descending=True),
    Sort("Most days first", "days_open", descending=True),
    Sort("By client", "client_name"),
)
_EVENT_SORTS = (
    Sort("Newest first"),
    Sort("Oldest first", "event_date"),
    Sort("Highest value first", "value", descending=True),
    Sort("By client", "client_name"),
)


@dataclass(frozen=True)
class View:
    """The filters of the page: period, clients, stage (None for all), and the leads that count.

    `always` is all time. Times of events are in `time_zone`.
    """

    period: Period
    client_filter: ClientFilter
    stage: str | None
    always: Period
    time_zone: str
    counting: steps.View = steps.View.COHORT


def show_leads(identity: Identity, view: View) -> tuple[str, str] | None:
    """Show the leads that the funnel counts; return the client and name of the chosen one."""

    request = paging.requested("leads", _LEAD_SORTS, view)
    page = funnel.leads_at(
        identity, view.period, view.client_filter, view.stage, request, view.counting
    )
    period_suffix = which_leads(view.period, view.counting)
    stage_suffix = f" at {view.stage}" if view.stage else ""
    st.subheader(plain(f"{plural(page.count, 'lead')}{period_suffix}{stage_suffix}"), anchor=False)
    shown = page.frame
    if shown.empty:
        return None
    st.caption("Click a lead to see its events.")
    paging.controls("leads", _LEAD_SORTS, page)
    numbered = shown.assign(number=[str(number) for number in range(len(shown))])
    lead_keys = shown["client_kpi_id"] + shown["lead_id"]
    key = record_dialog.table_key("lead", lead_keys)
    chosen_ids = records_table(
        numbered, LEAD_COLUMNS, key, opens="number", height=scrolling_height(shown)
    )
    selection = Rows(
        Table.LEADS, view.period, view.client_filter, stage=view.stage, view=view.counting
    )
    download_rows(selection, f"leads-{_slug(view)}.csv", label="Download leads")
    if not chosen_ids:
        return None
    row = shown.iloc[int(chosen_ids[0])]
    return str(row["client_kpi_id"]), str(row["lead_id"])


def show_events(identity: Identity, view: View, lead: tuple[str, str] | None) -> list[str]:
    """Show the events of the period, or all of one lead; return the id of the chosen one."""

    selection = Rows(Table.LEAD_EVENTS, view.period, view.client_filter, stage=view.stage)
    if lead is not None:
        client_of_lead = ClientFilter((lead[0],))
        selection = Rows(Table.LEAD_EVENTS, view.always, client_of_lead, lead_id=lead[1])
    page = leads.page(
        identity, selection.period, selection.client_filter,
        paging.requested("events", _EVENT_SORTS, selection),
        stage=selection.stage, lead_id=selection.lead_id,
    )  # fmt: skip
    shown, count = page.frame, plural(page.count, "event")
    if lead is not None:
        title = f"{count} of {lead[1]}"
    else:
        stage_suffix = f" at {view.stage}" if view.stage else ""
        title = f"{count}{stage_suffix}{period_phrase(view.period, ' in ')}"
    st.subheader(plain(title), anchor=False)
    if shown.empty:
        return []
    may_edit = identity.role.includes(Role.EDITOR)
    if may_edit:
        st.caption("Click an event to change or delete it.")
    paging.controls("events", _EVENT_SORTS, page)
    timed = with_times(shown, view.time_zone)
    chosen_ids = records_table(
        timed,
        with_time(EVENT_COLUMNS, timed),
        record_dialog.table_key("event", shown["id"]),
        opens="id" if may_edit else None,
        anywhere=True,
        height=scrolling_height(shown),
    )
    name = f"lead-events-{lead[1] if lead else _slug(view)}.csv"
    download_rows(selection, name, label="Download events")
    return chosen_ids


def with_times(events: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Return lead events with their time of day as text in the column `time`."""
    moments = [row["event_at"] for row in rows(events)]
    return events.assign(
        time=["" if moment is None else time_text(moment, time_zone) for moment in moments]
    )


def with_time(columns: Sequence[Column], events: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of events, with the time after the date if one of the events has one."""
    first, *rest = columns
    times = (Column("time", "Time"),) if any(events["time"]) else ()
    return (first, *times, *rest)


def _slug(view: View) -> str:
    return f"{view.period.slug}-{view.stage.lower()}" if view.stage else view.period.slug


def scrolling_height(frame: pd.DataFrame) -> int | None:
    """Return a fixed height for long tables, which then scroll."""
    return 400 if len(frame) > 10 else None
