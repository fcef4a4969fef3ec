"""A block pasted into the month grid: matched by name in a preview, and no row of it lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import clients, closed_months
from zixly_ui.month import editor
from zixly_ui.month.overheads_grid import EMPTY_ROWS

NewTeam = Callable[[], Team]
SEVEN = ["Acme", "Bondi", "Coogee", "Dee Why", "Eastwood", "Freshwater", "Glebe"]
HEADINGS = "Client\tCurrency\tDate\tRevenue\tExpenses\n"


@pytest.fixture
def team(new_team: NewTeam, monkeypatch: pytest.MonkeyPatch) -> Team:
    # No browser reports an edit late here.
    monkeypatch.setattr(editor, "_SETTLED", 0)
    team = new_team()
    for name in SEVEN:
        books.client(team, name)
    return team


def opened(team: Team, what: str = "financials") -> PageRun:
    return open_page(team.editor, "enter_month", month="2024-03", what=what)


def block(*names: str, first: int = 1) -> str:
    lines = [
        f"{name}\tAUD\t31/3/2024\t{number}00.00\t{number}0.00"
        for number, name in enumerate(names, start=first)
    ]
    return "\n".join(lines) + "\n"


def cells(page: PageRun) -> list[dict[str, str]]:
    """The rows of the page's grid."""
    frame = page.app.data_editor[0].value.fillna("")
    return [dict(zip(frame, row, strict=True)) for row in frame.to_numpy().tolist()]


def amounts(page: PageRun) -> dict[str, tuple[str, str]]:
    return {row["client"]: (row["revenue"], row["expenses"]) for row in cells(page)}


def preview(page: PageRun) -> list[list[str]]:
    """The rows of the preview in the dialog."""
    tables = [table.value for table in page.app.dataframe if "Pasted" in table.value]
    return tables[0].to_numpy().tolist() if tables else []


def test_a_block_on_the_client_column_goes_to_the_clients_it_names(team: Team) -> None:
    page = opened(team).paste(block("Glebe", "acme", " Coogee "), heading="Client")
    assert "3 rows go into the grid." in page.text
    page.press("Put into the grid")
    assert "6 cells of the block are in the grid." in page.text
    assert amounts(page) == {
        **dict.fromkeys(SEVEN, ("", "")),
        "Glebe": ("100.00", "10.00"),
        "Acme": ("200.00", "20.00"),
        "Coogee": ("300.00", "30.00"),
    }
    page.press("Save")
    assert "Saved 3 records for March 2024: revenue $600.00, expenses $60.00." in page.alerts


def test_nine_rows_into_seven_lose_none(team: Team) -> None:
    nine = HEADINGS + block(*SEVEN, "Hornsby", "Ashfeild")
    books.client(team, "Ashfield", status="COMPLETED")
    page = opened(team).paste(nine, heading="Client")
    assert "7 of 9 rows go into the grid. 2 need your choice." in page.text
    assert page.buttons("Put into the grid")[0].disabled
    hornsby = "Row 9: Hornsby, AUD, 31/3/2024"
    page.choose(hornsby, "Add as a new client")
    assert "1 client will be added at once" in page.text
    page.press("Add 1 client")
    assert "8 of 9 rows go into the grid. 1 needs your choice." in page.text
    page.choose("Row 10: Ashfeild", "Leave out this row")
    assert "8 of 9 rows go into the grid. 1 is left out." in page.text
    page.press("Put into the grid")
    assert amounts(page)["Hornsby"] == ("800.00", "80.00")
    assert "Hornsby" in set(clients.names(team.viewer)["client_name"])


def test_the_preview_shows_what_changes_and_typing_stays(team: Team) -> None:
    page = opened(team).edit({0: {"revenue": "9"}, 1: {"note": "typed"}})
    page.paste("Client\tRevenue\tNote\nAcme\t8.000,00\t\nBondi\t-\tnew", heading="Client")
    assert preview(page) == [
        ["2", "Acme", "Revenue", "9", "8,000.00"],
        ["3", "Bondi", "Revenue", "", "0.00"],
        ["3", "Bondi", "Note", "typed", "new"],
    ]
    page.press("Put into the grid")
    assert amounts(page)["Acme"] == ("8,000.00", "")
    assert cells(page)[1]["note"] == "new"
    # As if it had been typed: it can be discarded.
    page.press("Discard my changes")
    assert amounts(page)["Acme"] == ("", "")


def test_a_figure_that_cannot_be_read_is_named_and_not_lost(team: Team) -> None:
    text = (
        "Client\tCurrency\tDate\tRevenue\n"
        "Acme\tAUD\t\t12x\nBondi\tUSD\t\t5\nGlebe\t\t1/4/2024\tUSD 7"
    )
    page = opened(team).paste(text, heading="Client")
    assert "Row 2, Revenue: “12x” is not an amount." in page.alerts
    assert "Row 3, Revenue: The block has USD, but the amounts of Bondi are in AUD." in page.alerts
    assert "Row 4, Date: “1/4/2024” is not in March 2024." in page.alerts
    assert "“USD 7” is in USD, but these amounts are in AUD. Enter an amount in AUD." in page.alerts
    page.press("Put into the grid")
    assert [row["revenue"] for row in cells(page)] == ["12x", "", "", "", "", "", "USD 7"]
    page.press("Save")
    assert "Nothing was saved. 5 cells need to be corrected" in page.alerts


