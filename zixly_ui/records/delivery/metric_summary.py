"""Custom metrics against their targets: headline, cards, table and titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.delivery.metric_history import AgainstTargets
from zixly_data.figures.delivery.targets import ON_TARGET
from zixly_data.values.frames import rows
from zixly_ui.charts.progress import sparkline
from zixly_ui.components.cards import Card
from zixly_ui.components.formatting import decimal_text, is_absent, plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.records.delivery.metric_text import metric_text
from zixly_ui.records.delivery.target_text import BANDS, SIGNS, target_text

Metric = Mapping[str, Any]
Series = tuple[str, str]

COLUMNS = (
    Column("client_name", "Client"),
    Column("metric_name", "Metric"),
    Column("latest", "Latest", "quantity"),
    Column("target_text", "Target", "quantity"),
    Column("state", "Against target"),
    Column("change", "Change"),
    Column("trend", "Trend", "trend", help="The last 24 values, oldest first"),
    Column("record_date", "Date", "date"),
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
        return f"{plural(targets.metrics, 'metric')} recorded, none with a target yet."
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
            help=f"Target {target_of(metric)}: {state(metric)[2:]}. {change_text(metric)}.",
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
        trend=pd.Series([sparkline(metric["trend"]) for metric in metric_rows], dtype=object),
    )


def state(metric: Metric) -> str:
    """Return the band by a sign and text, never by colour alone, and the distance to the target."""
    band = metric["band"]
    if is_absent(band):
        return "No target"
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
        return "First value"
    if previous == metric["metric_value"]:
        return "No change"
    if metric["kind"] == "YES_NO":
        return f"From {metric_text(previous, metric['kind'], metric['unit'])}"
    difference = metric["metric_value"] - previous
    direction = "Up" if difference > 0 else "Down"
    return f"{direction} {_size(metric, difference)}"


def value_of(metric: Metric) -> str:
    return metric_text(metric["metric_value"], metric["kind"], metric["unit"], metric["out_of"])


def target_of(metric: Metric) -> str:
    return target_text(metric, metric["kind"], metric["unit"], metric["out_of"])


def series_of(row: Metric) -> Series:
    return str(row["client_kpi_id"]), str(row["metric_name"])


def title(metric: Metric) -> str:
    """Return the title of a trend: the latest value and the target."""
    name = f"{metric['metric_name']} for {metric['client_name']}: {value_of(metric)}"
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
