"""A file of exchange rates: what it would change is shown first, then all of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.errors import Conflict, MonthClosed, StillWriting
from zixly_data.identity import Identity
from zixly_data.imports import FileRefused, exchange_rate_files
from zixly_data.imports.exchange_rate_files import RateFile
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import Key
from zixly_ui.components.formatting import ABSENT, plural, short_month
from zixly_ui.components.forms import confirm
from zixly_ui.rates import text as rate_text
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_SLOT, _NUMBER = "rate-file", "rate-file-number"
_MOST = 12


@dataclass
class Taken:
    """A file as it was read, and the rates that were on file when its preview was made."""

    id: str
    file: RateFile
    seen: dict[Key, Decimal]
    moved: str | None = None


def import_rates(identity: Identity, known: Mapping[Key, Decimal], target_currency: str) -> None:
    """The place to put a file, and what it would do."""
    number = st.session_state.setdefault(_NUMBER, 0)
    with st.expander("Import rates from a file", icon=":material/upload_file:", key="rate-import"):
        st.caption(
            f"CSV or Excel, with the columns month, currency and rate: 2024-03, NZD, 0.9132 means "
            f"that 1 NZD was worth 0.9132 {target_currency} in March 2024. A column into_currency "
            "may name another currency than that. The file from “Download CSV” can be imported "
            "again."
        )
        given = st.file_uploader("A file of exchange rates", key=f"rate-file-{number}")
        if given is None:
            st.session_state.pop(_SLOT, None)
            return
        taken: Taken | None = st.session_state.get(_SLOT)
        if taken is None or taken.id != given.file_id:
            try:
                file = exchange_rate_files.read(given.name, given.getvalue(), target_currency)
            except FileRefused as error:
                st.error(sentence(error), icon=":material/draft:")
                return
            taken = st.session_state[_SLOT] = Taken(given.file_id, file, dict(known))
        _preview(identity, taken, known)


def _preview(identity: Identity, taken: Taken, known: Mapping[Key, Decimal]) -> None:
    file, seen = taken.file, taken.seen
    if taken.moved:
        st.warning(
            f"{plain(taken.moved)} This is what the file would change now.",
            icon=":material/compare_arrows:",
        )
    for note in file.notes:
        st.caption(plain(note))
    if file.bad:
        _bad_lines(file)
        return
    new = [each for each in file.rates if each.key not in seen]
    changed = [each for each in file.rates if seen.get(each.key, each.rate) != each.rate]
    same = len(file.rates) - len(new) - len(changed)
    st.markdown(f"**{plain(_counted(len(new), len(changed), same))}**")
    if not new and not changed:
        return
    shown = (*changed, *new)
    before = [seen.get(each.key) for each in shown]
    places = rate_text.decimals((*filter(None, before), *(each.rate for each in shown)))
    digits = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        pd.DataFrame({
            "Month": [short_month(each.month) for each in shown],
            "Currency": [f"1 {each.currency} in {each.into_currency}" for each in shown],
            "On file": [ABSENT if rate is None else f"{rate:,.{places}f}" for rate in before],
            "In the file": [f"{each.rate:,.{places}f}" for each in shown],
        }),
        column_config={"On file": digits, "In the file": digits},
        hide_index=True, key=f"rate-preview-{taken.id}",
        height=min(35 * (len(shown) + 1) + 3, 320),
    )  # fmt: skip
    around = {**seen, **{each.key: each.rate for each in file.rates}}
    for each in shown[:200]:
        doubt = rate_text.doubt(each.key, each.rate, around)
        if doubt:
            st.caption(f":material/help: {plain(f'{rate_text.describe(each.key)}: {doubt}')}")
            break
    if st.button(
        f"Import {plural(len(new) + len(changed), 'rate')}",
        type="primary", icon=":material/check:", key="import-rates",
    ):  # fmt: skip
        _write(identity, taken, known)


def _write(identity: Identity, taken: Taken, known: Mapping[Key, Decimal]) -> None:
    try:
        count = retry(lambda: exchange_rates.put_all(identity, taken.file.rates, seen=taken.seen))
    except Conflict as error:
        current: Any = error.current
        taken.seen = {**known, **{each.key: each.rate for each in current}}
        taken.moved = str(error)
        st.rerun()
    except MonthClosed as error:
        st.error(f"{sentence(error)} Nothing was imported.", icon=":material/lock:")
    except StillWriting as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        st.session_state.pop(_SLOT, None)
        st.session_state[_NUMBER] += 1
        confirm(f"Imported {plural(count, 'rate')}.")
        st.rerun()


def _bad_lines(file: RateFile) -> None:
    told = [f"- {plain(str(each))}" for each in file.bad[:_MOST]]
    if len(file.bad) > _MOST:
        told.append(f"- and {len(file.bad) - _MOST:,} more")
    lines = "One line is" if len(file.bad) == 1 else f"{len(file.bad):,} lines are"
    st.error(
        f"{lines} no rate, so nothing of the file is imported. Mend it and choose it again:\n\n"
        + "\n".join(told),
        icon=":material/error:",
    )


def _counted(new: int, changed: int, same: int) -> str:
    """`18 rates are new, 2 change, 3 are on file already.`"""
    said = [
        f"{count:,} {one if count == 1 else several}"
        for count, one, several in (
            (new, "is new", "are new"),
            (changed, "changes", "change"),
            (same, "is on file already", "are on file already"),
        )
        if count
    ]
    if not said:
        return "The file has no rates."
    first, _, rest = said[0].partition(" ")
    said[0] = f"{first} {'rate' if first == '1' else 'rates'} {rest}"
    return f"{', '.join(said)}."
