"""Buttons that download a table, as CSV and as an Excel workbook.

Files of records, in any number, have addresses instead (`http.download_links`). Every CSV begins
with a byte order mark: without it Excel reads `Café` as `CafÃ©`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from zixly_data.exports.csv_file import BYTE_ORDER_MARK, to_csv
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.xlsx_file import to_xlsx
from zixly_data.identity import Identity
from zixly_data.people import audit

# The label of the button beside the one for CSV.
EXCEL = "Excel"


def download(
    identity: Identity,
    rows: Callable[[], pd.DataFrame],
    filename: str,
    *,
    dataset: str,
    filters: Mapping[str, object],
    key: str | None = None,
    label: str = "Download CSV",
) -> None:
    """Draw buttons that download all rows as CSV or as a workbook, created when one is pressed.

    `filename` ends in `.csv`. `rows` reads the rows. The audit trail records the number of rows of
    `dataset` and their `filters` (`audit.filters`). A person without permission gets an error and
    no file.
    """

    def file(file_format: FileFormat) -> bytes:
        frame = rows()
        audit.note_export(identity, dataset, len(frame), filters)
        if file_format is FileFormat.CSV:
            return to_csv(frame, excel_bom=True)
        return to_xlsx(frame)

    key = key or f"download-{filename}"
    with st.container(horizontal=True, width="content", gap=None, key=f"formats-{key}"):
        _button(label, lambda: file(FileFormat.CSV), filename, FileFormat.CSV, key)
        name = with_ending(filename, FileFormat.XLSX)
        _button(EXCEL, lambda: file(FileFormat.XLSX), name, FileFormat.XLSX, f"{key}-excel")


def download_csv(
    label: str, content: bytes | Callable[[], bytes], filename: str, *, key: str
) -> None:
    """Draw a button for a CSV that people correct or fill in and import again.

    A function creates the content when the button is pressed.
    """

    def file() -> bytes:
        data = content() if callable(content) else content
        return BYTE_ORDER_MARK + data.removeprefix(BYTE_ORDER_MARK)

    _button(label, file, filename, FileFormat.CSV, key)


def safe_filename(filename: str) -> str:
    """Return the name in letters, digits, dots and dashes.

    `Müller & Co.csv` becomes `Müller-Co.csv`.
    """
    return re.sub(r"[^\w.]+", "-", filename).strip("-") or "zixly.csv"


def with_ending(filename: str, file_format: FileFormat) -> str:
    """Return the name of a CSV with the ending of this format."""
    return f"{filename.removesuffix('.csv')}.{file_format}"


def _button(
    label: str, file: Callable[[], bytes], filename: str, file_format: FileFormat, key: str
) -> None:
    st.download_button(
        label,
        file,
        file_name=safe_filename(filename),
        mime=file_format.mime,
        key=key,
        icon=":material/download:" if file_format is FileFormat.CSV else None,
        # A rerun would drop the function, and with it the file, while the browser reads it.
        on_click="ignore",
    )
