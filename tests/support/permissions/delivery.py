"""The arguments of actions on metrics."""

from __future__ import annotations

from decimal import Decimal

from tests.support.permissions.office import (
    DAY,
    Arguments,
    Office,
    ever,
    first,
    given,
    new_id,
)
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft


def _value(o: Office) -> MetricDraft:
    return MetricDraft(o.client, "Calls", DAY, Decimal(2))


def _metric(_: Office) -> MetricDefinitionDraft:
    return MetricDefinitionDraft("Letters", "letters")


def _formula(_: Office) -> MetricDefinitionDraft:
    return MetricDefinitionDraft("Rate", "per call", adds_up="FORMULA", formula="revenue / calls")


ARGUMENTS: dict[str, Arguments] = {
    "figures.delivery.all_values.value_of": given(lambda o: o.metric, lambda o: o.client, ever),
    "figures.delivery.formula_preview.formula_preview": given(_formula),
    "figures.delivery.metric_history.history": given(lambda o: o.client, lambda _: "Calls"),
    "figures.delivery.metric_history.of_series": given(
        lambda _: None, lambda _: None, lambda o: o.client, lambda _: "Calls"
    ),
    "records.delivery.metrics.list_records": given(ever),
    "records.delivery.metrics.page": given(ever),
    "records.delivery.metrics.get": given(lambda o: o.value),
    "records.delivery.metrics.add": given(_value, row_id=new_id("met")),
    "records.delivery.metrics.change": given(lambda o: o.value, first, _value),
    "records.delivery.metrics.delete": given(lambda o: o.value, first),
    "records.delivery.metric_definitions.get_definition": given(lambda o: o.metric),
    "records.delivery.metric_definitions.define": given(_metric, row_id=new_id("mdef")),
    "records.delivery.metric_definitions.redefine": given(
        lambda o: o.unused_metric, first, _metric
    ),
    "records.delivery.metric_definitions.remove_definition": given(
        lambda o: o.unused_metric, first
    ),
}
