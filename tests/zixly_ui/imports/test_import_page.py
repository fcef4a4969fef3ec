"""Import: from a file that nobody prepared to figures on the pages, and back; and what comes in
between."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

import openpyxl
import pytest
import sqlalchemy as sa
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from tests.conftest import Team
from tests.support import records as books_of
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_ui.shell import uploaded_files

CAFE = "Harbour Café"
HEAD = "Client,Date,Revenue,Expenses,Note\n"
MAY = HEAD + f"{CAFE},2024-05-01,5,1,\n"
DECISION = "What should happen to the possible duplicates?"
BEFORE = [("2024-04-02", "100.00", "40.00")]


@dataclass(frozen=True)
class Books:
    """A team with one client, Harbour Café, and one record: 2 April 2024, 100.00 and 40.00."""

    team: Team
    record: str
    admin: sa.Engine

    def figures(self) -> list[tuple[str, ...]]:
        return statements.run(
            self.admin,
            "select record_date::text, revenue::text, expenses::text from zixly.financials"
            " where tenant_id = :t order by 1, record_date, revenue",
            t=self.team.tenant_id,
        )

    def meanwhile(self, statement: str) -> None:
        statements.run(self.admin, statement, t=self.team.tenant_id, id=self.record)


@pytest.fixture
def books(new_team: Callable[[], Team], admin: sa.Engine) -> Books:
    team = new_team()
    client = books_of.client(team, CAFE)
    return Books(team, books_of.money(team, client, "2024-04-02", "100", "40"), admin)


def given(books: Books, name: str, content: str | bytes) -> PageRun:
    return open_page(books.team.editor, "import_file").give(name, content)


def test_a_file_leaves_memory_as_it_is_read(books: Books) -> None:
    with mock.patch.object(MemoryUploadedFileManager, "remove_file") as removed:
        page = given(books, "figures.csv", MAY)
    removed.assert_called_once()
    assert "1 row is new." in page.headings, "and the page works on"


def test_a_page_says_once_why_a_file_was_not_received(books: Books) -> None:
    uploaded_files.set_refusal("test session id", "Too many files. Wait a *minute*.")
    page = open_page(books.team.editor, "import_file")
    assert "Too many files. Wait a *minute*." in page.alerts
    assert "Too many files" not in page.reload().alerts


def test_a_file_that_cannot_be_read_is_refused_and_the_next_one_taken(books: Books) -> None:
    page = given(books, "figures.csv", "<!doctype html><title>Sign in</title>")
    assert "figures.csv** was not accepted. The file is a web page" in page.alerts
    assert "download it again" in page.alerts
    page.give("figures.csv", MAY)
    assert "1 row is new." in page.headings
    assert "was not accepted" not in page.alerts


def test_rejected_rows_are_downloaded_corrected_and_imported(books: Books) -> None:
    page = given(books, "may.csv", MAY + f"{CAFE},2024-05-02,lots,1,\n")
    assert "1 row is new and 1 cannot be imported." in page.headings
    assert "Cannot be imported (1)" in page.text
    offered = page.file("Download rejected rows")
    page.press("Import 1 new row, leave out 1 row")
    assert "Imported 1 new row from may.csv." in page.alerts
    rejected = page.file("Download rejected rows")
    assert rejected == offered
    assert "“lots” is not an amount" in rejected
    page.press("Import another file").give("may-mended.csv", rejected.replace("lots", "7", 1))
    assert "1 row is new." in page.headings
    page.press("Import 1 new row")
    assert "Imported 1 new row from may-mended.csv." in page.alerts
    assert books.figures() == [
        *BEFORE, ("2024-05-01", "5.00", "1.00"), ("2024-05-02", "7.00", "1.00"),
    ]  # fmt: skip


def test_the_same_file_twice_changes_nothing_and_says_when_it_came(books: Books) -> None:
    file = MAY + f"{CAFE},2024-05-02,6,1,\n"
    page = given(books, "may.csv", file).press("Import 2 new rows")
    assert "Imported 2 new rows from may.csv." in page.alerts
    page.press("Import another file").give("again.csv", file)
    assert "2 rows are already recorded." in page.headings
    assert "This file was already imported as may.csv on" in page.alerts
    assert "by Editor" in page.alerts
    assert "There is nothing to import." in page.text
    assert not [button for button in page.buttons() if button.label.startswith("Import ")]


def test_a_sheet_of_a_workbook_is_chosen_and_a_row_may_be_a_further_record(books: Books) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Leads"
    for row in (["Client", "Deal Name", "Deal Stage", "Date"], [CAFE, "Wedding", "Inquiry", "1/3"]):
        workbook.active.append(row)
    sheet = workbook.create_sheet("Figures")
    for row in (["Client", "Date", "Revenue"], [CAFE, "2024-04-02", 30]):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    page = given(books, "book.xlsx", content.getvalue())
    assert page.chosen("What") == "Lead events"
    page.choose("Which sheet?", "Figures (1 row)")
    assert page.chosen("What") == "Financials"
    assert "Answer each question to see what the file would change." in page.text
    question = "Some rows are on a day that has a record already. What are they?"
    example = f"{CAFE}, 2 Apr 2024: revenue of"
    page.choose(question, f"Corrections of those records. {example} 30.00 instead of 100.00")
    assert "1 row will change." in page.headings
    page.choose(
        question,
        f"Further records, beside those of the day. {example} 100.00 and 30.00, 130.00 in all",
    )
    assert "1 row is new." in page.headings
    page.press("Import 1 new row")
    assert "Imported 1 new row from book.xlsx." in page.alerts
    assert sorted(books.figures()) == sorted([("2024-04-02", "30.00", "0.00"), *BEFORE])


def test_clients_come_first_where_there_are_none(
    books: Books, new_team: Callable[[], Team]
) -> None:
    other = new_team()
    page = open_page(other.editor, "import_file")
    assert "There are no clients yet." in page.alerts
    assert "What can I import?" in page.text
    page.give("clients.csv", page.file("Sample file: clients"))
    assert "2 rows are new." in page.headings
    page.press("Import 2 new rows")
    assert "Imported 2 new rows from clients.csv." in page.alerts
    page.follow("Go to Clients")
    assert page.headings[0].startswith("2 clients")
    assert [row["client_name"] for row in open_page(books.team.editor, "clients").rows()] == [CAFE]


def test_viewers_find_no_way_in(books: Books) -> None:
    page = open_page(books.team.viewer, "import_file")
    assert "You do not have access to this page" in page.text
    assert not page.app.file_uploader
    assert "Import" not in page.menu
    assert open_page(books.team.editor, "import_file").app.file_uploader


def test_what_moved_meanwhile_is_shown_before_anything_is_written(books: Books) -> None:
    page = given(books, "april.csv", HEAD + f"{CAFE},2024-04-02,150,40,\n{CAFE},2024-05-01,5,1,\n")
    page.choose(
        "Some rows are on a day",
        f"Corrections of those records. {CAFE}, 2 Apr 2024: revenue of 150.00 instead of 100.00",
    )
    assert "1 row is new and 1 will change." in page.headings
    books.meanwhile("update zixly.financials set revenue = 150, note = null where id = :id")
    page.press("Import 1 new and 1 changed rows")
    assert "Someone has changed records that are in the file." in page.alerts
    assert "1 row is new and 1 is already recorded." in page.headings
    assert books.figures() == [("2024-04-02", "150.00", "40.00")]
    page.press("Import 1 new row")
    assert "Imported 1 new row from april.csv." in page.alerts
    assert len(books.figures()) == 2


def test_a_month_closed_meanwhile_keeps_its_rows_out(books: Books) -> None:
    page = given(books, "may.csv", MAY)
    assert "1 row is new." in page.headings
    books.meanwhile("insert into zixly.closed_months (tenant_id, month) values (:t, '2024-05-01')")
    page.press("Import 1 new row")
    assert "Nothing was imported." in page.alerts
    assert "1 row cannot be imported." in page.headings
    assert "is closed." in page.text
    assert books.figures() == BEFORE


def test_an_import_that_somebody_worked_on_since_is_not_undone(books: Books) -> None:
    page = given(books, "may.csv", MAY + f"{CAFE},2024-05-02,6,1,\n").press("Import 2 new rows")
    assert "Imported 2 new rows from may.csv." in page.alerts
    books.meanwhile(
        "update zixly.financials set revenue = 7"
        " where tenant_id = :t and record_date = '2024-05-02'"
    )
    page.press("Undo").press("Undo this import")
    assert f"nothing was undone: {CAFE}, 2 May 2024" in page.dialog
    assert [row[1] for row in books.figures()] == ["100.00", "5.00", "7.00"]


def test_an_import_is_undone_once(books: Books) -> None:
    page = given(books, "may.csv", MAY).press("Import 1 new row")
    assert "Imported 1 new row from may.csv." in page.alerts
    theirs = open_page(books.team.admin, "import_file").click_row(0, "Earlier imports")
    assert "Editor imported financials" in theirs.dialog
    page.press("Undo").press("Undo this import")
    assert "The import of may.csv was undone." in page.alerts
    theirs.press("Undo this import")
    assert "This import has already been undone." in theirs.dialog
    assert books.figures() == BEFORE


def test_leaving_the_page_loses_nothing(books: Books) -> None:
    rows = f"{CAFE},3/04/2024,5,1,\nPier Kiosk,4/04/2024,6,1,\n"
    page = given(books, "may.csv", HEAD + rows)
    page.choose("Does the day or the month", "Day first: 3/04/2024 is 3 Apr 2024")
    page.choose("Pier Kiosk · 1 row", "Leave out its rows").press("Use these choices")
    assert "1 row is new and 1 is left out." in page.headings
    assert page.go("clients").title == "Clients"
    page.go("import_file")
    assert "1 row is new and 1 is left out." in page.headings
    assert page.chosen("Does the day or the month") == "Day first: 3/04/2024 is 3 Apr 2024"


def test_possible_duplicates_are_shown_and_decided_once_for_the_file(books: Books) -> None:
    file = HEAD + f"{CAFE},2024-04-29,100,40,\n{CAFE},2024-05-01,5,1,\n{CAFE},2024-05-08,5,1,\n"
    page = given(books, "april.csv", file)
    assert "3 rows are new." in page.headings
    assert "Possible duplicates: 2 rows" in page.text
    assert "Decide about the possible duplicates above." in page.text
    assert not [button for button in page.buttons() if button.label.startswith("Import ")]
    assert [row["like"] for row in page.rows()] == ["2 Apr 2024, recorded", "1 May 2024, line 3"]
    assert books.figures() == BEFORE

    page.choose(DECISION, "Leave them out")
    assert "1 row is new and 2 are left out." in page.headings
    assert "Left out (2)" in page.text
    page.choose(DECISION, "Import them too")
    assert "3 rows are new." in page.headings
    page.choose(DECISION, "Leave them out")
    page.press("Import 1 new row")
    assert "Imported 1 new row from april.csv." in page.alerts
    assert books.figures() == [*BEFORE, ("2024-05-01", "5.00", "1.00")]

    page.press("Import another file").give("again.csv", file)
    page.choose(DECISION, "Import them too")
    page.press("Import 2 new rows")
    assert len(books.figures()) == 4


def test_the_decision_is_about_the_rows_that_were_shown(books: Books) -> None:
    """Another column makes other rows possible duplicates, about which nobody has decided."""
    head = "Client,Date,Revenue,Expenses,Second\n"
    rows = f"{CAFE},2024-04-29,100,40,7\n{CAFE},2024-04-30,9,40,7\n"
    page = given(books, "april.csv", head + rows)
    page.choose(DECISION, "Import them too")
    assert page.offers("Import 2 new rows")
    page.choose("Revenue", "Second").press("Use these columns")
    assert "Possible duplicates: 1 row" in page.text
    assert page.chosen(DECISION) is None
    assert not page.offers("Import 2 new rows")


def test_overheads_are_recognised_asked_about_their_currency_and_warned_of_one(
    books: Books,
) -> None:
    books_of.client(books.team, "Otago", currency="NZD")
    bills = (
        "Date,Account,Supplier,Client,Amount\n2024-03-01,Rent,Offices,,900\n"
        "2024-03-02,Web,Host,,CHF 5\n"
    )
    page = given(books, "bills.csv", bills.replace(",Client", "").replace(",,", ","))
    assert page.chosen("What") == "Overheads"
    question = "Which currency are the amounts in “Amount” in, where the file names none?"
    assert question in page.text
    page.choose(question, "NZD")
    assert "2 rows are new." in page.headings
    assert "No client and no exchange rate uses CHF." in page.alerts
    page.press("Import 2 new rows")
    assert "Imported 2 new rows from bills.csv." in page.alerts
    assert page.links["Go to Overheads"].startswith("/overheads")
    page.press("Import another file").give(
        "bills.csv", bills.replace("Offices,,", f"Offices,{CAFE},")
    )
    page.choose("What is in the file?", "Overheads").choose(question, "NZD")
    assert f"This row names a client, {CAFE}. Import it as a financial record" in page.sent
