"""Asking for the metric of all rows, in a file without a column of metrics, such as a timesheet."""

from __future__ import annotations

import streamlit as st

from zixly_data.errors import NOT_SAVED, AlreadyExists
from zixly_data.identity import Identity
from zixly_data.imports import Kind
from zixly_data.imports.references import normalise_name
from zixly_data.imports.timesheets import is_timesheet
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.errors import message
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.retrying import retry


def ask_for_metric(identity: Identity, workspace: Workspace) -> bool:
    """Ask which metric the rows are, if the file has no column of metrics; return whether it is
    known. The metric of billable hours is suggested for a timesheet."""
    mapping = workspace.mapping
    assert mapping is not None
    if workspace.kind is not Kind.CUSTOM_METRICS or "metric_name" in mapping.columns:
        return True
    definitions = rows(retry(lambda: metric_definitions.definitions(identity)))
    recorded = [metric for metric in definitions if not metric["formula"]]
    names = [metric["metric_name"] for metric in recorded]
    if not names:
        st.info(
            "The file has no column for the metric. Define a metric on Custom metrics first, such "
            "as Billable Hours in hours.",
            icon=":material/help:",
        )
        if is_timesheet(workspace.table):
            _offer_billable_hours(identity)
        # The file stays open meanwhile.
        st.page_link(
            page_path("custom_kpis.py"), label="Go to Custom metrics", icon=":material/speed:"
        )
        return False
    current = _find(names, mapping.metric)
    if current is None and mapping.metric is None and is_timesheet(workspace.table):
        billable = [
            metric["metric_name"] for metric in recorded if metric["purpose"] == BILLABLE_HOURS
        ]
        current = _find(names, next(iter(billable), None))
    metric = st.selectbox(
        "Which metric are all rows?",
        names,
        index=current,
        placeholder="Choose a metric",
        key=f"import-metric-{workspace.number}-{workspace.sheet}",
        width=380,
    )
    if metric is None:
        st.caption("Choose the metric to see what the file would change.")
        return False
    if metric != mapping.metric:
        workspace.update_mapping(metric=metric)
        st.rerun()
    return True


def _offer_billable_hours(identity: Identity) -> None:
    """Offer the metric that most timesheets are values of, defined with one click."""
    draft = MetricDefinitionDraft(
        "Billable Hours", "hours", purpose=BILLABLE_HOURS, adds_up="SUM", over_clients="SUM"
    )
    if not st.button("Define Billable Hours, in hours", type="primary", key="import-define-hours"):
        return
    row_id = new_id("mdef")
    try:
        retry(lambda: metric_definitions.define(identity, draft, row_id=row_id))
    except (AlreadyExists, *NOT_SAVED) as error:
        st.warning(plain(message(error)), icon=":material/info:")
        return
    st.rerun()


def _find(names: list[str], name: str | None) -> int | None:
    """Return the place of a metric; None if it is not defined, or no longer."""
    keys = [normalise_name(metric_name) for metric_name in names]
    key = normalise_name(name or "")
    return keys.index(key) if key in keys else None
