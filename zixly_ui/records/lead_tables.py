"""The leads and the events behind the funnel, as tables and files."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import funnel
from zixly_data.identity import Identity, Role
from zixly_data.records import lead_states, leads
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period
from zixly_ui.components import record_dialog
from zixly_ui.components.formatting import period_phrase, plural
from zixly_ui.components.tables import Column, records_table
from zixly_ui.http.download_links import download_rows
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
    Column("note", "Note"),
)


@dataclass(frozen=True)
class View:
    """The filters of the page: period, clients, stage (None for all); `always` is all time."""

    period: Period
    client_filter: ClientFilter
    stage: str | None
    always: Period


def show_leads(identity: Identity, view: View) -> tuple[str, str] | None:
    """Show the leads that began in the period; return the client and name of the chosen one."""

    if view.stage is None:
        shown = lead_states.list_leads(identity, view.period, view.client_filter)
    else:
        shown = funnel.leads_at(identity, view.period, view.client_filter, view.stage)
    period_suffix = period_phrase(view.period, " that began in ")
    stage_suffix = f" at {view.stage}" if view.stage else ""
    st.subheader(plain(f"{plural(len(shown), 'lead')}{period_suffix}{stage_suffix}"), anchor=False)
    if shown.empty:
        return None
    st.caption("Click a lead to see its events.")
    numbered = shown.assign(number=[str(number) for number in range(len(shown))])
    lead_keys = shown["client_kpi_id"] + shown["lead_id"]
    key = record_dialog.table_key("lead", lead_keys)
    chosen_ids = records_table(numbered, LEAD_COLUMNS, key, opens="number", height=_height(shown))
    selection = Rows(Table.LEADS, view.period, view.client_filter, stage=view.stage)
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
    all_events = leads.events(identity, selection.period, selection.client_filter)
    is_at_stage = all_events["stage"] == (selection.stage or all_events["stage"])
    is_of_lead = all_events["lead_id"] == (selection.lead_id or all_events["lead_id"])
    shown = all_events[is_at_stage & is_of_lead].reset_index(drop=True)
    count = plural(len(shown), "event")
    if lead is not None:
        title = f"{count} of {lead[1]}"
    else:
        stage_suffix = f" at {view.stage}" if view.stage else ""
        title = f"{count}{stage_suffix}{period_phrase(view.period, ' in ')}"
    st.subheader(plain(title), anchor=False)
    if shown.empty:
        return []
    chosen_ids: list[str] = []
    if identity.role.includes(Role.EDITOR):
        st.caption("Click an event to change or delete it.")
        key = record_dialog.table_key("event", shown["id"])
        chosen_ids = records_table(shown, EVENT_COLUMNS, key, opens="id", height=_height(shown))
    else:
        records_table(shown, EVENT_COLUMNS, "events", height=_height(shown))
    name = f"lead-events-{lead[1] if lead else _slug(view)}.csv"
    download_rows(selection, name, label="Download events")
    return chosen_ids


def _slug(view: View) -> str:
    return f"{view.period.slug}-{view.stage.lower()}" if view.stage else view.period.slug


def _height(frame: pd.DataFrame) -> int | None:
    """Return a fixed height for long tables, which then scroll."""
    return 400 if len(frame) > 10 else None
