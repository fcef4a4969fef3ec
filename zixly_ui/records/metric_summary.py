"""Custom metrics against their targets: the answer, the cards, the table and the titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.values.frames import rows
from zixly_ui.charts.progress import sparkline
from zixly_ui.components.cards import Card
from zixly_ui.components.formatting import ABSENT, decimal_text, is_absent, plural
from zixly_ui.components.tables import Column
from zixly_ui.records.metric_text import metric_text

Metric = Mapping[str, Any]
Series = tuple[str, str]
MOST_CARDS = 4

COLUMNS = (
    Column("client_name", "Client"),
    Column("metric_name", "Metric"),
    Column("latest", "Latest", "quantity"),
    Column("target_text", "Target", "quantity"),
    Column("state", "Against the target"),
    Column("change", "Since the value before"),
    Column("trend", "Trend", "trend", help="All recorded values, the oldest first"),
    Column("record_date", "Recorded for", "date"),
)
RECORD_COLUMNS = (
    Column("record_date", "Date", "date"),
    Column("client_name", "Client"),
    Column("metric_name", "Metric"),
    Column("value", "Value", "quantity"),
    Column("note", "Note"),
)


def headline_text(latest: pd.DataFrame) -> str:
    """How many metrics are on target, and which is furthest off."""
    found = rows(latest)
    aimed = [metric for metric in found if not is_absent(metric["on_target"])]
    if not aimed:
        return f"{plural(len(found), 'metric')} on record, none with a target yet."
    hit = sum(bool(metric["on_target"]) for metric in aimed)
    verb = "is" if hit == 1 else "are"
    sentence = f"{hit} of {plural(len(aimed), 'metric')} with a target {verb} on target"
    worst = furthest_off(latest)
    if not worst:
        return f"{sentence}."
    first = worst[0]
    return (
        f"{sentence}; furthest off: {first['metric_name']} of {first['client_name']}, "
        f"{value_of(first)} against {target_of(first)}."
    )


def advice_without_values(*, exist: bool, may_record: bool) -> str:
    """What to do where nothing is shown: `exist` says whether there are values of other periods or
    clients, `may_record` whether the person can record one."""
    if exist:
        return f"Choose another period or other clients{', or record a value' * may_record}."
    if may_record:
        return "Record the first value; the next ones show how it goes."
    return "A metric is defined first, and then its values are recorded client by client."


def furthest_off(latest: pd.DataFrame) -> list[Metric]:
    """The metrics that miss their target, by their distance as a share of it, the largest first."""
    missed = [row for row in rows(latest) if not is_absent(row["on_target"])]
    return sorted(
        (metric for metric in missed if not metric["on_target"]),
        key=lambda metric: abs(_distance(metric)) / (abs(metric["target"]) or Decimal(1)),
        reverse=True,
    )


def cards(missed: Sequence[Metric], trends: Mapping[Series, list[float]]) -> list[Card]:
    """The metrics furthest off their targets."""
    return [
        Card(
            metric["metric_name"],
            value_of(metric),
            metric["client_name"],
            trend=trends.get(series_of(metric), []),
            help=f"Target {target_of(metric)}: {state(metric)[2:]}. {change_text(metric)}.",
        )
        for metric in missed[:MOST_CARDS]
    ]


def trends(records: pd.DataFrame) -> dict[Series, list[float]]:
    """The values of each client and metric, oldest first; of one day the one recorded last.

    `records` come latest first.
    """
    daily: dict[Series, dict[Any, Decimal]] = {}
    for record in rows(records):
        of_series = daily.setdefault(series_of(record), {})
        of_series.setdefault(record["record_date"], record["metric_value"])
    return {
        series: sparkline(values[day] for day in sorted(values)) for series, values in daily.items()
    }


def table(latest: pd.DataFrame, lines: Mapping[Series, list[float]]) -> pd.DataFrame:
    """`latest` with what a person reads beside what a file holds: the columns of `COLUMNS`."""
    found = rows(latest)
    return latest.assign(
        number=[str(number) for number in range(len(found))],
        latest=[value_of(metric) for metric in found],
        target_text=[target_of(metric) for metric in found],
        state=[state(metric) for metric in found],
        change=[change_text(metric) for metric in found],
        trend=pd.Series([lines.get(series_of(metric), []) for metric in found], dtype=object),
    )


def state(metric: Metric) -> str:
    """Whether the target is met, in a sign and in words, never by colour alone."""
    if is_absent(metric["on_target"]):
        return "No target"
    if metric["on_target"]:
        return "✓ On target"
    if metric["kind"] == "YES_NO":
        return "✗ Missed"
    distance = _distance(metric)
    way = "below" if distance < 0 else "above"
    return f"✗ {_size(metric, distance)} {way}"


def change_text(metric: Metric) -> str:
    """How the latest value compares with the one before."""
    before = metric["previous_value"]
    if is_absent(before):
        return "First value"
    if before == metric["metric_value"]:
        return "No change"
    if metric["kind"] == "YES_NO":
        return f"From {metric_text(before, metric['kind'], metric['unit'])}"
    difference = metric["metric_value"] - before
    way = "Up" if difference > 0 else "Down"
    return f"{way} {_size(metric, difference)}"


def value_of(metric: Metric) -> str:
    return metric_text(metric["metric_value"], metric["kind"], metric["unit"], metric["out_of"])


def target_of(metric: Metric) -> str:
    if is_absent(metric["target"]):
        return ABSENT
    return metric_text(metric["target"], metric["kind"], metric["unit"], metric["out_of"])


def series_of(row: Metric) -> Series:
    return str(row["client_kpi_id"]), str(row["metric_name"])


def title(metric: Metric) -> str:
    """The title of a trend, which says how it stands."""
    name = f"{metric['metric_name']} of {metric['client_name']}: {value_of(metric)}"
    if is_absent(metric["target"]):
        return name
    return f"{name}, target {target_of(metric)}"


def _distance(metric: Metric) -> Decimal:
    distance: Decimal = metric["metric_value"] - metric["target"]
    return distance


def _size(metric: Metric, difference: Decimal) -> str:
    """How large a difference is: ratings have no scale then, and percentages are points."""
    figure = decimal_text(abs(difference))
    if metric["kind"] == "RATING":
        return figure
    if metric["kind"] == "PERCENT":
        return f"{figure} {'point' if figure == '1' else 'points'}"
    return f"{figure} {metric['unit']}"
