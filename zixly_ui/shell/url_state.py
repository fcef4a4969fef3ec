"""The part of the page's state that lives in its address, so that a view is shared by its link.

Streamlit can bind a widget to the address itself (`bind="query-params"`), but it then writes the
label a person reads, which a change of wording or of the day would break, and it drops what it
does not know without a word. So the address is read and written here, with stable keys.

A widget wins over the address, unless the address has changed since it was last written: by a
link, or by the browser's back and forward buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

_LONGEST = 200
_PAGE = "address-page"
# A form open over a page keeps what it was opened with in a slot of this beginning.
OPENED = "opened-"


def enter_page(page: str) -> None:
    """Say which page is about to be drawn, so that what was written on another is not taken for
    what this one shows: widgets of one name on two pages are two widgets.

    A form that was open over the other page is closed: by the browser's buttons a page is left
    without a word to its form, which would stand open at the next visit, with figures of then.
    """
    if st.session_state.get(_PAGE) != page:
        for key in [key for key in st.session_state if str(key).startswith(("address-", OPENED))]:
            del st.session_state[key]
        st.session_state[_PAGE] = page


def new_values(names: Sequence[str], widget: str) -> dict[str, list[str]] | None:
    """What the address says about `names`, if it is news; otherwise None.

    It is news when `widget`, the session-state key of the widget it sets, has not been drawn on
    this page yet, or when the address is not the one last written.
    """
    found = {name: _read(name) for name in names}
    if widget in st.session_state and all(
        st.session_state.get(_written(name)) == values for name, values in found.items()
    ):
        return None
    return found


def is_new(names: Sequence[str]) -> bool:
    """Whether the address was opened, by a link, a menu or the browser's buttons: no filter of the
    page has been drawn yet, or it is not what they wrote into it last."""
    drawn = [name for name in names if _written(name) in st.session_state]
    return not drawn or any(st.session_state[_written(name)] != _read(name) for name in drawn)


def values_of(names: Sequence[str]) -> dict[str, list[str]]:
    """What the address says about `names`, those alone that it names."""
    found = {name: _read(name) for name in names}
    return {name: values for name, values in found.items() if values}


def set_address(values: Mapping[str, Iterable[str]]) -> None:
    """Put the values into the address as a link would: the widgets of the page will read it."""
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    wanted = {name: list(several) for name, several in values.items()}
    after = {name: several for name, several in {**before, **wanted}.items() if several}
    if after != before:
        st.query_params.from_dict(after)


def write(values: Mapping[str, Iterable[str]]) -> None:
    """Put the values into the address, all at once; an empty one removes its name."""
    wanted = {name: list(several) for name, several in values.items()}
    set_address(wanted)
    for name, several in wanted.items():
        st.session_state[_written(name)] = several


def _read(name: str) -> list[str]:
    return [value for value in st.query_params.get_all(name) if 0 < len(value) <= _LONGEST]


def _written(name: str) -> str:
    return f"address-{name}"
