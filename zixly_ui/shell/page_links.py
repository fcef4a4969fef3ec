"""Links from a figure to the page with its records."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from zixly_data.values.period import CUSTOM, Period
from zixly_ui.shell.navigation import page_path


def open_client(client_kpi_ids: Sequence[str], period: Period | None = None) -> None:
    """Open the page of the first client in the list; do nothing if it is empty."""
    if client_kpi_ids:
        st.switch_page(
            page_path("client.py"), query_params={"id": client_kpi_ids[0], **period_query(period)}
        )


def period_query(period: Period | None) -> dict[str, str]:
    """Return the query parameters of a page that select the period."""
    if period is None:
        return {}
    if period.key == CUSTOM:
        return {"period": CUSTOM, "from": str(period.start), "to": str(period.end)}
    return {"period": period.key}
