"""The inputs of computed metrics: the recorded metrics that their formulas name.

They are kept by id, and a metric's symbol stays when it is renamed. PostgreSQL refuses to delete an
input, or to make it a computed metric, so that no metric is computed from itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.schema import metric_definitions, metric_inputs
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.records.delivery import formulas
from zixly_data.records.delivery.adding_up import COMPUTED
from zixly_data.records.delivery.formulas import FIELD, MONEY, Formula
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values.ids import new_id
from zixly_data.values.names import listed

RATIO, FORMULA = COMPUTED
# The kinds that a computed metric may have.
KINDS = ("NUMBER", "PERCENT", "DURATION")
_NAMED = 20


def read_formula(draft: MetricDefinitionDraft) -> Formula | None:
    """Return the formula of a draft; None for a metric that is recorded.

    Raises InvalidInput naming `formula` or `kind`.
    """
    if draft.adds_up not in COMPUTED:
        if draft.formula:
            raise InvalidInput("Only computed metrics have a formula.", field=FIELD)
        return None
    if draft.kind not in KINDS:
        raise InvalidInput(
            "A computed metric must be a number, a percentage or a duration.", field="kind"
        )
    formula = formulas.parse(draft.formula or "")
    formulas.refuse_zero_divisors(formula)
    if draft.adds_up == RATIO:
        if not formula.is_ratio:
            raise InvalidInput(
                "A ratio is one metric divided by another. Choose a formula for anything else.",
                field=FIELD,
            )
        if len(formula.names) == 1:
            raise InvalidInput("Choose two different metrics: this is always 1.", field=FIELD)
    return formula


def input_ids(
    connection: Connection,
    identity: Identity,
    formula: Formula,
    metric_name: str,
    metric_id: str | None = None,
) -> dict[str, str]:
    """Return the ids of the metrics that a formula names, by symbol.

    `metric_name` and `metric_id` are those of the metric that it computes. Raises InvalidInput
    naming `formula` for a name that is unknown, computed, or the metric's own.
    """
    definition = metric_definitions.c
    query = sa.select(
        definition.id, definition.symbol, definition.metric_name, definition.adds_up,
        definition.formula,
    ).where(definition.tenant_id == identity.tenant_id).order_by(definition.symbol)  # fmt: skip
    metrics = {row.symbol: row for row in connection.execute(query)}
    for symbol in formula.symbols:
        metric = metrics.get(symbol)
        if metric_id is not None and metric is not None and metric.id == metric_id:
            raise _own(symbol)
        if metric is None:
            if metric_id is None and symbol == _symbol(metric_name):
                raise _own(symbol)
            raise _unknown(symbol, metrics)
        if metric.adds_up in COMPUTED:
            inputs = listed(formulas.parse(metric.formula).names)
            raise InvalidInput(
                f"“{symbol}” is computed, and formulas use recorded metrics only. Use what it is "
                f"computed from: {inputs}.",
                field=FIELD,
            )
    return {symbol: metrics[symbol].id for symbol in formula.symbols}


def write_inputs(
    connection: Connection, identity: Identity, metric_id: str, draft: MetricDefinitionDraft
) -> None:
    """Record the inputs of a metric in place of those it had, in the transaction that saves it.

    Raises as `read_formula` and `input_ids` do.
    """
    formula, inputs = read_formula(draft), metric_inputs.c
    ids: list[str] = []
    if formula is not None:
        # Nobody deletes an input, or makes it a computed metric, before this transaction ends.
        connection.execute(
            sa.select(metric_definitions.c.id)
            .where(metric_definitions.c.tenant_id == identity.tenant_id)
            .where(metric_definitions.c.symbol.in_(formula.symbols))
            .order_by(metric_definitions.c.id)
            .with_for_update(read=True, key_share=True)
        )
        symbols = input_ids(connection, identity, formula, draft.metric_name, metric_id)
        ids = list(symbols.values())
    connection.execute(
        sa.delete(metric_inputs).where(
            inputs.tenant_id == identity.tenant_id,
            inputs.metric_id == metric_id,
            inputs.input_id.not_in(ids),
        )
    )
    for input_id in ids:
        connection.execute(
            insert(metric_inputs)
            .values(id=new_id("min"), metric_id=metric_id, input_id=input_id)
            .on_conflict_do_nothing(index_elements=["tenant_id", "metric_id", "input_id"])
        )


def metrics_using(connection: Connection, identity: Identity, metric_id: str) -> list[str]:
    """Return the names of the computed metrics whose formula uses this metric, in order."""
    inputs, definition = metric_inputs.c, metric_definitions.c
    query = (
        sa.select(definition.metric_name)
        .select_from(
            metric_inputs.join(
                metric_definitions,
                sa.and_(
                    definition.tenant_id == inputs.tenant_id, definition.id == inputs.metric_id
                ),
            )
        )
        .where(inputs.tenant_id == identity.tenant_id, inputs.input_id == metric_id)
        .order_by(sa.func.lower(definition.metric_name), definition.id)
    )
    return list(connection.execute(query).scalars())


def refuse_used(connection: Connection, identity: Identity, metric_id: str) -> None:
    """Raise InvalidInput naming the computed metrics that use this metric, if there are any."""
    names = metrics_using(connection, identity, metric_id)
    if names:
        quoted = listed([f"“{name}”" for name in names[:_NAMED]])
        one = len(names) == 1
        raise InvalidInput(
            f"{quoted} {'is' if one else 'are'} computed from this metric, so it cannot be "
            "deleted.",
            advice=f"Change or delete {'that metric' if one else 'those metrics'} first.",
        )


def refuse_recording(metric_name: str, formula: str | None) -> None:
    """Raise InvalidInput naming `metric_name` if a value is recorded for a computed metric."""
    if formula is not None:
        raise InvalidInput(computed_text(metric_name, formula), field="metric_name")


def computed_text(metric_name: str, formula: str) -> str:
    """Return the sentence that refuses a value of a computed metric."""
    return (
        f"“{metric_name}” is computed from {formula}, so it has no values of its own. Record "
        "values of what it is computed from."
    )


def _own(symbol: str) -> InvalidInput:
    return InvalidInput(
        f"“{symbol}” is this metric, and a metric cannot be computed from itself.", field=FIELD
    )


def _unknown(symbol: str, metrics: Mapping[str, Any]) -> InvalidInput:
    usable = [*MONEY, *(name for name, row in metrics.items() if row.adds_up not in COMPUTED)]
    more = f", and {len(usable) - _NAMED:,} more" if len(usable) > _NAMED else ""
    short = symbol if len(symbol) <= 60 else f"{symbol[:60]}…"
    return InvalidInput(
        f"There is no “{short}” to use in formulas. There are: {', '.join(usable[:_NAMED])}{more}.",
        field=FIELD,
    )


def _symbol(metric_name: str) -> str:
    """Return the symbol that PostgreSQL makes from a name first (`app_private.make_symbol`)."""
    return re.sub("[^a-z0-9]+", "_", metric_name.lower())[:45].strip("_")
