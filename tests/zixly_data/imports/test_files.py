"""Every awkward file of the corpus becomes the table, or gets the refusal, that it must."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time

import pytest

from tests.support import awkward_files
from tests.support.awkward_files import READ, REFUSED, Awkward, Refused
from zixly_data.errors import InvalidInput
from zixly_data.imports.files import opening as files
from zixly_data.imports.files import workbook
from zixly_data.imports.files.opening import FileRefused, open_file


@pytest.mark.parametrize("file", READ, ids=lambda file: file.name)
def test_a_file_with_a_table_is_read(file: Awkward) -> None:
    (table,) = open_file("any.csv", file.data()).tables
    assert table.header == file.header
    assert list(zip(*table.columns, strict=True)) == file.rows
    assert table.lines == file.lines
    assert table.totals == file.totals
    assert len(table.notes) == len(file.notes)
    for words, note in zip(file.notes, table.notes, strict=True):
        assert words in note


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.name)
def test_a_file_without_one_is_refused_in_words(file: Refused) -> None:
    with pytest.raises(FileRefused) as refusal:
        open_file("any.csv", file.data())
    assert str(refusal.value).startswith(file.sentence)
    assert refusal.value.advice.endswith(".")
    assert isinstance(refusal.value, InvalidInput)
    assert refusal.value.field == "file"


def test_each_sheet_with_rows_is_a_table_also_a_hidden_one() -> None:
    opened = open_file("years.xlsx", awkward_files.several_sheets())
    assert [table.sheet for table in opened.tables] == ["2023", "2024"]
    assert "This sheet is hidden in the workbook." in opened.tables[0].notes
    assert "This sheet is hidden in the workbook." not in opened.tables[1].notes
    assert any("“Read me” was left out" in note for note in opened.tables[0].notes)


def test_what_was_opened_is_known_by_its_checksum_size_and_bare_name() -> None:
    data = awkward_files.TWO_ROWS.encode()
    opened = open_file("C:\\Books\\March\n2024.csv", data)
    assert (opened.name, opened.size) == ("March2024.csv", len(data))
    assert opened.checksum == hashlib.sha256(data).hexdigest()
    assert open_file("../", data).name == ".."
    long = open_file("x" * 300 + ".csv", data).name
    assert len(long) == 255
    assert long.endswith(".csv")


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    data = awkward_files.workbook(awkward_files.NAMES, ["Acme", "x", 5])
    assert open_file("a.xlsx", data).tables
    monkeypatch.setattr(workbook, "SECONDS", 0.01)
    started = time.monotonic()
    with pytest.raises(FileRefused, match="could not be read in"):
        open_file("a.xlsx", data)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_reader_of_workbooks_is_kept_from_memory_it_does_not_need() -> None:
    greedy = (
        "import sys; sys.path.insert(0, sys.argv[1]); import workbook_reader as reader; "
        "reader._limit(); bytearray(reader.MEMORY)"
    )
    folder = os.path.dirname(workbook.__file__)
    for allowed, code in (("reader._limit(); ", 1), ("", 0)):
        done = subprocess.run(
            [sys.executable, "-c", greedy.replace("reader._limit(); ", allowed), folder],
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == code


def test_the_reader_of_workbooks_gets_none_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, object] = {}
    run = subprocess.run

    def noted(*arguments: object, **options: object) -> object:
        seen.update(options)
        return run(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("ZIXLY_SECRET", "secret")
    monkeypatch.setattr(subprocess, "run", noted)
    assert open_file("a.xlsx", awkward_files.workbook(awkward_files.NAMES, ["Acme", "x", 5])).tables
    assert isinstance(seen["env"], dict)
    assert set(seen["env"]) <= {"SYSTEMROOT"}


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(workbook, "read", opened)
    with pytest.raises(FileRefused, match="so it was not opened"):
        open_file("bomb.xlsx", awkward_files.bomb())


def test_an_archive_that_lies_about_its_size_harms_nobody() -> None:
    bomb = awkward_files.bomb()
    size = (60_000_000).to_bytes(4, "little")
    assert size in bomb
    with pytest.raises(FileRefused):
        open_file("bomb.xlsx", bomb.replace(size, (5_000).to_bytes(4, "little")))


def test_limits_are_what_the_documentation_says() -> None:
    assert files.LARGEST_FILE == 50 * 1024 * 1024
    assert files.MOST_ROWS == 250_000
