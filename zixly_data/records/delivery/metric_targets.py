"""Targets: what the values of a metric should reach, for everyone or one client, from a month on.

    AT_LEAST  on target from `low` up, near from `near_low` up
    AT_MOST   on target up to `high`, near up to `near_high`
    BETWEEN   on target from `low` to `high`, near from `near_low` and up to `near_high`
    NONE      no target from this month on

A month is judged by the latest target from that month or an earlier one: the client's own, and only
if the client has none, not even NONE, everyone's. `from_month` 1 January 2000 is from the
beginning. Targets are no records: they may start in closed months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, metric_definitions, metric_targets
from zixly_data.errors import InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.records.delivery.valid_values import validate_value
from zixly_data.tables.field import MEASURE_DECIMALS, MEASURE_DIGITS
from zixly_data.tables.metric_targets import METRIC_TARGETS, TargetDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import EARLIEST, short_date, within_range
from zixly_data.values.frames import Count, Date, Frame, Measure, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page

FROM_THE_BEGINNING = EARLIEST
_FIRST_PAGE = PageRequest()
_ORDER = (
    sa.func.lower(metric_definitions.c.metric_name),
    metric_targets.c.metric_id,
    sa.func.lower(client_kpis.c.client_name).nulls_first(),
    metric_targets.c.client_kpi_id.nulls_first(),
    metric_targets.c.from_month.desc(),
    metric_targets.c.id,
)
_SORTS = {"from_month": metric_targets.c.from_month}
# The edges of each kind, from low to high.
EDGES: dict[str, tuple[str, ...]] = {
    "AT_LEAST": ("near_low", "low"),
    "AT_MOST": ("high", "near_high"),
    "BETWEEN": ("near_low", "low", "high", "near_high"),
    "NONE": (),
}
_ALL_EDGES = EDGES["BETWEEN"]
_MISSING = {
    "low": "Enter the lowest value that is on target.",
    "high": "Enter the highest value that is on target.",
}
_NEAR_SHARE = Decimal("0.1")
_LARGEST = Decimal(10) ** MEASURE_DIGITS - Decimal(1).scaleb(-MEASURE_DECIMALS)


class MetricTargets(Frame):
    """One row per target. `client_kpi_id` and `client_name` are null if it is for everyone;
    `metric_kind`, `unit` and `out_of` are those of its metric."""

    id: Text
    metric_id: Text
    metric_name: Text
    unit: Text
    metric_kind: Text
    out_of: Measure = nullable
    client_kpi_id: Text = nullable
    client_name: Text = nullable
    from_month: Date
    kind: Text
    low: Measure = nullable
    high: Measure = nullable
    near_low: Measure = nullable
    near_high: Measure = nullable
    version: Count


@dataclass(frozen=True)
class MetricTarget(TargetDraft):
    """A stored target. `version` counts its changes."""

    id: str = ""
    version: int = 0


def page(
    identity: Identity,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
    *,
    metric_id: str | None = None,
) -> Page[MetricTargets]:
    """Return one page of the targets, of one metric or of all, by metric.

    Those for everyone come before those of clients, and the latest month first. Includes the
    targets for everyone and those of the clients that match the filter. May be sorted by month.
    """
    of_metric = [] if metric_id is None else [metric_targets.c.metric_id == metric_id]
    query = _targets_query(identity, client_filter).where(*of_metric)
    with reporting(identity) as connection:
        return fetch_page(connection, query, MetricTargets, request, _ORDER, _SORTS)


def list_targets(
    identity: Identity, client_filter: ClientFilter | None = None
) -> DataFrame[MetricTargets]:
    """Return the targets of all pages, in their own order."""
    with reporting(identity) as connection:
        return fetch(connection, _targets_query(identity, client_filter), MetricTargets)


def _targets_query(identity: Identity, client_filter: ClientFilter | None) -> sa.Select[Any]:
    targets, definitions = metric_targets.c, metric_definitions.c
    joined: dict[str, sa.ColumnElement[Any]] = {
        "metric_name": definitions.metric_name,
        "unit": definitions.unit,
        "metric_kind": definitions.kind.label("metric_kind"),
        "out_of": definitions.out_of,
        "client_name": client_kpis.c.client_name,
    }
    columns = (
        joined[name] if name in joined else targets[name]
        for name in MetricTargets.to_schema().columns
    )
    is_of_client = sa.and_(
        client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.id == targets.client_kpi_id
    )
    return (
        sa.select(*columns)
        .select_from(
            metric_targets.join(
                metric_definitions,
                sa.and_(
                    definitions.tenant_id == identity.tenant_id,
                    definitions.id == targets.metric_id,
                ),
            ).outerjoin(client_kpis, is_of_client)
        )
        .where(
            targets.tenant_id == identity.tenant_id,
            sa.or_(
                targets.client_kpi_id.is_(None),
                sa.and_(*client_conditions(identity, client_filter)),
            ),
        )
        .order_by(*_ORDER)
    )


def get(identity: Identity, target_id: str) -> MetricTarget:
    """Return one target. Raises NotFound, also for a target of another tenant."""
    return versioned_rows.get(identity, *_current(identity, target_id))


def add(identity: Identity, draft: TargetDraft, *, row_id: str) -> None:
    """Add a target with the id `row_id` (`ids.new_id("mtg")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput naming the field to change, AlreadyExists naming `from_month`
    (the metric and client have a target from this month), NotFound (no such client).
    """
    versioned_rows.add(
        identity,
        metric_targets,
        row_id,
        lambda connection: _values(connection, identity, draft, draft.metric_id),
    )


def change(identity: Identity, target_id: str, version: int, draft: TargetDraft) -> None:
    """Change a target that is still at `version`; it stays one of its metric.

    Raises Conflict with the current target, NotFound, and as `add` does.
    """
    own_metric = sa.select(metric_targets.c.metric_id).where(
        metric_targets.c.tenant_id == identity.tenant_id, metric_targets.c.id == target_id
    )

    def values(connection: Connection) -> dict[str, Any]:
        metric_id = connection.execute(own_metric).scalar_one_or_none()
        if metric_id is None:
            raise NotFound("This target no longer exists.")
        new = _values(connection, identity, draft, metric_id)
        return {name: value for name, value in new.items() if name != "metric_id"}

    versioned_rows.change(
        identity, metric_targets, target_id, version, values, _current(identity, target_id)
    )


def remove(identity: Identity, target_id: str, version: int) -> None:
    """Remove a target that is still at `version`: its months get the target before it.

    Raises Conflict, NotFound, AccessDenied.
    """
    versioned_rows.delete(
        identity, metric_targets, target_id, version, _current(identity, target_id)
    )


def near_edge(edge: Decimal, name: str, metric_kind: str, out_of: Decimal | None) -> Decimal:
    """Return the edge of near that belongs to an edge of on target, `low` or `high`.

    It is a tenth of the edge beyond it, within the valid values of the kind; counts stay whole, a
    percentage up to 100 stays there, and yes or no has no near.
    """
    if metric_kind == "YES_NO":
        return edge
    step = abs(edge) * _NEAR_SHARE
    near = edge - step if name == "low" else edge + step
    if metric_kind == "COUNT":
        rounding = ROUND_CEILING if name == "low" else ROUND_FLOOR
        near = near.to_integral_value(rounding)
    most = _LARGEST
    if metric_kind == "PERCENT":
        most = Decimal(100 if edge <= 100 else 1000)
    elif metric_kind == "RATING" and out_of is not None:
        most = out_of
    elif metric_kind == "COUNT":
        most = _LARGEST.to_integral_value(ROUND_FLOOR)
    within = max(-_LARGEST, min(near, most))
    return within.quantize(Decimal(1).scaleb(-MEASURE_DECIMALS), ROUND_HALF_UP)


def first_of_month(day: date, field: str = "from_month") -> date:
    """Return the day if it is the first of a month. Raises InvalidInput naming `field`."""
    if within_range(day, field).day != 1:
        raise InvalidInput(
            f"A target starts on the first of a month, not on {short_date(day)}.", field=field
        )
    return day


def _values(
    connection: Connection, identity: Identity, draft: TargetDraft, metric_id: str
) -> dict[str, Any]:
    query = sa.select(metric_definitions.c.kind, metric_definitions.c.out_of).where(
        metric_definitions.c.tenant_id == identity.tenant_id, metric_definitions.c.id == metric_id
    )
    metric = connection.execute(query).one_or_none()
    if metric is None:
        raise InvalidInput("This metric no longer exists.", field="metric_id")
    return METRIC_TARGETS.values(_completed(draft, metric.kind, metric.out_of))


def _completed(draft: TargetDraft, metric_kind: str, out_of: Decimal | None) -> TargetDraft:
    """Return the draft with every edge of its kind. Raises InvalidInput naming the field."""
    first_of_month(draft.from_month)
    if draft.kind not in EDGES:
        raise InvalidInput("There is no such type of target.", field="kind")
    if metric_kind == "YES_NO" and draft.kind == "BETWEEN":
        raise InvalidInput("Yes or no has nothing in between. Choose Yes or No.", field="kind")
    names = EDGES[draft.kind]
    for name in _ALL_EDGES:
        if name not in names and getattr(draft, name) is not None:
            raise InvalidInput("This type of target has no such number.", field=name)
    edges: dict[str, Any] = {}
    for name in (name for name in ("low", "high") if name in names):
        edge, near_name = getattr(draft, name), f"near_{name}"
        if edge is None:
            raise InvalidInput(_MISSING[name], field=name)
        edges[name] = validate_value(edge, metric_kind, out_of, name)
        near = getattr(draft, near_name)
        if near is None:
            near = near_edge(edge, name, metric_kind, out_of)
        edges[near_name] = validate_value(near, metric_kind, out_of, near_name)
    _validate_order([(name, edges[name]) for name in names])
    if metric_kind == "YES_NO" and len(set(edges.values())) > 1:
        raise InvalidInput("Yes or no has nothing near it. Leave this empty.", field=next(
            name for name in names if name.startswith("near")
        ))  # fmt: skip
    return replace(draft, **edges)


def _validate_order(edges: Sequence[tuple[str, Decimal]]) -> None:
    sentences = {
        "low": ("near_low", "Near starts below the target. Enter a lower number, or none."),
        "high": ("high", "The highest value on target is below the lowest. Swap them."),
        "near_high": ("near_high", "Near ends above the target. Enter a higher number, or none."),
    }
    for (_, before), (name, after) in pairwise(edges):
        if before > after:
            field, sentence = sentences[name]
            raise InvalidInput(sentence, field=field)


def _current(identity: Identity, target_id: str) -> versioned_rows.Current[MetricTarget]:
    query = sa.select(*(metric_targets.c[name] for name in METRIC_TARGETS.record)).where(
        metric_targets.c.tenant_id == identity.tenant_id, metric_targets.c.id == target_id
    )
    return query, "target", lambda row: MetricTarget(**row._mapping)
