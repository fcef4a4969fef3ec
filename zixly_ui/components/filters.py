"""Filters of a page by days, clients and other choices. They live in the address.

    period=2024-Q1                              period_filter
    period=custom & from=2024-01-05 & to=…      period_filter
    client=ckpi_001 & status=ACTIVE & industry= client_filter; each may be repeated
    q=harbor                                    search_filter
    currency=NZD                                currency_choice
    stage=Consultation                          stage_choice
    by=month                                    choice

A default is left out of the address. A link with an unknown value shows a note and keeps the known
values; it never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.errors import InvalidPeriod
from zixly_data.tables.clients import PROSPECT
from zixly_data.values import period as periods
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import EARLIEST, LATEST
from zixly_data.values.names import listed
from zixly_data.values.period import CUSTOM, Period
from zixly_ui.components.formatting import is_absent, people_order
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain, plain_options

_PERIOD, _FROM, _TO = "filter-period", "filter-from", "filter-to"
_SHOWN = "filter-period-shown"
_STATUS_LABELS = {"ACTIVE": "Active", "COMPLETED": "Completed", "PROSPECT": "Prospect"}


def filter_bar() -> DeltaGenerator:
    """Return a container whose filters stand beside each other, below each other on a phone."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="filter-bar")


def period_filter(today: date, financial_year_start: int = 7, default: str = "this-fy") -> Period:
    """Return the chosen period: a preset, a quarter by name, or custom days.

    A link may also name a period that the menu leaves out: a month (`2024-03`), a financial year
    (`FY2024`) or an earlier quarter. A custom period that ends before it starts is explained under
    the field, and the default applies until it is corrected.
    """
    fallback = periods.parse(default, today, financial_year_start)
    linked = url_state.new_values(("period", "from", "to"), _PERIOD)
    if linked is not None:
        _seed_period(linked, today, financial_year_start, fallback)
    menu = {
        option.key: option
        for option in [
            *periods.presets(today, financial_year_start),
            *periods.quarters(today),
            fallback,
        ]
    }
    chosen_key = st.session_state[_PERIOD]
    if chosen_key not in menu and chosen_key != CUSTOM:
        menu[chosen_key] = periods.parse(chosen_key, today, financial_year_start)

    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        key = st.selectbox(
            "Period",
            [*menu, CUSTOM],
            format_func=lambda key: menu[key].label if key in menu else "Other dates…",
            key=_PERIOD,
            width=380,
        )
        if key == CUSTOM:
            return _custom_period(fallback)
    period = menu[key]
    url_state.write({"period": [] if key == default else [key], "from": [], "to": []})
    st.session_state[_SHOWN] = (period.start, period.end)
    return period


def search_filter(label: str = "Search", placeholder: str = "Name or external ID") -> str:
    """Return the search text without spaces around it; empty for everything."""
    linked = url_state.new_values(("q",), "filter-search")
    if linked is not None:
        st.session_state["filter-search"] = "".join(linked["q"][:1])
    typed = st.text_input(
        label,
        key="filter-search",
        placeholder=placeholder,
        icon=":material/search:",
        max_chars=100,
        width=260,
    )
    search = (typed or "").strip()
    url_state.write({"q": [search] if search else []})
    return search


def client_filter(
    clients: pd.DataFrame, search: str = "", *, prospects: bool = False
) -> ClientFilter:
    """Return the chosen clients. Below the button a caption names any restriction.

    `clients` has `id, client_name, status, industry`, one row per client of the tenant. `search` is
    passed on, for pages that show `search_filter` beside it. Without `prospects`, only a link can
    choose a prospect, by its id: from its page to the one on which its first bill is recorded.
    """
    if not prospects:
        linked = (*st.query_params.get_all("client"), *st.session_state.get("filter-client", ()))
        is_client = clients["status"] != PROSPECT
        clients = clients[is_client | clients["id"].isin(linked)]
    names = dict(zip(clients["id"], clients["client_name"], strict=True))
    ids = sorted(names, key=lambda client_id: (people_order(names[client_id]), client_id))
    statuses = sorted(_present_values(clients["status"]) - ({PROSPECT} if not prospects else set()))
    industries = sorted(_present_values(clients["industry"]), key=people_order)
    missing_labels: list[str] = []
    popover = st.popover(
        "Choose clients", icon=":material/filter_list:", key="filter-clients", on_change="rerun"
    )
    choose = partial(
        multiple_choice, missing_labels=missing_labels, is_drawn=popover.open is not False
    )
    with popover:
        selection = ClientFilter(
            client_kpi_ids=choose("Clients", "client", ids, names.__getitem__),
            statuses=choose("Status", "status", statuses, status_label),
            industries=choose("Industry", "industry", industries, str),
            search=search,
        )
    restrictions = [
        *(names[client_id] for client_id in selection.client_kpi_ids),
        *(status_label(status) for status in selection.statuses),
        *selection.industries,
    ]
    if restrictions:
        st.caption(f"Filtered by {plain(' · '.join(restrictions))}")
    if missing_labels:
        st.info(
            f"{listed(missing_labels)}: some selected values no longer exist and are ignored.",
            icon=":material/link_off:",
        )
    return selection


