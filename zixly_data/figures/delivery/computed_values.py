"""The values of computed metrics: formulas over values of recorded metrics and financials.

A client's value is the formula of its inputs in the period, each added up in its own way
(`metric_values`); amounts are in the client's currency. The value of all clients is the formula of
the sums of the inputs over the clients that have all of them, never a mean of the clients' values.

There is no value where an input is missing, a divisor is zero, or the result would have more than
14 digits before the point; over clients also where an input does not add up over them, or amounts
are in several currencies.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis
from zixly_data.figures.delivery.computed_inputs import Computation, Inputs, computations
from zixly_data.figures.delivery.metric_values import Spans
from zixly_data.identity import Identity
from zixly_data.records.delivery import formulas
from zixly_data.values.client_filter import ClientFilter

# Why there is no value: an input has none, money is in several currencies, and so on.
MISSING, CURRENCIES = "MISSING", "CURRENCIES"
DIVIDED_BY_ZERO, TOO_LARGE = "DIVIDED_BY_ZERO", "TOO_LARGE"
_CLIENT_COLUMNS = ("span", "client_kpi_id", "metric_id", "value", "last_date", "records")
_TOTAL_COLUMNS = ("span", "metric_id", "value", "last_date", "clients", "records", "left_out")
_TYPES: dict[str, Any] = {
    "value": sa.Numeric(), "last_date": sa.Date(), "clients": sa.BigInteger(),
    "records": sa.BigInteger(), "left_out": sa.BigInteger(), "currencies": sa.BigInteger(),
}  # fmt: skip


def client_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    name: str = "computed_values",
) -> sa.Subquery:
    """Return one row per span, client and computed metric with a value.

    The columns are those of `metric_values.client_values`. last_date is the oldest one of the
    inputs, and amounts are as of the end of the period; records are those of all inputs.
    """
    with reporting(identity) as connection:
        metrics = computations(connection, identity, metric_ids)
    results = client_results(identity, metrics, spans, client_filter, f"{name}_results")
    columns = (results.c[column] for column in _CLIENT_COLUMNS)
    return sa.select(*columns).where(results.c.problem.is_(None)).subquery(name)


def total_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    name: str = "computed_totals",
) -> sa.Subquery:
    """Return one row per span and computed metric that has a value of all clients.

    The columns are those of `metric_values.total_values`, and left_out: how many clients have some
    of the inputs, but not all of them, and do not count.
    """
    with reporting(identity) as connection:
        metrics = computations(connection, identity, metric_ids)
    results = total_results(identity, metrics, spans, client_filter, f"{name}_results")
    columns = (results.c[column] for column in _TOTAL_COLUMNS)
    return sa.select(*columns).where(results.c.problem.is_(None)).subquery(name)


def client_results(
    identity: Identity,
    metrics: Sequence[Computation],
    spans: Spans,
    client_filter: ClientFilter | None = None,
    name: str = "client_results",
) -> sa.Subquery:
    """Return one row per span, client and metric of which the client has all inputs.

    Columns: those of `client_values`, and problem: why there is no value, or null.
    """
    inputs = Inputs(identity, metrics, spans, client_filter, name)
    rows = inputs.rows.c
    parts: list[sa.Select[Any]] = [
        sa.select(
            rows.span,
            rows.client_kpi_id,
            sa.literal(metric.metric_id, sa.Text).label("metric_id"),
            formulas.as_sql(
                metric.formula, inputs.values(metric), times=metric.times
            ).label("value"),
            inputs.last_date(metric).label("last_date"),
            inputs.records(metric).label("records"),
            sa.literal(1, sa.BigInteger).label("currencies"),
        ).where(inputs.has_all(metric))
        for metric in metrics
    ]  # fmt: skip
    return _results(parts, _CLIENT_COLUMNS, name)


def total_results(
    identity: Identity,
    metrics: Sequence[Computation],
    spans: Spans,
    client_filter: ClientFilter | None = None,
    name: str = "total_results",
) -> sa.Subquery:
    """Return one row per span and metric of which a client has an input, and that has a total.

    Columns: those of `total_values`, and problem: why there is no value, or null.
    """
    metrics = [metric for metric in metrics if metric.has_total]
    inputs = Inputs(identity, metrics, spans, client_filter, name)
    rows = inputs.rows.c
    parts: list[sa.Select[Any]] = []
    for metric in metrics:
        has_all, has_any = inputs.has_all(metric), inputs.has_any(metric)
        sums = {
            symbol: sa.func.sum(value).filter(has_all)
            for symbol, value in inputs.values(metric).items()
        }
        clients = sa.func.count().filter(has_all)
        # One stands for all currencies where none matters; none if no client has all inputs.
        currency = client_kpis.c.currency if metric.formula.uses_money else sa.literal("")
        currencies = sa.func.count(currency.distinct()).filter(has_all)
        parts.append(
            sa.select(
                rows.span,
                sa.literal(metric.metric_id, sa.Text).label("metric_id"),
                formulas.as_sql(metric.formula, sums, times=metric.times).label("value"),
                sa.func.min(inputs.last_date(metric)).filter(has_all).label("last_date"),
                clients.label("clients"),
                sa.cast(
                    sa.func.sum(inputs.records(metric)).filter(has_all), sa.BigInteger
                ).label("records"),
                sa.func.count().filter(has_any & sa.not_(has_all)).label("left_out"),
                currencies.label("currencies"),
            )
            .select_from(
                inputs.rows.join(client_kpis, client_kpis.c.id == rows.client_kpi_id)
            )
            .where(client_kpis.c.tenant_id == identity.tenant_id)
            .group_by(rows.span)
            .having(sa.func.count().filter(has_any) > 0)
        )  # fmt: skip
    return _results(parts, _TOTAL_COLUMNS, name)


def _results(parts: Sequence[sa.Select[Any]], columns: Sequence[str], name: str) -> sa.Subquery:
    if not parts:
        nothing = (
            sa.cast(sa.null(), _TYPES.get(column, sa.Text)).label(column)
            for column in (*columns, "currencies")
        )
        parts = (sa.select(*nothing).where(sa.false()),)
    row = sa.union_all(*parts).subquery(f"{name}_of_all").c
    fits = sa.func.abs(row.value) < formulas.TOO_LARGE
    has_value = fits & (row.currencies == 1)
    problem = sa.case(
        (row.currencies == 0, MISSING),
        (row.currencies > 1, CURRENCIES),
        (row.value.is_(None), DIVIDED_BY_ZERO),
        (sa.not_(fits), TOO_LARGE),
    )
    values = {column: row[column] for column in columns} | {
        "value": sa.case((has_value, row.value))
    }
    return sa.select(
        *(value.label(column) for column, value in values.items()), problem.label("problem")
    ).subquery(name)
