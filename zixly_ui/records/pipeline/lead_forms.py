"""Forms to record, change and delete lead events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any, cast

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity, Role
from zixly_data.records.pipeline import lead_stages, lead_states, leads
from zixly_data.records.pipeline.leads import LeadEvent
from zixly_data.tables.lead_events import LEAD_EVENTS, LeadEventDraft
from zixly_data.tables.lead_stages import LOST
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date
from zixly_data.values.frames import rows
from zixly_data.values.times import instant, parse_time, time_text
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.fields import (
    draw_field,
    draw_other_fields,
    initial_values,
    read_field,
    read_other_fields,
)
from zixly_ui.components.formatting import money, people_order
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.retrying import retry

# Fields that are chosen from lists.
_CHOICES = ("client_kpi_id", "lead_id", "stage")
_DAY_AND_TIME = ("event_date", "event_at")


@dataclass(frozen=True)
class Choices:
    """The options of the form and of the page: clients by id, and stages in order.

    `stages` are those that leads count at, `taking` those that take events and `lost` the lost ones
    of all. `leads_of` reads the names of a client's leads, the newest first. Times are in
    `time_zone`.
    """

    clients: Mapping[str, str]
    currencies: Mapping[str, str]
    stages: Sequence[str]
    taking: Sequence[str]
    lost: Set[str]
    leads_of: Callable[[str], Sequence[str]]
    time_zone: str


def choices(identity: Identity, clients: pd.DataFrame, time_zone: str) -> Choices:
    """Return the tenant's clients and stages; leads are read once a client is chosen."""
    names = dict(zip(clients["id"], clients["client_name"], strict=True))
    stages = rows(lead_stages.list_stages(identity))
    return Choices(
        {
            client_id: names[client_id]
            for client_id in sorted(names, key=lambda client_id: people_order(names[client_id]))
        },
        dict(zip(clients["id"], clients["currency"], strict=True)),
        [row["stage"] for row in stages if row["merged_into"] is None],
        [row["stage"] for row in stages if row["retired_at"] is None],
        {row["stage"] for row in stages if row["status"] == LOST},
        partial(lead_states.names_of_client, identity),
        time_zone,
    )


def add_event(
    identity: Identity, options: Choices, client_filter: ClientFilter, today: date
) -> bool:
    """Draw the button for a new event, for editors; return whether its form is open."""
    if not options.clients or not identity.role.includes(Role.EDITOR):
        return False
    if not st.button("Add an event", type="primary", icon=":material/add:", key="add-event"):
        return False
    _add_dialog(identity, options, client_filter, today)
    return True