def currency_choice(currencies: Sequence[str]) -> str:
    """Return the currency to look at, the first unless chosen; amounts in several are never added.

    With one currency nothing is drawn.
    """
    default = currencies[0]
    linked = url_state.new_values(("currency",), "filter-currency")
    choice = st.session_state.get("filter-currency")
    if linked is not None:
        choice = "".join(linked["currency"][:1])
    st.session_state["filter-currency"] = choice if choice in currencies else default
    if len(currencies) > 1:
        st.segmented_control(
            "Currency",
            currencies,
            key="filter-currency",
            required=True,
            format_func=plain_options(),
        )
    selected = str(st.session_state["filter-currency"])
    url_state.write({"currency": [] if selected == default else [selected]})
    return selected


def choice(label: str, name: str, options: Sequence[str], label_of: Callable[..., str]) -> str:
    """Return one of a few ways to look at the page, the first unless chosen otherwise."""
    key, default = f"filter-{name}", options[0]
    linked = url_state.new_values((name,), key)
    selected = st.session_state.get(key) if linked is None else "".join(linked[name][:1])
    st.session_state[key] = selected if selected in options else default
    st.segmented_control(
        label, options, key=key, required=True, format_func=plain_options(label_of)
    )
    selected = str(st.session_state[key])
    url_state.write({name: [] if selected == default else [selected]})
    return selected


def stage_choice(stages: Sequence[str], clicked: Sequence[str]) -> str | None:
    """Return the chosen stage of the funnel, or None for all stages.

    `clicked` are the stages clicked in the chart: a new click chooses a stage, and a second click
    on the same bar clears the choice.
    """
    key, clicked_before = "filter-stage", st.session_state.get("filter-stage-clicked", [])
    linked = url_state.new_values(("stage",), key)
    if linked is not None:
        st.session_state[key] = "".join(linked["stage"][:1]) or None
    elif list(clicked) != clicked_before:
        st.session_state[key] = next(iter(clicked), None)
    st.session_state["filter-stage-clicked"] = list(clicked)
    if st.session_state.get(key) not in stages:
        if st.session_state.get(key):
            st.info(
                "The selected stage no longer exists. All stages are shown.",
                icon=":material/link_off:",
            )
        st.session_state[key] = None
    stage = st.pills("Show one stage", stages, key=key, format_func=plain_options())
    url_state.write({"stage": [stage] if stage else []})
    return stage


def _seed_period(
    linked: dict[str, list[str]], today: date, financial_year_start: int, fallback: Period
) -> None:
    """Set the widgets from the address, or from the default with a note of the reason."""
    key, first, last = ("".join(linked[name][:1]) for name in ("period", "from", "to"))
    try:
        period = periods.parse(key or fallback.key, today, financial_year_start, first, last)
    except InvalidPeriod as error:
        period = fallback
        st.info(
            f"{plain(str(error))} {plain(fallback.name)} is shown instead.",
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
        st.error(f"{plain(str(error))} Until you correct this, {plain(fallback.name)} is shown.")
        return fallback
    st.session_state[_SHOWN] = (period.start, period.end)
    return period


def _day_input(label: str, key: str) -> date | None:
    day = st.date_input(
        label, key=key, min_value=EARLIEST, max_value=LATEST, format="DD/MM/YYYY", width=150
    )
    return day if isinstance(day, date) else None


def multiple_choice(
    label: str,
    name: str,
    options: list[str],
    label_of: Callable[[str], str],
    missing_labels: list[str],
    *,
    is_drawn: bool = True,
) -> tuple[str, ...]:
    """Return several chosen options, tied to the address; empty for all.

    If the address names a value that is not an option, the label is added to `missing_labels`.
    A field that is not drawn, because its popover is closed, keeps its value.
    """
    key = f"filter-{name}"
    linked = url_state.new_values((name,), key)
    selected = st.session_state.get(key, []) if linked is None else linked[name]
    valid = [value for value in dict.fromkeys(selected) if value in options]
    if len(valid) < len(set(selected)):
        missing_labels.append(label)
    if linked is not None or valid != selected or not is_drawn:
        # Streamlit forgets the value of a field that is not drawn, unless it is set.
        st.session_state[key] = valid
    choices = valid
    if is_drawn:
        choices = st.multiselect(label, options, format_func=label_of, key=key, placeholder="All")
    url_state.write({name: choices})
    return tuple(choices)


def status_label(status: str) -> str:
    """Return `Active` for ACTIVE."""
    return _STATUS_LABELS.get(status, status.capitalize())


def _present_values(values: Iterable[object]) -> set[str]:
    return {str(value) for value in values if not is_absent(value) and value != ""}
