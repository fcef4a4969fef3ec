"""The leads and the events behind the funnel, as tables and as files."""

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
    Column("stage", "Stage now"),
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
    """What the page looks at: days, clients, a stage or None for all, and all days there are."""

    period: Period
    client_filter: ClientFilter
    stage: str | None
    always: Period


def show_leads(identity: Identity, view: View) -> tuple[str, str] | None:
    """The leads that began in the period; the answer is the client and name of the chosen one."""

    if view.stage is None:
        found = lead_states.list_leads(identity, view.period, view.client_filter)
    else:
        found = funnel.leads_at(identity, view.period, view.client_filter, view.stage)
    began = period_phrase(view.period, " that began in ")
    at = f" at {view.stage}" if view.stage else ""
    st.subheader(plain(f"{plural(len(found), 'lead')}{began}{at}"), anchor=False)
    if found.empty:
        return None
    st.caption("Click a lead to see its events.")
    numbered = found.assign(number=[str(number) for number in range(len(found))])
    names = found["client_kpi_id"] + found["lead_id"]
    key = record_dialog.table_key("lead", names)
    chosen = records_table(numbered, LEAD_COLUMNS, key, opens="number", height=_height(found))
    wanted = Rows(Table.LEADS, view.period, view.client_filter, stage=view.stage)
    download_rows(wanted, f"leads-{_slug(view)}.csv", label="Download leads")
    if not chosen:
        return None
    row = found.iloc[int(chosen[0])]
    return str(row["client_kpi_id"]), str(row["lead_id"])


def show_events(identity: Identity, view: View, lead: tuple[str, str] | None) -> list[str]:
    """The events of the period, or all events of one lead; the answer is the chosen one's id."""

    wanted = Rows(Table.LEAD_EVENTS, view.period, view.client_filter, stage=view.stage)
    if lead is not None:
        of_lead = ClientFilter((lead[0],))
        wanted = Rows(Table.LEAD_EVENTS, view.always, of_lead, lead_id=lead[1])
    dated = leads.events(identity, wanted.period, wanted.client_filter)
    at_stage = dated["stage"] == (wanted.stage or dated["stage"])
    of_the_lead = dated["lead_id"] == (wanted.lead_id or dated["lead_id"])
    found = dated[at_stage & of_the_lead].reset_index(drop=True)
    count = plural(len(found), "event")
    if lead is not None:
        title = f"{count} of {lead[1]}"
    else:
        at = f" at {view.stage}" if view.stage else ""
        title = f"{count}{at}{period_phrase(view.period, ' in ')}"
    st.subheader(plain(title), anchor=False)
    if found.empty:
        return []
    chosen: list[str] = []
    if identity.role.includes(Role.EDITOR):
        st.caption("Click an event to change or delete it.")
        key = record_dialog.table_key("event", found["id"])
        chosen = records_table(found, EVENT_COLUMNS, key, opens="id", height=_height(found))
    else:
        records_table(found, EVENT_COLUMNS, "events", height=_height(found))
    name = f"lead-events-{lead[1] if lead else _slug(view)}.csv"
    download_rows(wanted, name, label="Download events")
    return chosen


def _slug(view: View) -> str:
    return f"{view.period.slug}-{view.stage.lower()}" if view.stage else view.period.slug


def _height(frame: pd.DataFrame) -> int | None:
    """Long tables scroll in themselves."""
    return 400 if len(frame) > 10 else None
