"""Values of metrics in a period as rows for files: one per client and metric with a value.

The clients are those of the scorecard (`judged_values`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import metric_definitions
from zixly_data.figures.delivery.judged_values import age_days, judged_values, listed_clients
from zixly_data.figures.month_grids.grid_page import people_order
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Frame, Measure, Text, fetch, nullable
from zixly_data.values.period import Period

FILE_COLUMNS = ("client_id", "metric", "unit", "value", "target", "band", "age_days")


class MetricReport(Frame):
    """One row per client and metric with a value, ordered by the names of both.

    `target` is the edge of a target in figures, `90.0000..110.0000` between two. `band` is null
    without a target, and where part of a month does not decide it. `age_days` is the age of the
    newest value that counts at the end of the period, or today if that is earlier.
    """

    client_id: Text
    client_name: Text
    metric: Text
    unit: Text
    value: Measure
    target: Text = nullable
    band: Text = nullable
    age_days: Count


def metric_report(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
) -> DataFrame[MetricReport]:
    """Return the values of the period; `metric_ids` are all metrics if None."""
    today = tenants.get(identity).today()
    with reporting(identity) as connection:
        judged = judged_values(identity, period, today, client_filter, metric_ids)
        client = listed_clients(identity, period, judged, client_filter, metric_ids).subquery(
            "listed"
        )
        row, definition = judged.c, metric_definitions.c
        query = (
            sa.select(
                client.c.client_id,
                client.c.client_name,
                definition.metric_name.label("metric"),
                definition.unit,
                row.value,
                _target_text(row).label("target"),
                row.band,
                age_days(row.last_date, period, today).label("age_days"),
            )
            .select_from(
                judged.join(client, client.c.client_kpi_id == row.client_kpi_id).join(
                    metric_definitions, definition.id == row.metric_id
                )
            )
            .where(definition.tenant_id == identity.tenant_id)
            .order_by(
                *people_order(client.c.client_name),
                client.c.client_kpi_id,
                *people_order(definition.metric_name),
            )
        )
        return fetch(connection, query, MetricReport)


def as_file(report: DataFrame[MetricReport]) -> pd.DataFrame:
    """Return the columns of the file."""
    return report[list(FILE_COLUMNS)]


def _target_text(row: Any) -> sa.ColumnElement[str]:
    # concat_ws leaves out the edge that is null. Each has four decimals, like the value.
    low, high = (sa.cast(sa.func.round(row[name], 4), sa.Text) for name in ("low", "high"))
    text = sa.func.concat_ws("..", low, high, type_=sa.Text)
    return sa.case((row.target_kind.is_not(None), text))
