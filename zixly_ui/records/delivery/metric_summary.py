"""Custom metrics against their targets: headline, cards, table and titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.delivery.metric_history import AgainstTargets
from zixly_data.figures.delivery.metric_series import NO_TARGET, PART_OF_MONTH, RUNNING
from zixly_data.figures.delivery.targets import ON_TARGET
from zixly_data.records.delivery.adding_up import COMPUTED
from zixly_data.values.dates import short_date, short_month
from zixly_data.values.frames import rows
from zixly_data.values.period import Period
from zixly_ui.charts.progress import small_bars, sparkline
from zixly_ui.components.cards import Card
from zixly_ui.components.formatting import decimal_text, is_absent, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.records.delivery.metric_text import metric_text, rounded
from zixly_ui.records.delivery.target_text import BANDS, SIGNS, target_text

# Why a value is on no side of a target.
UNJUDGED = {
    NO_TARGET: "No target",
    RUNNING: "Not decided yet",
    PART_OF_MONTH: "Part of a month",
}
Metric = Mapping[str, Any]
Series = tuple[str, str]

COLUMNS = (
    Column("client_name", "Client"),
    Column("metric_name", "Metric"),
    Column("latest", "Value", "quantity"),
    Column("target_text", "Target", "quantity"),
    Column("state", "Against target"),
    Column("change", "Change", help="From the period, month or value before"),
    Column("basis", "Based on"),
    Column(
        "trend", "Trend", "trend", help="The last 24 months or dates with a value, oldest first"
    ),
)
RECORD_COLUMNS = (
    Column("record_date", "Date", "date"),
    Column("client_name", "Client"),
    Column("metric_name", "Metric"),
    Column("value", "Value", "quantity"),
    Column("note", "Note"),
)
SORTS = (
    Sort("By client"),
    Sort("Furthest off target first", "distance", descending=True),
    Sort("By metric", "metric_name"),
    Sort("Newest first", "record_date", descending=True),
)
RECORD_SORTS = (
    Sort("Newest first"),
    Sort("Oldest first", "record_date"),
    Sort("By client", "client_name"),
    Sort("By metric", "metric_name"),
)


def headline_text(targets: AgainstTargets) -> str:
    """Return how many metrics are on target, and the one furthest off."""
    if not targets.with_target:
        return f"{plural(targets.metrics, 'metric')} recorded, none compared with a target."
    verb = "is" if targets.on_target == 1 else "are"
    sentence = (
        f"{targets.on_target:,} of {plural(targets.with_target, 'metric')} with a target {verb} "
        "on target"
    )
    off_target = rows(targets.furthest_off)
    if not off_target:
        return f"{sentence}."
    furthest = off_target[0]
    return (
        f"{sentence}; furthest off: {furthest['metric_name']} for {furthest['client_name']}, "
        f"{value_of(furthest)} against {target_of(furthest)}."
    )


def period_note(period: Period) -> str:
    """Return what the values of all time are; nothing for another period."""
    if period.key != "all":
        return ""
    return " Sums and averages are those of the last month with a value."


def advice_without_values(*, exist: bool, may_record: bool) -> str:
    """Return the next step on a page without values.

    `exist` is whether there are values in other periods or of other clients, `may_record` whether
    the person can record one.
    """
    if exist:
        return f"Choose another period or other clients{', or record a value' * may_record}."
    if may_record:
        return "Record the first value. Later values show the trend."
    return "Metrics are defined first. Then values are recorded for each client."


def cards(off_target: Sequence[Metric]) -> list[Card]:
    """Return the cards of the metrics furthest off their targets."""
    return [
        Card(
            metric["metric_name"],
            value_of(metric),
            metric["client_name"],
            trend=sparkline(metric["trend"]),
            help=f"Target {target_of(metric)}: {state(metric)[2:]}. {change_text(metric)}. "
            f"{basis(metric)}.",
        )
        for metric in off_target
    ]


def table(latest: pd.DataFrame) -> pd.DataFrame:
    """Return `latest` with the columns of `COLUMNS`, as texts for people."""
    metric_rows = rows(latest)
    return latest.assign(
        number=[str(number) for number in range(len(metric_rows))],
        latest=[value_of(metric) for metric in metric_rows],
        target_text=[target_of(metric) for metric in metric_rows],
        state=[state(metric) for metric in metric_rows],
        change=[change_text(metric) for metric in metric_rows],
        trend=pd.Series([small_bars(metric["trend"]) for metric in metric_rows], dtype=object),
        basis=[basis(metric) for metric in metric_rows],
    )


def columns(labelled: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of `table`; trends below zero have room there."""
    if all(share >= 0 for trend in labelled["trend"] for share in trend):
        return COLUMNS
    return tuple(
        replace(column, kind="signed trend") if column.kind == "trend" else column
        for column in COLUMNS
    )


