"""The least role for every action on metrics, as in `action_permissions`."""

from __future__ import annotations

from zixly_data.identity import Role

DELIVERY_ACTIONS: dict[str, tuple[Role, str]] = {
    "figures.delivery.metric_history.latest": (Role.VIEWER, "See the latest value of each metric"),
    "figures.delivery.metric_history.page": (Role.VIEWER, "See one page of the latest values"),
    "figures.delivery.metric_history.of_series": (
        Role.VIEWER,
        "See the latest value of one metric",
    ),
    "figures.delivery.metric_history.against_targets": (
        Role.VIEWER,
        "See how many metrics are on target",
    ),
    "figures.delivery.all_values.value_of": (Role.VIEWER, "See the value of a metric"),
    "figures.delivery.formula_preview.formula_preview": (
        Role.VIEWER,
        "See what a formula would give",
    ),
    "figures.delivery.scorecard.scorecard": (Role.VIEWER, "See one page of the scorecard"),
    "figures.delivery.scorecard_cell.inputs_of": (
        Role.VIEWER,
        "See the inputs of a computed value",
    ),
    "figures.delivery.scorecard_cell.month_values": (
        Role.VIEWER,
        "See a metric's values of the last months",
    ),
    "figures.delivery.scorecard_cell.last_month_with_values": (
        Role.VIEWER,
        "See which month has the last values",
    ),
    "figures.delivery.metric_report.metric_report": (
        Role.VIEWER,
        "Download values with their targets",
    ),
    "records.delivery.metrics.has_values": (Role.VIEWER, "See whether there are metric values"),
    "figures.delivery.metric_history.history": (Role.VIEWER, "See the history of a metric"),
    "records.delivery.metrics.list_records": (Role.VIEWER, "See the metric values"),
    "records.delivery.metrics.page": (Role.VIEWER, "See one page of the metric values"),
    "records.delivery.metrics.get": (Role.VIEWER, "Open a metric value"),
    "records.delivery.metric_definitions.definitions": (Role.VIEWER, "See the metrics"),
    "records.delivery.metric_definitions.get_definition": (Role.VIEWER, "Open a metric"),
    "records.delivery.metric_purposes.name_of_metric": (
        Role.VIEWER,
        "See which metric counts as billable hours",
    ),
    "records.delivery.metric_targets.page": (Role.VIEWER, "See the targets"),
    "records.delivery.metric_targets.list_targets": (Role.VIEWER, "Download the targets"),
    "records.delivery.metric_targets.get": (Role.VIEWER, "Open a target"),
    "figures.delivery.targets.target_steps": (
        Role.VIEWER,
        "See the targets that one metric had over time",
    ),
    "records.delivery.metric_targets.add": (Role.EDITOR, "Set a target"),
    "records.delivery.metric_targets.change": (Role.EDITOR, "Change a target"),
    "records.delivery.metric_targets.remove": (Role.EDITOR, "Remove a target"),
    "records.delivery.metrics.add": (Role.EDITOR, "Record a metric value"),
    "records.delivery.metrics.change": (Role.EDITOR, "Change a metric value"),
    "records.delivery.metrics.delete": (Role.EDITOR, "Delete a metric value"),
    "records.delivery.metric_definitions.define": (Role.EDITOR, "Define a metric"),
    "records.delivery.metric_definitions.redefine": (Role.EDITOR, "Change a metric"),
    "records.delivery.metric_definitions.remove_definition": (Role.EDITOR, "Remove a metric"),
}
