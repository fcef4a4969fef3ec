"""Financials: an editor's month, every slip of theirs, and what somebody else does in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity

NAME = "Recorded Test & Co"
SAVED = f"Saved: {NAME}, 31 Mar 2024, revenue $1,234.50, expenses $1,000.00."
FIELDS = ("Date", "Revenue", "Expenses", "Note (optional)")


@dataclass(frozen=True)
class Ledger:
    """A team with one client and, once `record` is called, one record of 1 March 2024."""

    team: Team
    client: str
    admin: sa.Engine

    def record(self) -> str:
        row_id = books.money(self.team, self.client, "2024-03-01", "900", "400")
        statements.run(
            self.admin, "update zixly.financials set note = 'as it was' where id = :id", id=row_id
        )
        return row_id

    def open(self, person: Identity) -> PageRun:
        return open_page(person, "financials", period="2024-Q1", client=self.client)

    def on_record(self) -> list[tuple[str | None, ...]]:
        return statements.run(
            self.admin,
            "select record_date::text, revenue::text, expenses::text, note from zixly.financials"
            " where tenant_id = :tenant order by record_date",
            tenant=self.team.tenant_id,
        )


@pytest.fixture
def ledger(new_team: Callable[[], Team], admin: sa.Engine) -> Ledger:
    team = new_team()
    return Ledger(team, books.client(team, NAME), admin)


def filled(
    page: PageRun, day: str, revenue: str, expenses: str, note: str | None = None
) -> PageRun:
    page.fill(Date=day, Revenue=revenue, Expenses=expenses)
    return page if note is None else page.fill(Note=note)


def test_a_month_recorded_in_the_form_is_in_table_chart_report_and_files(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor)
    assert "Nothing was recorded in Q1 2024" in page.text
    page.press("Record figures")
    assert page.typed("Client") == (ledger.client,)
    filled(page, "31 March 2024", "$1,234.50", "1 000", note="Invoice 7").press("Save")

    assert SAVED in page.alerts
    assert page.dialog == ""
    headline = (
        "Profit from 1 client was $234.50 on $1,234.50 revenue in Q1 2024 (Jan–Mar), "
        "a margin of 19.00%."
    )
    assert headline in page.headings
    assert page.rows("Records") == [
        {
            "record_date": date(2024, 3, 31), "client_name": NAME, "revenue": Decimal("1234.50"),
            "expenses": Decimal("1000.00"), "profit": Decimal("234.50"), "note": "Invoice 7",
            "source_system": "manual",
        }
    ]  # fmt: skip
    assert [trace["y"][0] for trace in page.charts()[0]["data"]] == [1234.5, 1000, 234.5]
    (row,) = page.downloaded()
    assert row.pop("id").startswith("fin_")
    assert row.pop("client_id").startswith("EXT-")
    assert row == {
        "record_date": "2024-03-31", "client_name": NAME, "currency": "AUD",
        "revenue": "1234.50", "expenses": "1000.00", "profit": "234.50",
        "source_system": "manual", "note": "Invoice 7",
    }  # fmt: skip

    report = open_page(ledger.team.viewer, "profitability", period="2024-Q1", client=ledger.client)
    assert headline in report.headings
    (row,) = report.downloaded()
    assert (row["revenue"], row["expenses"], row["profit"], row["margin"]) == (
        "1234.50", "1000.00", "234.50", "0.1900",
    )  # fmt: skip


def test_a_viewer_reads_and_downloads_and_has_no_form(ledger: Ledger) -> None:
    ledger.record()
    for person, may in ((ledger.team.viewer, False), (ledger.team.editor, True)):
        page = ledger.open(person)
        assert page.headings[0].startswith("Profit from 1 client was $500.00 on")
        assert page.offers("Record figures") is may
        assert ("Click a record to change" in page.text) is may
        (row,) = page.downloaded()
        assert row["profit"] == "500.00"
        # In a viewer's table no row can be chosen.
        assert bool(page.table("Records").proto.selection_mode) is may


def test_each_slip_is_told_beside_its_field_and_nothing_typed_is_lost(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Record figures")
    slips = [
        ("", "The amount is missing", "", "The date is missing"),
        ("lots", "“lots” is not an amount", "31/2/2024", "“31/2/2024” is not a date"),
        ("1234567890123", "at most 12 digits", "1/3/20245", "has the year 20245"),
        ("1.005", "could be 1.005 or 1005", "someday", "“someday” is not a date"),
    ]
    for expenses, told, day, told_of_day in slips:
        filled(page, day, "1234.50", expenses, note="typed at length").press("Save")
        assert told in page.below("Expenses")
        assert told_of_day in page.below("Date")
        assert page.typed(*FIELDS) == (day, "1234.50", expenses, "typed at length")
    assert ledger.on_record() == []

    filled(page, "31/3/2024", "1234.50", "1000").press("Save")
    assert SAVED in page.alerts
    assert ledger.on_record() == [("2024-03-31", "1234.50", "1000.00", "typed at length")]


def test_without_a_client_the_form_asks_for_one(ledger: Ledger) -> None:
    page = open_page(ledger.team.editor, "financials", period="2024-Q1").press("Record figures")
    filled(page, "31/3/2024", "1234.50", "1000").press("Save")
    assert "Choose the client for these figures." in page.dialog
    page.choose("Client", f"{NAME} (AUD)").press("Save")
    assert SAVED in page.alerts


def test_a_negative_revenue_is_a_credit_after_a_question(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Record figures")
    filled(page, "31/3/2024", "(500.00)", "0").press("Save")
    question = "−$500.00 is negative. Record it as a credit?"
    assert question in page.dialog
    assert ledger.on_record() == []
    page.tick(question).press("Save")
    assert "revenue −$500.00, expenses $0.00" in page.alerts
    assert page.headings[0].startswith("The loss from 1 client was $500.00 on")
    assert ledger.on_record() == [("2024-03-31", "-500.00", "0.00", None)]


def test_a_note_stays_as_it_was_typed(ledger: Ledger) -> None:
    note = "'; DROP TABLE financials; -- Café 🦘 שלום [a](https://example.com) *$1*"
    page = ledger.open(ledger.team.editor).press("Record figures")
    filled(page, "31/3/2024", "1", "0", note=note).press("Save")
    assert "Saved: " in page.alerts
    assert [row[3] for row in ledger.on_record()] == [note]
    assert [row["note"] for row in page.downloaded()] == [note]
    assert [row["note"] for row in page.rows("Records")] == [note]


def test_a_client_that_someone_deletes_meanwhile_is_told(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Record figures")
    filled(page, "31/3/2024", "1234.50", "1000", note="typed at length")
    statements.run(ledger.admin, "delete from zixly.client_kpis where id = :id", id=ledger.client)
    page.press("Save")
    assert "no longer exists" in page.dialog
    assert page.typed(*FIELDS) == ("31/3/2024", "1234.50", "1000", "typed at length")


def test_a_form_sent_twice_records_once(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Record figures")
    filled(page, "31/3/2024", "1234.50", "1000").press_twice("Save")
    assert SAVED in page.alerts
    assert len(ledger.on_record()) == 1


def test_the_same_figures_meant_twice_are_two_records(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor)
    for times in (1, 2):
        page.press("Record figures")
        assert page.typed("Revenue") == ("",)
        filled(page, "31/3/2024", "1234.50", "1000").press("Save")
        if times == 2:
            page.press("Record it too")
        assert f"on ${times * 1234.5:,.2f}" in page.headings[0]
    assert len(ledger.on_record()) == 2


def test_a_record_is_changed_and_the_next_click_on_it_shows_the_change(ledger: Ledger) -> None:
    ledger.record()
    page = ledger.open(ledger.team.editor).click_row(0, "Records")
    assert page.typed(*FIELDS) == ("1/3/2024", "900.00", "400.00", "as it was")
    filled(page, "31/3/2024", "1234.50", "1000").press("Save changes")
    assert SAVED in page.alerts
    assert page.dialog == ""
    assert ledger.on_record() == [("2024-03-31", "1234.50", "1000.00", "as it was")]
    for _ in range(2):
        page.click_row(0, "Records")
        assert page.typed(*FIELDS) == ("31/3/2024", "1,234.50", "1,000.00", "as it was")
        page.close()
        assert page.dialog == ""


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("Keep my version", ("2024-03-01", "950.00", "400.00", "as it was")),
        ("Use the saved version", ("2024-03-01", "900.00", "450.00", "as it was")),
    ],
)
def test_the_second_of_two_editors_sees_both_versions(
    ledger: Ledger, choice: str, kept: tuple[str, ...]
) -> None:
    ledger.record()
    mine, theirs = ledger.open(ledger.team.editor), ledger.open(ledger.team.admin)
    for page in (mine, theirs):
        page.click_row(0, "Records")
    theirs.fill(Expenses="450").press("Save changes")
    assert "expenses $450.00" in theirs.alerts

    mine.fill(Revenue="950").press("Save changes")
    assert "Someone else saved this record" in mine.dialog
    for amount in ("$950.00", "$900.00", "$400.00", "$450.00"):
        assert f"**{amount}**" in mine.dialog
    assert ledger.on_record() == [("2024-03-01", "900.00", "450.00", "as it was")]

    mine.press(choice)
    assert mine.dialog == ""
    assert ledger.on_record() == [kept]


def test_a_record_is_deleted_after_a_question(ledger: Ledger) -> None:
    ledger.record()
    page = ledger.open(ledger.team.editor).click_row(0, "Records")
    assert f"Delete {NAME}, 1 Mar 2024, revenue $900.00, expenses $400.00?" in page.dialog
    assert len(ledger.on_record()) == 1
    page.press("Delete permanently")
    assert "Deleted: " in page.alerts
    assert "Nothing was recorded in Q1 2024" in page.text
    assert page.dialog == ""
    assert ledger.on_record() == []


def test_a_record_that_someone_deletes_meanwhile_is_told(ledger: Ledger) -> None:
    record = ledger.record()
    page = ledger.open(ledger.team.editor).click_row(0, "Records").fill(Note="typed at length")
    statements.run(ledger.admin, "delete from zixly.financials where id = :id", id=record)
    page.press("Save changes")
    assert "This record no longer exists." in page.dialog
    assert page.typed("Note (optional)") == ("typed at length",)


def test_a_right_taken_away_counts_at_the_next_press(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Record figures")
    filled(page, "31/3/2024", "1234.50", "1000")
    statements.run(
        ledger.admin, "update zixly.users set role = 'VIEWER' where id = :id",
        id=ledger.team.editor.user_id,
    )  # fmt: skip
    page.press("Save")
    assert "Your role does not allow this." in page.dialog
    assert ledger.on_record() == []


def test_figures_of_a_closed_month_are_refused_in_words_and_nothing_typed_is_lost(
    ledger: Ledger,
) -> None:
    close_january(ledger)
    page = ledger.open(ledger.team.editor).press("Record figures")
    filled(page, "15/1/2024", "1,234.50", "20", note="from the drawer").press("Save")
    assert "January 2024 is closed. Choose another date, or ask an " in page.below("Date")
    assert page.typed(*FIELDS) == ("15/1/2024", "1,234.50", "20", "from the drawer")
    page.fill(Date="15/2/2024").press("Save")
    assert "Saved: " in page.alerts
    assert ledger.on_record() == [("2024-02-15", "1234.50", "20.00", "from the drawer")]


def test_a_record_of_a_closed_month_is_neither_moved_nor_deleted(ledger: Ledger) -> None:
    books.money(ledger.team, ledger.client, "2024-01-31", "1000")
    close_january(ledger)
    page = ledger.open(ledger.team.editor).click_row(0, "Records")
    page.fill(Date="1/2/2024").press("Save changes")
    assert "January 2024 is closed. Choose another" in page.dialog
    page.press("Delete permanently")
    assert "January 2024 is closed. Nothing in it" in page.dialog
    assert [row[0] for row in ledger.on_record()] == ["2024-01-31"]


def close_january(ledger: Ledger) -> None:
    statements.run(
        ledger.admin,
        "insert into zixly.closed_months (tenant_id, month) values (:tenant, '2024-01-01')",
        tenant=ledger.team.tenant_id,
    )
