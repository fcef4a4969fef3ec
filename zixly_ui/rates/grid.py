"""The grid of missing rates: typed or pasted, and saved all at once or not at all.

Edits belong to a month and a currency, not to a line: they stay while others enter some of the same
rates, and while the person visits other pages.
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

from zixly_data.errors import NOT_SAVED, Conflict, InvalidInput, MonthClosed
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import parse_rate
from zixly_data.tables.exchange_rates import Key, RateDraft
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.formatting import plural, short_month
from zixly_ui.components.forms import confirm
from zixly_ui.rates import text as rate_text
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_SLOT, _SAVE = "rate-grid", "save-rates"
# The browser reports an edit with a delay; a click on Save may arrive before it.
_SETTLED = 0.5
_ROW, _TALLEST, _MOST_SHOWN = 33, 460, 12


@dataclass
class RateGrid:
    """Typed rates by key. `keys` are the lines since `generation` began, and `base` their texts at
    that time, to which the browser applies later edits."""

    keys: list[Key] = field(default_factory=list)
    base: dict[Key, str] = field(default_factory=dict)
    typed: dict[Key, str] = field(default_factory=dict)
    slips: list[tuple[Key, str, str]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    pressed: float | None = None
    generation: str = field(default_factory=lambda: new_id("grid"))

    def apply_edits(self, edited: Mapping[int, Mapping[str, Any]] | None) -> None:
        """Apply the browser's edits; None if the browser has dropped the grid in the meantime."""
        if edited is None:
            if self.typed != self.base:
                self._start_generation()
            return
        current = dict(self.base)
        for line, cells in edited.items():
            if "rate" in cells and line < len(self.keys):
                current[self.keys[line]] = str(cells["rate"] or "")
        self.typed = {key: text for key, text in current.items() if text.strip()}

    def set_lines(self, keys: list[Key], rates: Mapping[Key, Decimal]) -> None:
        """Set the lines. An edit of a removed line is dropped; if another person has entered a
        different rate there, it is reported once as a conflict."""
        for key in [key for key in self.typed if key not in keys]:
            if key in rates and not _is_same_rate(self.typed[key], rates[key]):
                self.conflicts.append(_conflict_text(key, self.typed[key], rates[key]))
                self.pressed = None
            del self.typed[key]
        if keys != self.keys:
            self.keys = keys
            self._start_generation()

    def read_drafts(self) -> list[RateDraft]:
        """Parse the typed rates; invalid ones become slips."""
        drafts, self.slips = [], []
        for key in self.keys:
            text = self.typed.get(key, "")
            if not text:
                continue
            try:
                drafts.append(RateDraft(*key, parse_rate(text)))
            except InvalidInput as error:
                self.slips.append((key, text, str(error)))
        return drafts

    def _start_generation(self) -> None:
        self.base = dict(self.typed)
        self.generation = new_id("grid")


def fill_in(
    identity: Identity,
    missing: pd.DataFrame,
    rates: Mapping[Key, Decimal],
    target_currency: str,
    today: date,
) -> None:
    """Show the grid of missing rates and save it; nothing if no rate is missing."""
    grid: RateGrid = st.session_state.setdefault(_SLOT, RateGrid())
    state = st.session_state.get(grid.generation)
    grid.apply_edits(None if state is None else state["edited_rows"])
    if st.session_state.get(_SAVE):
        grid.pressed, grid.conflicts = time.monotonic(), []
    missing_rows = sorted(
        rows(missing), key=lambda row: (row["month"], row["currency"]), reverse=True
    )
    grid.set_lines(
        [(row["month"], row["currency"], target_currency) for row in missing_rows], rates
    )
    for conflict in grid.conflicts:
        st.warning(plain(conflict), icon=":material/compare_arrows:")
    if missing.empty:
        grid.conflicts = []
        return
    with st.container(border=True):
        st.subheader("Missing rates", anchor=False)
        st.caption(plain(rate_text.missing_rates_text(missing, target_currency, today, True)))
        _draw(grid, target_currency)
        _show_doubts(grid, rates)
        _show_slips(grid)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Save rates", type="primary", icon=":material/save:", key=_SAVE)
            if grid.typed:
                count = plural(len(grid.typed), "rate")
                st.markdown(f"{count} entered, not saved yet.", width="content")
        if grid.pressed is not None:
            remaining = grid.pressed + _SETTLED - time.monotonic()
            if remaining > 0:
                time.sleep(remaining)
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
            "currency": text("Currency", disabled=True, width=75),
            "rate": text(f"In {target_currency}", alignment="right", width=150),
        },
        hide_index=True,
        num_rows="fixed",
        width="content",
        height=min(_ROW * (len(grid.keys) + 1) + 2, _TALLEST),
        placeholder="",
        alt="Missing rates",
    )  # fmt: skip


def _save(identity: Identity, grid: RateGrid) -> None:
    drafts = grid.read_drafts()
    if grid.slips:
        st.rerun()
    if not drafts:
        st.info("There is nothing to save. No rate has been entered.")
        return
    try:
        # All of these rates were missing when the grid was drawn.
        retry(lambda: exchange_rates.put_all(identity, drafts, seen={}))
    except Conflict:
        # The next run reads the rates on file again and reports the conflict.
        st.rerun()
    except MonthClosed as error:
        st.error(
            f"{sentence(error)} Nothing was saved. Your entries are still in the grid.",
            icon=":material/lock:",
        )
    except NOT_SAVED as error:
        st.error(f"{sentence(error)} Your entries are still in the grid.", icon=":material/error:")
    else:
        st.session_state.pop(_SLOT, None)
        confirm(_saved_text(drafts))
        st.rerun()


def _conflict_text(key: Key, typed: str, rate: Decimal) -> str:
    return (
        f"Someone else entered {rate_text.describe(key)} in the meantime: "
        f"{rate_text.format_figure(rate)} is recorded, and you entered {typed}. Your rate was not "
        "saved. If it is correct, change the rate in the table below."
    )


def _is_same_rate(text: str, rate: Decimal) -> bool:
    try:
        return parse_rate(text) == rate
    except InvalidInput:
        return False


def _saved_text(drafts: Sequence[RateDraft]) -> str:
    if len(drafts) == 1:
        return f"Saved: {rate_text.describe(drafts[0].key, drafts[0].rate)}."
    return f"Saved {plural(len(drafts), 'rate')}."


def _show_doubts(grid: RateGrid, rates: Mapping[Key, Decimal]) -> None:
    """Show the typed rates that are probably slips; they can still be saved."""
    for key, text in list(grid.typed.items())[:_MOST_SHOWN]:
        try:
            doubt = rate_text.describe_doubt(key, parse_rate(text), rates)
        except InvalidInput:
            continue
        if doubt:
            st.caption(f":material/help: {plain(f'{rate_text.describe(key)}: {doubt}')}")


def _show_slips(grid: RateGrid) -> None:
    """Show the slips whose texts have not changed."""
    slips = [slip for slip in grid.slips if grid.typed.get(slip[0]) == slip[1]]
    if not slips:
        return
    lines = [
        f"- {plain(f'{rate_text.describe(key)}: {message}')}"
        for key, _, message in slips[:_MOST_SHOWN]
    ]
    if len(slips) > _MOST_SHOWN:
        lines.append(f"- and {len(slips) - _MOST_SHOWN:,} more")
    cells = "One cell needs" if len(slips) == 1 else f"{len(slips):,} cells need"
    st.error(
        f"Nothing was saved. {cells} to be corrected:\n\n" + "\n".join(lines),
        icon=":material/error:",
    )
