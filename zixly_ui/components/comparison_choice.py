"""What a page compares its period with: the one before it, or the same a year earlier.

against=year-before     the same period a year before
"""

from __future__ import annotations

import streamlit as st

from zixly_data.values.comparison import Than
from zixly_ui.shell import url_state

_KEY = "filter-against"
_LABELS = {Than.PREVIOUS: "The period before", Than.YEAR_BEFORE: "A year before"}


def comparison_choice() -> Than:
    """The earlier period the person chose, the one before unless they did."""
    told = url_state.new_values(("against",), _KEY)
    wanted = st.session_state.get(_KEY)
    if told is not None:
        wanted = "".join(told["against"][:1])
    options = list(_LABELS)
    st.session_state[_KEY] = Than(wanted) if wanted in options else Than.PREVIOUS
    st.segmented_control(
        "Compared with",
        options,
        key=_KEY,
        required=True,
        format_func=lambda each: _LABELS[each],
        help="A period that is not over is compared with as much of the earlier one.",
    )
    chosen = Than(st.session_state[_KEY])
    url_state.write({"against": [] if chosen is Than.PREVIOUS else [chosen.value]})
    return chosen
