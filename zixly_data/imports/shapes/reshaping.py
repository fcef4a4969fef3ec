"""Turns tables of other shapes into tables with a record in each row."""

from __future__ import annotations

from zixly_data.imports.shapes import grouped_reports, months_across
from zixly_data.imports.shapes.raw_table import RawTable, ReshapedTable


def reshape(raw: RawTable) -> ReshapedTable | None:
    """Return the rows of months across or of a grouped report; None for any other table."""
    return months_across.reshape(raw) or grouped_reports.reshape(raw)
