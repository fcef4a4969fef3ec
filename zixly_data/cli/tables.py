"""Frames as aligned text: texts to the left, numbers to the right."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

_GAP = "  "


def as_text(frame: pd.DataFrame) -> str:
    """Return the whole frame with headings, exact amounts and separators for thousands."""
    if frame.empty:
        return "Nothing is recorded."
    columns = [_column(frame[name]) for name in frame.columns]
    return "\n".join(_GAP.join(cells).rstrip() for cells in zip(*columns, strict=True))


def _column(values: pd.Series) -> list[str]:
    cells = [_heading(str(values.name)), *(_cell(value) for value in values)]
    width = max(map(len, cells))
    if any(isinstance(value, Decimal | int) for value in values):
        return [cell.rjust(width) for cell in cells]
    return [cell.ljust(width) for cell in cells]


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _cell(value: object) -> str:
    if value is None or value is pd.NA:
        return "–"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return printable(str(value))


def printable(text: str) -> str:
    """Return the text on one line, without control characters of a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)
