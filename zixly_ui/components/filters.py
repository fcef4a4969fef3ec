"""Filters: which days and which clients a page is about. They live in the address.

    period=2024-Q1                              period_filter
    period=custom & from=2024-01-05 & to=…      period_filter
    client=ckpi_001 & status=ACTIVE & industry= client_filter; each may stand several times
    q=harbor                                    search_filter
    currency=NZD                                currency_choice
    stage=Consultation                          stage_choice
    by=month                                    choice

What equals the default is left out of the address. A link with something unknown in it shows a
note and what is known; it never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.errors import InvalidPeriod
from zixly_data.values import period as periods
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import EARLIEST, LATEST
from zixly_data.values.period import CUSTOM, Period
from zixly_ui.components.formatting import is_absent, people_order
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain

_PERIOD, _FROM, _TO = "filter-period", "filter-from", "filter-to"
_SHOWN = "filter-period-shown"
_STATUS_LABELS = {"ACTIVE": "Active", "COMPLETED": "Completed"}


def filter_bar() -> DeltaGenerator:
    """A place in which filters stand beside each other, and below each other on a phone."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="filter-bar")


def period_filter(today: date, financial_year_start: int = 7, default: str = "this-fy") -> Period:
    """The period the person chose: a preset, a quarter by name, or days of their own.

    A link may also name what the menu does not list: a month (`2024-03`), a financial year
    (`FY2024`) or an earlier quarter. A custom period that ends before it starts is explained under
    the field, and the default is shown until it is put right.
    """
    fallback = periods.parse(default, today, financial_year_start)
    told = url_state.new_values(("period", "from", "to"), _PERIOD)
    if told is not None:
        _seed_period(told, today, financial_year_start, fallback)
    menu = {
        each.key: each
        for each in [
            *periods.presets(today, financial_year_start),
            *periods.quarters(today),
            fallback,
        ]
    }
    chosen = st.session_state[_PERIOD]
    if chosen not in menu and chosen != CUSTOM:
        menu[chosen] = periods.parse(chosen, today, financial_year_start)

    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        key = st.selectbox(
            "Period",
            [*menu, CUSTOM],
            format_func=lambda each: menu[each].label if each in menu else "Other days …",
            key=_PERIOD,
            width=380,
        )
        if key == CUSTOM:
            return _custom_period(fallback)
    period = menu[key]
    url_state.write({"period": [] if key == default else [key], "from": [], "to": []})
    st.session_state[_SHOWN] = (period.start, period.end)
    return period


def search_filter(label: str = "Search", placeholder: str = "Name or number") -> str:
    """What the person searches for, without spaces around it; empty for everything."""
    told = url_state.new_values(("q",), "filter-search")
    if told is not None:
        st.session_state["filter-search"] = "".join(told["q"][:1])
    typed = st.text_input(
        label,
        key="filter-search",
        placeholder=placeholder,
        icon=":material/search:",
        max_chars=100,
        width=260,
    )
    wanted = (typed or "").strip()
    url_state.write({"q": [wanted] if wanted else []})
    return wanted


def client_filter(clients: pd.DataFrame, search: str = "") -> ClientFilter:
    """The clients the person chose, behind a button that says when something is left out.

    `clients` has `id, client_name, status, industry`, one row per client of the tenant. `search`
    is passed on, for pages that show `search_filter` beside it.
    """
    names = dict(zip(clients["id"], clients["client_name"], strict=True))
    ids = sorted(names, key=lambda each: (people_order(names[each]), each))
    statuses = sorted(_known(clients["status"]))
    industries = sorted(_known(clients["industry"]), key=people_order)
    lost: list[str] = []
    with st.popover("Choose clients", icon=":material/filter_list:", key="filter-clients"):
        chosen = ClientFilter(
            client_kpi_ids=multiple_choice(
                "Clients", "client", ids, lambda each: names[each], lost
            ),
            statuses=multiple_choice("Status", "status", statuses, status_label, lost),
            industries=multiple_choice("Industry", "industry", industries, str, lost),
            search=search,
        )
    words = [
        *(names[each] for each in chosen.client_kpi_ids),
        *(status_label(each) for each in chosen.statuses),
        *chosen.industries,
    ]
    if words:
        st.caption(f"Only {plain(' · '.join(words))}")
    if lost:
        st.info(
            f"{' and '.join(lost)}: something you asked for is not here any more and is left out.",
            icon=":material/link_off:",
        )
    return chosen


