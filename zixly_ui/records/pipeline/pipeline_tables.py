"""The open leads by stage, as a chart and a table, and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.pipeline import open_leads
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components import paging
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.records.pipeline import pipeline_text
from zixly_ui.records.pipeline.lead_tables import scrolling_height
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path

_STAGE_COLUMNS = (
    Column("stage", "Stage"),
    Column("currency", "Currency"),
    Column("leads", "Leads", "count"),
    Column("stalled", "Stalled", "count"),
    Column("value", "Value", "money"),
    Column("win_share_text", "Won after this stage"),
    Column("expected_value", "Expected value", "money"),
    Column("limit_days", "Stalled after days", "count", help="Without an event: twice the median "
           "days in the stage, at least 14; 30 if no lead has left it yet"),
)  # fmt: skip
_LEAD_COLUMNS = (
    Column("lead_id", "Lead", width=140),
    Column("client_name", "Client"),
    Column("stage", "Stage"),
    Column("state", "State"),
    Column("value", "Value", "money"),
    Column("expected_value", "Expected", "money", help="Value × the share won after this stage"),
    Column("currency", "Currency"),
    Column("days_quiet", "Quiet days", "count", help="Days without an event"),
    Column("days_in_stage", "In stage", "count", help="Days since the lead came to its stage"),
    Column("days_open", "Open", "count", help="Days since the first event"),
)
_SORTS = (
    Sort("Stalled first"),
    Sort("Highest value first", "value", descending=True),
    Sort("Highest expected value first", "expected_value", descending=True),
    Sort("Most days in stage first", "days_in_stage", descending=True),
    Sort("Most days open first", "days_open", descending=True),
    Sort("By client", "client_name"),
)


def show_stages(
    identity: Identity,
    client_filter: ClientFilter,
    stages: Sequence[dict[str, Any]],
    by_stage: pd.DataFrame,
) -> list[str]:
    """Show the open leads by stage; return the stages clicked in the chart.

    `stages` are the rows of `by_stage`, a frame of `open_leads.by_stage`, for all currencies.
    """
    of_currencies = by_stage[by_stage["currency"].notna()].reset_index(drop=True)
    shares = [pipeline_text.win_share_text(row) for row in rows(of_currencies)]
    with st.container(border=True):
        st.subheader("Open leads by stage", anchor=False)
        all_currencies = by_stage[by_stage["currency"].isna()].reset_index(drop=True)
        clicked_stages = show_chart(
            charts.pipeline(all_currencies), "pipeline", on_select=True,
            alt=pipeline_text.alt_text(stages),
        )  # fmt: skip
        records_table(
            of_currencies.assign(win_share_text=shares), _STAGE_COLUMNS, "pipeline-stages"
        )
        download(
            identity,
            lambda: open_leads.by_stage(identity, client_filter),
            "pipeline-stages.csv",
            dataset="pipeline_stages",
            filters=audit.filters(None, client_filter),
            label="Download stages",
        )
        st.caption(plain(pipeline_text.history_text(stages)))
    return clicked_stages


def show_leads(identity: Identity, client_filter: ClientFilter, stage: str | None) -> None:
    """Show the open leads, or those at one stage, stalled ones first; a click opens the client."""
    request = paging.requested("open-leads", _SORTS, client_filter, stage)
    page = open_leads.page(identity, client_filter, request, stage=stage)
    shown = page.frame
    stage_suffix = f" at {stage}" if stage else ""
    st.subheader(plain(f"{plural(page.count, 'open lead')}{stage_suffix}"), anchor=False)
    if shown.empty:
        return
    st.caption("Click a lead to open its events in the lead funnel.")
    paging.controls("open-leads", _SORTS, page)
    states = ["Stalled" if row["stalled"] else "Moving" for row in rows(shown)]
    chosen = records_table(
        shown.assign(state=states, number=[str(number) for number in range(len(shown))]),
        _LEAD_COLUMNS,
        paging.table_key("open-leads", page),
        opens="number",
        anywhere=True,
        height=scrolling_height(shown),
    )
    name = f"pipeline-{stage.lower()}.csv" if stage else "pipeline.csv"
    download_rows(Rows(Table.OPEN_LEADS, client_filter=client_filter, stage=stage), name)
    if chosen:
        client = str(shown.iloc[int(chosen[0])]["client_kpi_id"])
        st.switch_page(
            page_path("lead_funnel.py"), query_params={"client": client, "period": "all"}
        )