def state(metric: Metric) -> str:
    """Return the band by a sign and text, never by colour alone, and the distance to the target.

    Without a band, why there is none.
    """
    if not is_absent(metric["unjudged"]):
        return UNJUDGED[metric["unjudged"]]
    band = metric["band"]
    text = f"{SIGNS[band]} {BANDS[band]}"
    if band == ON_TARGET or metric["kind"] == "YES_NO":
        return text
    distance = _distance(metric)
    side = "below" if distance < 0 else "above"
    return f"{text}, {_size(metric, distance)} {side}"


def change_text(metric: Metric) -> str:
    """Return how the latest value compares with the one before."""
    previous = metric["previous_value"]
    if is_absent(previous):
        return "First value" if len(metric["trend"]) < 2 else "No value before"
    if previous == metric["metric_value"]:
        return "No change"
    if metric["kind"] == "YES_NO":
        return f"From {metric_text(previous, metric['kind'], metric['unit'])}"
    difference = metric["metric_value"] - previous
    direction = "Up" if difference > 0 else "Down"
    return f"{direction} {_size(metric, rounded(difference, metric['adds_up']))}"


def basis(metric: Metric) -> str:
    """Return what the value is from: `Sum of 4 values in Nov 2026`, `30 Nov 2026, 2 days old`."""
    if metric["adds_up"] == "LAST":
        age = f", {plural(metric['age_days'], 'day')} old" if metric["age_days"] else ""
        return f"{short_date(metric['record_date'])}{age}"
    month = "" if is_absent(metric["month"]) else f" in {short_month(metric['month'])}"
    if metric["adds_up"] in COMPUTED:
        return f"Computed{month}"
    values = plural(metric["records"], "value")
    return f"{'Sum' if metric['adds_up'] == 'SUM' else 'Average'} of {values}{month}"


def value_of(metric: Metric) -> str:
    scale = (metric["kind"], metric["unit"], metric["out_of"])
    return metric_text(metric["metric_value"], *scale, metric["adds_up"])


def target_of(metric: Metric) -> str:
    return target_text(metric, metric["kind"], metric["unit"], metric["out_of"])


def formula_of(definitions: pd.DataFrame, metric: Metric) -> str | None:
    """Return the formula of a computed metric; None for a recorded one."""
    named = definitions[definitions["metric_name"] == metric["metric_name"]]
    return next((row["formula"] for row in rows(named)), None)


def series_of(row: Metric) -> Series:
    return str(row["client_kpi_id"]), str(row["metric_name"])


def title(metric: Metric) -> str:
    """Return the title of a trend: the value and the target."""
    month = "" if is_absent(metric["month"]) else f" in {short_month(metric['month'])}"
    name = f"{metric['metric_name']} for {metric['client_name']}{month}: {value_of(metric)}"
    if is_absent(metric["target_kind"]):
        return name
    return f"{name}, target {target_of(metric)}"


def _distance(metric: Metric) -> Decimal:
    """Return the difference to the edge of the target that the value is beyond."""
    value, low = metric["metric_value"], metric["low"]
    edge: Decimal = low if not is_absent(low) and value < low else metric["high"]
    distance: Decimal = value - edge
    return distance


def _size(metric: Metric, difference: Decimal) -> str:
    """Return the size of a difference: without a scale for ratings, in points for percentages."""
    figure = decimal_text(abs(difference))
    if metric["kind"] == "RATING":
        return figure
    if metric["kind"] == "PERCENT":
        return f"{figure} {'point' if figure == '1' else 'points'}"
    return f"{figure} {metric['unit']}"
