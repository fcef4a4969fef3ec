"""What a formula would give in each of the last twelve months, before it is saved."""

from __future__ import annotations

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import metric_definitions
from zixly_data.errors import InvalidInput
from zixly_data.figures.delivery.computed_inputs import Computation, Input, times
from zixly_data.figures.delivery.computed_values import MISSING, client_results, total_results
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.delivery.metric_inputs import input_ids, read_formula
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values import calendar_period
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import Count, Date, Frame, Measure, Text, build, nullable

MONTHS = 12
# Why there is no value of all clients, beside the problems of `computed_values`: an input does not
# add up over clients.
NOT_ADDED = "NOT_ADDED"


class FormulaPreview(Frame):
    """One row per month, the first day of which is `month`, oldest first.

    `problem` says why there is no value: NOT_ADDED, or a problem of `computed_values`. `clients` is
    the number of clients that have all inputs, `left_out` of those with some of them only.
    """

    month: Date
    value: Measure = nullable
    problem: Text = nullable
    clients: Count
    left_out: Count


def formula_preview(
    identity: Identity,
    draft: MetricDefinitionDraft,
    *,
    metric_id: str | None = None,
    client_kpi_id: str | None = None,
) -> DataFrame[FormulaPreview]:
    """Return what the draft's formula gives in the last twelve whole months.

    It is for one client, or all (None). `metric_id` is that of a saved metric. Raises InvalidInput
    naming `formula` as saving the draft would.
    """
    formula = read_formula(draft)
    if formula is None:
        raise InvalidInput("Only computed metrics have a formula.", field="formula")
    this_month = tenants.get(identity).today().replace(day=1)
    months = [add_months(this_month, -number) for number in range(MONTHS, 0, -1)]
    spans = {f"{month:%Y-%m}": calendar_period.month(month) for month in months}
    definition = metric_definitions.c
    with reporting(identity) as connection:
        ids = input_ids(connection, identity, formula, draft.metric_name, metric_id)
        query = sa.select(definition.id, definition.over_clients).where(
            definition.tenant_id == identity.tenant_id
        )
        over_clients = {row.id: row.over_clients for row in connection.execute(query)}
        inputs = {key: Input(used, over_clients[used] == "SUM") for key, used in ids.items()}
        metric = Computation("draft", formula, inputs, times(draft.adds_up, draft.kind))
        if client_kpi_id is None:
            rows = total_results(identity, [metric], spans).c
            results = sa.select(rows.span, rows.value, rows.problem, rows.clients, rows.left_out)
        else:
            rows = client_results(identity, [metric], spans, ClientFilter((client_kpi_id,))).c
            one, none = sa.literal(1), sa.literal(0)
            results = sa.select(rows.span, rows.value, rows.problem, one, none)
        by_span = {row[0]: row[1:] for row in connection.execute(results)}
    without = (None, NOT_ADDED if client_kpi_id is None and not metric.has_total else MISSING, 0, 0)
    columns = zip(*(by_span.get(span, without) for span in spans), strict=True)
    names = ("value", "problem", "clients", "left_out")
    return build({"month": months, **dict(zip(names, columns, strict=True))}, FormulaPreview)
