"""The filter of overheads, in the address as the other filters are.

kind=UNASSIGNED & currency=NZD & q=rent         the first two may be repeated
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from zixly_data.tables.overheads import OverheadKind
from zixly_data.values.names import listed
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_ui.components.filters import multiple_choice, search_filter
from zixly_ui.shell.markdown import plain


def overhead_filter(currencies: Sequence[str]) -> OverheadFilter:
    """Return the chosen overheads: by type, currency and a search. A caption names types and
    currencies."""
    missing_labels: list[str] = []
    kinds = [kind.value for kind in OverheadKind]
    popover = st.popover(
        "Choose overheads", icon=":material/filter_list:", key="filter-overheads", on_change="rerun"
    )
    choose = partial(
        multiple_choice, missing_labels=missing_labels, is_drawn=popover.open is not False
    )
    with popover:
        chosen_kinds = choose("Type", "kind", kinds, kind_label)
        chosen_currencies = choose("Currency", "currency", list(currencies), str)
    search = search_filter(placeholder="Account, counterparty or note")
    restrictions = [*map(kind_label, chosen_kinds), *chosen_currencies]
    if restrictions:
        st.caption(f"Filtered by {plain(' · '.join(restrictions))}")
    if missing_labels:
        st.info(
            f"{listed(missing_labels)}: some selected values no longer exist and are ignored.",
            icon=":material/link_off:",
        )
    return OverheadFilter(chosen_kinds, chosen_currencies, search)


def kind_label(kind: str) -> str:
    """Return `Not yet assigned` for UNASSIGNED."""
    return OverheadKind(kind).label if kind in set(OverheadKind) else kind
