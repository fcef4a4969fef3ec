"""Recording, changing and deleting lead events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

import pandas as pd
import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity, Role
from zixly_data.records import lead_states, leads
from zixly_data.records.leads import LeadEvent, LeadEventDraft
from zixly_data.values.amounts import parse_money
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date
from zixly_data.values.names import parse_name, parse_note
from zixly_data.values.period import Period
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.formatting import money, people_order
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.retrying import retry


@dataclass(frozen=True)
class Choices:
    """What can be chosen in the form: clients by id, stages in order, and leads by client."""

    clients: Mapping[str, str]
    currencies: Mapping[str, str]
    stages: Sequence[str]
    leads: Mapping[str, Sequence[str]]


def choices(identity: Identity, clients: pd.DataFrame, always: Period) -> Choices:
    """The tenant's clients, stages and all its leads, the newest lead first."""
    names = dict(zip(clients["id"], clients["client_name"], strict=True))
    known = lead_states.list_leads(identity, always)
    of: dict[str, list[str]] = {}
    for client, lead in zip(known["client_kpi_id"], known["lead_id"], strict=True):
        of.setdefault(client, []).append(lead)
    return Choices(
        {each: names[each] for each in sorted(names, key=lambda one: people_order(names[one]))},
        dict(zip(clients["id"], clients["currency"], strict=True)),
        list(leads.stages(identity)["stage"]),
        of,
    )


def add_event(identity: Identity, found: Choices, client_filter: ClientFilter, today: date) -> bool:
    """The button for a new event, for those who may record one; whether its form is open."""
    if not found.clients or not identity.role.includes(Role.EDITOR):
        return False
    if not st.button("Add an event", type="primary", icon=":material/add:", key="add-event"):
        return False
    _add_dialog(identity, found, client_filter, today)
    return True


@st.dialog("Add an event", width="medium")
def _add_dialog(
    identity: Identity, found: Choices, client_filter: ClientFilter, today: date
) -> None:
    start = {"client_kpi_id": client_filter.only, "lead_id": None, "event_date": today}
    form = EntryForm("event", id_prefix="lev", initial=start)
    draft = _draw(found, "Add event", form)
    if draft is not None:
        with form.problems():
            retry(lambda: leads.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Added: {', '.join(filter(None, _texts(found, draft).values()))}.")


def change_event(identity: Identity, found: Choices, chosen: Sequence[str]) -> None:
    """The form for the event chosen in the table."""
    record_dialog.open_dialog(
        record_dialog.Kind[LeadEvent](
            name="event",
            read=partial(leads.get, identity),
            change=partial(leads.change, identity),
            delete=partial(leads.delete, identity),
            start=_start,
            draw=partial(_draw, found, "Save changes"),
            texts=partial(_texts, found),
            trail=partial(_trail, identity, found),
        ),
        chosen,
    )


def _trail(identity: Identity, found: Choices, event: LeadEvent) -> None:
    show_history(
        identity,
        "lead_events",
        event.id,
        client_name=found.clients.get(event.client_kpi_id, ""),
        currency=found.currencies.get(event.client_kpi_id, ""),
        names=found.clients,
    )


def _start(event: LeadEvent) -> dict[str, object]:
    return {
        "client_kpi_id": event.client_kpi_id,
        "lead_id": event.lead_id,
        "stage": event.stage,
        "event_date": event.event_date,
        "value": "" if event.value is None else f"{event.value:,.2f}",
        "note": event.note or "",
    }


def _draw(found: Choices, button: str, form: EntryForm) -> LeadEventDraft | None:
    """The fields; the draft once the button is pressed and everything can be read."""
    form.choice(
        "client_kpi_id", "Client", list(found.clients), lambda each: found.clients[each],
        placeholder="Choose a client",
    )  # fmt: skip
    client = str(form.value("client_kpi_id") or "")
    with form.box(border=False):
        form.choice(
            "lead_id", "Lead", list(found.leads.get(client, ())), of=client, accepts_new=True,
            placeholder="Choose a lead, or type the name of a new one",
        )  # fmt: skip
        left, middle, right = st.columns(3)
        with left:
            form.choice("stage", "Stage it reached", found.stages)
        with middle:
            form.day("event_date", "Date")
        with right:
            form.text("value", f"Value{_in(found, client)} (optional)", placeholder="18,000.00")
        form.text("note", "Note (optional)")
        pressed = form.submit(button)
    if not pressed:
        return None
    whose = form.read_choice("client_kpi_id", "Choose the client this is about.")
    lead = form.read_choice("lead_id", "Choose a lead, or type the name of a new one.")
    lead = form.read("lead_id", partial(parse_name, max_length=100)) if lead else None
    stage = form.read_choice("stage", "Choose the stage the lead reached.")
    day = form.read_day("event_date")
    value = form.read("value", _parse_value)
    note = form.read("note", parse_note)
    if not (form.is_valid and whose and lead and stage and day):
        return None
    return LeadEventDraft(whose, lead, stage, day, value, note)


def _parse_value(text: str, field: str) -> Decimal | None:
    if not text.strip():
        return None
    value = parse_money(text, field)
    if value < 0:
        raise InvalidInput("The value of a lead cannot be negative.", field=field)
    return value


def _texts(found: Choices, draft: LeadEventDraft) -> dict[str, str]:
    currency = found.currencies.get(draft.client_kpi_id, "")
    return {
        "Client": found.clients.get(draft.client_kpi_id, "a deleted client"),
        "Lead": draft.lead_id,
        "Stage": draft.stage,
        "Date": short_date(draft.event_date),
        "Value": "" if draft.value is None else money(draft.value, currency),
        "Note": draft.note or "",
    }


def _in(found: Choices, client: str) -> str:
    currency = found.currencies.get(client)
    return f" in {currency}" if currency else ""
