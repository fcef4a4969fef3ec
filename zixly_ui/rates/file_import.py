"""Importing a file of exchange rates: a preview first, then all of it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.errors import NOT_SAVED, Conflict, MonthClosed
from zixly_data.identity import Identity
from zixly_data.imports import FileRefused, exchange_rate_files
from zixly_data.imports.exchange_rate_files import RateFile
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import Key
from zixly_ui.components.formatting import ABSENT, plural, short_month
from zixly_ui.components.forms import confirm
from zixly_ui.rates import text as rate_text
from zixly_ui.shell import uploaded_files
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_SLOT, _NUMBER = "rate-file", "rate-file-number"
_MOST_SHOWN = 12


@dataclass
class RateUpload:
    """An uploaded file, and the rates that were on file when its preview was made."""

    id: str
    name: str
    file: RateFile
    seen: dict[Key, Decimal]
    conflict: str | None = None


def import_rates(identity: Identity, rates: Mapping[Key, Decimal], target_currency: str) -> None:
    """Show the uploader and the preview of the file."""
    with st.expander("Import rates from a file", icon=":material/upload_file:", key="rate-import"):
        st.caption(
            "Use a CSV or Excel file with the columns month, currency and rate. For example, "
            f"2024-03, NZD, 0.9132 means that 1 NZD was worth 0.9132 {target_currency} in March "
            f"2024. For rates in a currency other than {target_currency}, add the column "
            "into_currency. You can also import the file from “Download CSV”."
        )
        upload = _ask_for_file(rates, target_currency)
        if isinstance(upload, RateUpload):
            st.markdown(f":material/draft: **{plain(upload.name)}**")
            _preview(identity, upload, rates)
            st.button("Remove file", key="rates-remove", on_click=_forget)
        elif upload is not None:
            st.error(upload, icon=":material/draft:")


def _ask_for_file(rates: Mapping[Key, Decimal], target_currency: str) -> RateUpload | str | None:
    """Show the uploader; return the file it received last, or why that file was refused."""
    not_received = uploaded_files.refusal()
    if not_received:
        st.warning(plain(not_received), icon=":material/draft:")
    number = st.session_state.setdefault(_NUMBER, 0)
    uploaded = st.file_uploader("Exchange rate file", key=f"rate-file-{number}")
    if uploaded is not None:
        _forget()
        try:
            data = uploaded_files.take(uploaded)
            file = exchange_rate_files.read(uploaded.name, data, target_currency)
        except FileRefused as error:
            st.session_state[_SLOT] = sentence(error)
        else:
            upload = RateUpload(uploaded.file_id, uploaded.name, file, dict(rates))
            st.session_state[_SLOT] = upload
        # The next run has an empty uploader, ready for another file.
        st.rerun()
    received: RateUpload | str | None = st.session_state.get(_SLOT)
    return received


def _forget() -> None:
    """Remove the file, and start again with an empty uploader."""
    st.session_state.pop(_SLOT, None)
    st.session_state[_NUMBER] += 1


def _preview(identity: Identity, upload: RateUpload, rates: Mapping[Key, Decimal]) -> None:
    file, seen = upload.file, upload.seen
    if upload.conflict:
        st.warning(
            f"{plain(upload.conflict)} The preview shows what the file would change now.",
            icon=":material/compare_arrows:",
        )
    for note in file.notes:
        st.caption(plain(note))
    if file.bad:
        _show_bad_lines(file)
        return
    new = [draft for draft in file.rates if draft.key not in seen]
    changed = [draft for draft in file.rates if seen.get(draft.key, draft.rate) != draft.rate]
    same = len(file.rates) - len(new) - len(changed)
    st.markdown(f"**{plain(_counts_text(len(new), len(changed), same))}**")
    if not new and not changed:
        return
    drafts = (*changed, *new)
    before = [seen.get(draft.key) for draft in drafts]
    places = rate_text.decimals((*filter(None, before), *(draft.rate for draft in drafts)))
    digits = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        pd.DataFrame({
            "Month": [short_month(draft.month) for draft in drafts],
            "Currency": [f"1 {draft.currency} in {draft.into_currency}" for draft in drafts],
            "Recorded": [ABSENT if rate is None else f"{rate:,.{places}f}" for rate in before],
            "In the file": [f"{draft.rate:,.{places}f}" for draft in drafts],
        }),
        column_config={"Recorded": digits, "In the file": digits},
        hide_index=True, key=f"rate-preview-{upload.id}",
        height=min(35 * (len(drafts) + 1) + 3, 320),
    )  # fmt: skip
    context = {**seen, **{draft.key: draft.rate for draft in file.rates}}
    for draft in drafts[:200]:
        doubt = rate_text.describe_doubt(draft.key, draft.rate, context)
        if doubt:
            st.caption(f":material/help: {plain(f'{rate_text.describe(draft.key)}: {doubt}')}")
            break
    if st.button(
        f"Import {plural(len(new) + len(changed), 'rate')}",
        type="primary", icon=":material/check:", key="import-rates",
    ):  # fmt: skip
        _save(identity, upload, rates)


def _save(identity: Identity, upload: RateUpload, rates: Mapping[Key, Decimal]) -> None:
    try:
        count = retry(lambda: exchange_rates.put_all(identity, upload.file.rates, seen=upload.seen))
    except Conflict as error:
        current: Any = error.current
        upload.seen = {**rates, **{rate.key: rate.rate for rate in current}}
        upload.conflict = str(error)
        st.rerun()
    except MonthClosed as error:
        st.error(f"{sentence(error)} Nothing was imported.", icon=":material/lock:")
    except NOT_SAVED as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        _forget()
        confirm(f"Imported {plural(count, 'rate')}.")
        st.rerun()


def _show_bad_lines(file: RateFile) -> None:
    lines = [f"- {plain(str(bad_line))}" for bad_line in file.bad[:_MOST_SHOWN]]
    if len(file.bad) > _MOST_SHOWN:
        lines.append(f"- and {len(file.bad) - _MOST_SHOWN:,} more")
    count_text = (
        "One line is not a rate" if len(file.bad) == 1 else f"{len(file.bad):,} lines are not rates"
    )
    st.error(
        f"{count_text}, so nothing was imported. "
        "Correct the file and choose it again:\n\n" + "\n".join(lines),
        icon=":material/error:",
    )


def _counts_text(new: int, changed: int, same: int) -> str:
    """Return `18 rates are new, 2 will change and 3 are already recorded.`"""
    parts = [
        f"{count:,} {singular if count == 1 else plural_form}"
        for count, singular, plural_form in (
            (new, "is new", "are new"),
            (changed, "will change", "will change"),
            (same, "is already recorded", "are already recorded"),
        )
        if count
    ]
    if not parts:
        return "The file has no rates."
    first, _, rest = parts[0].partition(" ")
    parts[0] = f"{first} {'rate' if first == '1' else 'rates'} {rest}"
    return f"{rate_text.join_names(parts)}."
