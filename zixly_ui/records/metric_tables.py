"""The latest figures, the recorded values and the definitions of metrics, as tables and files."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import metric_history
from zixly_data.identity import Identity, Role
from zixly_data.people import audit
from zixly_data.records import metrics
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import Period
from zixly_ui.components import record_dialog
from zixly_ui.components.formatting import period_phrase, plural
from zixly_ui.components.tables import download, records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.records import metric_definition_forms, metric_summary
from zixly_ui.records.metric_summary import Metric, Series
from zixly_ui.records.metric_text import metric_text
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain

_SHOWN = "metric-shown"


class Latest(NamedTuple):
    """The metric to look at, and the series of it where somebody chose it: `None` where nobody
    did, and it is the one furthest off its target."""

    shown: Metric
    chosen: Series | None


def show_latest(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter,
    latest: pd.DataFrame,
    records: pd.DataFrame,
) -> Latest:
    """One row per client and metric; the answer is the one to look at, which the link names once
    somebody chose it."""
    drawn = metric_summary.table(latest, metric_summary.trends(records))
    found: list[Metric] = list(rows(latest))
    names = latest["client_kpi_id"] + latest["metric_name"]
    st.caption("Click a metric to see its trend and its values.")
    chosen = records_table(
        drawn, metric_summary.COLUMNS, record_dialog.table_key("latest", names), opens="number"
    )
    download(
        identity,
        lambda: metric_history.latest(identity, period, client_filter).drop(
            columns=["client_kpi_id"]
        ),
        f"metrics-{period.slug}.csv",
        dataset="custom_metrics",
        filters=audit.filters(period, client_filter, latest=True),
        label="Download metrics",
    )
    told = url_state.new_values(("of", "metric"), _SHOWN)
    if told is not None and told["of"] and told["metric"]:
        st.session_state[_SHOWN] = (told["of"][0], told["metric"][0])
    elif chosen:
        st.session_state[_SHOWN] = metric_summary.series_of(found[int(chosen[0])])
    wanted: Series | None = st.session_state.setdefault(_SHOWN, None)
    shown = next((each for each in found if metric_summary.series_of(each) == wanted), None)
    series = metric_summary.series_of(shown) if shown else None
    url_state.write({"of": [series[0]] if series else [], "metric": [series[1]] if series else []})
    if shown is None:
        shown = next(iter(metric_summary.furthest_off(latest)), found[0])
    return Latest(shown, series)


def show_values(
    identity: Identity, period: Period, client_filter: ClientFilter, series: Series | None
) -> list[str]:
    """The recorded values of the period, or of one client's metric; the answer is the chosen id."""

    found: pd.DataFrame = metrics.list_records(identity, period, client_filter)
    if series is not None:
        of = (found["client_kpi_id"] == series[0]) & (found["metric_name"] == series[1])
        found = found[of].reset_index(drop=True)
    st.subheader(
        plain(f"{plural(len(found), 'recorded value')}{period_phrase(period, ' in ')}"),
        anchor=False,
    )
    if found.empty:
        return []
    drawn = found.assign(
        value=[
            metric_text(row["metric_value"], row["kind"], row["unit"], row["out_of"])
            for row in rows(found)
        ]
    )
    height = 400 if len(found) > 10 else None
    chosen: list[str] = []
    if identity.role.includes(Role.EDITOR):
        st.caption("Click a value to change or delete it.")
        key = record_dialog.table_key("value", found["id"])
        chosen = records_table(drawn, metric_summary.RECORD_COLUMNS, key, opens="id", height=height)
    else:
        records_table(drawn, metric_summary.RECORD_COLUMNS, "values", height=height)
    wanted = Rows(Table.CUSTOM_METRICS, period, client_filter)
    if series is not None:
        wanted = replace(wanted, client_filter=ClientFilter((series[0],)), metric_name=series[1])
    download_rows(wanted, f"metric-values-{period.slug}.csv", label="Download values")
    return chosen


def show_definitions(definitions: pd.DataFrame) -> list[str]:
    """What is measured, for those who may change it; the answer is the chosen definition's id."""
    found = rows(definitions)
    drawn = definitions.assign(
        kind_text=[metric_definition_forms.KINDS[row["kind"]] for row in found],
        direction_text=[metric_definition_forms.DIRECTIONS[row["direction"]] for row in found],
        target_text=[metric_summary.target_of(row) for row in found],
    )
    with st.expander("What is measured", icon=":material/straighten:"):
        st.caption("Click a metric to change its name, unit or target.")
        key = record_dialog.table_key("metric", definitions["id"])
        return records_table(drawn, metric_definition_forms.COLUMNS, key, opens="id")
