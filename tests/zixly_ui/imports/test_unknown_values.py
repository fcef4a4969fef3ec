"""The steps for stages and clients that Zixly does not know, on the import page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of
from tests.support.page_runs import open_page
from zixly_data.records.pipeline import lead_stages
from zixly_data.values.frames import rows

DEALS = (
    "Record ID,Deal Name,Deal Stage,Create Date,Close Date,Amount,Associated Company\n"
    "1,Site,Closed Won (Sales),2024-01-05,2024-03-14,12000,Kea\n"
    "2,CRM,Demo (Sales),2024-02-01,2024-04-30,5000,Kea;Moa\n"
)
BANK = '24/07/2026,"-1.80",PARKING METER {0} BRISBANE\n25/07/2026,"220.00",KEA INV {0}\n'


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea", client_id="KEA")
    return team


def stages(team: Team) -> list[str]:
    return [row["stage"] for row in rows(lead_stages.list_stages(team.viewer))]


def test_stages_are_chosen_once_and_then_stay(team: Team) -> None:
    page = open_page(team.editor, "import_file").give("deals.csv", DEALS)
    assert "2 unknown stages in the file" in page.text
    assert "An administrator can also add a stage of the file as a new one." in page.text
    won, demo = "Closed Won (Sales) · 1 row", "Demo (Sales) · 1 row"
    # A likely stage is chosen, and nothing counts before the form is sent.
    assert (page.chosen(won), page.chosen(demo)) == ("Same as Contract signed", None)
    assert "2 rows wait for an answer." in page.headings
    assert not any("Add" in option for option in page.field(demo).options)
    page.choose(demo, "Same as Consultation").press("Use these stages")
    assert "2 same as yours" in page.text
    several = "Kea;Moa · 1 row · several clients in one cell"
    page.choose(several, "It is about Kea").press("Use these choices")
    assert "3 rows are new." in page.headings
    assert "begin at “Inquiry” on the day they were created" in page.text
    page.press("Import 3 new rows")
    assert "Imported 3 new rows from deals.csv." in page.alerts

    page.press("Import another file").give("again.csv", DEALS)
    assert "3 rows are already recorded." in page.headings
    assert "Stages: 2 same as yours, decided as last time" in page.text
    assert "Unknown clients: 1 one of several, decided as last time" in page.text


def test_an_administrator_adds_a_stage_with_the_file(team: Team) -> None:
    page = open_page(team.admin, "import_file").give("deals.csv", DEALS)
    demo = "Demo (Sales) · 1 row"
    page.choose(demo, "Add “Demo” as a new open stage").press("Use these stages")
    assert "1 same as yours and 1 added" in page.text
    page.choose("Kea;Moa · 1 row · several clients in one cell", "It is about Kea")
    page.press("Use these choices").press("Import 3 new rows")
    assert stages(team) == ["Inquiry", "Consultation", "Proposal sent", "Demo", "Contract signed",
                            "Lost"]  # fmt: skip
    theirs = open_page(team.editor, "import_file").click_row(0).press("Undo this import")
    assert "Only an administrator can undo this import: it added the stage “Demo”." in theirs.dialog
    page.press("Undo").press("Undo this import")
    assert "Demo" not in stages(team)


def test_an_unknown_id_is_asked_about_on_the_page(team: Team) -> None:
    text = "ContactName,AccountNumber\nKea,K-1\n"
    page = open_page(team.editor, "import_file").give("contacts.csv", text)
    question = "Is K-1 your Kea? · 1 row"
    assert page.field(question).options[:2] == ["Same as Kea", "Add as another client of this name"]
    page.choose(question, "Same as Kea").press("Use these choices")
    assert "1 row will change." in page.headings
    page.press("Import 1 changed row")
    (kea,) = books_of(team.editor)["client_kpis"].values()
    assert kea["client_id"] == "K-1"


def test_known_names_with_unknown_ids_are_matched_at_once(team: Team) -> None:
    books.client(team, "Moa", client_id="MOA")
    text = "ContactName,AccountNumber\nKea,K-1\nMoa,M-1\n"
    page = open_page(team.editor, "import_file").give("contacts.csv", text)
    page.press("Match 2 to your clients of the same name")
    assert "2 rows will change." in page.headings


def test_rows_without_a_client_are_left_out_or_overheads(team: Team) -> None:
    text = "Client,Date,Revenue\nKea,2024-05-01,5\n,2024-05-02,6\n"
    page = open_page(team.editor, "import_file").give("figures.csv", text)
    question = "1 row names no client"
    assert page.field(question).options == [
        "Costs and revenue of no client (overheads)", "Leave out its rows",
    ]  # fmt: skip
    page.choose(question, "Leave out its rows").press("Use these choices")
    assert "1 row is new and 1 is left out." in page.headings


def test_a_bank_s_file_asks_nothing_the_next_month(team: Team) -> None:
    page = open_page(team.editor, "import_file").give("july.csv", BANK.format(12))
    if page.chosen("What is in the file?") != "Financials":
        page.choose("What is in the file?", "Financials")
    page.choose("Client: name", "Description").press("Use these columns")
    page.choose("PARKING METER 12 BRISBANE · 1 row", "Leave out its rows")
    page.choose("KEA INV 12 · 1 row", "Same as Kea").press("Use these choices")
    page.press("Import 1 new row")
    page.press("Import another file").give("august.csv", BANK.replace("/07/", "/08/").format(13))
    if page.chosen("What is in the file?") != "Financials":
        page.choose("What is in the file?", "Financials")
    assert (
        "Unknown clients: 1 same as an existing client and 1 left out, decided as last time"
        in page.text
    )
    assert "1 row is new and 1 is left out." in page.headings


def test_a_button_s_decision_is_kept_when_the_form_is_sent(team: Team) -> None:
    text = "Client,Date,Revenue\nHarbour Cafe,2024-05-01,5\n,2024-05-02,6\n"
    page = open_page(team.editor, "import_file").give("figures.csv", text)
    assert "2 rows wait for an answer." in page.headings
    assert "Answer the questions above. Nothing is imported until then." in page.text
    page.press("Add Harbour Cafe as a new client")
    assert page.chosen("Harbour Cafe · 1 row") == "Add as a new client"
    page.press("Use these choices")
    assert "2 rows are new." in page.headings


def test_those_named_by_bills_are_overheads_with_one_button(team: Team) -> None:
    text = "Client,Date,Expenses\nCloud Host,2024-05-01,5\nOffice Rent,2024-05-02,6\n"
    page = open_page(team.editor, "import_file").give("bills.csv", text)
    page.press("No clients: count all 2 as overheads").press("Import 2 new rows")
    records = books_of(team.editor)
    assert len(records["overheads"]) == 2
    assert [row["client_name"] for row in records["client_kpis"].values()] == ["Kea"]


def test_a_file_of_sales_offers_no_overheads(team: Team) -> None:
    text = "Client,Date,Revenue\nHarbour Cafe,2024-05-01,5\n"
    page = open_page(team.editor, "import_file").give("sales.csv", text)
    labels = [button.label for button in page.buttons()]
    assert "Add Harbour Cafe as a new client" in labels
    assert not any("overhead" in label for label in labels)
