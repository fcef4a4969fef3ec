"""Forms to record, change, decide about and delete overheads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from operator import attrgetter

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import overheads
from zixly_data.records.currencies_in_use import currencies_in_use
from zixly_data.records.overheads import Overhead
from zixly_data.tables.overheads import OVERHEADS, OverheadDraft, OverheadKind
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.fields import (
    draw_field,
    draw_other_fields,
    initial_values,
    read_field,
    read_other_fields,
)
from zixly_ui.components.formatting import money
from zixly_ui.components.forms import EntryForm
from zixly_ui.records import overhead_text
from zixly_ui.records.overhead_decisions import offer_decisions
from zixly_ui.shell.retrying import retry

KIND = "overhead"
_DRAWN = ("record_date", "kind", "account", "counterparty", "currency", "revenue", "expenses")


def add_overhead(identity: Identity, currency: str, today: date) -> bool:
    """Draw the button for a new overhead; return whether it was pressed and its form is open.

    `currency` is the one that the form suggests.
    """
    if not st.button("Add overhead", type="primary", icon=":material/add:", key="add-overhead"):
        return False
    _add_dialog(identity, currency, today)
    return True


@st.dialog("Add overhead", width="medium")
def _add_dialog(identity: Identity, currency: str, today: date) -> None:
    start = {
        "record_date": today, "kind": OverheadKind.OVERHEAD.value, "currency": currency,
        "revenue": "0.00",
    }  # fmt: skip
    form = EntryForm("overhead", id_prefix="ovh", initial=start)
    draft = _draw(currencies_in_use(identity), "Save", form)
    if draft is not None:
        with form.problems():
            retry(lambda: overheads.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Saved: {overhead_text.summary(draft)}.")


def change_overhead(identity: Identity, clients: pd.DataFrame, chosen_ids: Iterable[str]) -> None:
    """Open the form of the overhead chosen in the table. `clients` are those to assign it to."""
    chosen = list(chosen_ids)
    in_use = currencies_in_use(identity) if chosen else []
    record_dialog.open_dialog(
        record_dialog.Kind[Overhead](
            name=KIND,
            read=partial(overheads.get, identity),
            change=partial(overheads.change, identity),
            delete=partial(overheads.delete, identity),
            start=partial(initial_values, OVERHEADS),
            draw=partial(_draw, in_use, "Save changes"),
            texts=overhead_text.texts,
            trail=partial(_trail, identity),
            summary=overhead_text.summary,
            source=attrgetter("source_system"),
            decide=partial(offer_decisions, identity, clients),
        ),
        chosen,
    )


def _draw(in_use: Collection[str], button: str, form: EntryForm) -> OverheadDraft | None:
    """Draw the fields; return the draft once the button is pressed and every field can be read."""
    with form.box(border=False):
        fields = OVERHEADS.entered
        left, right = st.columns(2)
        with left:
            draw_field(form, fields["record_date"])
        with right:
            form.choice(
                "kind", fields["kind"].label, [kind.value for kind in OverheadKind],
                lambda kind: OverheadKind(kind).label,
            )  # fmt: skip
        for names in (("account", "counterparty"), ("currency", "revenue", "expenses")):
            for column, name in zip(st.columns(len(names)), names, strict=True):
                with column:
                    draw_field(form, fields[name])
        draw_other_fields(form, OVERHEADS, *_DRAWN)
        is_submitted = form.submit(button)
    return _read(in_use, form) if is_submitted else None


def _read(in_use: Collection[str], form: EntryForm) -> OverheadDraft | None:
    """Return the draft, or None once every problem is shown beside its field."""
    kind = form.read_choice("kind", "Choose a type.")
    currency = read_field(form, OVERHEADS.entered["currency"])
    values = read_other_fields(form, OVERHEADS, "kind", "currency", currency=currency)
    if not form.is_valid or kind is None:
        return None
    if currency not in in_use:
        form.ask("currency", f"No client and no exchange rate uses {currency}. Record it?")
    for field in ("revenue", "expenses"):
        if values[field] < 0:
            form.ask(field, f"{money(values[field], currency)} is negative. Record it as a credit?")
    return OverheadDraft(kind=kind, currency=currency, **values) if form.is_valid else None


def _trail(identity: Identity, record: Overhead) -> None:
    show_history(identity, "overheads", record.id, currency=record.currency)
