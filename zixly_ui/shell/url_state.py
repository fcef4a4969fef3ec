"""Page state that lives in the address, so that a link shares a view.

Streamlit can bind a widget to the address itself (`bind="query-params"`), but it then writes the
label of the option, which changes with wording or with the day, and silently drops unknown values.
This module reads and writes the address with stable keys instead.

A widget wins over the address, unless the address has changed since it was last written: by a link,
or by the browser's back and forward buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

_MAX_LENGTH = 200
_PAGE = "address-page"
# Prefix of the session-state keys in which an open form keeps its record.
OPENED = "opened-"


def enter_page(page: str) -> None:
    """Reset the filter state when another page is about to be drawn.

    Widgets with the same name on two pages are two widgets. A form open over the other page is
    closed: the browser's back button leaves a page without notice, and its form would reopen at the
    next visit with outdated figures.
    """
    if st.session_state.get(_PAGE) != page:
        for key in [key for key in st.session_state if str(key).startswith(("address-", OPENED))]:
            del st.session_state[key]
        st.session_state[_PAGE] = page


def new_values(names: Sequence[str], widget: str) -> dict[str, list[str]] | None:
    """Return the values of `names` in the address if they are new; otherwise None.

    They are new if `widget`, the session-state key of the widget they set, has not been drawn on
    this page yet, or if the address differs from the one last written.
    """
    current = {name: _read(name) for name in names}
    if widget in st.session_state and all(
        st.session_state.get(_written_key(name)) == values for name, values in current.items()
    ):
        return None
    return current


def is_new(names: Sequence[str]) -> bool:
    """Return whether the page was opened by a link, a menu or the browser's buttons.

    That is so if no filter of the page has been drawn yet, or if the address differs from the one
    that its filters last wrote.
    """
    drawn = [name for name in names if _written_key(name) in st.session_state]
    return not drawn or any(st.session_state[_written_key(name)] != _read(name) for name in drawn)


def values_of(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of `names` in the address, without the names that it leaves out."""
    values_by_name = {name: _read(name) for name in names}
    return {name: values for name, values in values_by_name.items() if values}


def set_address(values: Mapping[str, Iterable[str]]) -> None:
    """Put the values into the address as a link would: the filters of the page will read them."""
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    lists_by_name = {name: list(items) for name, items in values.items()}
    after = {name: items for name, items in {**before, **lists_by_name}.items() if items}
    if after != before:
        st.query_params.from_dict(after)


def write(values: Mapping[str, Iterable[str]]) -> None:
    """Put the values into the address, all at once; an empty value removes its name."""
    lists_by_name = {name: list(items) for name, items in values.items()}
    set_address(lists_by_name)
    for name, items in lists_by_name.items():
        st.session_state[_written_key(name)] = items


def _read(name: str) -> list[str]:
    return [value for value in st.query_params.get_all(name) if 0 < len(value) <= _MAX_LENGTH]


def _written_key(name: str) -> str:
    return f"address-{name}"
