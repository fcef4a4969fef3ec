"""What the scorecard of a month has: its clients, metrics and cells, and what is counted."""

from __future__ import annotations

from dataclasses import dataclass

from pandera.typing import DataFrame

from zixly_data.figures.month_grids.grid_page import GridPage
from zixly_data.values.frames import Count, Date, Frame, Measure, Text, nullable
from zixly_data.values.period import Period


class ScorecardMetrics(Frame):
    """One row per metric with a value or a client's own target in the month, by name."""

    metric_id: Text
    metric_name: Text
    unit: Text
    kind: Text
    adds_up: Text
    direction: Text
    out_of: Measure = nullable
    formula: Text = nullable


class ScorecardClients(Frame):
    """One row per client of the page, with the counts of `Standing`."""

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    status: Text
    values: Count
    on_target: Count
    near: Count
    off: Count
    without_target: Count


class ScorecardCells(Frame):
    """One row per client of the page and metric with a value, an earlier one, or an own target.

    `age_days` is the age of a value at the end of the month, or today if that is earlier.
    """

    client_kpi_id: Text
    metric_id: Text
    value: Measure = nullable
    last_date: Date = nullable
    age_days: Count = nullable
    records: Count = nullable
    previous_value: Measure = nullable
    target_kind: Text = nullable
    low: Measure = nullable
    high: Measure = nullable
    near_low: Measure = nullable
    near_high: Measure = nullable
    band: Text = nullable


class ScorecardTotals(Frame):
    """One row per metric that has a value of all clients, listed or not; it has no target."""

    metric_id: Text
    value: Measure
    last_date: Date
    records: Count
    clients: Count
    previous_value: Measure = nullable


@dataclass(frozen=True)
class Standing:
    """How many values the listed clients have, in each band and without a target.

    The remaining ones have a target that an unfinished month has neither reached nor missed.
    """

    values: int
    on_target: int
    near: int
    off: int
    without_target: int

    @property
    def undecided(self) -> int:
        return self.values - self.on_target - self.near - self.off - self.without_target


@dataclass(frozen=True)
class Scorecard:
    """One page of clients, all metrics, the cells where both meet, and the row of all clients.

    `metrics_left_out` is the number of metrics beyond the first 40.
    """

    period: Period
    before: Period
    metrics: DataFrame[ScorecardMetrics]
    metrics_left_out: int
    clients: GridPage[ScorecardClients]
    cells: DataFrame[ScorecardCells]
    totals: DataFrame[ScorecardTotals]
    standing: Standing
