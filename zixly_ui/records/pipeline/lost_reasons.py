"""The section of the lead funnel on why leads were lost."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st

from zixly_data.figures.pipeline.lost_reasons import lost_reasons
from zixly_data.figures.pipeline.steps import View
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_data.values.period import Period
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import ABSENT, money, percent, plural
from zixly_ui.components.tables import Column, records_table
from zixly_ui.shell.markdown import plain

COLUMNS = (
    Column("reason", "Reason"),
    Column("leads", "Lost leads", "count"),
    Column("share", "Share", "quantity"),
    Column("worth", "Value", "quantity"),
)
_NONE_GIVEN = "No reason given"


def show_lost_reasons(
    identity: Identity, period: Period, client_filter: ClientFilter, view: View
) -> None:
    """Show the reasons for which the leads of the view were lost; nothing if none was."""
    reasons = lost_reasons(identity, period, client_filter, view)
    if reasons.empty:
        return
    with st.container(border=True):
        st.subheader(plain(title(reasons)), anchor=False)
        records_table(table(reasons), COLUMNS, "lost-reasons")
        download(
            identity,
            lambda: lost_reasons(identity, period, client_filter, view),
            f"lost-leads-{view.value}-{period.slug}.csv",
            dataset="lost_reasons",
            filters=audit.filters(period, client_filter, view=view.value),
            label="Download reasons",
        )
        listed_leads = sum(row["leads"] for row in rows(reasons) if row["currency"] is None)
        others = rows(reasons)[0]["all_leads"] - listed_leads
        more = f" {plural(others, 'more lead')} had other reasons." if others else ""
        st.caption(
            f"The leads counted above that are lost now, by the reason of their latest event.{more}"
        )


def title(reasons: pd.DataFrame) -> str:
    """Return the most frequent reason as the title of the section."""
    first = rows(reasons)[0]
    total = plural(first["all_leads"], "lost lead")
    if not first["reason"]:
        return f"No reason was given for {total}"
    return f"Why leads were lost: “{first['reason']}” for {first['leads']:,} of {total}"


def table(reasons: pd.DataFrame) -> pd.DataFrame:
    """Return one row per reason with its share, and its value per currency as text."""
    totals = [row for row in rows(reasons) if row["currency"] is None]
    values: dict[str, list[str]] = {}
    for row in rows(reasons):
        if row["currency"] is not None and row["with_value"]:
            value = money(row["value"], row["currency"], cents=False)
            values.setdefault(row["reason"], []).append(value)
    worth = [values.get(row["reason"]) for row in totals]
    return pd.DataFrame({
        "reason": [row["reason"] or _NONE_GIVEN for row in totals],
        "leads": [row["leads"] for row in totals],
        "share": [percent(Decimal(row["leads"]) / row["all_leads"], 0) for row in totals],
        "worth": [listed(texts) if texts else ABSENT for texts in worth],
    })  # fmt: skip
