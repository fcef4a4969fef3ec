"""What a row of each kind consists of, and what makes it wrong."""

from __future__ import annotations

from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.client_rows import stage_clients
from zixly_data.imports.references import Known, KnownMetric, normalise_name
from zixly_data.imports.staging import Stage, Staged
from zixly_data.imports.values import named_currencies
from zixly_data.records.metric_definitions import validate_value

_NO_AMOUNT = "The row has no amount."
_FIGURES = ("revenue", "expenses", "value", "metric_value")
_LONGEST_NUMBER = 200


def stage(kind: Kind, table: Table, mapping: Mapping, known: Known) -> Staged:
    """The rows of the file, each ready or rejected. Questions leave the rows of their column out:
    they have to be answered first."""
    work = Stage(kind, table, mapping, known)
    columns = work.staged.columns
    if work.has("id"):
        columns["id"] = work.text("id")
    if work.has("external_id"):
        columns["external_id"] = work.text("external_id")
    {
        Kind.CLIENTS: stage_clients,
        Kind.FINANCIALS: _financials,
        Kind.LEAD_EVENTS: _lead_events,
        Kind.CUSTOM_METRICS: _custom_metrics,
    }[kind](work)
    if work.has("note"):
        columns["note"] = work.text("note")
    _once(work)
    return work.staged


def _financials(work: Stage) -> None:
    columns = work.staged.columns
    columns["client_kpi_id"] = work.client()
    columns["record_date"] = work.date()
    revenue, expenses = work.money("revenue"), work.money("expenses")
    if work.has("amount"):
        for row, amount in enumerate(work.money("amount")):
            if amount is None:
                continue
            if amount.startswith("-"):
                expenses[row] = expenses[row] or amount[1:]
            else:
                revenue[row] = revenue[row] or amount
    for row, (earned, spent) in enumerate(zip(revenue, expenses, strict=True)):
        if earned is None and spent is None and row not in work.staged.problems:
            name = next(x for x in ("revenue", "expenses", "amount") if work.has(x))
            work.wrong(row, name, _NO_AMOUNT)
    both = work.has("amount")
    if work.has("revenue") or both:
        columns["revenue"] = revenue
    if work.has("expenses") or both:
        columns["expenses"] = expenses
    _in_the_clients_currency(work, "revenue", "expenses", "amount")


def _lead_events(work: Stage) -> None:
    columns = work.staged.columns
    columns["client_kpi_id"] = work.client()
    columns["event_date"] = work.date()
    columns["lead_id"] = work.text("lead_id")
    work.needed("lead_id", columns["lead_id"], "The row names no lead.")
    stages = {normalise_name(stage): (stage, status) for stage, status in work.known.stages}
    names = ", ".join(stage for stage, _ in work.known.stages)
    written = work.text("stage")
    work.needed("stage", written, "The row names no stage.")
    columns["stage"], columns["status"] = [], []
    for row, text in enumerate(written):
        stage, status = stages.get(normalise_name(text or ""), (None, None))
        if stage is None and text:
            work.wrong(row, "stage", f"There is no such stage. The stages are {names}.")
        columns["stage"].append(stage)
        columns["status"].append(status)
    if work.has("value"):
        columns["value"] = work.money("value")
        for row, value in enumerate(columns["value"]):
            if value is not None and value.startswith("-"):
                work.wrong(row, "value", "The value of a lead cannot be negative.")
        _in_the_clients_currency(work, "value")


def _custom_metrics(work: Stage) -> None:
    columns = work.staged.columns
    columns["client_kpi_id"] = work.client()
    columns["record_date"] = work.date()
    defined = {normalise_name(metric.metric_name): metric for metric in work.known.metrics}
    written = work.text("metric_name")
    work.needed("metric_name", written, "The row names no metric.")
    metrics = [defined.get(normalise_name(name or "")) for name in written]
    columns["metric_name"] = [metric.metric_name if metric else None for metric in metrics]
    columns["unit"] = [metric.unit if metric else None for metric in metrics]
    units, notes = work.text("unit"), work.text("note")
    figures = work.number("metric_value")
    for row, metric in enumerate(metrics):
        if metric is None:
            if written[row]:
                work.wrong(row, "metric_name", "This metric is not defined. Define it first.")
            continue
        if units[row] and normalise_name(units[row] or "") != normalise_name(metric.unit):
            work.wrong(row, "unit", f"“{metric.metric_name}” is measured in {metric.unit}.")
        _check_figure(work, row, metric, figures[row], notes[row])
    columns["metric_value"] = figures


def _check_figure(
    work: Stage, row: int, metric: KnownMetric, figure: str | None, note: str | None
) -> None:
    if figure is None:
        if row not in work.staged.problems:
            work.wrong(row, "metric_value", "The row has no value.")
        return
    try:
        validate_value(Decimal(figure), metric.kind, metric.out_of, "metric_value")
    except InvalidInput as error:
        work.wrong(row, "metric_value", str(error))
        return
    if metric.kind == "PERCENT" and Decimal(figure) > 100 and note is None:
        work.wrong(
            row, "metric_value", "This is more than 100%. If it is meant, say why in a note."
        )


def _in_the_clients_currency(work: Stage, *amounts: str) -> None:
    """A record is in its client's currency: a row is wrong that says another one, in a column of
    its own or beside the amount (`USD 5`)."""
    said: list[tuple[str, int, str]] = []
    if work.has("currency"):
        written = enumerate(work.text("currency"))
        said += [("currency", row, text) for row, text in written if text is not None]
    for name in filter(work.has, amounts):
        said += [(name, row, code) for row, code in named_currencies(work.cells(name)).items()]
    of_client = {client.id: client for client in work.known.clients}
    of_client |= {client.id: client for client in work.staged.added.values()}
    ids = work.staged.columns["client_kpi_id"]
    for name, row, text in said:
        client = of_client.get(ids[row] or "")
        if client is not None and text.strip().upper() != client.currency:
            work.wrong(
                row, name, f"{client.client_name} is kept in {client.currency}, not in {text}."
            )


def _once(work: Stage) -> None:
    """One row for each record: a second one with the same id, or an item of the same document with
    the same amounts, is wrong; other items of a document are counted on (`INV-7`, `INV-7 (2)`)."""
    columns, lines = work.staged.columns, work.table.lines
    seen: dict[str, int] = {}
    for row, row_id in enumerate(columns.get("id", ())):
        if row_id is not None and seen.setdefault(row_id, row) != row:
            work.wrong(row, "id", f"Line {lines[seen[row_id]]} is about this record already.")
    amounts = [columns[name] for name in _FIGURES if name in columns]
    numbers = columns.get("external_id", [])
    documents: dict[str, set[tuple[str | None, ...]]] = {}
    taken = {number for number in numbers if number}
    for row, number in enumerate(numbers):
        if number is None:
            continue
        items = documents.setdefault(number, set())
        item = tuple(column[row] for column in amounts)
        if item in items:
            work.wrong(
                row, "external_id",
                "This document stands in an earlier line with the same amounts. Where a file has a "
                "line for each item, choose the column with the item's amount.",
            )  # fmt: skip
            continue
        items.add(item)
        if len(items) > 1:
            counted = f"{number} ({len(items)})"
            if counted in taken or len(counted) > _LONGEST_NUMBER:
                work.wrong(row, "external_id", f"“{counted}” is what this item would be called.")
            numbers[row] = counted
