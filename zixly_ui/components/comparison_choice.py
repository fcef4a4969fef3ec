"""The choice of the earlier period: the one before, or the same a year earlier.

against=year-before     the same period a year before
"""

from __future__ import annotations

import streamlit as st

from zixly_data.values.comparison import Baseline
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain_options

_KEY = "filter-against"
_LABELS = {Baseline.PREVIOUS: "Previous period", Baseline.YEAR_BEFORE: "Year before"}


def comparison_choice() -> Baseline:
    """Return the chosen baseline, the period before unless the person chose otherwise."""
    linked = url_state.new_values(("against",), _KEY)
    choice = st.session_state.get(_KEY)
    if linked is not None:
        choice = "".join(linked["against"][:1])
    options = list(_LABELS)
    st.session_state[_KEY] = Baseline(choice) if choice in options else Baseline.PREVIOUS
    st.segmented_control(
        "Compared with",
        options,
        key=_KEY,
        required=True,
        format_func=plain_options(_LABELS.__getitem__),
        help="A period that has not ended is compared with the same part of the earlier period.",
    )
    baseline = Baseline(st.session_state[_KEY])
    url_state.write({"against": [] if baseline is Baseline.PREVIOUS else [baseline.value]})
    return baseline
