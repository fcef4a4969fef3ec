"""A workbook has the cells of the CSV of the same rows: numbers, days, texts that stay texts."""

from __future__ import annotations

import io
import os
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.zixly_data.exports.test_csv_file import risky_starts
from zixly_data.errors import InvalidInput
from zixly_data.exports import xlsx_file
from zixly_data.exports.csv_file import guard, unguard
from zixly_data.exports.xlsx_file import rows_of, to_xlsx, write_xlsx
from zixly_data.imports.files.opening import open_file

MONEY, MEASURE = pa.decimal128(20, 2), pa.decimal128(24, 4)


def streamed(table: pa.Table, folder: Path) -> bytes:
    """The workbook as written for a table of any size, a row at a time."""
    output = io.BytesIO()
    write_xlsx(output, {field.name: field.type for field in table.schema}, [rows_of(table)], folder)
    return output.getvalue()


def sheet_of(content: bytes) -> Any:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return sheet


def column(values: list[Any], kind: pa.DataType | None = None) -> pa.Table:
    return pa.table({"value": pa.array(values, kind)})


def cells(table: pa.Table, folder: Path) -> list[tuple[Any, str, str]]:
    """The cells of one column, equal in both ways to write it: value, type, number format."""
    both = []
    for content in (to_xlsx(table), streamed(table, folder)):
        rows = sheet_of(content).iter_rows(min_row=2, max_row=1 + len(table), max_col=1)
        both.append([(cell.value, cell.data_type, cell.number_format) for (cell,) in rows])
    assert both[0] == both[1]
    return both[0]


def test_amounts_are_numbers_and_days_are_days(tmp_path: Path) -> None:
    amounts = [Decimal("45000.00"), Decimal("-500.50"), Decimal("9.70"), None]
    assert cells(column(amounts, MONEY), tmp_path) == [
        (45000, "n", "#,##0.00"),
        (-500.5, "n", "#,##0.00"),
        (9.7, "n", "#,##0.00"),
        (None, "n", "General"),
    ]
    assert cells(column([Decimal("0.4667"), Decimal("12.5000")], MEASURE), tmp_path) == [
        (0.4667, "n", "General"),
        (12.5, "n", "General"),
    ]
    assert cells(column([3, 10**14]), tmp_path) == [(3, "n", "General"), (10**14, "n", "General")]
    assert cells(column([date(2024, 2, 29), date(1900, 3, 1)]), tmp_path) == [
        (datetime(2024, 2, 29), "d", "yyyy-mm-dd"),
        (datetime(1900, 3, 1), "d", "yyyy-mm-dd"),
    ]
    assert cells(column([True, False]), tmp_path) == [
        (True, "b", "General"),
        (False, "b", "General"),
    ]


def test_what_excel_cannot_hold_is_the_text_of_the_csv(tmp_path: Path) -> None:
    amounts = [Decimal("9999999999999.99"), Decimal("10000000000000.01"), Decimal("1e17")]
    assert [cell[:2] for cell in cells(column(amounts, MONEY), tmp_path)] == [
        (9999999999999.99, "n"),
        ("10000000000000.01", "s"),
        (10**17, "n"),
    ]
    assert cells(column([10**15 + 1]), tmp_path)[0][:2] == ("1000000000000001", "s")
    assert cells(column([date(1900, 2, 28)]), tmp_path)[0][:2] == ("1900-02-28", "s")
    moment = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    instants = column([moment], pa.timestamp("us", "UTC"))
    assert cells(instants, tmp_path)[0][:2] == ("2024-03-01T09:30:00Z", "s")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "@x", "+61 7 3000 0000", "-5", "=HYPERLINK(\"https://a.example\")", "{=1+1}",
        "https://a.example", "mailto:a@b.example", "1001", "007", "TRUE", "2024-03-01", "1e5",
        "<r><t>x</t></r>", "<r>&</r>", "<b>", "Café 🦘", " spaced ", "two\nlines", "x" * 32_767,
    ],
)  # fmt: skip
def test_a_text_stays_the_text_it_is(text: str, tmp_path: Path) -> None:
    assert [cell[:2] for cell in cells(column([text]), tmp_path)] == [(text, "s")]


