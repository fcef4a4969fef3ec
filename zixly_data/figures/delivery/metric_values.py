"""The value of a recorded metric in a period: the only module that adds up values of metrics.

    SUM      the sum of all values dated in the period, several on one date too
    LAST     the last value on or before the end of the period, possibly from before its start; of
             several on its date the one recorded last
    AVERAGE  the mean of all values dated in the period, rounded once, to four places

Missing is not zero: without such a value there is no row. Over clients, metrics with over_clients
SUM have the sum of the clients' values, and others have no value of all clients. Prospects are not
clients.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

Spans = Mapping[str, Period]

_DAY = timedelta(days=1)
_VALUE = custom_metrics.c
# Recorded last comes first: of the rows of one imported file the lower one.
NEWEST_FIRST = (_VALUE.record_date.desc(), _VALUE.created_at.desc(), _VALUE.id.desc())


@dataclass(frozen=True)
class MetricValue:
    """The value of a metric in a period, in its unit.

    `last_date` is the date of the newest value that counts; of a LAST metric over all clients, that
    of the client whose value is the oldest. `age_days` is its age at the end of the period, or
    today if that is earlier, and 0 for a date after that. `records` is the number of values that
    count.
    """

    value: Decimal
    last_date: date
    age_days: int
    records: int


def age_days(last_date: date, period: Period, today: date) -> int:
    """Return the age of a value at the end of the period, or today if that is earlier."""
    return max(0, (min(period.end, today) - last_date).days)


def client_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    name: str = "client_values",
) -> sa.Subquery:
    """Return one row per span, client and recorded metric with a value.

    Columns: span (its key in `spans`), client_kpi_id, metric_id, value, last_date, records (the
    number of values that count, 1 for LAST). `metric_ids` are all metrics if None.
    """
    parts = _Parts(spans)
    by_part = (
        _added_up(identity, parts, client_filter, metric_ids, name),
        _last(identity, parts, client_filter, metric_ids, name),
    )
    rows = sa.union_all(*by_part).subquery(f"{name}_of_all")
    return (
        sa.select(*rows.c)
        .select_from(rows.join(client_kpis, client_kpis.c.id == rows.c.client_kpi_id))
        .where(*client_conditions(identity, client_filter))
        .subquery(name)
    )


def last_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    name: str = "last_values",
) -> sa.Subquery:
    """Return the rows of `client_values` of LAST metrics, prospects included."""
    return _last(identity, _Parts(spans), client_filter, None, name).subquery(name)


def total_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    name: str = "total_values",
) -> sa.Subquery:
    """Return one row per span and recorded metric that has a value of all clients.

    Columns: span, metric_id, value, last_date (as in `MetricValue`), clients (with a value),
    records. "All" clients are those of the filter.
    """
    values = client_values(identity, spans, client_filter, metric_ids, f"{name}_of_clients")
    row, definition = values.c, metric_definitions.c
    last_date = sa.case(
        (definition.adds_up == "LAST", sa.func.min(row.last_date)),
        else_=sa.func.max(row.last_date),
    )
    return (
        sa.select(
            row.span,
            row.metric_id,
            sa.func.sum(row.value).label("value"),
            last_date.label("last_date"),
            sa.func.count().label("clients"),
            sa.func.sum(row.records).label("records"),
        )
        .select_from(values.join(metric_definitions, definition.id == row.metric_id))
        .where(definition.tenant_id == identity.tenant_id, definition.over_clients == "SUM")
        .group_by(row.span, row.metric_id, definition.adds_up)
        .subquery(name)
    )


def mean(total: Any, count: Any) -> Any:
    """Return total / count, rounded once, to four places; null if the total is."""
    # PostgreSQL keeps as many decimals in a quotient as the dividend has. With twenty of them, a
    # value just under half of the last place is not rounded up.
    return sa.func.round(sa.func.round(total, 20) / sa.func.nullif(count, 0), 4)


class _Parts:
    """The parts into which the first and last days of all spans cut the calendar.

    A value is read once, however many spans it counts in: values are added up by part, and the
    parts of a span are added up to it.
    """

    def __init__(self, spans: Spans) -> None:
        self.starts = sorted(
            {day for span in spans.values() for day in (span.start, span.end + _DAY)}
        )
        self.last_day = self.starts[-1] - _DAY
        # A part counted from 1 begins with its start; part 0 is before all of them.
        numbers = {day: number for number, day in enumerate(self.starts, start=1)}
        self.ends = {key: numbers[span.end + _DAY] - 1 for key, span in spans.items()}
        self.within = [
            (key, number)
            for key, span in spans.items()
            for number in range(numbers[span.start], self.ends[key] + 1)
        ]
        self.up_to_end = [
            (key, number) for key, end in self.ends.items() for number in range(end + 1)
        ]

    @property
    def number(self) -> sa.ColumnElement[int]:
        """The part in which a value is dated."""
        starts = sa.cast(self.starts, ARRAY(sa.Date))
        return sa.func.width_bucket(_VALUE.record_date, starts, type_=sa.Integer)

    def of_spans(self, pairs: list[tuple[str, int]], name: str) -> sa.TableValuedAlias:
        """Return the rows of these pairs of span and part: span, part, last_part."""
        columns = (
            ("span", sa.Text, [span for span, _ in pairs]),
            ("part", sa.Integer, [part for _, part in pairs]),
            ("last_part", sa.Integer, [self.ends[span] for span, _ in pairs]),
        )
        arrays = [sa.cast(values, ARRAY(kind)) for _, kind, values in columns]
        named = [sa.column(column, kind) for column, kind, _ in columns]
        return sa.func.unnest(*arrays).table_valued(*named, name=name).render_derived()


def _added_up(
    identity: Identity,
    parts: _Parts,
    client_filter: ClientFilter | None,
    metric_ids: Collection[str] | None,
    name: str,
) -> sa.Select[Any]:
    """Return the values of SUM and AVERAGE metrics."""
    definition, part = metric_definitions.c, parts.number
    group = (_VALUE.client_kpi_id, definition.id, definition.adds_up)
    by_part = (
        records_of(identity, client_filter, metric_ids, "SUM", "AVERAGE")
        .with_only_columns(
            _VALUE.client_kpi_id,
            definition.id.label("metric_id"),
            definition.adds_up,
            part.label("part"),
            sa.func.sum(_VALUE.metric_value).label("total"),
            sa.func.max(_VALUE.record_date).label("last_date"),
            sa.func.count().label("records"),
        )
        .where(_VALUE.record_date.between(parts.starts[0], parts.last_day))
        .group_by(*group, sa.text("part"))
        .subquery(f"{name}_added_up")
    )
    spans, row = parts.of_spans(parts.within, f"{name}_within"), by_part.c
    total, records = sa.func.sum(row.total), sa.func.sum(row.records)
    return (
        sa.select(
            spans.c.span,
            row.client_kpi_id,
            row.metric_id,
            sa.case((row.adds_up == "SUM", total), else_=mean(total, records)).label("value"),
            sa.func.max(row.last_date).label("last_date"),
            sa.cast(records, sa.BigInteger).label("records"),
        )
        .select_from(by_part.join(spans, spans.c.part == row.part))
        .group_by(spans.c.span, row.client_kpi_id, row.metric_id, row.adds_up)
    )


def _last(
    identity: Identity,
    parts: _Parts,
    client_filter: ClientFilter | None,
    metric_ids: Collection[str] | None,
    name: str,
) -> sa.Select[Any]:
    """Return the values of LAST metrics: the last one of each part counts until the next part."""
    series = (_VALUE.client_kpi_id, metric_definitions.c.id)
    part = parts.number.label("part")
    newest = (
        records_of(identity, client_filter, metric_ids, "LAST")
        .with_only_columns(
            _VALUE.client_kpi_id,
            metric_definitions.c.id.label("metric_id"),
            part,
            _VALUE.metric_value.label("value"),
            _VALUE.record_date.label("last_date"),
        )
        .ext(distinct_on(*series, sa.text("part")))
        .where(_VALUE.record_date <= parts.last_day)
        .order_by(*series, sa.text("part"), *NEWEST_FIRST)
        .subquery(f"{name}_newest")
    )
    row = newest.c
    next_part = sa.func.lead(row.part).over(
        partition_by=(row.client_kpi_id, row.metric_id), order_by=row.part
    )
    levels = sa.select(*row, next_part.label("next_part")).subquery(f"{name}_levels")
    spans, level = parts.of_spans(parts.up_to_end, f"{name}_up_to"), levels.c
    holds = sa.or_(level.next_part.is_(None), level.next_part > spans.c.last_part)
    return sa.select(
        spans.c.span,
        level.client_kpi_id,
        level.metric_id,
        level.value,
        level.last_date,
        sa.cast(1, sa.BigInteger).label("records"),
    ).select_from(levels.join(spans, (spans.c.part == level.part) & holds))


def records_of(
    identity: Identity,
    client_filter: ClientFilter | None,
    metric_ids: Collection[str] | None,
    *adds_up: str,
) -> sa.Select[Any]:
    """Return the values of metrics that add up in one of these ways, with their definitions."""
    definition = metric_definitions.c
    conditions = [
        _VALUE.tenant_id == identity.tenant_id,
        definition.tenant_id == identity.tenant_id,
        definition.adds_up.in_(adds_up),
    ]
    if metric_ids is not None:
        ids = sa.cast(list(metric_ids), ARRAY(sa.Text))
        conditions.append(definition.id == sa.any_(ids))
    if client_filter is not None and client_filter.client_kpi_ids:
        ids = sa.cast(list(client_filter.client_kpi_ids), ARRAY(sa.Text))
        conditions.append(_VALUE.client_kpi_id == sa.any_(ids))
    return (
        sa.select()
        .select_from(
            custom_metrics.join(metric_definitions, definition.metric_name == _VALUE.metric_name)
        )
        .where(*conditions)
    )
