"""The table `metric_targets`: what the values of a metric should reach, from a month on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field


@dataclass(frozen=True)
class TargetDraft:
    """A target as a person enters it; without a client it is for everyone.

    `kind` is AT_LEAST (with `low`), AT_MOST (with `high`), BETWEEN (with both) or NONE, which ends
    a target. `near_low` and `near_high` are the edges of “near”: if omitted, a tenth beyond `low`
    and `high`.
    """

    metric_id: Annotated[str, Field("Metric", "option", changeable=False)]
    from_month: Annotated[date, Field("From", "month")]
    kind: Annotated[str, Field("Type", "option")]
    client_kpi_id: Annotated[str | None, Field("Client", "client")] = None
    low: Annotated[Decimal | None, Field("At least", "measure")] = None
    high: Annotated[Decimal | None, Field("At most", "measure")] = None
    near_low: Annotated[Decimal | None, Field("Near from", "measure")] = None
    near_high: Annotated[Decimal | None, Field("Near up to", "measure")] = None


METRIC_TARGETS = EntryTable("metric_targets", "metric_target", "mtg", TargetDraft)
