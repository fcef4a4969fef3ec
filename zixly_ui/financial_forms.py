"""The forms in which a month's figures are recorded, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from zixly_data import financials
from zixly_data.amounts import parse_money
from zixly_data.client_filter import ClientFilter
from zixly_data.dates import short_date
from zixly_data.errors import Conflict, NotFound, ZixlyError
from zixly_data.financials import FinancialDraft, FinancialRecord
from zixly_data.identity import Identity
from zixly_ui.chart_style import rows
from zixly_ui.errors import plain, sentence
from zixly_ui.forms import EntryForm, confirm, conflict
from zixly_ui.history import show_history
from zixly_ui.text import is_absent, money, people_order

_CREDIT = "A credit is a negative amount, such as -500.00."
LABELS = {
    "client": "Client",
    "record_date": "Date",
    "revenue": "Revenue",
    "expenses": "Expenses",
    "note": "Note",
}


class Names:
    """The tenant's clients by id: what they are called and in which currency they are kept."""

    def __init__(self, clients: pd.DataFrame) -> None:
        self._clients = {row["id"]: row for row in rows(clients)}
        self.ids = sorted(self._clients, key=lambda each: (people_order(self.name(each)), each))

    def name(self, client_kpi_id: str) -> str:
        found = self._clients.get(client_kpi_id)
        return found["client_name"] if found else "a client that is not there any more"

    def currency(self, client_kpi_id: str) -> str:
        found = self._clients.get(client_kpi_id)
        return found["currency"] if found else ""

    def option(self, client_kpi_id: str) -> str:
        return f"{self.name(client_kpi_id)} ({self.currency(client_kpi_id)})"


def add_button(identity: Identity, clients: pd.DataFrame, which: ClientFilter, today: date) -> None:
    """The page's one obvious action, and the form it opens."""
    if st.button("Record figures", type="primary", icon=":material/add:", key="record-figures"):
        _add_dialog(identity, clients, which, today)


def edit_selected(identity: Identity, clients: pd.DataFrame, selected: Sequence[str]) -> None:
    """Opens the form for the record selected in the table, once per selection."""
    chosen = selected[0] if selected else None
    if chosen != st.session_state.get("financial-opened"):
        st.session_state["financial-opened"] = chosen
        if chosen:
            _edit_dialog(identity, clients, chosen)


@st.dialog("Record figures", width="medium")
def _add_dialog(
    identity: Identity, clients: pd.DataFrame, which: ClientFilter, today: date
) -> None:
    names = Names(clients)
    first = next((each for each in which.client_kpi_ids if each in names.ids), names.ids[0])
    form = EntryForm("financial", id_prefix="fin", initial={"client": first, "record_date": today})
    if _fields(form, names, "Save") and (draft := _draft(form, names)):
        with form.problems():
            financials.add(identity, draft, row_id=form.draft_id)
            form.saved(f"Saved: {_in_words(draft, names)}.")


@st.dialog("Change figures", width="medium")
def _edit_dialog(identity: Identity, clients: pd.DataFrame, record_id: str) -> None:
    names = Names(clients)
    seen_key = f"financial-seen-{record_id}"
    try:
        seen: FinancialRecord = st.session_state.setdefault(
            seen_key, financials.get(identity, record_id)
        )
    except NotFound as error:
        st.error(sentence(error), icon=":material/error:")
        return
    form = EntryForm(f"financial-{record_id}", id_prefix="fin", initial=_initial(seen))

    def leave(words: str) -> None:
        st.session_state.pop(seen_key, None)
        form.forget()
        confirm(words)
        st.rerun()

    pressed = _fields(form, names, "Save changes")
    if pressed:
        st.session_state.pop(f"{seen_key}-mine", None)
        if draft := _draft(form, names):
            with form.problems():
                try:
                    financials.change(identity, record_id, seen.version, draft)
                except Conflict as error:
                    st.session_state[f"{seen_key}-mine"] = (draft, error.current)
                else:
                    leave(f"Saved: {_in_words(draft, names)}.")
    if waiting := st.session_state.get(f"{seen_key}-mine"):
        mine, theirs = waiting
        answer = conflict(_texts(mine, names), _texts(theirs, names), LABELS, seen_key)
        if answer == "mine":
            with form.problems():
                financials.change(identity, record_id, theirs.version, mine)
                st.session_state.pop(f"{seen_key}-mine")
                leave(f"Saved: {_in_words(mine, names)}.")
        elif answer == "theirs":
            st.session_state.pop(f"{seen_key}-mine")
            leave(f"Kept as it is: {_in_words(theirs, names)}.")
    _delete_button(identity, seen, names, leave)
    show_history(
        identity,
        "financials",
        record_id,
        client_name=names.name(seen.client_kpi_id),
        currency=names.currency(seen.client_kpi_id),
        names={each: names.name(each) for each in names.ids},
    )


def _delete_button(
    identity: Identity, seen: FinancialRecord, names: Names, leave: Callable[[str], None]
) -> None:
    with st.popover("Delete this record …", icon=":material/delete:"):
        st.markdown(plain(f"Delete {_in_words(seen, names)}? This cannot be undone."))
        if st.button("Delete for good", key=f"delete-{seen.id}"):
            try:
                financials.delete(identity, seen.id, seen.version)
            except ZixlyError as error:
                st.error(sentence(error), icon=":material/error:")
            else:
                leave(f"Deleted: {_in_words(seen, names)}.")


def _fields(form: EntryForm, names: Names, action: str) -> bool:
    with form.box(border=False):
        form.choice("client", "Client", names.ids, names.option)
        form.day("record_date", "Date")
        form.text("revenue", "Revenue", placeholder="15,000.00", help=_CREDIT)
        form.text("expenses", "Expenses", placeholder="8,000.00")
        form.text("note", "Note", help="Optional: an invoice number, a reason.")
        pressed = form.submit(action)
    return pressed


def _draft(form: EntryForm, names: Names) -> FinancialDraft | None:
    """What the form holds, or None once every problem stands beside its field."""
    day = form.read_day("record_date")
    revenue = form.read("revenue", parse_money)
    expenses = form.read("expenses", parse_money)
    if not form.is_fine or day is None or revenue is None or expenses is None:
        return None
    client = str(form.value("client"))
    for field, amount in (("revenue", revenue), ("expenses", expenses)):
        if amount < 0:
            shown = money(amount, names.currency(client))
            form.ask(field, f"{shown} is negative. Record it as a credit?")
    if not form.is_fine:
        return None
    return FinancialDraft(client, day, revenue, expenses, form.value("note") or None)


def _initial(seen: FinancialRecord) -> dict[str, object]:
    return {
        "client": seen.client_kpi_id,
        "record_date": seen.record_date,
        "revenue": _typed(seen.revenue),
        "expenses": _typed(seen.expenses),
        "note": seen.note or "",
    }


def _texts(draft: FinancialDraft, names: Names) -> Mapping[str, str]:
    currency = names.currency(draft.client_kpi_id)
    return {
        "client": names.name(draft.client_kpi_id),
        "record_date": short_date(draft.record_date),
        "revenue": money(draft.revenue, currency),
        "expenses": money(draft.expenses, currency),
        "note": "" if is_absent(draft.note) else str(draft.note),
    }


def _in_words(draft: FinancialDraft, names: Names) -> str:
    said = _texts(draft, names)
    return (
        f"{said['client']}, {said['record_date']}, revenue {said['revenue']}, "
        f"expenses {said['expenses']}"
    )


def _typed(amount: Decimal) -> str:
    return f"{amount:,.2f}"