def currency_choice(currencies: Sequence[str]) -> str:
    """The currency to look at, the first unless chosen; amounts of several are never added.

    With one currency there is nothing to choose and nothing is drawn.
    """
    first = currencies[0]
    told = url_state.new_values(("currency",), "filter-currency")
    wanted = st.session_state.get("filter-currency")
    if told is not None:
        wanted = "".join(told["currency"][:1])
    st.session_state["filter-currency"] = wanted if wanted in currencies else first
    if len(currencies) > 1:
        st.segmented_control("Currency", currencies, key="filter-currency", required=True)
    chosen = str(st.session_state["filter-currency"])
    url_state.write({"currency": [] if chosen == first else [chosen]})
    return chosen


def choice(label: str, name: str, options: Sequence[str], words: Callable[..., str]) -> str:
    """One of a few ways to look at the page, side by side, the first unless chosen otherwise."""
    key, first = f"filter-{name}", options[0]
    told = url_state.new_values((name,), key)
    wanted = st.session_state.get(key) if told is None else "".join(told[name][:1])
    st.session_state[key] = wanted if wanted in options else first
    st.segmented_control(label, options, key=key, required=True, format_func=words)
    chosen = str(st.session_state[key])
    url_state.write({name: [] if chosen == first else [chosen]})
    return chosen


def stage_choice(stages: Sequence[str], clicked: Sequence[str]) -> str | None:
    """The stage of the funnel to look at, or None for all; `clicked` is what the chart says.

    A click that is new chooses; clicking the same bar again takes the choice back.
    """
    key, before = "filter-stage", st.session_state.get("filter-stage-clicked", [])
    told = url_state.new_values(("stage",), key)
    if told is not None:
        st.session_state[key] = "".join(told["stage"][:1]) or None
    elif list(clicked) != before:
        st.session_state[key] = next(iter(clicked), None)
    st.session_state["filter-stage-clicked"] = list(clicked)
    if st.session_state.get(key) not in stages:
        if st.session_state.get(key):
            st.info("The stage you asked for is not here any more.", icon=":material/link_off:")
        st.session_state[key] = None
    chosen = st.pills("Look at one stage", stages, key=key)
    url_state.write({"stage": [chosen] if chosen else []})
    return chosen


def _seed_period(
    told: dict[str, list[str]], today: date, financial_year_start: int, fallback: Period
) -> None:
    """Set the widgets from the address, or from the default with a note why."""
    key, first, last = ("".join(told[name][:1]) for name in ("period", "from", "to"))
    try:
        period = periods.parse(key or fallback.key, today, financial_year_start, first, last)
    except InvalidPeriod as error:
        period = fallback
        st.info(
            f"{plain(str(error))} The link asked for it; you see {plain(fallback.name)} instead.",
            icon=":material/link_off:",
        )
    st.session_state[_PERIOD] = period.key
    if period.key == CUSTOM:
        st.session_state[_FROM], st.session_state[_TO] = period.start, period.end


def _custom_period(fallback: Period) -> Period:
    start, end = st.session_state.get(_SHOWN, (fallback.start, fallback.end))
    st.session_state.setdefault(_FROM, start)
    st.session_state.setdefault(_TO, end)
    first, last = (_day_input(label, key) for label, key in (("From", _FROM), ("To", _TO)))
    url_state.write({"period": [CUSTOM], "from": [str(first or "")], "to": [str(last or "")]})
    try:
        period = periods.between(first, last)
    except InvalidPeriod as error:
        st.error(f"{plain(str(error))} You see {plain(fallback.name)} until then.")
        return fallback
    st.session_state[_SHOWN] = (period.start, period.end)
    return period


def _day_input(label: str, key: str) -> date | None:
    day = st.date_input(
        label, key=key, min_value=EARLIEST, max_value=LATEST, format="DD/MM/YYYY", width=150
    )
    return day if isinstance(day, date) else None


def multiple_choice(
    label: str, name: str, options: list[str], words: Callable[[str], str], lost: list[str]
) -> tuple[str, ...]:
    """A choice of several, tied to the address; empty for all.

    Its label joins `lost` if the address asks for something that is not among the options.
    """
    key = f"filter-{name}"
    told = url_state.new_values((name,), key)
    wanted = st.session_state.get(key, []) if told is None else told[name]
    known = [each for each in dict.fromkeys(wanted) if each in options]
    if len(known) < len(set(wanted)):
        lost.append(label)
    if told is not None or known != wanted:
        st.session_state[key] = known
    chosen = st.multiselect(label, options, format_func=words, key=key, placeholder="All")
    url_state.write({name: chosen})
    return tuple(chosen)


def status_label(status: str) -> str:
    """`Active` for ACTIVE."""
    return _STATUS_LABELS.get(status, status.capitalize())


def _known(values: Iterable[object]) -> set[str]:
    return {str(value) for value in values if not is_absent(value) and value != ""}
