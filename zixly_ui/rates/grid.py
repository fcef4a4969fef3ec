"""The grid of rates that are missing: typed in or pasted, and saved all at once or not at all.

What was typed belongs to a month and a currency, not to a line: it stays while others enter some of
the same rates, and while the person looks at other pages.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.errors import Conflict, InvalidInput, MonthClosed, StillWriting
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import Key, RateDraft, parse_rate
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.formatting import plural, short_month
from zixly_ui.components.forms import confirm
from zixly_ui.rates import text as rate_text
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_SLOT, _SAVE = "rate-grid", "save-rates"
# The browser tells of an edit a moment after it was made; a click on Save may come before it.
_SETTLED = 0.5
_ROW, _TALLEST, _MOST = 33, 460, 12


@dataclass
class RateGrid:
    """What was typed, by what it is of. `keys` are the lines since `generation` began, and `base`
    what stood in them then: the browser lays what is typed since over it."""

    keys: list[Key] = field(default_factory=list)
    base: dict[Key, str] = field(default_factory=dict)
    typed: dict[Key, str] = field(default_factory=dict)
    slips: list[tuple[Key, str, str]] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    pressed: float | None = None
    generation: str = field(default_factory=lambda: new_id("grid"))

    def take(self, edited: Mapping[int, Mapping[str, Any]] | None) -> None:
        """What the browser says was edited; None where it has forgotten the grid meanwhile."""
        if edited is None:
            if self.typed != self.base:
                self._begin_anew()
            return
        now = dict(self.base)
        for line, cells in edited.items():
            if "rate" in cells and line < len(self.keys):
                now[self.keys[line]] = str(cells["rate"] or "")
        self.typed = {key: text for key, text in now.items() if text.strip()}

    def show(self, keys: list[Key], known: Mapping[Key, Decimal]) -> None:
        """The lines from now on. What was typed for others is told once, and not saved over what
        somebody else entered there."""
        for key in [each for each in self.typed if each not in keys]:
            if key in known and not _is(self.typed[key], known[key]):
                self.theirs.append(_theirs(key, self.typed[key], known[key]))
                self.pressed = None
            del self.typed[key]
        if keys != self.keys:
            self.keys = keys
            self._begin_anew()

    def drafts(self) -> list[RateDraft]:
        """The rates that were typed; whatever is none becomes a slip."""
        found, self.slips = [], []
        for key in self.keys:
            text = self.typed.get(key, "")
            if not text:
                continue
            try:
                found.append(RateDraft(*key, parse_rate(text)))
            except InvalidInput as error:
                self.slips.append((key, text, str(error)))
        return found

    def _begin_anew(self) -> None:
        self.base = dict(self.typed)
        self.generation = new_id("grid")


def fill_in(
    identity: Identity,
    missing: pd.DataFrame,
    known: Mapping[Key, Decimal],
    target_currency: str,
    today: date,
) -> None:
    """The grid of what is missing, and saving it; nothing where nothing is."""
    grid: RateGrid = st.session_state.setdefault(_SLOT, RateGrid())
    state = st.session_state.get(grid.generation)
    grid.take(None if state is None else state["edited_rows"])
    if st.session_state.get(_SAVE):
        grid.pressed, grid.theirs = time.monotonic(), []
    found = sorted(rows(missing), key=lambda row: (row["month"], row["currency"]), reverse=True)
    grid.show([(row["month"], row["currency"], target_currency) for row in found], known)
    for words in grid.theirs:
        st.warning(plain(words), icon=":material/compare_arrows:")
    if missing.empty:
        grid.theirs = []
        return
    with st.container(border=True):
        st.subheader("What is missing", anchor=False)
        st.caption(plain(rate_text.what_follows(missing, target_currency, today, True)))
        _draw(grid, target_currency)
        _doubts(grid, known)
        _slips(grid)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Save rates", type="primary", icon=":material/save:", key=_SAVE)
            if grid.typed:
                count = plural(len(grid.typed), "rate")
                st.markdown(f"{count} typed, not saved yet.", width="content")
        if grid.pressed is not None:
            left = grid.pressed + _SETTLED - time.monotonic()
            if left > 0:
                time.sleep(left)
                st.rerun()
            grid.pressed = None
            _save(identity, grid)


def _draw(grid: RateGrid, target_currency: str) -> None:
    text = st.column_config.TextColumn
    st.data_editor(
        pd.DataFrame({
            "month": pd.array([short_month(key[0]) for key in grid.keys], "string"),
            "currency": pd.array([f"1 {key[1]}" for key in grid.keys], "string"),
            "rate": pd.array([grid.base.get(key) for key in grid.keys], "string"),
        }),
        key=grid.generation,
        column_config={
            "month": text("Month", disabled=True, width=95),
            "currency": text("What", disabled=True, width=75),
            "rate": text(f"In {target_currency}", alignment="right", width=150),
        },
        hide_index=True,
        num_rows="fixed",
        width="content",
        height=min(_ROW * (len(grid.keys) + 1) + 2, _TALLEST),
        placeholder="",
        alt="Rates that are missing",
    )  # fmt: skip


def _save(identity: Identity, grid: RateGrid) -> None:
    drafts = grid.drafts()
    if grid.slips:
        st.rerun()
    if not drafts:
        st.info("There is nothing to save: no rate was typed.")
        return
    try:
        # All of them were missing when the grid was drawn.
        retry(lambda: exchange_rates.put_all(identity, drafts, seen={}))
    except Conflict:
        # What is on file now is read anew, and told.
        st.rerun()
    except MonthClosed as error:
        st.error(
            f"{sentence(error)} Nothing was saved; what you typed is still here.",
            icon=":material/lock:",
        )
    except StillWriting as error:
        st.error(f"{sentence(error)} What you typed is still here.", icon=":material/error:")
    else:
        st.session_state.pop(_SLOT, None)
        confirm(_saved(drafts))
        st.rerun()


def _theirs(key: Key, typed: str, rate: Decimal) -> str:
    return (
        f"Someone else entered {rate_text.describe(key)} meanwhile: {rate_text.figure(rate)} is on "
        f"file, you typed {typed}. Yours was not saved. If it is right, change the rate in the "
        "table below."
    )


def _is(text: str, rate: Decimal) -> bool:
    try:
        return parse_rate(text) == rate
    except InvalidInput:
        return False


def _saved(drafts: Sequence[RateDraft]) -> str:
    if len(drafts) == 1:
        return f"Saved: {rate_text.describe(drafts[0].key, drafts[0].rate)}."
    return f"Saved {plural(len(drafts), 'rate')}."


def _doubts(grid: RateGrid, known: Mapping[Key, Decimal]) -> None:
    """Say which of the typed rates are probably slips; they can be saved all the same."""
    for key, text in list(grid.typed.items())[:_MOST]:
        try:
            doubt = rate_text.doubt(key, parse_rate(text), known)
        except InvalidInput:
            continue
        if doubt:
            st.caption(f":material/help: {plain(f'{rate_text.describe(key)}: {doubt}')}")


def _slips(grid: RateGrid) -> None:
    """What is wrong, as long as it still stands there."""
    slips = [slip for slip in grid.slips if grid.typed.get(slip[0]) == slip[1]]
    if not slips:
        return
    told = [f"- {plain(f'{rate_text.describe(key)}: {words}')}" for key, _, words in slips[:_MOST]]
    if len(slips) > _MOST:
        told.append(f"- and {len(slips) - _MOST:,} more")
    cells = "One cell has" if len(slips) == 1 else f"{len(slips):,} cells have"
    st.error(
        f"Nothing was saved. {cells} to be changed:\n\n" + "\n".join(told),
        icon=":material/error:",
    )
