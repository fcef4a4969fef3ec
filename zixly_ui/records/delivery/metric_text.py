"""Values of custom metrics as text: `4.8 / 5`, `85%`, `Yes`, `120 hours`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from zixly_ui.components.formatting import ABSENT, decimal_text, is_absent

# Their values have four decimals, of which few mean anything.
_ROUNDED = ("AVERAGE", "RATIO", "FORMULA")


def metric_text(
    value: Decimal | None,
    kind: str,
    unit: str,
    out_of: Decimal | None = None,
    adds_up: str = "",
) -> str:
    """Return the value with its unit; a dash if there is none.

    `kind` is that of the definition of the metric, `out_of` the top of the scale of a rating.
    `adds_up` is how its values add up; a value that was recorded needs none.
    """
    if value is None or is_absent(value):
        return ABSENT
    figure = decimal_text(rounded(value, adds_up))
    if kind == "YES_NO":
        return "Yes" if value else "No"
    if kind == "PERCENT":
        return f"{figure}%"
    if kind == "RATING":
        return f"{figure} / {decimal_text(out_of)}"
    return f"{figure} {unit}"


def rounded(value: Decimal, adds_up: str) -> Decimal:
    """Return a value, or a difference, as pages show it: of averages and formulas two decimals.

    Below 1 it keeps all four. Recorded values and their sums, and all files, are exact.
    """
    if adds_up not in _ROUNDED or abs(value) < 1:
        return value
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
