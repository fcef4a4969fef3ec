"""What needs attention, each finding in a sentence with a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.dates import short_date
from zixly_ui.chart_style import rows
from zixly_ui.errors import plain
from zixly_ui.navigation import page_path
from zixly_ui.text import is_absent, money, plural

SHOWN = 5
ICONS = {
    "LOSS": ":material/trending_down:",
    "SHRINKING": ":material/south_east:",
    "STALE_LEAD": ":material/hourglass_empty:",
    "NO_RECORD": ":material/event_busy:",
}


def sentence(finding: Mapping[str, Any], today: date) -> str:
    """One row of `attention.Findings` as a person would say it."""
    name, amount = finding["client_name"], money(finding["amount"], finding["currency"])
    since = finding["since"]
    match finding["kind"]:
        case "LOSS":
            return f"{name} cost {amount} more than it brought over the last three whole months."
        case "SHRINKING":
            before = money(finding["before"], finding["currency"])
            return (
                f"{name} brought {amount} less over the last three whole months than over the "
                f"same three a year before ({before})."
            )
        case "STALE_LEAD":
            worth = "" if is_absent(finding["amount"]) else f", worth {amount},"
            return (
                f"A lead of {name}{worth} has not moved for "
                f"{plural((today - since).days, 'day')} ({finding['lead_id']})."
            )
        case _:
            if is_absent(since):
                return f"{name} is active, and nothing has ever been recorded for it."
            return f"{name} is active, and nothing was recorded for it since {short_date(since)}."


def show(findings: pd.DataFrame, today: date) -> None:
    """The findings with the most at stake, each with the way to its client."""
    found = rows(findings)
    if not found:
        st.write("Nothing stands out: every active client has records, and none is losing money.")
    for number, finding in enumerate(found[:SHOWN]):
        with st.container(key=f"finding-{number}", horizontal=True, vertical_alignment="center"):
            st.markdown(f"{ICONS[finding['kind']]} {plain(sentence(finding, today))}")
            st.page_link(
                page_path("client.py"),
                label="Open",
                icon=":material/arrow_forward:",
                query_params={"id": finding["client_kpi_id"]},
            )
    if len(found) > SHOWN:
        st.caption(f"And {len(found) - SHOWN} more with less at stake.")
