"""The funnel of a period: the view that counts, its chart, and its table with the times."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.pipeline import funnel
from zixly_data.figures.pipeline.steps import View
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components.downloads import download
from zixly_ui.components.filters import choice
from zixly_ui.components.tables import Column, records_table
from zixly_ui.records.pipeline import funnel_text
from zixly_ui.shell.markdown import plain

_COLUMNS = (
    Column("stage", "Stage"),
    Column("leads", "Leads", "count"),
    Column("decided", "Decided", "count", help="Went on, won or lost"),
    Column("won_through", "Went on or won", "count"),
    Column("lost", "Lost here", "count"),
    Column("undecided", "Still open here", "count"),
    Column("conversion", "Conversion", "percent", help="Went on or won, of the decided ones"),
    Column("median_days", "Median days", "figure", help="In this stage, from visits that ended"),
    Column("p90_days", "90% within", "count", help="Days that nine in ten leads took at most"),
    Column("returns", "Came back", "count", help="Leads with more than one visit to the stage"),
)


def view_choice() -> View:
    """Return the chosen way to count the leads of the period."""
    return View(choice("Count", "view", list(View), funnel_text.VIEW_LABELS.__getitem__))


def show_funnel(
    identity: Identity, period: Period, client_filter: ClientFilter, view: View
) -> list[str]:
    """Show the funnel of the period; return the stages clicked in the chart."""
    steps = funnel.funnel(identity, period, client_filter, view)
    with st.container(border=True):
        st.subheader(plain(funnel_text.narrowest_step(steps)), anchor=False)
        clicked_stages = show_chart(
            charts.funnel(steps), "funnel", on_select=True, alt=funnel_text.alt_text(steps)
        )
        st.caption(plain(funnel_text.EXPLANATION))
        records_table(steps, _COLUMNS, "funnel-steps")
        download(
            identity,
            lambda: funnel.as_file(funnel.funnel(identity, period, client_filter, view)),
            f"lead-funnel-{view.value}-{period.slug}.csv",
            dataset="funnel",
            filters=audit.filters(period, client_filter, view=view.value),
            label="Download funnel",
        )
    return clicked_stages
