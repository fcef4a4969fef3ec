"""Forms to record, change and delete the figures of a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from operator import attrgetter

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import financials, possible_duplicates
from zixly_data.records.financials import FinancialRecord
from zixly_data.records.possible_duplicates import AmountsOfMonth
from zixly_data.tables.financials import FINANCIALS, FinancialDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date
from zixly_data.values.frames import rows
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.fields import (
    draw_field,
    draw_other_fields,
    initial_values,
    read_other_fields,
)
from zixly_ui.components.formatting import money, people_order
from zixly_ui.components.forms import EntryForm
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.records import duplicate_text
from zixly_ui.shell.retrying import retry

KIND = "record"
COLUMNS = (
    Column("record_date", "Date", "date"),
    Column("client_name", "Client"),
    Column("currency", "Currency"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("profit", "Profit", "money"),
    Column("note", "Note"),
    Column("source_system", "Source"),
)
SORTS = (
    Sort("Newest first"),
    Sort("Oldest first", "record_date"),
    Sort("Highest revenue first", "revenue", descending=True),
    Sort("Highest expenses first", "expenses", descending=True),
    Sort("Highest profit first", "profit", descending=True),
    Sort("Lowest profit first", "profit"),
    Sort("By client", "client_name"),
)


class Names:
    """The tenant's clients by id, with their names and currencies."""

    def __init__(self, clients: pd.DataFrame) -> None:
        self._clients = {row["id"]: row for row in rows(clients)}
        self.ids = sorted(
            self._clients, key=lambda client_id: (people_order(self.name(client_id)), client_id)
        )

    def name(self, client_kpi_id: str) -> str:
        client = self._clients.get(client_kpi_id)
        return client["client_name"] if client else "a deleted client"

    def currency(self, client_kpi_id: str) -> str:
        client = self._clients.get(client_kpi_id)
        return client["currency"] if client else ""

    def option(self, client_kpi_id: str) -> str:
        return f"{self.name(client_kpi_id)} ({self.currency(client_kpi_id)})"


def add_record(
    identity: Identity, clients: pd.DataFrame, client_filter: ClientFilter, today: date
) -> bool:
    """Draw the button for a new record; return whether it was pressed and its form is open."""
    if not st.button("Record figures", type="primary", icon=":material/add:", key="record-figures"):
        return False
    _add_dialog(identity, clients, client_filter, today)
    return True


@st.dialog("Record figures", width="medium")
def _add_dialog(
    identity: Identity, clients: pd.DataFrame, client_filter: ClientFilter, today: date
) -> None:
    names = Names(clients)
    # Without None the first client of the list would be preselected and its figures silently wrong.
    start = {"client_kpi_id": client_filter.single_client_id, "record_date": today}
    form = EntryForm("financial", id_prefix="fin", initial=start)
    draft = form.confirmed(
        _draw(names, "Save", form),
        partial(_question, identity, names, form.draft_id, "Record this one too?"),
        "Record it too",
    )
    if draft is not None:
        with form.problems():
            retry(lambda: financials.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Saved: {_summary(names, draft)}.")


def change_record(identity: Identity, clients: pd.DataFrame, chosen_ids: Iterable[str]) -> None:
    """Open the form of the record chosen in the table."""
    names = Names(clients)
    record_dialog.open_dialog(
        record_dialog.Kind[FinancialRecord](
            name=KIND,
            read=partial(financials.get, identity),
            change=partial(financials.change, identity),
            delete=partial(financials.delete, identity),
            start=partial(initial_values, FINANCIALS),
            draw=partial(_draw, names, "Save changes"),
            texts=partial(_texts, names),
            trail=partial(_trail, identity, names),
            summary=partial(_summary, names),
            source=attrgetter("source_system"),
            question=partial(_question_about_change, identity, names),
        ),
        chosen_ids,
    )


def _question(
    identity: Identity, names: Names, record_id: str, this_one: str, draft: FinancialDraft
) -> str | None:
    """Return what to ask before the draft is saved as the record with this id; None if nothing.

    The record itself is no duplicate: a form that is sent twice has saved it already.
    """
    alike = retry(lambda: possible_duplicates.find(identity, draft, except_id=record_id))
    if alike.empty:
        return None
    client = draft.client_kpi_id
    days = alike["record_date"]
    return duplicate_text.question(
        names.name(client), names.currency(client), draft, days, this_one
    )


def _question_about_change(
    identity: Identity, names: Names, record: FinancialRecord, draft: FinancialDraft
) -> str | None:
    """Return what to ask before a change that makes the record like another; None if nothing.

    A record that keeps its client, month and amounts has no duplicate that it did not have before.
    """
    if _shared(record) == _shared(draft):
        return None
    return _question(identity, names, record.id, "Save this one too?", draft)


def _shared(draft: FinancialDraft) -> AmountsOfMonth | None:
    return possible_duplicates.amounts_of_month(
        draft.client_kpi_id, draft.record_date, draft.revenue, draft.expenses
    )


def _draw(names: Names, button: str, form: EntryForm) -> FinancialDraft | None:
    """Draw the fields; return the draft once the button is pressed and every field can be read."""
    with form.box(border=False):
        fields = FINANCIALS.entered
        form.choice(
            "client_kpi_id", "Client", names.ids, names.option, placeholder="Choose a client"
        )
        left, middle, right = st.columns(3)
        with left:
            draw_field(form, fields["record_date"])
        with middle:
            draw_field(form, fields["revenue"])
        with right:
            draw_field(form, fields["expenses"])
        draw_other_fields(form, FINANCIALS, "client_kpi_id", "record_date", "revenue", "expenses")
        is_submitted = form.submit(button)
    return _read(names, form) if is_submitted else None


def _read(names: Names, form: EntryForm) -> FinancialDraft | None:
    """Return the draft, or None once every problem is shown beside its field."""
    client = form.read_choice("client_kpi_id", "Choose the client for these figures.")
    currency = names.currency(client or "") or None
    values = read_other_fields(form, FINANCIALS, "client_kpi_id", currency=currency)
    if not form.is_valid or client is None:
        return None
    for field in ("revenue", "expenses"):
        if values[field] < 0:
            shown = money(values[field], names.currency(client))
            form.ask(field, f"{shown} is negative. Record it as a credit?")
    return FinancialDraft(client, **values) if form.is_valid else None


def _texts(names: Names, draft: FinancialDraft) -> dict[str, str]:
    currency = names.currency(draft.client_kpi_id)
    return {
        "Client": names.name(draft.client_kpi_id),
        "Date": short_date(draft.record_date),
        "Revenue": money(draft.revenue, currency),
        "Expenses": money(draft.expenses, currency),
        "Note": draft.note or "",
    }


def _trail(identity: Identity, names: Names, record: FinancialRecord) -> None:
    show_history(
        identity,
        "financials",
        record.id,
        client_name=names.name(record.client_kpi_id),
        currency=names.currency(record.client_kpi_id),
        names={client_id: names.name(client_id) for client_id in names.ids},
    )


def _summary(names: Names, draft: FinancialDraft) -> str:
    texts = _texts(names, draft)
    return (
        f"{texts['Client']}, {texts['Date']}, revenue {texts['Revenue']}, "
        f"expenses {texts['Expenses']}"
    )
