"""Workbooks as other programs write them: backslashes in paths, hidden rows, days from 1904."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import Team
from tests.support.awkward_files import patched, workbook
from tests.support.imports import proposed, reasons
from tests.zixly_data.imports.shapes.test_months_across import opened
from zixly_data.imports import ADD, Kind
from zixly_data.imports.rows import values

HEADER = ["Client", "Date", "Revenue"]


def with_backslashes(data: bytes) -> bytes:
    """The workbook with the paths that some .NET programs write."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for entry in before.infolist():
            name = zipfile.ZipInfo("x")
            name.filename = entry.filename.replace("/", "\\")
            after.writestr(name, before.read(entry), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def test_paths_with_backslashes_are_those_of_a_workbook() -> None:
    data = with_backslashes(workbook(HEADER, ["Kea", date(2024, 3, 4), 0.5], ["Moa", None, 7]))
    assert b"xl\\workbook.xml" in data
    table = opened(data)
    assert table.header == tuple(HEADER)
    assert table.columns[1] == (date(2024, 3, 4), None)


def test_percentages_and_formulas_are_seen_behind_backslashes_too() -> None:
    def show(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "0.0%"

    rows = (["Client", "Metric", "Value"], ["Kea", "Margin", 0.125])
    table = opened(with_backslashes(workbook(*rows, change=show)))
    assert str(table.columns[2][0]) == "12.5"


@pytest.mark.parametrize(
    ("hidden", "is_filtered", "sentence"),
    [
        ((3, 4), True, "2 rows are hidden in the workbook by a filter. They were read too."),
        ((3,), True, "1 row is hidden in the workbook by a filter. It was read too."),
        ((2, 3), False, "2 rows are hidden in the workbook. They were read too."),
        ((9,), True, None),  # Nothing is in that row.
        ((), True, None),
    ],
)
def test_hidden_rows_are_read_and_named(
    hidden: tuple[int, ...], is_filtered: bool, sentence: str | None
) -> None:
    def hide(sheet: Worksheet) -> None:
        for row in hidden:
            sheet.row_dimensions[row].hidden = True
        if is_filtered:
            sheet.auto_filter.ref = "A1:C4"

    days = [["Kea", date(2024, 3, day), 5] for day in (1, 2, 3)]
    table = opened(workbook(HEADER, *days, change=hide))
    assert len(table) == 3
    assert table.notes == ((sentence,) if sentence else ())


def test_a_bare_number_of_a_workbook_from_1904_is_its_day() -> None:
    """1 March 2024 is day 43890 of Excel for Mac, and 45352 of any other Excel."""
    plain = workbook(HEADER, ["Kea", 43890, 5], ["Moa", 43891, 7])
    mac = patched(plain, "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" ')
    cells = opened(mac).columns[1]
    assert values.dates(cells, "Date", None).values == ["2024-03-01", "2024-03-02"]
    cells = opened(plain).columns[1]
    assert values.dates(cells, "Date", None).values == ["2020-02-29", "2020-03-01"]


def test_a_date_of_a_workbook_from_1904_is_not_moved_twice() -> None:
    plain = workbook(HEADER, ["Kea", date(2024, 3, 1), 5])
    mac = patched(plain, "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="true" ')
    cells = opened(mac).columns[1]
    assert values.dates(cells, "Date", None).values == ["2028-03-02"]  # 1,462 days later


def test_dates_that_an_american_excel_may_have_misread_are_asked_about(
    new_team: Callable[[], Team],
) -> None:
    """3/4/2024 and 13/4/2024 of an Australian file: the first became a date, 4 March."""
    team = new_team()
    data = workbook(HEADER, ["Kea", date(2024, 3, 4), 100], ["Kea", "13/04/2024", 200])
    asked = proposed(team.editor, Kind.FINANCIALS, data, clients={"Kea": ADD})
    (question,) = asked.staged.questions
    assert (question.about, question.column, question.example) == (
        "date_order", "Date", "4 Mar 2024",
    )  # fmt: skip
    assert question.meanings == {"DMY": "3 Apr 2024", "MDY": "4 Mar 2024"}
    assert len(reasons(asked)) == 2

    for order, days in (
        ("DMY", ["2024-04-03", "2024-04-13"]),
        ("MDY", ["2024-03-04", "2024-04-13"]),
    ):
        settled = proposed(
            team.editor, Kind.FINANCIALS, data, clients={"Kea": ADD}, date_order=order
        )
        assert reasons(settled) == []
        assert list(settled.staged.columns["record_date"]) == days
