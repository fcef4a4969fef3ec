"""Notes on dates below a chart: the list, and the forms to add and change them."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity, Role
from zixly_data.people import audit
from zixly_data.records import date_notes
from zixly_data.records.date_notes import DateNote, DateNotes
from zixly_data.tables.date_notes import DATE_NOTES, NoteDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date
from zixly_data.values.paging import Page
from zixly_data.values.period import Period
from zixly_ui.audit.history import show_history
from zixly_ui.components import paging, record_dialog
from zixly_ui.components.downloads import download
from zixly_ui.components.fields import read_field
from zixly_ui.components.forms import EntryForm
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.records.financial_forms import Names
from zixly_ui.shell.retrying import retry

KIND = "note"
COLUMNS = (
    Column("day", "Date", "date", width=110),
    Column("words", "Note", width=480),
    Column("about", "About"),
    Column("written_by_name", "Written by"),
)
_SORTS = (Sort("Newest first"), Sort("Oldest first", "day"))
_ALL_CLIENTS, _BUSINESS = "everybody", "The whole business"


def notes_of(identity: Identity, period: Period, client_filter: ClientFilter) -> Page[DateNotes]:
    """Return the notes of a period to mark on charts and to list: the page that is shown."""
    request = paging.requested("notes", _SORTS, period, client_filter)
    return date_notes.page(identity, period, client_filter, request)


def show_notes(
    identity: Identity,
    clients: pd.DataFrame,
    client_filter: ClientFilter,
    period: Period,
    notes: Page[DateNotes],
    today: date,
) -> bool:
    """List the notes of a chart, with their forms for editors; return whether a form is open.

    `clients` are all of the tenant's, `notes` those of the period and of the
    clients chosen by `client_filter`.
    Without notes a viewer sees nothing.
    """
    may_edit = identity.role.includes(Role.EDITOR)
    chosen_ids: list[str] = []
    if notes.count:
        st.subheader("Notes", anchor=False)
        opens = "id" if may_edit else None
        key = record_dialog.table_key(KIND, notes.frame["id"])
        labelled_notes = notes.frame.assign(about=notes.frame["client_name"].fillna(_BUSINESS))
        paging.controls("notes", _SORTS, notes)
        chosen_ids = records_table(labelled_notes, COLUMNS, key, opens=opens, anywhere=True)
        download(
            identity,
            lambda: date_notes.list_notes(identity, period, client_filter).drop(
                columns=["id", "client_kpi_id", "version"]
            ),
            f"notes-{period.slug}.csv",
            dataset="date_notes",
            filters=audit.filters(period, client_filter),
            label="Download notes",
        )
    if may_edit and st.button(
        "Add a note to a date",
        icon=":material/add_comment:",
        key="add-note",
        help="Note an event, such as a price change. Everyone sees it on the charts.",
    ):
        _add_dialog(identity, clients, client_filter, today)
        return True
    _change(identity, clients, chosen_ids)
    return bool(chosen_ids)


@st.dialog("Add a note to a date", width="medium")
def _add_dialog(
    identity: Identity, clients: pd.DataFrame, client_filter: ClientFilter, today: date
) -> None:
    names = Names(clients)
    client = client_filter.single_client_id or _ALL_CLIENTS
    form = EntryForm("date-note", id_prefix="note", initial={"day": today, "client": client})
    draft = _draw(names, "Save", form)
    if draft is not None:
        with form.problems():
            retry(lambda: date_notes.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Saved: {_summary(draft)}.")


def _change(identity: Identity, clients: pd.DataFrame, chosen_ids: list[str]) -> None:
    names = Names(clients)
    record_dialog.open_dialog(
        record_dialog.Kind[DateNote](
            name=KIND,
            read=partial(date_notes.get, identity),
            change=partial(date_notes.change, identity),
            delete=partial(date_notes.delete, identity),
            start=_start,
            draw=partial(_draw, names, "Save changes"),
            texts=partial(_texts, names),
            trail=partial(_trail, identity, names),
            summary=_summary,
        ),
        chosen_ids,
    )


def _start(note: DateNote) -> dict[str, object]:
    return {"day": note.day, "client": note.client_kpi_id or _ALL_CLIENTS, "words": note.words}


def _draw(names: Names, button: str, form: EntryForm) -> NoteDraft | None:
    """Draw the fields; return the draft once the button is pressed and every field can be read."""
    with form.box(border=False):
        left, right = st.columns([1, 2])
        with left:
            form.day("day", "Date")
        with right:
            form.choice("client", "About", [_ALL_CLIENTS, *names.ids], partial(_about, names))
        form.text("words", "Note", placeholder="Prices raised by 10%")
        is_submitted = form.submit(button)
    if not is_submitted:
        return None
    day = form.read_day("day")
    text = read_field(form, DATE_NOTES.entered["words"])
    about = form.read_choice("client", "Choose what the note is about.")
    if day is None or text is None or about is None:
        return None
    return NoteDraft(day, text, None if about == _ALL_CLIENTS else about)


def _about(names: Names, client: str) -> str:
    return _BUSINESS if client == _ALL_CLIENTS else names.name(client)


def _texts(names: Names, note: NoteDraft) -> dict[str, str]:
    return {
        "Date": short_date(note.day),
        "About": _about(names, note.client_kpi_id or _ALL_CLIENTS),
        "Note": note.words,
    }


def _summary(note: NoteDraft) -> str:
    return f"the note on {short_date(note.day)}, “{note.words}”"


def _trail(identity: Identity, names: Names, note: DateNote) -> None:
    show_history(
        identity,
        "date_notes",
        note.id,
        client_name=names.name(note.client_kpi_id or ""),
        names={client_id: names.name(client_id) for client_id in names.ids},
    )
