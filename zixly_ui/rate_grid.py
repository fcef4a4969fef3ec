"""The grid of rates that are missing: typed in or pasted, and saved all at once or not at all.

What was typed belongs to a month and a currency, not to a line: it stays while others enter some of
the same rates, and while the person looks at other pages.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data import rates
from zixly_data.errors import Conflict, InvalidInput, MonthClosed
from zixly_data.identity import Identity
from zixly_data.ids import new_id
from zixly_data.rates import Key, RateDraft, parse_rate
from zixly_ui import rate_text
from zixly_ui.chart_style import rows
from zixly_ui.errors import plain, sentence
from zixly_ui.forms import confirm
from zixly_ui.patience import patiently
from zixly_ui.text import plural, short_month

_SLOT = "rate-grid"
# The browser tells of an edit a moment after it was made; a click on Save may come before it.
_SETTLED = 0.5
_ROW, _TALLEST, _MOST = 35, 460, 12


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

    def show(self, keys: list[Key]) -> None:
        """The lines from now on: what is missing, and what was typed for nothing else."""
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
        self.base = {key: text for key, text in self.typed.items() if key in self.keys}
        self.typed = dict(self.base)
        self.generation = new_id("grid")


def fill_in(
    identity: Identity, missing: pd.DataFrame, known: Mapping[Key, Decimal], into: str
) -> None:
    """The grid of what is missing, and saving it."""
    grid: RateGrid = st.session_state.setdefault(_SLOT, RateGrid())
    state = st.session_state.get(grid.generation)
    grid.take(None if state is None else state["edited_rows"])
    found = sorted(rows(missing), key=lambda row: (row["month"], row["currency"]), reverse=True)
    grid.show([(row["month"], row["currency"], into) for row in found])
    for words in grid.theirs:
        st.warning(plain(words), icon=":material/compare_arrows:")
    _draw(grid, into)
    _doubts(grid, known)
    _slips(grid)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Save rates", type="primary", icon=":material/save:", key="save-rates"):
            grid.pressed, grid.theirs = time.monotonic(), []
        if grid.typed:
            st.markdown(f"{plural(len(grid.typed), 'rate')} typed, not saved yet.", width="content")
    if grid.pressed is not None:
        left = grid.pressed + _SETTLED - time.monotonic()
        if left > 0:
            time.sleep(left)
            st.rerun()
        grid.pressed = None
        _save(identity, grid)


def _draw(grid: RateGrid, into: str) -> None:
    text = st.column_config.TextColumn
    st.data_editor(
        pd.DataFrame({
            "month": pd.array([short_month(key[0]) for key in grid.keys], "string"),
            "currency": pd.array([f"1 {key[1]}" for key in grid.keys], "string"),
            "rate": pd.array([grid.base.get(key) for key in grid.keys], "string"),
        }),
        key=grid.generation,
        column_config={
            "month": text("Month", disabled=True, width=110),
            "currency": text("One unit of", disabled=True, width=110),
            "rate": text(f"Was worth, in {into}", width=180),
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
        patiently(lambda: rates.put_all(identity, drafts, seen={}))
    except Conflict as error:
        current: Any = error.current
        grid.theirs = [_theirs(grid, each.key, each.rate) for each in current]
        st.rerun()
    except MonthClosed as error:
        st.error(
            f"{sentence(error)} Nothing was saved; what you typed is still here.",
            icon=":material/lock:",
        )
    else:
        st.session_state.pop(_SLOT, None)
        confirm(_saved(drafts))
        st.rerun()


def _theirs(grid: RateGrid, key: Key, rate: Decimal) -> str:
    return (
        f"Someone else entered {rate_text.said(key)} meanwhile: {rate:f} is on file, "
        f"{grid.typed.get(key, '')} is what you typed. Nothing was saved yet. If yours is right, "
        "change it in the table below."
    )


def _saved(drafts: Sequence[RateDraft]) -> str:
    if len(drafts) == 1:
        return f"Saved: {rate_text.said(drafts[0].key, drafts[0].rate)}."
    return f"Saved {plural(len(drafts), 'rate')}."


def _doubts(grid: RateGrid, known: Mapping[Key, Decimal]) -> None:
    """Say which of the typed rates are probably slips; they can be saved all the same."""
    for key, text in list(grid.typed.items())[:_MOST]:
        try:
            doubt = rate_text.doubt(key, parse_rate(text), known)
        except InvalidInput:
            continue
        if doubt:
            st.caption(f":material/help: {plain(f'{rate_text.said(key)}: {doubt}')}")


def _slips(grid: RateGrid) -> None:
    """What is wrong, as long as it still stands there."""
    slips = [slip for slip in grid.slips if grid.typed.get(slip[0]) == slip[1]]
    if not slips:
        return
    told = [f"- {plain(f'{rate_text.said(key)}: {words}')}" for key, _, words in slips[:_MOST]]
    if len(slips) > _MOST:
        told.append(f"- and {len(slips) - _MOST:,} more")
    cells = "One cell has" if len(slips) == 1 else f"{len(slips):,} cells have"
    st.error(
        f"Nothing was saved. {cells} to be changed:\n\n" + "\n".join(told),
        icon=":material/error:",
    )
