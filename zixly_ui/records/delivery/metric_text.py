"""Values of custom metrics as text: `4.8 / 5`, `85%`, `Yes`, `120 hours`."""

from __future__ import annotations

from decimal import Decimal

from zixly_ui.components.formatting import ABSENT, decimal_text, is_absent


def metric_text(value: Decimal | None, kind: str, unit: str, out_of: Decimal | None = None) -> str:
    """Return the value with its unit; a dash if there is none.

    `kind` is that of the definition of the metric, `out_of` the top of the scale of a rating.
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
