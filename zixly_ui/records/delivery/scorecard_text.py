"""The scorecard in words: its headline, its cells, and what a cell says in its dialog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zixly_data.figures.delivery.scorecard_frames import Scorecard, Standing
from zixly_ui.components.formatting import decimal_text, is_absent, plural, short_date
from zixly_ui.records.delivery.metric_text import metric_text, rounded
from zixly_ui.records.delivery.target_text import BANDS, SIGNS, near_text, target_text

NO_VALUE, UNDECIDED = "No value", "Not decided yet"

Cell = Mapping[str, Any]
Metric = Mapping[str, Any]


def headline_text(standing: Standing, month: str) -> str:
    """Return how many values are on target, and how many are near it and off it."""
    if not standing.values:
        return f"No values in {month}."
    judged = standing.on_target + standing.near + standing.off
    if not judged:
        return f"{plural(standing.values, 'value')} in {month}, none against a target."
    others = [
        f"{count:,} {word}" for count, word in ((standing.near, "near"), (standing.off, "off"))
        if count
    ]  # fmt: skip
    verb = "is" if standing.on_target == 1 else "are"
    sentence = (
        f"{standing.on_target:,} of {plural(judged, 'value')} with a target {verb} on target in "
        f"{month}"
    )
    return f"{sentence}; {' and '.join(others)}." if others else f"{sentence}."


def remaining_text(standing: Standing) -> str:
    """Return how many values no target judges, and how many the month has not decided."""
    sentences = []
    if standing.without_target:
        sentences.append(f"{plural(standing.without_target, 'value')} without a target.")
    if standing.undecided:
        verb = "is" if standing.undecided == 1 else "are"
        sentences.append(
            f"{plural(standing.undecided, 'value')} {verb} not decided until the month ends."
        )
    return " ".join(sentences)


def cell_lines(cell: Cell, metric: Metric, card: Scorecard) -> list[str]:
    """Return the lines of a cell: the value, its band, and its age or its change."""
    if is_absent(cell["value"]):
        return [NO_VALUE]
    lines = [value_text(cell["value"], metric)]
    if "band" in cell:
        lines.append(state_text(cell))
    if is_carried(cell, metric, card.period.start):
        lines.append(f"from {short_date(cell['last_date'])}")
    else:
        lines.append(change_text(cell, metric))
    return [line for line in lines if line]


def state_text(cell: Cell) -> str:
    """Return the band by a sign and in words; empty without a target."""
    if not is_absent(cell["band"]):
        return f"{SIGNS[cell['band']]} {BANDS[cell['band']]}"
    return "" if is_absent(cell["target_kind"]) else UNDECIDED


def is_carried(cell: Cell, metric: Metric, start: date) -> bool:
    """Return whether the value is the last one from before the month."""
    return bool(metric["adds_up"] == "LAST" and cell["last_date"] < start)


def change_text(cell: Cell, metric: Metric) -> str:
    """Return the change against the month before: an arrow, the amount, better or worse."""
    value, previous = cell["value"], cell["previous_value"]
    if is_absent(previous):
        return ""
    if value == previous:
        return "no change"
    is_up = value > previous
    verdict = "better" if is_up == (metric["direction"] == "UP") else "worse"
    arrow = "▲" if is_up else "▼"
    if metric["kind"] == "YES_NO":
        return f"{arrow} was {value_text(previous, metric)}, {verdict}"
    size = decimal_text(rounded(abs(value - previous), metric["adds_up"]))
    if metric["kind"] == "PERCENT":
        size += " point" if size == "1" else " points"
    return f"{arrow} {size}, {verdict}"


def value_text(value: Any, metric: Metric) -> str:
    scale = (metric["kind"], metric["unit"], metric["out_of"])
    return metric_text(value, *scale, metric["adds_up"])


def target_sentence(cell: Cell, metric: Metric) -> str:
    """Return the target that judges the month, with both edges: `Target: at least 120 hours.`"""
    scale = metric["kind"], metric["unit"], metric["out_of"]
    if is_absent(cell["target_kind"]):
        return "No target in this month."
    sentence = f"Target: {target_text(cell, *scale)}."
    near = near_text(cell, *scale)
    has_near = any(
        not is_absent(cell[f"near_{edge}"]) and cell[f"near_{edge}"] != cell[edge]
        for edge in ("low", "high")
    )
    return f"{sentence} Near: {near}." if has_near else sentence


def origin_sentence(cell: Cell, metric: Metric, card: Scorecard) -> str:
    """Return what the value comes from: how many values add up to it, or its date and age."""
    if is_absent(cell["value"]):
        return f"Nothing was recorded up to the end of {card.period.name}."
    records, day = cell["records"], short_date(cell["last_date"])
    if not is_absent(metric["formula"]):
        return f"Computed for {card.period.name}: {metric['formula']}"
    match metric["adds_up"]:
        case "SUM":
            return f"The sum of {plural(records, 'value')} in {card.period.name}."
        case "AVERAGE":
            return f"The mean of {plural(records, 'value')} in {card.period.name}."
    age = plural(cell["age_days"], "day")
    if is_carried(cell, metric, card.period.start):
        return f"The last value, of {day}: {age} old. None is dated in {card.period.name}."
    return f"The last value of {card.period.name}, of {day}."


def total_sentence(total: Cell, metric: Metric) -> str:
    """Return what the value of all clients comes from."""
    clients = plural(total["clients"], "client")
    if not is_absent(metric["formula"]):
        return f"{metric['formula']}, of the sums of {clients}. Targets are for single clients."
    return f"The sum of {clients}. Targets are for single clients."


def change_sentence(cell: Cell, metric: Metric, card: Scorecard) -> str:
    """Return the change against the earlier days: `▲ 6, better than September 2026 (114 hours).`"""
    if is_absent(cell["value"]) or is_absent(cell["previous_value"]):
        return f"No comparison with {card.before.name}."
    previous = value_text(cell["previous_value"], metric)
    text = change_text(cell, metric)
    if text == "no change":
        return f"No change against {card.before.name}."
    joint = "than" if text.endswith(("better", "worse")) else "against"
    return f"{text} {joint} {card.before.name} ({previous})."
