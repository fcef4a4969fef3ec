"""Custom metrics: measurements of a client other than money, such as satisfaction or hours.

A record is one value of one metric on a date. `metric_definitions` holds the metrics and their
valid values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.records.delivery.metric_inputs import refuse_recording
from zixly_data.records.delivery.valid_values import validate_value
from zixly_data.tables.custom_metrics import CUSTOM_METRICS, MetricDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Measure, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period
from zixly_data.values.sources import MANUAL

_FIRST_PAGE = PageRequest()
_ORDER = (
    custom_metrics.c.record_date.desc(),
    sa.func.lower(client_kpis.c.client_name),
    sa.func.lower(custom_metrics.c.metric_name),
    custom_metrics.c.id.desc(),
)
_SORTS = {
    "record_date": custom_metrics.c.record_date,
    "client_name": sa.func.lower(client_kpis.c.client_name),
    "metric_name": sa.func.lower(custom_metrics.c.metric_name),
}


class MetricRecords(Frame):
    """One row per record; `metric_value` in `unit`."""

    id: Text
    record_date: Date
    client_kpi_id: Text
    client_id: Text
    client_name: Text
    metric_name: Text
    metric_value: Measure
    unit: Text
    kind: Text
    out_of: Measure = nullable
    source_system: Text
    note: Text = nullable
    version: Count


@dataclass(frozen=True)
class MetricRecord(MetricDraft):
    """A stored record. `version` counts its changes."""

    unit: str = ""
    id: str = ""
    source_system: str = MANUAL
    version: int = 0


def list_records(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[MetricRecords]:
    """Return the records of a period, one row each: latest first, then by client and metric."""
    with reporting(identity) as connection:
        return fetch(connection, records_query(identity, period, client_filter), MetricRecords)


def has_values(identity: Identity) -> bool:
    """Return whether the tenant has any value of a metric."""
    query = sa.select(sa.exists().where(custom_metrics.c.tenant_id == identity.tenant_id))
    with reporting(identity) as connection:
        return bool(connection.execute(query).scalar_one())


def page(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
    *,
    metric_name: str | None = None,
) -> Page[MetricRecords]:
    """Return one page of `list_records`, or of the records of one metric.

    They may be sorted by date or client name.
    """
    query = records_query(identity, period, client_filter, metric_name=metric_name)
    with reporting(identity) as connection:
        return fetch_page(connection, query, MetricRecords, request, _ORDER, _SORTS)


def records_query(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None,
    *,
    metric_name: str | None = None,
) -> sa.Select[Any]:
    """Return the statement of `list_records`; its columns are those of `MetricRecords`."""
    of_metric = () if metric_name is None else (custom_metrics.c.metric_name == metric_name,)
    record_columns = ("id", "record_date", "client_kpi_id", "metric_name", "metric_value", "unit",
           "source_system", "note", "version")  # fmt: skip
    return (
        sa.select(
            *(custom_metrics.c[name] for name in record_columns),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            metric_definitions.c.kind,
            metric_definitions.c.out_of,
        )
        .select_from(
            custom_metrics.join(
                client_kpis, client_kpis.c.id == custom_metrics.c.client_kpi_id
            ).join(
                metric_definitions, metric_definitions.c.metric_name == custom_metrics.c.metric_name
            )
        )
        .where(
            custom_metrics.c.tenant_id == identity.tenant_id,
            metric_definitions.c.tenant_id == identity.tenant_id,
            custom_metrics.c.record_date.between(period.start, period.end),
            *client_conditions(identity, client_filter, custom_metrics.c.client_kpi_id),
            *of_metric,
        )
        .order_by(*_ORDER)
    )


def get(identity: Identity, record_id: str) -> MetricRecord:
    """Return one record. Raises NotFound, also for a record of another tenant."""
    return versioned_rows.get(identity, *_current(identity, record_id))


def add(identity: Identity, draft: MetricDraft, *, row_id: str) -> None:
    """Add a record with the id `row_id` (`ids.new_id("met")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput naming the field to change (`metric_name` if no such metric is
    defined, or it is computed), NotFound (no such client).
    """
    versioned_rows.add(
        identity, custom_metrics, row_id, lambda connection: _values(identity, draft, connection)
    )


def change(identity: Identity, record_id: str, version: int, draft: MetricDraft) -> None:
    """Change a record that is still at `version`.

    Raises Conflict with the current record if someone else changed it first, FromSource if a source
    such as Xero writes it, and as `add` does.
    """
    versioned_rows.change(
        identity, custom_metrics, record_id, version,
        lambda connection: _values(identity, draft, connection), _current(identity, record_id),
    )  # fmt: skip


def delete(identity: Identity, record_id: str, version: int) -> None:
    """Delete a record that is still at `version`.

    Raises Conflict, NotFound, FromSource, AccessDenied.
    """
    versioned_rows.delete(
        identity, custom_metrics, record_id, version, _current(identity, record_id)
    )


def _values(identity: Identity, draft: MetricDraft, connection: Connection) -> dict[str, Any]:
    columns = ("metric_name", "unit", "kind", "out_of", "formula")
    query = sa.select(*(metric_definitions.c[name] for name in columns)).where(
        metric_definitions.c.tenant_id == identity.tenant_id,
        metric_definitions.c.metric_name == draft.metric_name,
    )
    definition = connection.execute(query).one_or_none()
    if definition is None:
        raise InvalidInput("This metric is not defined. Define it first.", field="metric_name")
    refuse_recording(definition.metric_name, definition.formula)
    value = validate_value(draft.metric_value, definition.kind, definition.out_of, "metric_value")
    values = CUSTOM_METRICS.values(draft)
    if definition.kind == "PERCENT" and value > 100 and values["note"] is None:
        raise InvalidInput(
            "This is more than 100%. If it is correct, explain why in the note.", field="note"
        )
    return {**values, "metric_value": value, "unit": definition.unit}


def _current(identity: Identity, record_id: str) -> versioned_rows.Current[MetricRecord]:
    columns = (*CUSTOM_METRICS.record, "unit")
    query = sa.select(*(custom_metrics.c[name] for name in columns)).where(
        custom_metrics.c.tenant_id == identity.tenant_id, custom_metrics.c.id == record_id
    )
    return query, "record", lambda row: MetricRecord(**row._mapping)
