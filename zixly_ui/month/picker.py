"""Which month and which grid: chosen on the page, and in its address.

    month=2024-03 & what=leads

The last whole month and the figures are what one gets without asking, and stay out of the address.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

import streamlit as st

from zixly_data.values.dates import EARLIEST, LATEST, add_months, month_name
from zixly_ui.shell import url_state

_MONTH, _WHAT = "month-picked", "month-what"
_KEY = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])")
_BACK = 24
WHATS = {"financials": "Financials", "leads": "Lead events", "metrics": "Custom metrics"}


def pick_month(today: date, closed: Collection[date]) -> date:
    """The first day of the month the person chose; those that are closed are marked."""
    default = add_months(today.replace(day=1), -1)
    told = url_state.new_values(("month",), _MONTH)
    if told is not None:
        st.session_state[_MONTH] = _told("".join(told["month"][:1]), default)
    chosen: date = st.session_state[_MONTH]
    menu = {add_months(today.replace(day=1), -n) for n in range(-1, _BACK)} | {chosen}
    with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="small"):
        st.button(
            "Previous month", icon=":material/chevron_left:", key="month-previous",
            on_click=_move, args=(-1,), disabled=chosen <= EARLIEST,
        )  # fmt: skip
        month = st.selectbox(
            "Month",
            sorted(menu, reverse=True),
            format_func=lambda each: month_name(each) + (" · closed" if each in closed else ""),
            key=_MONTH,
            width=220,
        )
        st.button(
            "Next month", icon=":material/chevron_right:", key="month-next",
            on_click=_move, args=(1,), disabled=add_months(chosen, 1) > LATEST,
        )  # fmt: skip
    url_state.write({"month": [] if month == default else [f"{month:%Y-%m}"]})
    return month


def pick_what() -> str:
    """The grid the person chose: figures, lead events or metrics."""
    first = next(iter(WHATS))
    told = url_state.new_values(("what",), _WHAT)
    if told is not None:
        st.session_state[_WHAT] = "".join(told["what"][:1])
    if st.session_state.get(_WHAT) not in WHATS:
        st.session_state[_WHAT] = first
    st.segmented_control(
        "What", list(WHATS), format_func=WHATS.__getitem__, key=_WHAT, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    chosen = str(st.session_state[_WHAT])
    url_state.write({"what": [] if chosen == first else [chosen]})
    return chosen


def _told(key: str, default: date) -> date:
    found = _KEY.fullmatch(key)
    if found:
        return date(int(found[1]), int(found[2]), 1)
    if key:
        st.info(
            f"The link asked for a month that there is none of; you see {month_name(default)}.",
            icon=":material/link_off:",
        )
    return default


def _move(months: int) -> None:
    st.session_state[_MONTH] = add_months(st.session_state[_MONTH], months)
