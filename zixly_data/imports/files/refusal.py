"""The error for a file that cannot be read, and the limits of size."""

from __future__ import annotations

from zixly_data.errors import InvalidInput

LARGEST_FILE = 50 * 1024 * 1024
MOST_ROWS = 250_000
MOST_COLUMNS = 300
MOST_CELLS = 4_000_000
AS_WORKBOOK = (
    "Open it in the program that created it, save it as an Excel workbook (.xlsx) or as CSV, "
    "and import that file."
)


class FileRefused(InvalidInput):
    """A file cannot be read as a table. The sentence gives the reason, the advice the remedy."""

    advice = "Save the table as CSV (UTF-8) or as an Excel workbook (.xlsx) and import it."

    def __init__(self, sentence: str, *, advice: str | None = None) -> None:
        super().__init__(sentence, field="file", advice=advice)
