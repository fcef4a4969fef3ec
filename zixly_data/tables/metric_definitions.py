"""The table `metric_definitions`: the metrics of the tenant."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field


@dataclass(frozen=True)
class MetricDefinitionDraft:
    """A metric as a person enters it. Only ratings have `out_of`, only computed metrics `formula`.

    `adds_up` says how values add up over time, `over_clients` how they do over clients.
    """

    metric_name: Annotated[str, Field("Name", limit=100)]
    unit: Annotated[str, Field("Unit", limit=40)]
    kind: Annotated[str, Field("Type", "option")] = "NUMBER"
    direction: Annotated[str, Field("Better", "option")] = "UP"
    out_of: Annotated[Decimal | None, Field("Scale", "measure")] = None
    purpose: Annotated[str | None, Field("Use", "option")] = None
    adds_up: Annotated[str, Field("Over time", "option")] = "LAST"
    over_clients: Annotated[str, Field("All clients", "option")] = "NONE"
    formula: Annotated[str | None, Field("Formula", limit=500)] = None


METRIC_DEFINITIONS = EntryTable(
    "metric_definitions", "metric_definition", "mdef", MetricDefinitionDraft
)
