"""Values of a period, recorded values and definitions of metrics, as tables and files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.delivery import metric_history
from zixly_data.identity import Identity, Role
from zixly_data.people import audit
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import Period
from zixly_ui.components import paging, record_dialog
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import period_phrase, plural
from zixly_ui.components.tables import records_table
from zixly_ui.http.download_links import download_rows
from zixly_ui.records.delivery import metric_definition_forms, metric_summary
from zixly_ui.records.delivery.metric_summary import Metric, Series
from zixly_ui.records.delivery.metric_text import metric_text
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain

_SHOWN_KEY = "metric-shown"


class Latest(NamedTuple):
    """The metric to look at, and its series if the person chose one.

    `chosen` is None otherwise; `shown` is then the metric furthest off its target.
    """

    shown: Metric
    chosen: Series | None


def show_latest(
    identity: Identity, period: Period, client_filter: ClientFilter, furthest_off: Sequence[Metric]
) -> Latest:
    """Show one row per client and metric; return the one to look at.

    Unless the person has chosen one, it is the first of `furthest_off`, or the first of the table.
    The link names a chosen one.
    """
    request = paging.requested("latest", metric_summary.SORTS, period, client_filter)
    page = metric_history.page(identity, period, client_filter, request)
    labelled = metric_summary.table(page.frame)
    metric_rows: list[Metric] = list(rows(page.frame))
    series_keys = page.frame["client_kpi_id"] + page.frame["metric_name"]
    st.caption(f"Click a metric to see its trend and values.{metric_summary.period_note(period)}")
    paging.controls("latest", metric_summary.SORTS, page)
    chosen_ids = records_table(
        labelled,
        metric_summary.columns(labelled),
        record_dialog.table_key("latest", series_keys),
        opens="number",
        anywhere=True,
    )
    download(
        identity,
        lambda: metric_history.latest(identity, period, client_filter).drop(
            columns=["client_kpi_id", "trend"]
        ),
        f"metrics-{period.slug}.csv",
        dataset="custom_metrics",
        filters=audit.filters(period, client_filter, latest=True),
        label="Download metrics",
    )
    linked = url_state.new_values(("of", "metric"), _SHOWN_KEY)
    if linked is not None and linked["of"] and linked["metric"]:
        st.session_state[_SHOWN_KEY] = (linked["of"][0], linked["metric"][0])
    elif chosen_ids:
        st.session_state[_SHOWN_KEY] = metric_summary.series_of(metric_rows[int(chosen_ids[0])])
    chosen_series: Series | None = st.session_state.setdefault(_SHOWN_KEY, None)
    shown = _find(identity, period, client_filter, metric_rows, chosen_series)
    series = metric_summary.series_of(shown) if shown else None
    url_state.write({"of": [series[0]] if series else [], "metric": [series[1]] if series else []})
    return Latest(shown or next(iter([*furthest_off, *metric_rows])), series)


def _find(
    identity: Identity, period: Period, client_filter: ClientFilter,
    shown: Sequence[Metric], series: Series | None,
) -> Metric | None:  # fmt: skip
    """Return the row of a series, also if it is on another page; None if there is none."""
    if series is None:
        return None
    for metric in shown:
        if metric_summary.series_of(metric) == series:
            return metric
    return next(
        iter(rows(metric_history.of_series(identity, period, client_filter, *series))), None
    )


def show_values(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter,
    series: Series | None,
    formula: str | None = None,
) -> list[str]:
    """Show the values of the period, or of one series; return the id of the chosen one.

    The metric of a series with a `formula` has no recorded values.
    """
    if formula is not None:
        st.caption(f"This metric is computed from `{formula}`. It has no recorded values.")
        return []
    selection = Rows(Table.CUSTOM_METRICS, period, client_filter)
    if series is not None:
        selection = replace(
            selection, client_filter=ClientFilter((series[0],)), metric_name=series[1]
        )
    page = metrics.page(
        identity, period, selection.client_filter,
        paging.requested("values", metric_summary.RECORD_SORTS, selection),
        metric_name=selection.metric_name,
    )  # fmt: skip
    values = page.frame
    st.subheader(
        plain(f"{plural(page.count, 'recorded value')}{period_phrase(period, ' in ')}"),
        anchor=False,
    )
    if values.empty:
        return []
    labelled = values.assign(
        value=[
            metric_text(row["metric_value"], row["kind"], row["unit"], row["out_of"])
            for row in rows(values)
        ]
    )
    may_edit = identity.role.includes(Role.EDITOR)
    if may_edit:
        st.caption("Click a value to change or delete it.")
    paging.controls("values", metric_summary.RECORD_SORTS, page)
    chosen_ids = records_table(
        labelled,
        metric_summary.RECORD_COLUMNS,
        record_dialog.table_key("value", values["id"]),
        opens="id" if may_edit else None,
        anywhere=True,
        height=400 if len(values) > 10 else None,
    )
    download_rows(selection, f"metric-values-{period.slug}.csv", label="Download values")
    return chosen_ids


def show_definitions(identity: Identity, definitions: pd.DataFrame) -> list[str]:
    """Show the definitions, for those who may change them; return the id of the chosen one."""
    definition_rows = rows(definitions)
    labelled = definitions.assign(
        kind_text=[metric_definition_forms.KINDS[row["kind"]] for row in definition_rows],
        way_text=[metric_definition_forms.WAYS[row["adds_up"]] for row in definition_rows],
        over_clients_text=[
            "As what it uses"
            if row["formula"]
            else metric_definition_forms.OVER_CLIENTS[row["over_clients"]]
            for row in definition_rows
        ],
        direction_text=[
            metric_definition_forms.DIRECTIONS[row["direction"]] for row in definition_rows
        ],
        purpose_text=[
            metric_definition_forms.PURPOSES.get(row["purpose"], "") for row in definition_rows
        ],
    )
    with st.expander("Metric definitions", icon=":material/straighten:", key="definitions"):
        st.caption("Click a metric to change its name, unit, use or how its values add up.")
        key = record_dialog.table_key("metric", definitions["id"])
        chosen_ids = records_table(
            labelled, metric_definition_forms.COLUMNS, key, opens="id", anywhere=True
        )
        download(
            identity,
            lambda: metric_definitions.definitions(identity).drop(columns=["id", "version"]),
            "metric-definitions.csv",
            dataset="metric_definitions",
            filters=audit.filters(),
            label="Download definitions",
        )
    return chosen_ids
