"""The rules of each kind of row: its columns, and the reasons to reject it."""

from __future__ import annotations

from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.causes import Cause
from zixly_data.imports.cells.kinds import FIELDS, Kind
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.client_rows import stage_clients
from zixly_data.imports.overhead_rows import stage_overheads
from zixly_data.imports.references import ReferenceData, ReferencedMetric, normalise_name
from zixly_data.imports.staging import RowStager, StagedRows
from zixly_data.records.delivery.metric_inputs import computed_text
from zixly_data.records.delivery.valid_values import validate_value
from zixly_data.tables.lead_events import LEAD_EVENTS, ONLY_LOST
from zixly_data.tables.lead_stages import LOST, takes_no_events

_FIGURES = ("revenue", "expenses", "value", "metric_value")
_LONGEST_NUMBER = 200
_STAGES_NAMED = 20


def stage_rows(
    kind: Kind, table: Table, mapping: Mapping, reference_data: ReferenceData
) -> StagedRows:
    """Stage the rows of the file, each ready or rejected. A column with an open question has no
    values until the question is answered."""
    stager = RowStager(kind, table, mapping, reference_data)
    columns = stager.staged.columns
    if stager.has_column("id"):
        columns["id"] = stager.text("id")
    {
        Kind.CLIENTS: stage_clients,
        Kind.FINANCIALS: _stage_financials,
        Kind.OVERHEADS: stage_overheads,
        Kind.LEAD_EVENTS: _stage_lead_events,
        Kind.CUSTOM_METRICS: _stage_custom_metrics,
    }[kind](stager)
    for field in FIELDS[kind]:
        if field.column and field.column not in columns and stager.has_column(field.name):
            columns[field.column] = stager.read(field)
    _reject_duplicates(stager)
    return stager.staged


def _stage_financials(stager: RowStager) -> None:
    columns = stager.staged.columns
    columns["client_kpi_id"] = stager.client()
    columns["record_date"] = stager.date()
    revenue, expenses = stager.amounts()
    has_amount = stager.has_column("amount")
    if stager.has_column("revenue") or has_amount:
        columns["revenue"] = revenue
    if stager.has_column("expenses") or has_amount:
        columns["expenses"] = expenses
    _check_currency(stager, "revenue", "expenses", "amount")


def _stage_lead_events(stager: RowStager) -> None:
    columns = stager.staged.columns
    columns["client_kpi_id"] = stager.client()
    columns["event_date"] = stager.date()
    columns["lead_id"] = stager.text("lead_id")
    stager.require("lead_id", columns["lead_id"], Cause.NO_LEAD, "The row has no lead.")
    stages = {normalise_name(stage.stage): stage for stage in stager.reference_data.stages}
    no_such_stage = _no_such_stage(
        [stage.stage for stage in stager.reference_data.stages if not stage.is_retired]
    )
    stage_texts = stager.text("stage")
    stager.require("stage", stage_texts, Cause.NO_STAGE, "The row has no stage.")
    columns["stage"], columns["status"] = [], []
    for row, text in enumerate(stage_texts):
        stage = stages.get(normalise_name(text or ""))
        if stage is None and text:
            stager.reject(row, "stage", Cause.UNKNOWN_STAGE, no_such_stage)
        if stage is not None and stage.is_retired:
            sentence = takes_no_events(stage.stage, stage.merged_stage)
            stager.staged.retired[row] = stager.problem(row, "stage", Cause.RETIRED_STAGE, sentence)
        columns["stage"].append(stage.stage if stage else None)
        columns["status"].append(stage.status if stage else None)
    if stager.has_column("reason"):
        columns["reason"] = stager.text("reason")
        for row, reason in enumerate(columns["reason"]):
            if reason is not None and columns["status"][row] not in (LOST, None):
                stager.reject(row, "reason", Cause.NOT_LOST, ONLY_LOST)
    if stager.has_column("event_at"):
        columns["event_at"] = stager.times("event_at", columns["event_date"])
    if stager.has_column("value"):
        columns["value"] = stager.money("value")
        for row, value in enumerate(columns["value"]):
            if value is not None and value.startswith("-"):
                sentence = LEAD_EVENTS.fields["value"].not_below_zero
                stager.reject(row, "value", Cause.NEGATIVE_VALUE, sentence)
        _check_currency(stager, "value")


def _stage_custom_metrics(stager: RowStager) -> None:
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


def _check_currency(stager: RowStager, *amounts: str) -> None:
    """Reject rows that state another currency than their client's, in a column of its own or beside
    the amount (`USD 5`)."""
    clients = {client.id: client for client in stager.reference_data.clients}
    clients |= {client.id: client for client in stager.staged.added.values()}
    ids = stager.staged.columns["client_kpi_id"]
    for name, row, text in stager.stated_currencies(*amounts):
        client = clients.get(ids[row] or "")
        if client is not None and text.strip().upper() != client.currency:
            sentence = f"{client.client_name} uses {client.currency}, not {text}."
            stager.reject(row, name, Cause.OTHER_CURRENCY, sentence)


def _no_such_stage(names: list[str]) -> str:
    named = ", ".join(names[:_STAGES_NAMED])
    more = f", and {len(names) - _STAGES_NAMED:,} more" if len(names) > _STAGES_NAMED else ""
    return f"There is no such stage. Choose one of these: {named}{more}."


def _reject_duplicates(stager: RowStager) -> None:
    """Reject a second row with the same id, or with the same document and the same amounts. Further
    items of a document are numbered (`INV-7`, `INV-7 (2)`)."""
    columns, lines = stager.staged.columns, stager.table.lines
    seen: dict[str, int] = {}
    for row, row_id in enumerate(columns.get("id", ())):
        if row_id is not None and seen.setdefault(row_id, row) != row:
            sentence = f"Line {lines[seen[row_id]]} already has this record."
            stager.reject(row, "id", Cause.REPEATED_RECORD, sentence)
    amounts = [columns[name] for name in _FIGURES if name in columns]
    numbers = columns.get("external_id", [])
    documents: dict[str, set[tuple[str | None, ...]]] = {}
    used_numbers = {number for number in numbers if number}
    for row, number in enumerate(numbers):
        if number is None:
            continue
        items = documents.setdefault(number, set())
        item = tuple(column[row] for column in amounts)
        if item in items:
            stager.reject(
                row, "external_id", Cause.REPEATED_DOCUMENT,
                "An earlier line has this document with the same amounts. If the file has a line "
                "for each item, choose the column with the item's amount.",
            )  # fmt: skip
            continue
        items.add(item)
        if len(items) > 1:
            numbered = f"{number} ({len(items)})"
            if numbered in used_numbers or len(numbered) > _LONGEST_NUMBER:
                stager.reject(
                    row,
                    "external_id",
                    Cause.TAKEN_NUMBER,
                    f"The number of this item, “{numbered}”, is already used or too long.",
                )
            numbers[row] = numbered
