"""What computed metrics are computed from: the inputs of each client in each span.

Inputs are values of recorded metrics, each added up in its own way, and the amounts of financials
in the client's currency.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection

from zixly_data.database.schema import client_kpis, metric_definitions, metric_inputs
from zixly_data.figures.delivery import metric_values
from zixly_data.figures.delivery.metric_values import Spans
from zixly_data.figures.month_sums import month_sums
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.records.delivery import formulas
from zixly_data.records.delivery.formulas import MONEY, Formula
from zixly_data.records.delivery.metric_inputs import RATIO
from zixly_data.values.client_filter import ClientFilter

# Amounts of clients; profit follows from them.
SUMMED = ("revenue", "expenses")


@dataclass(frozen=True)
class Input:
    """A recorded metric that a formula names."""

    id: str
    adds_up_over_clients: bool


@dataclass(frozen=True)
class Computation:
    """A computed metric: its formula, and the inputs by the symbols in it."""

    metric_id: str
    formula: Formula
    inputs: dict[str, Input]
    times: int = 1

    @property
    def has_total(self) -> bool:
        """Whether all its inputs add up over clients."""
        return all(used.adds_up_over_clients for used in self.inputs.values())


def times(adds_up: str, kind: str) -> int:
    """Return the factor of a formula's result: a ratio that is a percentage has a hundred."""
    return 100 if adds_up == RATIO and kind == "PERCENT" else 1


def computations(
    connection: Connection, identity: Identity, metric_ids: Collection[str] | None = None
) -> list[Computation]:
    """Return the computed metrics of the tenant, or those of them with these ids."""
    definition = metric_definitions.c
    used = metric_definitions.alias("used")
    query = (
        sa.select(
            *(definition[name] for name in ("id", "formula", "adds_up", "kind")),
            used.c.id.label("input_id"), used.c.symbol, used.c.over_clients,
        )
        .select_from(
            metric_definitions.outerjoin(
                metric_inputs,
                (metric_inputs.c.tenant_id == definition.tenant_id)
                & (metric_inputs.c.metric_id == definition.id),
            ).outerjoin(
                used,
                (used.c.tenant_id == metric_inputs.c.tenant_id)
                & (used.c.id == metric_inputs.c.input_id),
            )
        )
        .where(definition.tenant_id == identity.tenant_id, definition.formula.is_not(None))
        .order_by(definition.id, used.c.symbol)
    )  # fmt: skip
    if metric_ids is not None:
        query = query.where(definition.id == sa.any_(sa.cast(list(metric_ids), ARRAY(sa.Text))))
    metrics: dict[str, Computation] = {}
    for row in connection.execute(query):
        metric = metrics.setdefault(
            row.id,
            Computation(row.id, formulas.parse(row.formula), {}, times(row.adds_up, row.kind)),
        )
        if row.input_id is not None:
            metric.inputs[row.symbol] = Input(row.input_id, row.over_clients == "SUM")
    return list(metrics.values())


class Inputs:
    """The inputs of several metrics: one row per span and client with any of them."""

    def __init__(
        self,
        identity: Identity,
        metrics: Sequence[Computation],
        spans: Spans,
        client_filter: ClientFilter | None,
        name: str,
    ) -> None:
        ids = sorted({used.id for metric in metrics for used in metric.inputs.values()})
        self.numbers = {input_id: number for number, input_id in enumerate(ids)}
        recorded = metric_values.client_values(
            identity, spans, client_filter, ids, f"{name}_recorded"
        )
        row = recorded.c
        parts = [
            sa.select(
                row.span, row.client_kpi_id, row.metric_id, row.value, row.last_date, row.records
            )
        ]
        if any(metric.formula.uses_money for metric in metrics):
            parts += _amounts(identity, spans, client_filter, name)
        value = sa.union_all(*parts).subquery(f"{name}_values").c
        columns: dict[str, Any] = {
            "value": sa.func.max,
            "last_date": sa.func.max,
            "records": sa.func.sum,
        }
        # An expression with a name, which PostgreSQL computes once for all metrics.
        self.rows = (
            sa.select(
                value.span,
                value.client_kpi_id,
                *(
                    aggregate(value[column]).filter(value.metric_id == input_id)
                    .label(f"{column}_{key}")
                    for input_id, key in (*self.numbers.items(), *((n, n) for n in SUMMED))
                    for column, aggregate in columns.items()
                ),
            )
            .group_by(value.span, value.client_kpi_id)
            .cte(f"{name}_inputs")
        )  # fmt: skip

    def values(self, metric: Computation) -> dict[str, sa.ColumnElement[Any]]:
        """Return the value of each name in the formula; profit is revenue less expenses."""
        revenue, expenses = (self.rows.c[f"value_{name}"] for name in SUMMED)
        amounts = dict(zip(MONEY, (revenue, expenses, revenue - expenses), strict=True))
        return {
            name: amounts[name] if name in amounts else self._of(metric, name, "value")
            for name in metric.formula.names
        }

    def has_all(self, metric: Computation) -> sa.ColumnElement[bool]:
        return sa.and_(*(value.is_not(None) for value in self.values(metric).values()))

    def has_any(self, metric: Computation) -> sa.ColumnElement[bool]:
        return sa.or_(*(value.is_not(None) for value in self.values(metric).values()))

    def last_date(self, metric: Computation) -> sa.ColumnElement[Any]:
        dates = [self._of(metric, symbol, "last_date") for symbol in metric.formula.symbols]
        if metric.formula.uses_money:
            dates.append(self.rows.c.last_date_revenue)
        return sa.func.least(*dates, type_=sa.Date)

    def records(self, metric: Computation) -> sa.ColumnElement[Any]:
        counts = [self._of(metric, symbol, "records") for symbol in metric.formula.symbols]
        if metric.formula.uses_money:
            counts.append(self.rows.c.records_revenue)
        total = counts[0]
        for count in counts[1:]:
            total = total + count
        return sa.cast(total, sa.BigInteger)

    def _of(self, metric: Computation, symbol: str, column: str) -> sa.ColumnElement[Any]:
        return self.rows.c[f"{column}_{self.numbers[metric.inputs[symbol].id]}"]


def _amounts(
    identity: Identity, spans: Spans, client_filter: ClientFilter | None, name: str
) -> list[sa.Select[Any]]:
    """Return revenue and expenses in the columns of `metric_values.client_values`, by name."""
    parts = []
    for number, (span, period) in enumerate(spans.items()):
        sums = month_sums(identity, period, f"{name}_amounts_{number}")
        parts.append(
            sa.select(
                sa.literal(span, sa.Text).label("span"),
                sums.c.client_kpi_id,
                *(sa.func.sum(sums.c[amount]).label(amount) for amount in SUMMED),
                sa.literal(period.end, sa.Date).label("last_date"),
                sa.cast(sa.func.sum(sums.c.records), sa.BigInteger).label("records"),
            )
            .select_from(sums.join(client_kpis, client_kpis.c.id == sums.c.client_kpi_id))
            .where(*client_conditions(identity, client_filter))
            .group_by(sums.c.client_kpi_id)
        )
    row = sa.union_all(*parts).cte(f"{name}_amounts").c
    return [
        sa.select(
            row.span, row.client_kpi_id, sa.literal(amount, sa.Text), row[amount], row.last_date,
            row.records,
        )
        for amount in SUMMED
    ]  # fmt: skip
