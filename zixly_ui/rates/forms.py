"""The forms in which an exchange rate is entered, changed and taken off file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import ExchangeRate, Key, RateDraft, parse_month, parse_rate
from zixly_data.values.currencies import COMMON, parse_currency
from zixly_data.values.frames import rows
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.forms import EntryForm
from zixly_ui.rates import text as rate_text
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

KIND = "rate"


def add_rate(
    identity: Identity,
    known: Mapping[Key, Decimal],
    currencies: Sequence[str],
    target_currency: str,
) -> bool:
    """The button for a new rate; whether it was pressed and its form is open."""
    if not st.button("Add a rate", icon=":material/add:", key="add-rate"):
        return False
    _add_dialog(
        identity, known, [each for each in currencies if each != target_currency], target_currency
    )
    return True


@st.dialog("Add a rate", width="medium")
def _add_dialog(
    identity: Identity,
    known: Mapping[Key, Decimal],
    currencies: Sequence[str],
    target_currency: str,
) -> None:
    first = currencies[0] if len(currencies) == 1 else None
    form = EntryForm(
        "rate", id_prefix="rate", initial={"currency": first, "into_currency": target_currency}
    )
    offered = list(dict.fromkeys([*currencies, *COMMON]))
    with form.box(border=False):
        form.text("month", "Month", placeholder="2024-03")
        left, middle, right = st.columns(3)
        with left:
            form.choice("currency", "One unit of", offered, accepts_new=True, placeholder="Choose")
        with middle:
            form.text("rate", "Was worth", placeholder="0.9132")
        with right:
            form.choice("into_currency", "Of", list(dict.fromkeys([target_currency, *COMMON])),
                        accepts_new=True)  # fmt: skip
        pressed = form.submit("Save")
    if not pressed:
        return
    month = form.read("month", parse_month)
    currency = form.read("currency", parse_currency)
    of = form.read("into_currency", parse_currency)
    rate = form.read("rate", parse_rate)
    if month is None or currency is None or of is None or rate is None:
        return
    draft = RateDraft(month, currency, of, rate)
    _ask(form, draft, known)
    if form.is_valid:
        with form.problems():
            retry(lambda: exchange_rates.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Saved: {rate_text.describe(draft.key, rate)}.")


def change_rate(identity: Identity, found: pd.DataFrame, chosen: Sequence[str]) -> None:
    """The form for the rate chosen in the table, which shows `found`."""
    of = next((row for row in rows(found) if row["id"] in chosen), None)
    if of is None:
        return
    known = rate_text.on_file(found)
    this = RateDraft(of["month"], of["currency"], of["into_currency"], of["rate"])

    def change(rate_id: str, version: int, draft: RateDraft) -> None:
        exchange_rates.change(identity, rate_id, version, draft.rate)

    record_dialog.open_dialog(
        record_dialog.Kind[ExchangeRate](
            name=KIND,
            read=partial(exchange_rates.get, identity),
            change=change,
            delete=partial(exchange_rates.delete, identity),
            start=lambda seen: {"rate": f"{seen.rate.normalize():f}"},
            draw=partial(_draw, this, known),
            texts=_texts,
            trail=lambda seen: show_history(identity, "exchange_rates", seen.id),
            summary=lambda draft: rate_text.describe(draft.key, draft.rate),
        ),
        chosen,
    )


def _draw(this: RateDraft, known: Mapping[Key, Decimal], form: EntryForm) -> RateDraft | None:
    """The field; the draft once the button is pressed and it can be read."""
    st.markdown(f"**{plain(rate_text.describe(this.key))}**")
    with form.box(border=False):
        form.text("rate", f"1 {this.currency} in {this.into_currency}", placeholder="0.9132")
        pressed = form.submit("Save changes")
    rate = form.read("rate", parse_rate) if pressed else None
    if rate is None:
        return None
    draft = replace(this, rate=rate)
    _ask(form, draft, known)
    return draft if form.is_valid else None


def _ask(form: EntryForm, draft: RateDraft, known: Mapping[Key, Decimal]) -> None:
    """Ask before a rate is saved that is probably turned round or slipped by a digit."""
    doubt = rate_text.doubt(draft.key, draft.rate, known)
    if doubt:
        form.ask("rate", doubt)


def _texts(draft: RateDraft) -> dict[str, str]:
    return {
        "Of": rate_text.describe(draft.key),
        "Rate": rate_text.format_rate(draft.rate, draft.into_currency),
    }