def test_no_text_becomes_markup_or_a_formula_in_the_file(tmp_path: Path) -> None:
    """XlsxWriter takes a text that looks like its own runs for finished markup."""
    table = column(["<r><t>x</t></r><f>1+1</f><r></r>", "=1+1"])
    for content in (to_xlsx(table), streamed(table, tmp_path)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                assert b"<f>" not in parts.read(name), name
            assert not [name for name in parts.namelist() if "external" in name.lower()]


def test_an_edited_formula_stays_a_text(tmp_path: Path) -> None:
    for content in (to_xlsx(column(["=1+1", "1+1"])), streamed(column(["=1+1", "1+1"]), tmp_path)):
        sheet = sheet_of(content)
        assert [sheet["A2"].quotePrefix, sheet["A3"].quotePrefix] == [True, False]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["'=x", "''=x", "#REF!", "'#REF!", "#N/A ", "'x", "_x0041_"]),
            st.builds(str.__add__, risky_starts, st.text("ab=1'", max_size=4)),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_an_import_reads_back_every_text(texts: list[str]) -> None:
    kept = [text for text in texts if text.strip() and text.isprintable()]
    (table,) = open_file(
        "x.xlsx", to_xlsx(pa.table({"n": [1, *[1] * len(kept)], "t": ["t", *kept]}))
    ).tables
    assert [unguard(str(cell)) for cell in table.columns[1][1:]] == kept


def test_the_header_is_bold_and_stays_in_view(tmp_path: Path) -> None:
    table = pa.table(
        {"client_name": ["Harbour " * 20], "n": [1], "revenue": pa.array([None], MONEY)}
    )
    for content in (to_xlsx(table), streamed(table, tmp_path)):
        sheet = sheet_of(content)
        assert [(cell.value, cell.font.bold) for cell in sheet[1]] == [
            ("client_name", True), ("n", True), ("revenue", True),
        ]  # fmt: skip
        assert sheet.freeze_panes == "A2"
        widths = [sheet.column_dimensions[letter].width for letter in "AB"]
        assert 60 < widths[0] < 65
        assert 8 < widths[1] < 12


def test_a_text_longer_than_a_cell_is_refused_and_not_cut(tmp_path: Path) -> None:
    for write in (to_xlsx, lambda table: streamed(table, tmp_path)):
        with pytest.raises(InvalidInput, match=r"column value is longer than the 32,767 char"):
            write(column(["x" * 32_768]))
        with (
            pytest.raises(InvalidInput, match="longer than"),
            pytest.warns(UserWarning, match="String length"),
        ):
            write(column([f"<r>{'x' * 32_768}</r>"]))
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_has_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(xlsx_file, "_MEASURED_ROWS", 0)
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 3)
    assert len(cells(column([1, 2, 3]), tmp_path)) == 3, "positive control"
    for write in (to_xlsx, lambda table: streamed(table, tmp_path)):
        with pytest.raises(InvalidInput, match="more than 3 rows, which is more than an Excel"):
            write(column([1, 2, 3, 4]))


def test_an_empty_frame_is_a_header(tmp_path: Path) -> None:
    for content in (to_xlsx(column([], MONEY)), streamed(column([], MONEY), tmp_path)):
        assert list(sheet_of(content).iter_rows(values_only=True)) == [("value",)]


def test_rows_being_written_leave_nothing_behind(tmp_path: Path) -> None:
    killed, running = tmp_path / "workbook-killed", tmp_path / "workbook-running"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "rows").write_text("Harbour")
    days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(killed, (days_ago, days_ago))
    streamed(column([1]), tmp_path)
    assert list(tmp_path.iterdir()) == [running]


def test_a_guarded_text_differs_from_the_csv_only_where_an_import_needs_it() -> None:
    texts = ["=1", "'=1", "#REF!", "plain"]
    shown = [cell.value for (cell,) in sheet_of(to_xlsx(column(texts))).iter_rows(min_row=2)]
    assert shown == ["=1", "''=1", "'#REF!", "plain"]
    assert [guard(text) for text in texts] == ["'=1", "''=1", "'#REF!", "plain"]
