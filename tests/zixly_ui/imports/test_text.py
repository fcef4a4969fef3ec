"""Imports in words, and the samples that the page offers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from zixly_data.imports import Action, Kind, guess_kind, missing_columns, open_file
from zixly_data.imports.cells import doubtful_dates as either_way
from zixly_data.imports.files.opening import LARGEST_FILE
from zixly_data.imports.recognition import recognise
from zixly_data.imports.rows.questions import Question
from zixly_ui.imports.samples import SAMPLES
from zixly_ui.imports.text import (
    column_names,
    columns_text,
    finished_text,
    headline_text,
    import_label,
    option_text,
    question_text,
    remembered_text,
    removed_text,
    row_counts,
    totals_text,
    undo_text,
)


def counts(**some: int) -> dict[Action, int]:
    return {action: some.get(action.lower(), 0) for action in Action}


def test_the_answer_names_what_there_is_and_only_that() -> None:
    assert headline_text(counts(new=12, changed=3, unchanged=1085, rejected=2)) == (
        "12 rows are new, 3 will change, 1,085 are already recorded and 2 cannot be imported."
    )
    assert headline_text(counts(new=1, changed=1, unchanged=1, rejected=1, left_out=1)) == (
        "1 row is new, 1 will change, 1 is already recorded, 1 cannot be imported and "
        "1 is left out."
    )
    assert headline_text(counts(rejected=2)) == "2 rows cannot be imported."
    assert headline_text(counts(left_out=1)) == "1 row is left out."
    assert headline_text(counts()) == "The file has no rows."
    assert headline_text(counts(unchanged=1, removed=2)) == (
        "1 row is already recorded and 2 recorded lines are removed."
    )
    assert headline_text(counts(removed=1)) == "1 recorded line is removed."


def test_the_button_says_what_it_does() -> None:
    assert import_label(counts(new=12, changed=3, rejected=2)) == (
        "Import 12 new and 3 changed rows, leave out 2 rows"
    )
    assert import_label(counts(new=1, rejected=1)) == "Import 1 new row, leave out 1 row"
    assert row_counts(counts(changed=1200)) == "1,200 changed rows"
    assert import_label(counts(new=2, removed=1)) == "Import 2 new rows, remove 1 recorded line"
    assert import_label(counts(removed=3, rejected=1)) == (
        "Remove 3 recorded lines, leave out 1 row"
    )


def test_the_result_says_what_came_in_and_what_went() -> None:
    for result, text in (
        (counts(new=2), "Imported 2 new rows from a.csv."),
        (counts(changed=1, removed=2),
         "Imported 1 changed row from a.csv. Removed 2 recorded lines."),
        (counts(removed=1), "Imported a.csv. Removed 1 recorded line."),
    ):  # fmt: skip
        assert finished_text(result, "a.csv") == text
    assert removed_text(1).startswith("This recorded line will be removed")
    assert removed_text(2).startswith("2 recorded lines will be removed")


def test_a_question_spells_out_what_each_answer_means() -> None:
    cells = ("13", "5/5/2024", "3/04/2024")
    example, meanings = either_way.date_meanings(cells)
    asked = Question("date_order", "When", example, meanings)
    assert question_text(asked) == "Does the day or the month come first in “When”?"
    assert option_text(asked, "DMY") == "Day first: 3/04/2024 is 3 Apr 2024"
    assert option_text(asked, "MDY") == "Month first: 3/04/2024 is 4 Mar 2024"

    example, meanings = either_way.figure_meanings(("1,234", "12"))
    asked = Question("decimal_mark", "Fee", example, meanings)
    assert question_text(asked) == "Which decimal mark does “Fee” use?"
    assert option_text(asked, ".") == "A point: 1,234 is 1234"
    assert option_text(asked, ",") == "A comma: 1,234 is 1.234"


def test_an_answer_by_which_the_example_is_nothing_says_so() -> None:
    example, meanings = either_way.figure_meanings(("1.2.3,5",))
    asked = Question("decimal_mark", "Fee", example, meanings)
    assert option_text(asked, ".") == "A point: 1.2.3,5 cannot be read"
    assert option_text(asked, ",") == "A comma: 1.2.3,5 is 123.5"


def test_what_the_columns_were_taken_for_is_said_in_a_line() -> None:
    table = open_file("a.csv", b"Contact,Invoice Date,Total,Due\nA,2024-01-01,1,2\n").tables[0]
    mapping = recognise(table, Kind.FINANCIALS)
    assert columns_text(Kind.FINANCIALS, mapping.columns, table) == (
        "Client: name ← Contact · Date ← Invoice Date · Amount ← Total. Not used: Due."
    )
    assert column_names(("Total", "Date", "Total")) == [
        "Total (column 1)", "Date", "Total (column 3)",
    ]  # fmt: skip
    assert totals_text((120,)) == "Line 120 is a total and is not imported."
    assert totals_text((1, 2)) == "Lines 1 and 2 are totals and are not imported."
    assert remembered_text("MDY") == "Same as last time: month first."
    assert remembered_text(",") == "Same as last time: a comma for decimals."
    assert remembered_text("CORRECT") == (
        "Same as last time: rows on a day that has a record are corrections of those records."
    )
    assert remembered_text("NEW") == (
        "Same as last time: document numbers on record with a date far away are new documents with "
        "an old number."
    )


def test_the_effect_of_undoing() -> None:
    assert undo_text({"kind": "FINANCIALS", "added": 2, "changed": 1, "removed": 0}) == (
        "Undoing this import deletes 2 rows that it added and restores 1 row that it changed. "
        "Clients that it added are deleted too. If any of these have changed since, nothing is "
        "undone."
    )
    assert undo_text({"kind": "CLIENTS", "added": 0, "changed": 3, "removed": 0}) == (
        "Undoing this import restores 3 rows that it changed. If any of these have changed since, "
        "nothing is undone."
    )
    assert undo_text({"kind": "OVERHEADS", "added": 1, "changed": 2, "removed": 1}) == (
        "Undoing this import deletes 1 row that it added, restores 2 rows that it changed and "
        "restores 1 line that it removed. If any of these have changed since, nothing is undone."
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_each_sample_is_recognised_as_what_it_is_a_sample_of(kind: Kind) -> None:
    table = open_file("sample.csv", SAMPLES[kind].encode()).tables[0]
    assert guess_kind(table) is kind
    assert missing_columns(kind, recognise(table, kind)) == []
    assert table.notes == ()


def test_the_server_takes_files_as_large_as_an_import_reads() -> None:
    config = Path(__file__).parents[3] / ".streamlit" / "config.toml"
    megabytes = tomllib.loads(config.read_text())["server"]["maxUploadSize"]
    assert megabytes * 1024 * 1024 == LARGEST_FILE
