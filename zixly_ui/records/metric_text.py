"""Values of custom metrics as people say them: `4.8 / 5`, `85%`, `Yes`, `120 hours`."""

from __future__ import annotations

from decimal import Decimal

from zixly_ui.components.formatting import ABSENT, decimal_text, is_absent


def metric_text(value: Decimal | None, kind: str, unit: str, out_of: Decimal | None = None) -> str:
    """The value with what it is measured in; a dash where there is none.

    `kind` is that of the metric's definition; `out_of` the top of a rating's scale.
    """
    if value is None or is_absent(value):
        return ABSENT
    figure = decimal_text(value)
    if kind == "YES_NO":
        return "Yes" if value else "No"
    if kind == "PERCENT":
        return f"{figure}%"
    if kind == "RATING":
        return f"{figure} / {decimal_text(out_of)}"
    return f"{figure} {unit}"
