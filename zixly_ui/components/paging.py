"""Paging and sorting of long lists: 500 rows at a time, ordered by PostgreSQL.

    request = paging.requested("records", SORTS, period, selection)
    page = financials.page(identity, period, selection, request)
    paging.controls("records", SORTS, page)
    records_table(page.frame, COLUMNS, table_key(KIND, page.frame["id"]), opens="id")

A list of one page has no controls: the headings of its table sort it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from zixly_data.values.paging import PAGE_ROWS, Page, PageRequest
from zixly_ui.shell.markdown import plain


@dataclass(frozen=True)
class Sort:
    """An order of a list: `Newest first`, and the column that the data function sorts by.

    An empty column is the list's own order.
    """

    label: str
    column: str = ""
    descending: bool = False


@dataclass
class _State:
    """The page that a list shows, and the filters it was turned to with."""

    filters: tuple[Hashable, ...]
    request: PageRequest


def requested(name: str, sorts: Sequence[Sort], *filters: Hashable) -> PageRequest:
    """Return the page of the list `name` to show: the first again if the filters have changed.

    The first of `sorts` is the order until another one is chosen.
    """
    state: _State | None = st.session_state.get(_slot(name))
    if state is None or state.filters != filters:
        first = PageRequest(sort=sorts[0].column, descending=sorts[0].descending)
        state = _State(filters, first)
        st.session_state[_slot(name)] = state
    return state.request


def controls(name: str, sorts: Sequence[Sort], page: Page[Any], *, has_file: bool = True) -> None:
    """Draw what is shown of how many, the order, and buttons for the pages before and after.

    Draw it above the table. `has_file` is whether a button on the page downloads all rows.
    """
    if page.count <= PAGE_ROWS:
        return
    request = page.request
    st.session_state[_slot(name)].request = request
    order = next(
        sort
        for sort in sorts
        if (sort.column, sort.descending) == (request.sort, request.descending)
    )
    with st.container(horizontal=True, vertical_alignment="center", key=f"pages-of-{name}"):
        st.caption(plain(shown_text(page, order, has_file=has_file)), width="stretch")
        if len(sorts) > 1:
            key = f"sort-of-{name}"
            st.session_state[key] = order
            st.selectbox(
                "Order", sorts, key=key, label_visibility="collapsed", width=230,
                format_func=lambda sort: sort.label,
                on_change=_sort, args=(name, key),
            )  # fmt: skip
        # Beside each other on a phone, too.
        with st.container(horizontal=True, width="content"):
            st.button(
                "Previous", icon=":material/chevron_left:", key=f"previous-of-{name}",
                on_click=_turn, args=(name, -1), disabled=not request.number,
            )  # fmt: skip
            st.button(
                "Next", icon=":material/chevron_right:", icon_position="right",
                key=f"next-of-{name}", on_click=_turn, args=(name, 1),
                disabled=request.offset + PAGE_ROWS >= page.count,
            )  # fmt: skip


def shown_text(page: Page[Any], order: Sort, *, has_file: bool = True) -> str:
    """Return `Showing 1–500 of 12,345, newest first. The download has all of them.`"""
    first, last = page.request.offset + 1, page.request.offset + len(page.frame)
    label = order.label[:1].lower() + order.label[1:]
    file = " The download has all of them." if has_file else ""
    return f"Showing {first:,}–{last:,} of {page.count:,}, {label}.{file}"


def table_key(name: str, page: Page[Any]) -> str:
    """Return a key for the table of this page, so that a selected row is one of this page."""
    request = page.request
    if request == PageRequest():
        return name
    return f"{name}-{request.number}-{request.sort}-{request.descending}"


def _slot(name: str) -> str:
    return f"paging-{name}"


def _turn(name: str, pages: int) -> None:
    state: _State = st.session_state[_slot(name)]
    state.request = replace(state.request, number=max(0, state.request.number + pages))


def _sort(name: str, key: str) -> None:
    chosen: Sort = st.session_state[key]
    state: _State = st.session_state[_slot(name)]
    state.request = PageRequest(sort=chosen.column, descending=chosen.descending)
