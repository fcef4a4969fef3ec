"""The rules of the rows of a file of metric values, and the reasons to reject one."""

from __future__ import annotations

from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.references import ReferencedMetric, normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.staging import RowStager
from zixly_data.records.delivery.metric_inputs import computed_text
from zixly_data.records.delivery.valid_values import validate_value


def stage_custom_metrics(stager: RowStager) -> None:
    columns = stager.staged.columns
    columns["client_kpi_id"] = stager.client()
    columns["record_date"] = stager.date()
    metrics_by_name = {
        normalise_name(metric.metric_name): metric for metric in stager.reference_data.metrics
    }
    names = stager.text("metric_name")
    stager.require("metric_name", names, Cause.NO_METRIC, "The row has no metric.")
    metrics = [metrics_by_name.get(normalise_name(name or "")) for name in names]
    columns["metric_name"] = [metric.metric_name if metric else None for metric in metrics]
    columns["unit"] = [metric.unit if metric else None for metric in metrics]
    units, notes = stager.text("unit"), stager.text("note")
    figures = stager.number("metric_value")
    for row, metric in enumerate(metrics):
        if metric is None:
            if names[row]:
                sentence = "This metric is not defined. Define it first."
                stager.reject(row, "metric_name", Cause.UNKNOWN_METRIC, sentence)
            continue
        if metric.formula is not None:
            sentence = computed_text(metric.metric_name, metric.formula)
            stager.reject(row, "metric_name", Cause.COMPUTED_METRIC, sentence)
            continue
        if units[row] and normalise_name(units[row] or "") != normalise_name(metric.unit):
            sentence = f"“{metric.metric_name}” is measured in {metric.unit}."
            stager.reject(row, "unit", Cause.OTHER_UNIT, sentence)
        _check_figure(stager, row, metric, figures[row], notes[row])
    columns["metric_value"] = figures


def _check_figure(
    stager: RowStager, row: int, metric: ReferencedMetric, figure: str | None, note: str | None
) -> None:
    if figure is None:
        if row not in stager.staged.problems:
            stager.reject(row, "metric_value", Cause.NO_VALUE, "The row has no value.")
        return
    try:
        validate_value(Decimal(figure), metric.kind, metric.out_of, "metric_value")
    except InvalidInput as error:
        stager.reject(row, "metric_value", Cause.OUT_OF_SCALE, str(error))
        return
    if metric.kind == "PERCENT" and Decimal(figure) > 100 and note is None:
        stager.reject(
            row,
            "metric_value",
            Cause.UNEXPLAINED_PERCENTAGE,
            "This is more than 100%. If it is correct, explain why in a note.",
        )
