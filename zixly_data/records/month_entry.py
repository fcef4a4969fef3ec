"""Month entry: saving a grid of financial records, lead events or metric values, all or nothing.

The rows hold texts (`month_cells`) and are parsed here, so that all errors of a grid are reported
together. Callers pass only the rows that differ from those that were read. `seen_ids` are the ids
of all records of the month that were read: a new row is a conflict if somebody else has added a
record with the same subject since.

`save_financials` raises PossibleDuplicates for records that repeat amounts of their month, unless
each repetition is among those that the person has `accepted`.

Every function raises InvalidCells (`cells` lists the errors), Conflict (`current` is a tuple of
`bulk_saving.StoredRow`), MonthClosed, AccessDenied. Nothing is saved if it raises.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import (
    custom_metrics,
    financials,
    lead_events,
    lead_stages,
    metric_definitions,
    overheads,
)
from zixly_data.errors import PossibleDuplicates
from zixly_data.identity import Identity
from zixly_data.records import bulk_saving, possible_duplicates
from zixly_data.records.bulk_saving import RowChange, Saved, Target
from zixly_data.records.delivery.metric_inputs import computed_text
from zixly_data.records.month_cells import (
    CellErrors,
    FinancialCells,
    LeadCells,
    MetricCell,
    OverheadCells,
    parse_amount,
    parse_day,
    parse_lead_value,
    parse_metric_value,
)
from zixly_data.records.pipeline.lead_stages import stages_query
from zixly_data.records.possible_duplicates import Repetition
from zixly_data.tables.lead_events import LEAD_EVENTS, ONLY_LOST
from zixly_data.tables.lead_stages import LOST, takes_no_events
from zixly_data.tables.overheads import OVERHEADS, parse_kind
from zixly_data.values.dates import month_end
from zixly_data.values.names import parse_name, parse_note
from zixly_data.values.period import Period, between

_FINANCIALS = Target(
    financials,
    "record_date",
    ("client_kpi_id", "record_date", "revenue", "expenses", "note"),
    lambda values: values["client_kpi_id"],
)
_OVERHEADS = Target(
    overheads,
    "record_date",
    tuple(OVERHEADS.entered),
    # Two people who enter the same cost; without names, it is the same if the amounts are.
    lambda values: (
        values["currency"],
        values["account"],
        values["counterparty"],
        None
        if values["account"] or values["counterparty"]
        else (values["revenue"], values["expenses"]),
    ),
)
_LEADS = Target(
    lead_events,
    "event_date",
    ("client_kpi_id", "lead_id", "stage", "status", "event_date", "value", "note", "reason"),
    lambda values: (values["client_kpi_id"], values["lead_id"], values["stage"]),
)
_METRICS = Target(
    custom_metrics,
    "record_date",
    ("client_kpi_id", "metric_name", "metric_value", "unit", "record_date", "note"),
    lambda values: (values["client_kpi_id"], values["metric_name"]),
)


def save_financials(
    identity: Identity,
    month: date,
    rows: Sequence[FinancialCells],
    seen_ids: Collection[str],
    accepted: Collection[Repetition] = (),
) -> Saved:
    """Save revenue and expenses of clients in the month that begins on `month`."""
    cell_errors, changes = CellErrors(), []
    for row in rows:
        if row.delete:
            changes.append(RowChange(row.id, row.version, None))
            continue
        values = {
            "client_kpi_id": row.client_kpi_id,
            "record_date": cell_errors.read(
                row.id, "record_date", row.record_date, lambda t, f: parse_day(t, month, f)
            ),
            **{
                name: cell_errors.read(
                    row.id, name, getattr(row, name), partial(parse_amount, currency=row.currency)
                )
                for name in ("revenue", "expenses")
            },
            "note": cell_errors.read(row.id, "note", row.note, parse_note),
        }
        changes.append(RowChange(row.id, row.version, values))
    cell_errors.raise_any()
    with scoped(identity) as connection:

        def require_accepted() -> None:
            repetitions = possible_duplicates.of_grid(connection, identity, month, changes)
            if not set(repetitions) <= set(accepted):
                raise PossibleDuplicates(
                    "Some of these records repeat amounts of the same month. Nothing was saved.",
                    repetitions=repetitions,
                )

        return bulk_saving.save(
            connection,
            identity,
            _FINANCIALS,
            _period_of(month),
            changes,
            seen_ids,
            require_accepted,
        )


def save_overheads(
    identity: Identity, month: date, rows: Sequence[OverheadCells], seen_ids: Collection[str]
) -> Saved:
    """Save overheads in the month that begins on `month`."""
    cell_errors, changes, fields = CellErrors(), [], OVERHEADS.entered
    for row in rows:
        if row.delete:
            changes.append(RowChange(row.id, row.version, None))
            continue
        amounts = {"revenue": row.revenue.strip(), "expenses": row.expenses.strip()}
        texts = {
            name: text or ("0" if any(amounts.values()) else "") for name, text in amounts.items()
        }
        values = {
            "record_date": cell_errors.read(
                row.id, "record_date", row.record_date, lambda t, f: parse_day(t, month, f)
            ),
            **{
                name: cell_errors.read(
                    row.id, name, text, partial(parse_amount, currency=row.currency.strip().upper())
                )
                for name, text in texts.items()
            },
            "kind": cell_errors.read(row.id, "kind", row.kind, parse_kind),
            **{
                name: cell_errors.read(
                    row.id, name, getattr(row, name), lambda t, f: fields[f].parse(t)
                )
                for name in ("currency", "account", "counterparty", "note")
            },
        }
        changes.append(RowChange(row.id, row.version, {name: values[name] for name in fields}))
    cell_errors.raise_any()
    with scoped(identity) as connection:
        return bulk_saving.save(
            connection, identity, _OVERHEADS, _period_of(month), changes, seen_ids
        )


def save_leads(
    identity: Identity, month: date, rows: Sequence[LeadCells], seen_ids: Collection[str]
) -> Saved:
    """Save the stages that leads reached in the month that begins on `month`."""
    with scoped(identity) as connection:
        stages = {row.stage: row for row in connection.execute(stages_query(identity))}
        recorded = _at_retired_stages(connection, identity, rows)
        cell_errors, changes = CellErrors(), []
        for row in rows:
            if row.delete:
                changes.append(RowChange(row.id, row.version, None))
                continue
            if not row.client_kpi_id:
                cell_errors.add(row.id, "client_kpi_id", "Choose a client from the list.")
            stage = stages.get(row.stage)
            if stage is None:
                cell_errors.add(row.id, "stage", "Choose a stage from the list.")
            elif stage.retired_at is not None and (row.id, row.stage) not in recorded:
                sentence = takes_no_events(row.stage, stage.merged_stage)
                cell_errors.add(row.id, "stage", sentence)
            elif stage.status != LOST and row.reason.strip():
                cell_errors.add(row.id, "reason", ONLY_LOST)
            values = {
                "client_kpi_id": row.client_kpi_id,
                "lead_id": cell_errors.read(
                    row.id, "lead_id", row.lead_id, lambda t, f: parse_name(t, f, 100)
                ),
                "stage": row.stage,
                "status": stage.status if stage else None,
                "event_date": cell_errors.read(
                    row.id, "event_date", row.event_date, lambda t, f: parse_day(t, month, f)
                ),
                "value": cell_errors.read(
                    row.id,
                    "value",
                    row.value,
                    partial(parse_lead_value, currency=row.currency),
                ),
                "note": cell_errors.read(row.id, "note", row.note, parse_note),
                "reason": cell_errors.read(
                    row.id, "reason", row.reason, lambda t, f: LEAD_EVENTS.entered[f].parse(t)
                ),
            }
            changes.append(RowChange(row.id, row.version, values))
        cell_errors.raise_any()
        return bulk_saving.save(connection, identity, _LEADS, _period_of(month), changes, seen_ids)


def _at_retired_stages(
    connection: Connection, identity: Identity, rows: Sequence[LeadCells]
) -> set[tuple[str, str]]:
    """Return the id and the stage of those of the rows that are recorded at a retired stage."""
    query = (
        sa.select(lead_events.c.id, lead_events.c.stage)
        .join_from(lead_events, lead_stages, lead_stages.c.stage == lead_events.c.stage)
        .where(
            lead_events.c.tenant_id == identity.tenant_id,
            lead_stages.c.tenant_id == identity.tenant_id,
            lead_stages.c.retired_at.is_not(None),
            lead_events.c.id.in_([row.id for row in rows if row.version is not None]),
        )
    )
    return {(row.id, row.stage) for row in connection.execute(query)}


def save_metrics(
    identity: Identity, month: date, cells: Sequence[MetricCell], seen_ids: Collection[str]
) -> Saved:
    """Save values of metrics dated in the month that begins on `month`."""
    with scoped(identity) as connection:
        names = ("metric_name", "unit", "kind", "out_of", "formula")
        query = sa.select(*(metric_definitions.c[name] for name in names)).where(
            metric_definitions.c.tenant_id == identity.tenant_id
        )
        metrics = {row.metric_name: row for row in connection.execute(query)}
        cell_errors, changes = CellErrors(), []
        for cell in cells:
            if cell.delete:
                changes.append(RowChange(cell.id, cell.version, None))
                continue
            metric = metrics.get(cell.metric_name)
            if metric is None:
                cell_errors.add(cell.id, "metric_value", "This metric no longer exists.")
                continue
            if metric.formula is not None:
                sentence = computed_text(metric.metric_name, metric.formula)
                cell_errors.add(cell.id, "metric_value", sentence)
                continue
            value = cell_errors.read(
                cell.id, "metric_value", cell.metric_value,
                partial(parse_metric_value, metric.kind, metric.out_of, cell.note),
            )  # fmt: skip
            day = cell_errors.read(
                cell.id, "metric_value", str(cell.record_date), lambda t, f: parse_day(t, month, f)
            )
            values = {
                "client_kpi_id": cell.client_kpi_id,
                "metric_name": cell.metric_name,
                "metric_value": value,
                "unit": metric.unit,
                "record_date": day,
                "note": parse_note(cell.note),
            }
            changes.append(RowChange(cell.id, cell.version, values))
        cell_errors.raise_any()
        return bulk_saving.save(
            connection, identity, _METRICS, _period_of(month), changes, seen_ids
        )


def _period_of(month: date) -> Period:
    return between(month, month_end(month))