def test_the_decimal_mark_is_asked_for_if_it_could_be_either(team: Team) -> None:
    page = opened(team).paste("Client\tRevenue\nAcme\t1.234\nBondi\t2.500", heading="Client")
    question = "Which decimal mark do the figures use? “1.234” could be either."
    assert question in page.text
    assert page.buttons("Put into the grid")[0].disabled
    page.choose(question, "A comma").press("Put into the grid")
    assert [amounts(page)[name][0] for name in ("Acme", "Bondi")] == ["1,234.00", "2,500.00"]


def test_a_block_without_names_fills_from_the_chosen_row_and_offers_the_rest(team: Team) -> None:
    page = opened(team).paste("1\t2\n3\t4\n5\t6", column=3, heading="Revenue", row=5)
    assert "2 of 3 rows go into the grid. 1 needs your choice." in page.text
    assert "1 row is below the last row of the grid. Choose its row." in page.text
    page.choose("Row 3: 5, 6", "Acme").press("Put into the grid")
    assert {name: both for name, both in amounts(page).items() if both != ("", "")} == {
        "Acme": ("5.00", "6.00"), "Freshwater": ("1.00", "2.00"), "Glebe": ("3.00", "4.00"),
    }  # fmt: skip


def test_a_block_goes_through_the_button_where_keys_do_not_paste(team: Team) -> None:
    page = opened(team).press("Paste from a spreadsheet").press("Read the block")
    assert "There is nothing to paste." in page.alerts
    page.fill(Block="Acme\t5\t6").press("Read the block")
    assert "Choose for each column what it holds, or leave it out." in page.alerts
    page.choose("Column 2: 5", "Expenses").choose("Column 3: 6", "Revenue")
    page.press("Put into the grid")
    assert amounts(page)["Acme"] == ("6.00", "5.00")


def test_cancel_and_the_cross_change_nothing(team: Team) -> None:
    for leave in (lambda page: page.press("Cancel"), PageRun.close):
        page = leave(opened(team).paste(block("Acme"), heading="Client"))
        assert not page.offers("Put into the grid")
        assert set(amounts(page).values()) == {("", "")}


def test_a_closed_month_takes_no_block(team: Team) -> None:
    closed_months.close(team.admin, date(2024, 3, 1))
    page = opened(team)
    assert not page.offers("Paste from a spreadsheet")
    assert not page.app.get("bidi_component")


def test_metrics_are_matched_by_client_and_name_of_the_metric(team: Team) -> None:
    books.metric(team, "Billable Hours")
    books.metric(team, "Uptime", "PERCENT")
    client = books.client(team, "Hornsby")
    for day in ("2024-03-02", "2024-03-03"):
        books.measure(team, client, "Uptime", day, "50")
    text = "Uptime\tClient\tBillable hours\n99,5%\tGlebe\t1.5\n98\tHornsby\t7"
    page = opened(team, "metrics").paste(text, heading="Client")
    assert "Row 3, Uptime: Hornsby, Uptime: 2 values are recorded in March 2024." in page.alerts
    page.press("Put into the grid")
    by_client = {row["client"]: (row["m0"], row["m1"]) for row in cells(page)}
    assert by_client["Glebe"] == ("1.5", "99.5%")
    assert by_client["Hornsby"][0] == "7"
    assert by_client["Acme"] == ("", "")


def test_overheads_go_below_those_recorded_and_get_as_many_rows_as_they_need(team: Team) -> None:
    books.overhead(team, "2024-03-02", "5", account="Rent")
    lines = [f"Wages {number}\tPayroll\t{number}" for number in range(1, EMPTY_ROWS + 3)]
    page = opened(team, "overheads")
    page.paste("Account\tSupplier\tExpenses\n" + "\n".join(lines), heading="Date", row=1)
    assert f"{EMPTY_ROWS + 2} rows go into the grid." in page.text
    page.press("Put into the grid")
    rows = cells(page)
    assert [row["account"] for row in rows[:2]] == ["Rent", "Wages 1"]
    assert rows[EMPTY_ROWS + 2]["account"] == f"Wages {EMPTY_ROWS + 2}"
    assert {row["counterparty"] for row in rows[1 : EMPTY_ROWS + 3]} == {"Payroll"}
    page.press("Save")
    assert f"Saved {EMPTY_ROWS + 2} overheads for March 2024" in page.alerts


def test_lead_events_get_a_row_for_each_of_a_client(team: Team) -> None:
    books.event(team, books.client(team, "Hornsby"), "Roof", "Inquiry", "2024-03-05")
    text = (
        "Client\tLead\tStage\tDate\tValue\n"
        "Hornsby\tRoof\tinquiry\t5/3/2024\t9\nAcme\tSite\tConsultation\t7/3/2024\t5\nAcme\tShop\tInquiry\t8\t-\n"
        "Acme\tBarn\tNo such stage\t9\t6\n"
    )
    page = opened(team, "leads").paste(text, heading="Client")
    assert "4 rows go into the grid." in page.text
    assert "Row 5, Stage: “No such stage” is not a stage." in page.alerts
    page.press("Put into the grid")
    leads = {
        row["lead_id"]: (row["client_kpi_id"], row["stage"], row["value"])
        for row in cells(page)
        if row["lead_id"]
    }
    assert leads == {
        "Roof": ("Hornsby", "Inquiry", "9.00"), "Site": ("Acme", "Consultation", "5.00"),
        "Shop": ("Acme", "Inquiry", "0.00"), "Barn": ("Acme", "", "6.00"),
    }  # fmt: skip