@st.dialog("Add an event", width="medium")
def _add_dialog(
    identity: Identity, options: Choices, client_filter: ClientFilter, today: date
) -> None:
    start = {"client_kpi_id": client_filter.single_client_id, "lead_id": None, "event_date": today}
    form = EntryForm("event", id_prefix="lev", initial=start)
    draft = _draw(options, "Add event", form)
    if draft is not None:
        with form.problems():
            retry(lambda: leads.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Added: {', '.join(filter(None, _texts(options, draft).values()))}.")


def change_event(identity: Identity, options: Choices, chosen_ids: Sequence[str]) -> None:
    """Open the form of the event chosen in the table."""
    record_dialog.open_dialog(
        record_dialog.Kind[LeadEvent](
            name="event",
            read=partial(leads.get, identity),
            change=partial(leads.change, identity),
            delete=partial(leads.delete, identity),
            start=partial(_start, options),
            draw=partial(_draw, options, "Save changes"),
            texts=partial(_texts, options),
            trail=partial(_trail, identity, options),
            source=attrgetter("source_system"),
        ),
        chosen_ids,
    )


def _trail(identity: Identity, options: Choices, event: LeadEvent) -> None:
    show_history(
        identity,
        "lead_events",
        event.id,
        client_name=options.clients.get(event.client_kpi_id, ""),
        currency=options.currencies.get(event.client_kpi_id, ""),
        names=options.clients,
    )


def _start(options: Choices, event: LeadEvent) -> dict[str, Any]:
    """Return the values with which the form opens, and in `recorded` the moment and its date."""
    moment = event.event_at
    return {
        **initial_values(LEAD_EVENTS, event, "event_at"),
        "event_at": "" if moment is None else time_text(moment, options.time_zone),
        "recorded": (event.event_date, moment),
    }


def _draw(options: Choices, button: str, form: EntryForm) -> LeadEventDraft | None:
    """Draw the fields; return the draft once the button is pressed and every field can be read."""
    form.choice(
        "client_kpi_id", "Client", list(options.clients), options.clients.__getitem__,
        placeholder="Choose a client",
    )  # fmt: skip
    client = str(form.value("client_kpi_id") or "")
    form.choice(
        "lead_id", "Lead", options.leads_of(client) if client else [], of=client,
        accepts_new=True, placeholder="Choose a lead, or type the name of a new one",
    )  # fmt: skip
    recorded = form.initial("stage")
    kept = [recorded] if recorded and recorded not in options.taking else []
    form.choice("stage", "Stage reached", [*options.taking, *kept])
    is_lost = form.value("stage") in options.lost
    with form.box(border=False):
        for column, name in zip(st.columns(2), _DAY_AND_TIME, strict=True):
            with column:
                draw_field(form, LEAD_EVENTS.entered[name])
        value = LEAD_EVENTS.entered["value"]
        draw_field(form, value, f"{value.label}{_currency_suffix(options, client)}")
        if is_lost:
            draw_field(form, LEAD_EVENTS.entered["reason"])
        draw_other_fields(form, LEAD_EVENTS, *_CHOICES, *_DAY_AND_TIME, "value", "reason")
        is_submitted = form.submit(button)
    if not is_submitted:
        return None
    client_kpi_id = form.read_choice("client_kpi_id", "Choose the client.")
    lead = form.read_choice("lead_id", "Choose a lead, or type the name of a new one.")
    lead = read_field(form, LEAD_EVENTS.entered["lead_id"]) if lead else None
    stage = form.read_choice("stage", "Choose the stage that the lead reached.")
    currency = options.currencies.get(client)
    values = read_other_fields(
        form, LEAD_EVENTS, *_CHOICES, "event_at", "reason", currency=currency
    )
    reason = read_field(form, LEAD_EVENTS.entered["reason"]) if is_lost else None
    moment = _read_moment(form, values["event_date"], options.time_zone)
    if not (form.is_valid and client_kpi_id and lead and stage):
        return None
    return LeadEventDraft(client_kpi_id, lead, stage, **values, event_at=moment, reason=reason)


def _read_moment(form: EntryForm, day: date | None, time_zone: str) -> datetime | None:
    """Return the moment of the time in the form, None if it is empty or cannot be read.

    A time that nobody changed stays to the second, and where the tenant's time zone has changed.
    """
    typed = str(form.value("event_at") or "").strip()
    recorded = form.initial("recorded")
    if recorded and (day, typed) == (recorded[0], form.initial("event_at")):
        return cast("datetime | None", recorded[1])
    if not typed or day is None:
        return None
    return form.read(
        "event_at",
        lambda text, field: instant(day, parse_time(text, field), time_zone, field),
    )


def _texts(options: Choices, draft: LeadEventDraft) -> dict[str, str]:
    currency = options.currencies.get(draft.client_kpi_id, "")
    return {
        "Client": options.clients.get(draft.client_kpi_id, "a deleted client"),
        "Lead": draft.lead_id,
        "Stage": draft.stage,
        "Date": f"{short_date(draft.event_date)}{_clock(options, draft)}",
        "Value": "" if draft.value is None else money(draft.value, currency),
        "Reason": draft.reason or "",
        "Note": draft.note or "",
    }


def _clock(options: Choices, draft: LeadEventDraft) -> str:
    moment = draft.event_at
    return "" if moment is None else f", {time_text(moment, options.time_zone)}"


def _currency_suffix(options: Choices, client: str) -> str:
    currency = options.currencies.get(client)
    return f" in {currency}" if currency else ""
