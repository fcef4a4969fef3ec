"""Targets and bands as text: `at least 120 hours`, `On target`.

A target has the columns of `figures.delivery.targets.TARGET_COLUMNS` and those of its metric.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zixly_data.figures.delivery.targets import NEAR, OFF, ON_TARGET
from zixly_data.records.delivery.metric_targets import FROM_THE_BEGINNING
from zixly_data.values.dates import month_name
from zixly_ui.components.formatting import ABSENT, is_absent
from zixly_ui.records.delivery.metric_text import metric_text

BANDS = {ON_TARGET: "On target", NEAR: "Near", OFF: "Off target"}
# A sign beside the words, for a quick look at a table.
SIGNS = {ON_TARGET: "✓", NEAR: "≈", OFF: "✗"}


def target_text(target: Mapping[str, Any], kind: str, unit: str, out_of: Decimal | None) -> str:
    """Return a target in words: `at least 120 hours`, `at most 4 hours`, `between 3 and 5 hours`.

    `kind`, `unit` and `out_of` are those of the metric. A dash if there is no target.
    """
    low, high = target["low"], target["high"]
    texts = [metric_text(edge, kind, unit, out_of) for edge in (low, high)]
    if is_absent(low) and is_absent(high):
        return ABSENT
    if kind == "YES_NO":
        return texts[1] if is_absent(low) else texts[0]
    if is_absent(high):
        return f"at least {texts[0]}"
    if is_absent(low):
        return f"at most {texts[1]}"
    return f"between {texts[0]} and {texts[1]}"


def near_text(target: Mapping[str, Any], kind: str, unit: str, out_of: Decimal | None) -> str:
    """Return where near begins and ends: `from 108 hours`, `up to 4.4 hours`, or both.

    A dash if nothing is near: for yes or no, and where near has the edges of the target.
    """
    phrases = []
    for name, word in (("low", "from"), ("high", "up to")):
        near = target[f"near_{name}"]
        if not is_absent(near) and near != target[name]:
            phrases.append(f"{word} {metric_text(near, kind, unit, out_of)}")
    return " and ".join(phrases) or ABSENT


def month_text(from_month: date) -> str:
    """Return the month that a target starts in: `March 2024`, or `The beginning`."""
    return "The beginning" if from_month == FROM_THE_BEGINNING else month_name(from_month)
