"""The page asks what the rows of a file mean, what a negative amount is, and about tax."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.files_of_tools.exported_files import FILES
from tests.support.imports import books_of
from tests.support.page_runs import PageRun, open_page


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea")
    return team


def given(team: Team, text: str) -> PageRun:
    return open_page(team.editor, "import_file").give("file.csv", text)


def recorded(team: Team) -> list[tuple[float, float]]:
    rows = books_of(team.editor)["financials"].values()
    return sorted((row["revenue"], row["expenses"]) for row in rows)


def test_meanings_are_suggested_used_and_remembered(team: Team) -> None:
    text = FILES["xero sales"].text
    page = given(team, text)
    assert "What the rows mean: 7 values to check" in page.text
    assert page.chosen("Voided: meaning") == "Leave out"
    assert "1 row · 5,500.00" in page.text
    # Nothing is shown of what the file would change before a person has checked it.
    assert page.headings == ["Import"] or not any("new" in name for name in page.headings)
    assert not page.offers("Import 4 new rows")

    page.press("Use these meanings")
    assert "4 rows are new and 5 are left out." in page.headings
    assert "Status: Voided → left out, Draft → left out" in page.text
    assert "Revenue is net of AUD 550.00 GST." in page.text
    page.choose("Draft: meaning", "Count").press("Use these meanings")
    assert "5 rows are new and 4 are left out." in page.headings
    page.choose("Draft: meaning", "Leave out").press("Use these meanings")
    page.press("Import 4 new rows")
    assert recorded(team) == [(-500.0, 0.0), (1000.0, 0.0), (2000.0, 0.0), (3000.0, 0.0)]

    next_file = given(team, text.replace("Draft", "Written off"))
    assert "What the rows mean: 1 value to check" in next_file.text
    assert next_file.chosen("Written off: meaning") is None
    next_file.press("Use these meanings")
    assert "What the rows mean: 1 value to check" in next_file.text
    next_file.choose("Written off: meaning", "Leave out").press("Use these meanings")
    assert "4 rows are already recorded and 5 are left out." in next_file.headings


def test_a_negative_amount_is_asked_about(team: Team) -> None:
    page = given(team, "Client,Date,Amount\nKea,2024-03-01,100\nKea,2024-03-02,-20\n")
    assert "What is a negative amount in “Amount”?" in page.text
    assert not page.offers("Import 2 new rows")
    page.choose("What is a negative amount", "A credit, which reduces the sum: -20 is a credit of "
                "20.00")  # fmt: skip
    page.press("Import 2 new rows")
    assert recorded(team) == [(-20.0, 0.0), (100.0, 0.0)]


@pytest.mark.parametrize(
    ("option", "revenue"),
    [("Yes, at 10%", 100.0), ("No, count them as they are", 110.0)],
)
def test_gross_amounts_are_asked_about(team: Team, option: str, revenue: float) -> None:
    page = given(team, "Client,Date,Total\nKea,2024-03-01,110\n")
    assert "Do the amounts in “Total”, such as 110, include tax?" in page.text
    page.choose("Do the amounts", option).press("Import 1 new row")
    assert recorded(team) == [(revenue, 0.0)]


def test_an_amount_beside_a_column_of_tax_is_asked_about(team: Team) -> None:
    page = given(team, "Client,Date,Amount,GST\nKea,2024-03-01,110,10.00\n")
    page.choose("Do the amounts in “Amount” include the tax", "Yes, take it off")
    assert "Revenue is net of AUD 10.00 GST." in page.text
    page.press("Import 1 new row")
    assert recorded(team) == [(100.0, 0.0)]


def test_tax_can_be_taken_off_amounts_that_say_nothing_about_it(team: Team) -> None:
    page = given(team, "Client,Date,Revenue\nKea,2024-03-01,110\n")
    assert "Amounts count as they are in the file." in page.text
    page.tick("Amounts include tax")
    assert "Revenue is net of AUD 10.00 tax at 10%." in page.text
    page.press("Import 1 new row")
    assert recorded(team) == [(100.0, 0.0)]
