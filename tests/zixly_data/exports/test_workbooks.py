"""Workbooks of records have the rows of the CSV, for the same people, under the same guards."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, proposed
from tests.support.permissions.office import EVER
from tests.support.records import Q1_2024
from zixly_data.access import sessions
from zixly_data.database.connection import open_database
from zixly_data.errors import AccessDenied, InvalidInput, LimitReached, SessionEnded, StorageFailed
from zixly_data.exports import record_files, row_batches, xlsx_file
from zixly_data.exports.csv_file import unguard
from zixly_data.exports.exported_file import ExportedFile
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.record_files import COLUMNS, Rows, Table
from zixly_data.figures import client_totals
from zixly_data.identity import Identity
from zixly_data.imports import Kind, confirm
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows as rows_of

Cells = list[tuple[Any, ...]]


def content(file: ExportedFile) -> bytes:
    return b"".join(file.pieces())


def cells(file: ExportedFile) -> Cells:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content(file))).worksheets
    return list(sheet.iter_rows(values_only=True))


def lines(file: ExportedFile) -> list[list[str]]:
    text = content(file).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def as_in_csv(cell: Any, line: str) -> str:
    """A cell as the CSV writes it; a number with the decimals of the line."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, int | float):
        return format(Decimal(str(cell)).quantize(Decimal(line)), "f")
    return str(cell)


