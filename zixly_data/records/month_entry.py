"""Entering a month in a grid: figures, lead events, values of metrics. Saved all or nothing.

The rows carry texts (`month_cells`), which are read here, so that all of their slips are named at
once. Only rows that differ from what was read are sent. `seen` are the ids of all records of the
month that were read: what somebody else has added besides is a conflict where a new row is about
the same.

Every function here raises InvalidCells (`cells` names each of them), Conflict (`current` is a tuple
of `grid_saving.Standing`), MonthClosed, AccessDenied; then nothing at all is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial

import sqlalchemy as sa

from zixly_data.database.connection import scoped
from zixly_data.database.schema import (
    custom_metrics,
    financials,
    lead_events,
    lead_stages,
    metric_definitions,
)
from zixly_data.identity import Identity
from zixly_data.records import bulk_saving
from zixly_data.records.bulk_saving import Saved, Target, Wanted
from zixly_data.records.month_cells import (
    FinancialCells,
    LeadCells,
    MetricCell,
    Slips,
    parse_amount,
    parse_day,
    parse_fitting,
    parse_worth,
)
from zixly_data.values.dates import month_end
from zixly_data.values.names import parse_name, parse_note
from zixly_data.values.period import Period, between

_FINANCIALS = Target(
    financials,
    "record_date",
    ("client_kpi_id", "record_date", "revenue", "expenses", "note"),
    lambda values: values["client_kpi_id"],
)
_LEADS = Target(
    lead_events,
    "event_date",
    ("client_kpi_id", "lead_id", "stage", "status", "event_date", "value", "note"),
    lambda values: (values["client_kpi_id"], values["lead_id"], values["stage"]),
)
_METRICS = Target(
    custom_metrics,
    "record_date",
    ("client_kpi_id", "metric_name", "metric_value", "unit", "record_date", "note"),
    lambda values: (values["client_kpi_id"], values["metric_name"]),
)


def save_financials(
    identity: Identity, month: date, rows: Sequence[FinancialCells], seen: Collection[str]
) -> Saved:
    """Saves what clients earned and cost in the month that begins on `month`."""
    slips, wanted = Slips(), []
    for row in rows:
        if row.delete:
            wanted.append(Wanted(row.id, row.version, None))
            continue
        values = {
            "client_kpi_id": row.client_kpi_id,
            "record_date": slips.read(
                row.id, "record_date", row.record_date, lambda t, f: parse_day(t, month, f)
            ),
            "revenue": slips.read(row.id, "revenue", row.revenue, parse_amount),
            "expenses": slips.read(row.id, "expenses", row.expenses, parse_amount),
            "note": slips.read(row.id, "note", row.note, parse_note),
        }
        wanted.append(Wanted(row.id, row.version, values))
    slips.tell()
    with scoped(identity) as connection:
        return bulk_saving.save(connection, identity, _FINANCIALS, _days_of(month), wanted, seen)


def save_leads(
    identity: Identity, month: date, rows: Sequence[LeadCells], seen: Collection[str]
) -> Saved:
    """Saves which stages leads reached in the month that begins on `month`."""
    with scoped(identity) as connection:
        query = sa.select(lead_stages.c.stage, lead_stages.c.status).where(
            lead_stages.c.tenant_id == identity.tenant_id
        )
        stages = {row.stage: row.status for row in connection.execute(query)}
        slips, wanted = Slips(), []
        for row in rows:
            if row.delete:
                wanted.append(Wanted(row.id, row.version, None))
                continue
            if not row.client_kpi_id:
                slips.add(row.id, "client_kpi_id", "Choose a client of the list.")
            if row.stage not in stages:
                slips.add(row.id, "stage", "Choose a stage of the list.")
            values = {
                "client_kpi_id": row.client_kpi_id,
                "lead_id": slips.read(
                    row.id, "lead_id", row.lead_id, lambda t, f: parse_name(t, f, 100)
                ),
                "stage": row.stage,
                "status": stages.get(row.stage),
                "event_date": slips.read(
                    row.id, "event_date", row.event_date, lambda t, f: parse_day(t, month, f)
                ),
                "value": slips.read(row.id, "value", row.value, parse_worth),
                "note": slips.read(row.id, "note", row.note, parse_note),
            }
            wanted.append(Wanted(row.id, row.version, values))
        slips.tell()
        return bulk_saving.save(connection, identity, _LEADS, _days_of(month), wanted, seen)


def save_metrics(
    identity: Identity, month: date, cells: Sequence[MetricCell], seen: Collection[str]
) -> Saved:
    """Saves values of metrics dated in the month that begins on `month`."""
    with scoped(identity) as connection:
        names = ("metric_name", "unit", "kind", "out_of")
        query = sa.select(*(metric_definitions.c[name] for name in names)).where(
            metric_definitions.c.tenant_id == identity.tenant_id
        )
        defined = {row.metric_name: row for row in connection.execute(query)}
        slips, wanted = Slips(), []
        for cell in cells:
            if cell.delete:
                wanted.append(Wanted(cell.id, cell.version, None))
                continue
            metric = defined.get(cell.metric_name)
            if metric is None:
                slips.add(cell.id, "metric_value", "This metric is not defined any more.")
                continue
            value = slips.read(
                cell.id, "metric_value", cell.metric_value,
                partial(parse_fitting, metric.kind, metric.out_of, cell.note),
            )  # fmt: skip
            day = slips.read(
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
            wanted.append(Wanted(cell.id, cell.version, values))
        slips.tell()
        return bulk_saving.save(connection, identity, _METRICS, _days_of(month), wanted, seen)


def _days_of(month: date) -> Period:
    return between(month, month_end(month))
