"""Formats of exported tables."""

from __future__ import annotations

from enum import StrEnum


class FileFormat(StrEnum):
    """A format; its value is the ending of the file's name."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def mime(self) -> str:
        """The media type, for browsers."""
        if self is FileFormat.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
