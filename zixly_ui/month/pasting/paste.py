"""The block that a person is putting into a grid, kept in the session until it is put or closed."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from zixly_data.values.ids import new_id
from zixly_ui.month.grid import Grid
from zixly_ui.month.pasting.clients import Clients
from zixly_ui.month.pasting.listener import Caught

_SLOT = "month-paste"


@dataclass
class Paste:
    """A block for the grid of a kind and month. `caught` is None until its text has been given.

    `clients` are those of the tenant when the dialog opened; `key` begins the keys of its widgets.
    """

    kind: str
    month_name: str
    caught: Caught | None
    clients: Clients
    key: str = field(default_factory=lambda: new_id("paste"))

    def is_for(self, grid: Grid) -> bool:
        return (self.kind, self.month_name) == (grid.kind, grid.month_name)


def keep(paste: Paste) -> None:
    st.session_state[_SLOT] = paste


def current() -> Paste | None:
    """Return the block whose dialog is open."""
    paste: Paste | None = st.session_state.get(_SLOT)
    return paste


def close() -> None:
    """Forget the block, so that the next run draws no dialog."""
    st.session_state.pop(_SLOT, None)
