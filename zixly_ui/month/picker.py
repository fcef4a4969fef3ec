"""The choice of month and grid on the page, stored in the URL.

    month=2024-03 & what=leads

The defaults, the last whole month and the financials, are left out of the URL.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

import streamlit as st

from zixly_data.values.dates import EARLIEST, LATEST, add_months, month_name
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain_options

_MONTH, _WHAT = "month-picked", "month-what"
_MONTH_FORMAT = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])")
_MONTHS_BACK = 24
KINDS = {
    "financials": "Financials",
    "overheads": "Overheads",
    "leads": "Lead events",
    "metrics": "Custom metrics",
}


def pick_month(today: date, closed: Collection[date]) -> date:
    """Show the choice of month, closed ones marked; return the first day of the chosen month."""
    default = add_months(today.replace(day=1), -1)
    arrived = url_state.new_values(("month",), _MONTH)
    if arrived is not None:
        st.session_state[_MONTH] = _parse_month("".join(arrived["month"][:1]), default)
    current: date = st.session_state[_MONTH]
    options = {add_months(today.replace(day=1), -n) for n in range(-1, _MONTHS_BACK)} | {current}
    with st.container(horizontal=True, vertical_alignment="bottom", width="content", gap="small"):
        st.button(
            "Previous month", icon=":material/chevron_left:", key="month-previous",
            on_click=_move, args=(-1,), disabled=current <= EARLIEST,
        )  # fmt: skip
        month = st.selectbox(
            "Month",
            sorted(options, reverse=True),
            format_func=lambda option: (
                month_name(option) + (" · closed" if option in closed else "")
            ),
            key=_MONTH,
            width=220,
        )
        st.button(
            "Next month", icon=":material/chevron_right:", key="month-next",
            on_click=_move, args=(1,), disabled=add_months(current, 1) > LATEST,
        )  # fmt: skip
    url_state.write({"month": [] if month == default else [f"{month:%Y-%m}"]})
    return month


def pick_kind() -> str:
    """Show the choice of grid and return its kind, such as financials."""
    default = next(iter(KINDS))
    arrived = url_state.new_values(("what",), _WHAT)
    if arrived is not None:
        st.session_state[_WHAT] = "".join(arrived["what"][:1])
    if st.session_state.get(_WHAT) not in KINDS:
        st.session_state[_WHAT] = default
    st.segmented_control(
        "Records", list(KINDS), format_func=plain_options(KINDS.__getitem__), key=_WHAT,
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    kind = str(st.session_state[_WHAT])
    url_state.write({"what": [] if kind == default else [kind]})
    return kind


def _parse_month(text: str, default: date) -> date:
    match = _MONTH_FORMAT.fullmatch(text)
    if match:
        return date(int(match[1]), int(match[2]), 1)
    if text:
        st.info(
            f"The month in the link does not exist. Showing {month_name(default)} instead.",
            icon=":material/link_off:",
        )
    return default


def _move(months: int) -> None:
    st.session_state[_MONTH] = add_months(st.session_state[_MONTH], months)
