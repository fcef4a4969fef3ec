"""The rules of the rows of a file of metric values, and the reasons to reject one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.durations import DurationUnits, heading_seconds, unit_seconds
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.references import ReferenceData, ReferencedMetric, normalise_name
from zixly_data.imports.rows import values
from zixly_data.imports.rows.amounts.row_meanings import ask_for_meanings, read_meanings
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.staged import Column
from zixly_data.imports.rows.staging import RowStager
from zixly_data.imports.timesheets import is_billable_duration, is_duration, is_timesheet
from zixly_data.records.delivery.metric_inputs import computed_text
from zixly_data.records.delivery.valid_values import validate_value

Metrics = Sequence[ReferencedMetric | None]

_METRICS_NAMED = 20
_DAY = 86_400
# The kinds of metrics whose values are durations if their unit is one of time, and the units.
_DURATION_KINDS = {"DURATION": range(1, 604_801), "NUMBER": (3600,), "COUNT": (3600,)}


def stage_custom_metrics(stager: RowStager) -> None:
    """Stage the rows of a file of metric values.

    Raises InvalidInput if the file has no column of metrics, and the mapping names none, or one
    that has no values.
    """
    columns = stager.staged.columns
    row_meanings = read_meanings(stager)
    columns["client_kpi_id"] = stager.client()
    columns["record_date"] = stager.date()
    metrics = _metrics(stager)
    columns["metric_name"] = [metric.metric_name if metric else None for metric in metrics]
    columns["unit"] = [metric.unit if metric else None for metric in metrics]
    units, notes = stager.text("unit"), stager.text("note")
    figures = _read_figures(stager, metrics)
    for row, metric in enumerate(metrics):
        if metric is None:
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
    if row_meanings.columns:
        ask_for_meanings(stager, row_meanings, figures)
    for row in stager.staged.left_out:
        stager.staged.problems.pop(row, None)
    _note_last_values(stager, metrics)
    _note_billable_column(stager)


def _metrics(stager: RowStager) -> Metrics:
    """Return the metric of each row, and reject the rows without one that is defined."""
    if not stager.has_column("metric_name"):
        metric = _metric_of_all_rows(stager.mapping.metric, stager.reference_data)
        return [metric] * stager.staged.count
    metrics_by_name = {
        normalise_name(metric.metric_name): metric for metric in stager.reference_data.metrics
    }
    names = stager.text("metric_name")
    stager.require("metric_name", names, Cause.NO_METRIC, "The row has no metric.")
    metrics = [metrics_by_name.get(normalise_name(name or "")) for name in names]
    for row, name in enumerate(names):
        if name and metrics[row] is None:
            sentence = "This metric is not defined. Define it first."
            stager.reject(row, "metric_name", Cause.UNKNOWN_METRIC, sentence)
    return metrics


def _metric_of_all_rows(name: str | None, reference_data: ReferenceData) -> ReferencedMetric:
    recorded = [metric for metric in reference_data.metrics if metric.formula is None]
    names = ", ".join(sorted(metric.metric_name for metric in recorded)[:_METRICS_NAMED])
    advice = (
        f"Choose one, with --metric in the command: {names}."
        if names
        else "Define the metric on Custom metrics first."
    )
    if name is None:
        raise InvalidInput(
            "The file has no column for the metric of its rows.", field="metric", advice=advice
        )
    for metric in reference_data.metrics:
        if normalise_name(metric.metric_name) == normalise_name(name):
            if metric.formula is not None:
                raise InvalidInput(
                    computed_text(metric.metric_name, metric.formula), field="metric"
                )
            return metric
    raise InvalidInput(f"There is no metric “{name}”.", field="metric", advice=advice)


def _read_figures(stager: RowStager, metrics: Metrics) -> Column:
    """Return the values of the rows: numbers, or durations in the unit of their metric."""
    heading = stager.table.header[stager.mapping.columns["metric_value"]]
    by_metric = {metric: _duration_units(metric, heading) for metric in _distinct(metrics)}
    if not any(by_metric.values()):
        return stager.number("metric_value")
    units = [by_metric[metric] for metric in metrics]
    rounded: list[str] = []

    def read(cells: Sequence[Cell], label: str, mark: DecimalMark | None) -> values.ColumnValues:
        column = values.ColumnValues([None] * len(cells), {})
        for unit in set(by_metric.values()):
            rows = [row for row, row_unit in enumerate(units) if row_unit == unit]
            part = [cells[row] for row in rows]
            read_part: values.ColumnValues
            if unit is None:
                read_part = values.numbers(part, label, mark)
            else:
                read_part = durations = values.durations(part, label, mark, unit)
                rounded.extend(durations.rounded)
            for place, row in enumerate(rows):
                column.values[row] = read_part.values[place]
            column.problems.update(
                {rows[place]: reason for place, reason in read_part.problems.items()}
            )
        return column

    figures = stager.number("metric_value", read)
    if is_timesheet(stager.table) and heading_seconds(heading) is None:
        _reject_long_entries(stager, figures, units)
    if rounded:
        stager.staged.notes.append(f"Durations have four decimals: {rounded[0]}.")
    return figures


def _reject_long_entries(
    stager: RowStager, figures: Column, units: Sequence[DurationUnits | None]
) -> None:
    """Reject whole numbers of more than a day without a unit: trackers that write them count
    minutes or seconds."""
    for row, (figure, cell) in enumerate(zip(figures, stager.cells("metric_value"), strict=True)):
        unit = units[row]
        if unit is None or figure is None or not str(cell).strip().isdigit():
            continue
        if Decimal(figure) * unit.metric > _DAY:
            figures[row] = None
            stager.reject(
                row,
                "metric_value",
                Cause.INVALID_NUMBER,
                "An entry of this many hours is longer than a day. If the column is in minutes or "
                "seconds, add (min) or (sec) to its name.",
            )


def _duration_units(metric: ReferencedMetric | None, heading: str) -> DurationUnits | None:
    """Return the units of a metric of durations and of the bare numbers of its rows, which the
    heading may name: `Duration (min)`. None for any other metric."""
    seconds = unit_seconds(metric.unit) if metric is not None else None
    if metric is None or seconds is None or seconds not in _DURATION_KINDS.get(metric.kind, ()):
        return None
    return DurationUnits(seconds, heading_seconds(heading) or seconds)


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


def _note_last_values(stager: RowStager, metrics: Metrics) -> None:
    """Say that of several values of a day only the last one counts, for metrics that keep it."""
    staged = stager.staged
    clients, days = staged.columns["client_kpi_id"], staged.columns["record_date"]
    for metric in _distinct(metrics):
        if metric is None or metric.adds_up != "LAST":
            continue
        rows = [row for row in staged.ready if metrics[row] is metric]
        more = len(rows) - len({(clients[row], days[row]) for row in rows})
        if more:
            staged.notes.append(
                f"“{metric.metric_name}” keeps the last value of a day: {more:,} earlier "
                f"{'value' if more == 1 else 'values'} of the same client and day will not count. "
                "If they should add up, change the metric on Custom metrics."
            )


def _note_billable_column(stager: RowStager) -> None:
    """Say where a file has the billable time of an entry in a column that is not read."""
    place = stager.mapping.columns["metric_value"]
    heading = stager.table.header[place]
    if not is_duration(heading) or is_billable_duration(heading):
        return
    for other in stager.table.header:
        if is_billable_duration(other):
            stager.staged.notes.append(
                f"The values are those of “{heading}”. For the billable time, choose the column "
                f"“{other}” for the value, with --column in the command."
            )
            return


def _distinct(metrics: Metrics) -> list[ReferencedMetric | None]:
    """Return each metric once, in the order of the file."""
    return list({id(metric): metric for metric in metrics}.values())
