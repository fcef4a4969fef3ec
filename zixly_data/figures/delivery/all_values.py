"""The value of any metric in a period, recorded or computed: the statements that pages ask.

`metric_values` adds up recorded values, `computed_values` computes formulas from them.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from zixly_data.database.connection import reporting
from zixly_data.figures.delivery import computed_values, metric_values
from zixly_data.figures.delivery.metric_values import MetricValue, Spans, age_days
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period


def value_of(
    identity: Identity, metric_id: str, client_kpi_id: str | None, period: Period
) -> MetricValue | None:
    """Return the value of a metric for a client, or for all clients (None).

    None if there is no value, for a metric or client of another tenant too.
    """
    spans, metric_ids = {"period": period}, (metric_id,)
    with reporting(identity) as connection:
        if client_kpi_id is None:
            values = total_values(identity, spans, metric_ids=metric_ids)
        else:
            values = client_values(identity, spans, ClientFilter((client_kpi_id,)), metric_ids)
        query = sa.select(values.c.value, values.c.last_date, values.c.records)
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    age = age_days(row.last_date, period, tenants.get(identity).today())
    return MetricValue(row.value, row.last_date, age, int(row.records))


def client_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    name: str = "all_client_values",
) -> sa.Subquery:
    """Return one row per span, client and metric with a value.

    The columns are those of `metric_values.client_values`. Formulas are read at once, so that the
    caller's transaction is a `reporting` one if both must agree.
    """
    args = (identity, spans, client_filter, metric_ids)
    recorded = metric_values.client_values(*args, f"{name}_recorded")
    computed = computed_values.client_values(*args, f"{name}_computed")
    return sa.union_all(sa.select(recorded), sa.select(computed)).subquery(name)


def total_values(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    name: str = "all_total_values",
) -> sa.Subquery:
    """Return one row per span and metric that has a value of all clients.

    The columns are those of `metric_values.total_values`, and left_out: how many clients have some
    inputs of a computed metric but not all of them; 0 for recorded ones.
    """
    args = (identity, spans, client_filter, metric_ids)
    recorded = metric_values.total_values(*args, f"{name}_recorded")
    computed = computed_values.total_values(*args, f"{name}_computed")
    nobody = sa.literal(0, sa.BigInteger).label("left_out")
    return sa.union_all(sa.select(recorded, nobody), sa.select(computed)).subquery(name)