@pytest.mark.parametrize("table", Table)
def test_the_workbook_has_the_cells_of_the_csv(
    new_team: Callable[[], Team], cole: Identity, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cole
    if table is Table.OVERHEADS:
        team = new_team()
        person = team.viewer
        books.overhead(team, "2024-02-01", "9.50", account="=Rent", note="Café")
    monkeypatch.setattr(row_batches, "_BATCH_SIZE", 7)
    as_csv = record_files.write(person, Rows(table), excel_bom=True)
    as_xlsx = record_files.write(person, Rows(table), FileFormat.XLSX)
    assert as_xlsx.rows == as_csv.rows > 0
    (header, *expected), (names, *written) = lines(as_csv), cells(as_xlsx)
    assert list(names) == header == list(COLUMNS[table])
    assert len(written) == len(expected)
    for row, line in zip(written, expected, strict=True):
        shown = [as_in_csv(cell, text) for cell, text in zip(row, line, strict=True)]
        assert shown == [unguard(text) for text in line]


def test_amounts_and_days_are_no_texts(new_team: Callable[[], Team]) -> None:
    team = new_team()
    client = books.client(team, "=1+1", client_id="@007")
    books.money(team, client, "2024-02-29", "1234567.89", "0.10")
    (header, row) = cells(record_files.write(team.viewer, Rows(Table.FINANCIALS), FileFormat.XLSX))
    record = dict(zip(header, row, strict=True))
    assert record["record_date"] == datetime(2024, 2, 29)
    assert (record["revenue"], record["expenses"]) == (1234567.89, 0.1)
    assert (record["client_name"], record["client_id"]) == ("=1+1", "@007")


@pytest.mark.parametrize("table", Table)
def test_nothing_recorded_is_a_header(new_team: Callable[[], Team], table: Table) -> None:
    file = record_files.write(new_team().viewer, Rows(table), FileFormat.XLSX)
    assert (file.rows, cells(file)) == (0, [COLUMNS[table]])


def test_only_the_chosen_rows_of_the_own_organisation_leave(
    cole: Identity, sarah: Identity
) -> None:
    theirs = ClientFilter(tuple(client_totals.list_clients(sarah)["id"]))
    chosen = Rows(Table.FINANCIALS, client_filter=theirs)
    assert record_files.write(sarah, chosen, FileFormat.XLSX).rows > 0, "positive control"
    assert record_files.write(cole, chosen, FileFormat.XLSX).rows == 0


def test_the_trail_has_the_workbook_and_a_session_that_has_ended_gets_none(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-02-01", "1.00")
    chosen = Rows(Table.FINANCIALS, Q1_2024, ClientFilter((client,)))
    record_files.write(team.viewer, chosen, FileFormat.XLSX)
    sessions.end_session(team.viewer.secret)
    with pytest.raises(SessionEnded):
        record_files.write(team.viewer, chosen, FileFormat.XLSX)
    (entry,) = rows_of(audit.page(team.admin, EVER, "UTC", AuditFilter(actions=("EXPORT",))).frame)
    assert (entry["user_email"], entry["table_name"]) == (team.viewer.email, "financials")
    assert '"rows": 1' in entry["after"]


def test_csv_and_workbooks_share_the_limit_of_a_minute(new_team: Callable[[], Team]) -> None:
    team = new_team()
    for _ in range(30):
        for file_format in FileFormat:
            record_files.write(team.viewer, Rows(Table.CLIENTS), file_format).content.close()
    for file_format in FileFormat:
        with pytest.raises(LimitReached):
            record_files.write(team.viewer, Rows(Table.CLIENTS), file_format)
    record_files.write(team.editor, Rows(Table.CLIENTS), FileFormat.XLSX).content.close()


def test_more_rows_than_a_sheet_has_are_refused_before_any_is_written(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    client = books.client(team)
    for day in range(1, 4):
        books.money(team, client, f"2024-02-0{day}", "1.00")
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 3)
    assert record_files.write(team.viewer, Rows(Table.FINANCIALS), FileFormat.XLSX).rows == 3
    books.money(team, client, "2024-02-04", "1.00")
    monkeypatch.setattr(record_files, "write_xlsx", lambda *_: pytest.fail("rows were written"))
    with pytest.raises(InvalidInput, match="more than 3 rows") as refused:
        record_files.write(team.viewer, Rows(Table.FINANCIALS), FileFormat.XLSX)
    assert "Download CSV" in refused.value.advice
    assert record_files.write(team.viewer, Rows(Table.FINANCIALS)).rows == 4


def test_the_audit_trail_leaves_as_a_workbook_to_administrators_alone(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-02-01", "1.00")
    only = AuditFilter(actions=("INSERT",), tables=("financials",))

    def write(person: Identity, file_format: FileFormat) -> ExportedFile:
        return record_files.write_trail(person, EVER, "UTC", only, lambda f: f, file_format)

    (header, line), (names, row) = (
        lines(write(team.admin, FileFormat.CSV)), cells(write(team.admin, FileFormat.XLSX)),
    )  # fmt: skip
    assert list(names) == header
    assert [str(cell) if cell is not None else "" for cell in row] == line
    for person in (team.editor, team.viewer):
        with pytest.raises(AccessDenied):
            write(person, FileFormat.XLSX)


def test_a_workbook_being_written_leaves_nothing_in_the_data_folder(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-02-01", "1.00")

    def folders() -> list[Path]:
        return list(open_database().settings.home.glob("workbook-*"))

    during = []

    class Failing(xlsx_file.Workbook):  # type: ignore[misc]
        def close(self) -> None:
            during.extend(folders())
            raise xlsx_file.FileCreateError(OSError(28, "No space left on device"))

    monkeypatch.setattr(xlsx_file, "Workbook", Failing)
    with pytest.raises(StorageFailed, match="disk is full"):
        record_files.write(team.viewer, Rows(Table.FINANCIALS), FileFormat.XLSX)
    monkeypatch.undo()
    assert during, "positive control"
    assert folders() == []
    assert record_files.write(team.viewer, Rows(Table.FINANCIALS), FileFormat.XLSX).rows == 1


def corrected_in_excel(data: bytes, file_format: FileFormat, old: str, new: str) -> bytes:
    """The file with one text replaced, saved as Excel does: a CSV in UTF-8 keeps its mark."""
    if file_format is FileFormat.CSV:
        assert data.startswith(b"\xef\xbb\xbf"), "Excel would read the accents wrongly"
        return data.decode("utf-8-sig").replace(old, new).encode("utf-8-sig")
    workbook, output = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    (sheet,) = workbook.worksheets
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == old]
    cell.value = new
    workbook.save(output)
    return output.getvalue()


@pytest.mark.parametrize("file_format", FileFormat)
def test_a_file_corrected_in_excel_comes_back_unchanged_but_for_the_correction(
    new_team: Callable[[], Team], file_format: FileFormat
) -> None:
    team = new_team()
    for name in ("Café Müller", "=1+1", "'=quoted", "#REF!", "Zoë’s Größe"):
        books.client(team, name, client_id=f"EXT {name}")
    file = record_files.write(
        team.editor, Rows(Table.CLIENTS), file_format, excel_bom=file_format is FileFormat.CSV
    )
    data, name = content(file), f"clients.{file_format}"
    assert did(proposed(team.editor, Kind.CLIENTS, data, name)) == "UUUUU"
    data = corrected_in_excel(data, file_format, "Zoë’s Größe", "Zoë’s Grüße")
    proposal = proposed(team.editor, Kind.CLIENTS, data, name)
    assert sorted(did(proposal)) == sorted("UUUUC")
    confirm(team.editor, proposal)
    names = set(client_totals.list_clients(team.viewer)["client_name"])
    assert names == {"Café Müller", "=1+1", "'=quoted", "#REF!", "Zoë’s Grüße"}
