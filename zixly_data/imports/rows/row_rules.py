"""The rules of each kind of row: its columns, and the reasons to reject it."""

from __future__ import annotations

from zixly_data.imports.cells.kinds import FIELDS, Kind
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.references import ReferenceData
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.client_rows import stage_clients
from zixly_data.imports.rows.deal_rows import add_entries
from zixly_data.imports.rows.document_rows import settle_lines
from zixly_data.imports.rows.financial_rows import stage_financials
from zixly_data.imports.rows.lead_rows import stage_lead_events
from zixly_data.imports.rows.metric_rows import stage_custom_metrics
from zixly_data.imports.rows.overhead_rows import stage_overheads
from zixly_data.imports.rows.staged import StagedRows
from zixly_data.imports.rows.staging import RowStager

_FIGURES = ("value", "metric_value")
_LONGEST_NUMBER = 200


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
        Kind.FINANCIALS: stage_financials,
        Kind.OVERHEADS: stage_overheads,
        Kind.LEAD_EVENTS: stage_lead_events,
        Kind.CUSTOM_METRICS: stage_custom_metrics,
    }[kind](stager)
    for field in FIELDS[kind]:
        if field.column and field.column not in columns and stager.has_column(field.name):
            columns[field.column] = stager.read(field)
    _reject_repeated_records(stager)
    if kind in (Kind.FINANCIALS, Kind.OVERHEADS):
        settle_lines(stager)
    else:
        _number_items(stager)
    if kind is Kind.LEAD_EVENTS and stager.has_column("close_date"):
        add_entries(stager)
    return stager.staged


def _reject_repeated_records(stager: RowStager) -> None:
    """Reject a second row with the same id of ours."""
    lines, seen = stager.table.lines, dict[str, int]()
    for row, row_id in enumerate(stager.staged.columns.get("id", ())):
        if row_id is not None and seen.setdefault(row_id, row) != row:
            sentence = f"Line {lines[seen[row_id]]} already has this record."
            stager.reject(row, "id", Cause.REPEATED_RECORD, sentence)


def _number_items(stager: RowStager) -> None:
    """Number further items of a lead or a metric with one number (`D-7`, `D-7 (2)`), and reject an
    item that is there already."""
    columns = stager.staged.columns
    amounts = [columns[name] for name in _FIGURES if name in columns]
    numbers = columns.get("external_id", [])
    documents: dict[str, set[tuple[str | None, ...]]] = {}
    used_numbers = {number for number in numbers if number}
    for row, number in enumerate(numbers):
        if number is None or row in stager.staged.left_out:
            continue
        items = documents.setdefault(number, set())
        item = tuple(column[row] for column in amounts)
        if item in items:
            stager.reject(
                row, "external_id", Cause.REPEATED_DOCUMENT,
                "An earlier line has this number with the same value.",
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
