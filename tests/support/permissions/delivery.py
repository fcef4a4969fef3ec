"""The arguments of actions on metrics."""

from __future__ import annotations

from decimal import Decimal

from tests.support.permissions.office import (
    DAY,
    FIRST_OF_MONTH,
    Arguments,
    Office,
    ever,
    first,
    given,
    new_id,
)
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.tables.metric_targets import TargetDraft


def _value(o: Office) -> MetricDraft:
    return MetricDraft(o.client, "Calls", DAY, Decimal(2))


def _metric(_: Office) -> MetricDefinitionDraft:
    return MetricDefinitionDraft("Letters", "letters")


def _formula(_: Office) -> MetricDefinitionDraft:
    return MetricDefinitionDraft("Rate", "per call", adds_up="FORMULA", formula="revenue / calls")


def _target(o: Office) -> TargetDraft:
    return TargetDraft(o.metric, FIRST_OF_MONTH, "AT_LEAST", low=Decimal(3))


def _new_target(o: Office) -> TargetDraft:
    return TargetDraft(o.metric, FIRST_OF_MONTH, "AT_LEAST", o.client, low=Decimal(3))


ARGUMENTS: dict[str, Arguments] = {
    "figures.delivery.all_values.value_of": given(lambda o: o.metric, lambda o: o.client, ever),
    "figures.delivery.formula_preview.formula_preview": given(_formula),
    "figures.delivery.scorecard.scorecard": given(lambda _: FIRST_OF_MONTH),
    "figures.delivery.scorecard_cell.inputs_of": given(
        lambda o: o.metric, lambda o: o.client, ever
    ),
    "figures.delivery.scorecard_cell.month_values": given(
        lambda o: o.metric, lambda o: o.client, lambda _: FIRST_OF_MONTH
    ),
    "figures.delivery.metric_report.metric_report": given(ever),
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
    "records.delivery.metric_targets.get": given(lambda o: o.target),
    "records.delivery.metric_targets.add": given(_new_target, row_id=new_id("mtg")),
    "records.delivery.metric_targets.change": given(lambda o: o.target, first, _target),
    "records.delivery.metric_targets.remove": given(lambda o: o.target, first),
    "figures.delivery.targets.target_steps": given(lambda o: o.metric, lambda o: o.client),
    "records.delivery.metric_definitions.get_definition": given(lambda o: o.metric),
    "records.delivery.metric_definitions.define": given(_metric, row_id=new_id("mdef")),
    "records.delivery.metric_definitions.redefine": given(
        lambda o: o.unused_metric, first, _metric
    ),
    "records.delivery.metric_definitions.remove_definition": given(
        lambda o: o.unused_metric, first
    ),
}
