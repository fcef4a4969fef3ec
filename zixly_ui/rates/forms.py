"""Forms for adding, changing and deleting an exchange rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import ExchangeRate, parse_month, parse_rate
from zixly_data.tables.exchange_rates import Key, RateDraft
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
    rates: Mapping[Key, Decimal],
    currencies: Sequence[str],
    target_currency: str,
) -> bool:
    """Show the button for a new rate; return whether it was pressed and its form is open."""
    if not st.button("Add a rate", icon=":material/add:", key="add-rate"):
        return False
    _add_dialog(
        identity,
        rates,
        [currency for currency in currencies if currency != target_currency],
        target_currency,
    )
    return True


@st.dialog("Add a rate", width="medium")
def _add_dialog(
    identity: Identity,
    rates: Mapping[Key, Decimal],
    currencies: Sequence[str],
    target_currency: str,
) -> None:
    first = currencies[0] if len(currencies) == 1 else None
    form = EntryForm(
        "rate", id_prefix="rate", initial={"currency": first, "into_currency": target_currency}
    )
    options = list(dict.fromkeys([*currencies, *COMMON]))
    with form.box(border=False):
        form.text("month", "Month", placeholder="2024-03")
        left, middle, right = st.columns(3)
        with left:
            form.choice("currency", "One unit of", options, accepts_new=True, placeholder="Choose")
        with middle:
            form.text("rate", "Was worth", placeholder="0.9132")
        with right:
            form.choice("into_currency", "In", list(dict.fromkeys([target_currency, *COMMON])),
                        accepts_new=True)  # fmt: skip
        is_submitted = form.submit("Save")
    if not is_submitted:
        return
    month = form.read("month", parse_month)
    currency = form.read("currency", parse_currency)
    into_currency = form.read("into_currency", parse_currency)
    rate = form.read("rate", parse_rate)
    if month is None or currency is None or into_currency is None or rate is None:
        return
    draft = RateDraft(month, currency, into_currency, rate)
    _ask_about_doubt(form, draft, rates)
    if form.is_valid:
        with form.problems():
            retry(lambda: exchange_rates.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Saved: {rate_text.describe(draft.key, rate)}.")


def change_rate(
    identity: Identity, rates_on_file: pd.DataFrame, selected_ids: Sequence[str]
) -> None:
    """Open the form for the rate chosen in the table of `rates_on_file`."""
    rate_row = next((row for row in rows(rates_on_file) if row["id"] in selected_ids), None)
    if rate_row is None:
        return
    rates = rate_text.rates_by_key(rates_on_file)
    current = RateDraft(
        rate_row["month"], rate_row["currency"], rate_row["into_currency"], rate_row["rate"]
    )

    def change(rate_id: str, version: int, draft: RateDraft) -> None:
        exchange_rates.change(identity, rate_id, version, draft.rate)

    record_dialog.open_dialog(
        record_dialog.Kind[ExchangeRate](
            name=KIND,
            read=partial(exchange_rates.get, identity),
            change=change,
            delete=partial(exchange_rates.delete, identity),
            start=lambda seen: {"rate": f"{seen.rate.normalize():f}"},
            draw=partial(_draw, current, rates),
            texts=_labelled_texts,
            trail=lambda seen: show_history(identity, "exchange_rates", seen.id),
            summary=lambda draft: rate_text.describe(draft.key, draft.rate),
        ),
        selected_ids,
    )


def _draw(current: RateDraft, rates: Mapping[Key, Decimal], form: EntryForm) -> RateDraft | None:
    """Draw the field; return the draft once the button is pressed and the rate is valid."""
    st.markdown(f"**{plain(rate_text.describe(current.key))}**")
    with form.box(border=False):
        form.text("rate", f"1 {current.currency} in {current.into_currency}", placeholder="0.9132")
        is_submitted = form.submit("Save changes")
    rate = form.read("rate", parse_rate) if is_submitted else None
    if rate is None:
        return None
    draft = replace(current, rate=rate)
    _ask_about_doubt(form, draft, rates)
    return draft if form.is_valid else None


def _ask_about_doubt(form: EntryForm, draft: RateDraft, rates: Mapping[Key, Decimal]) -> None:
    """Ask for confirmation of a rate that is probably inverted or has a misplaced digit."""
    doubt = rate_text.describe_doubt(draft.key, draft.rate, rates)
    if doubt:
        form.ask("rate", doubt)


def _labelled_texts(draft: RateDraft) -> dict[str, str]:
    return {
        "Currency and month": rate_text.describe(draft.key),
        "Rate": rate_text.format_rate(draft.rate, draft.into_currency),
    }
