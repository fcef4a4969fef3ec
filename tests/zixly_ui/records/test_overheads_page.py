"""Overheads: an editor's rent, what is not yet assigned, and what somebody else does in between."""

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
from zixly_data.people.tenants import Tenant
from zixly_data.records import financials

SAVED = "Saved: Rent, Brisbane Offices, 31 Mar 2024, expenses $1,234.50."
FIELDS = ("Date", "Account (optional)", "Counterparty (optional)", "Currency", "Revenue",
          "Expenses", "Note (optional)")  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """A team with one client, in its own currency AUD."""

    team: Team
    client: str
    admin: sa.Engine

    def open(self, person: Identity, **query: str) -> PageRun:
        return open_page(person, "overheads", **{"period": "2024-Q1", **query})

    def on_record(self) -> list[tuple[str | None, ...]]:
        return statements.run(
            self.admin,
            "select record_date::text, currency, revenue::text, expenses::text, kind, account, note"
            " from zixly.overheads where tenant_id = :tenant order by record_date, expenses",
            tenant=self.team.tenant_id,
        )

    def close_march(self) -> None:
        statements.run(
            self.admin,
            "insert into zixly.closed_months (tenant_id, month) values (:tenant, '2024-03-01')",
            tenant=self.team.tenant_id,
        )


@pytest.fixture
def ledger(new_team: Callable[[], Team], admin: sa.Engine) -> Ledger:
    team = new_team()
    return Ledger(team, books.client(team, "Harbour & Co"), admin)


def filled(page: PageRun, **values: str) -> PageRun:
    fields = {"Date": "31/3/2024", "Account": "Rent", "Counterparty": "Brisbane Offices",
              "Expenses": "1,234.50"}  # fmt: skip
    return page.fill(**(fields | values))


def test_an_empty_page_explains_what_overheads_are(ledger: Ledger) -> None:
    for person, may in ((ledger.team.viewer, False), (ledger.team.editor, True)):
        page = ledger.open(person)
        assert "No overheads yet" in page.text
        assert "belong to no client" in page.text
        assert page.offers("Add overhead") is may
    books.overhead(ledger.team, "2024-05-01", "1")
    assert "No overheads in Q1 2024" in ledger.open(ledger.team.viewer).text


def test_an_overhead_recorded_in_the_form_is_in_sentence_table_and_file(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Add overhead")
    assert page.typed("Currency", "Revenue") == ("AUD", "0.00")
    filled(page, Note="March").press("Save")
    assert SAVED in page.alerts
    assert page.dialog == ""
    assert "Overheads cost $1,234.50 in Q1 2024 (Jan–Mar)." in page.headings
    assert page.rows("Records") == [
        {
            "record_date": date(2024, 3, 31), "kind_text": "Overhead", "account": "Rent",
            "counterparty": "Brisbane Offices", "revenue": Decimal("0.00"),
            "expenses": Decimal("1234.50"), "note": "March", "source_system": "manual",
        }
    ]  # fmt: skip
    (row,) = page.downloaded()
    assert row.pop("id").startswith("ovh_")
    assert row == {
        "record_date": "2024-03-31", "kind": "OVERHEAD", "account": "Rent",
        "counterparty": "Brisbane Offices", "currency": "AUD", "revenue": "0.00",
        "expenses": "1234.50", "profit": "-1234.50", "source_system": "manual", "note": "March",
    }  # fmt: skip


def test_currencies_stay_apart_and_what_is_not_assigned_is_counted(ledger: Ledger) -> None:
    team = ledger.team
    books.overhead(team, "2024-02-01", "900")
    books.overhead(team, "2024-03-01", "50", kind="UNASSIGNED")
    books.overhead(team, "2024-03-02", "7", "9.50", kind="UNASSIGNED", currency="NZD")
    page = ledger.open(team.viewer)
    assert (
        "Overheads cost $950.00 and −NZ$2.50 in Q1 2024 (Jan–Mar). 2 records of $50.00 and "
        "−NZ$2.50 are not yet assigned."
    ) in page.headings
    assert [[trace["y"] for trace in chart["data"]][1] for chart in page.charts()] == [[900, 50]]
    waiting = ledger.open(team.viewer, kind="UNASSIGNED", currency="AUD")
    assert [row["expenses"] for row in waiting.rows("Records")] == [Decimal("50.00")]
    assert [row["kind"] for row in waiting.downloaded()] == ["UNASSIGNED"]


def test_a_viewer_reads_and_has_no_form(ledger: Ledger) -> None:
    books.overhead(ledger.team, "2024-03-01", "50")
    for person, may in ((ledger.team.viewer, False), (ledger.team.editor, True)):
        page = ledger.open(person)
        assert "Overheads cost $50.00 in Q1 2024 (Jan–Mar)." in page.headings
        assert page.offers("Add overhead") is may
        assert ("Click an overhead to change" in page.text) is may


def test_each_slip_is_told_beside_its_field_and_nothing_typed_is_lost(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Add overhead")
    filled(page, Date="31/2/2024", Currency="AUS", Expenses="lots").press("Save")
    for field, told in (("Date", "date"), ("Currency", "“AUS” is not a currency"),
                        ("Expenses", "“lots” is not an amount")):  # fmt: skip
        assert told in page.below(field)
    assert page.typed(*FIELDS) == (
        "31/2/2024",
        "Rent",
        "Brisbane Offices",
        "AUS",
        "0.00",
        "lots",
        "",
    )
    assert ledger.on_record() == []


def test_an_unused_currency_and_a_credit_are_asked_about(ledger: Ledger) -> None:
    page = ledger.open(ledger.team.editor).press("Add overhead")
    filled(page, Currency="chf", Expenses="-5").press("Save")
    assert "No client and no exchange rate uses CHF." in page.dialog
    assert "CHF 5.00 is negative." in page.dialog.replace("−", "")
    assert ledger.on_record() == []
    page.tick("No client and no exchange rate").tick("−CHF 5.00 is negative").press("Save")
    assert "Saved: Rent" in page.alerts
    assert [row[1] for row in ledger.on_record()] == ["CHF"]


def test_a_form_sent_twice_records_once(ledger: Ledger) -> None:
    page = filled(ledger.open(ledger.team.editor).press("Add overhead")).press_twice("Save")
    assert SAVED in page.alerts
    assert len(ledger.on_record()) == 1


def test_a_closed_month_is_told_beside_the_date(ledger: Ledger) -> None:
    ledger.close_march()
    page = filled(ledger.open(ledger.team.editor).press("Add overhead")).press("Save")
    assert "March 2024 is closed. Choose another date" in page.below("Date")
    filled(page, Date="29/2/2024").press("Save")
    assert [row[0] for row in ledger.on_record()] == ["2024-02-29"]


@pytest.mark.parametrize(
    ("choice", "kept"), [("Keep my version", "950.00"), ("Use the saved version", "400.00")]
)
def test_the_second_of_two_editors_sees_both_versions(
    ledger: Ledger, choice: str, kept: str
) -> None:
    books.overhead(ledger.team, "2024-03-01", "900", account="Rent")
    mine, theirs = ledger.open(ledger.team.editor), ledger.open(ledger.team.admin)
    for page in (mine, theirs):
        page.click_row(0, "Records")
    theirs.fill(Expenses="400").press("Save changes")
    mine.fill(Expenses="950").press("Save changes")
    assert "Someone else saved this record" in mine.dialog
    mine.press(choice)
    assert [row[3] for row in ledger.on_record()] == [kept]


def test_an_overhead_is_deleted_after_a_question(ledger: Ledger) -> None:
    books.overhead(ledger.team, "2024-03-01", "900", account="Rent")
    page = ledger.open(ledger.team.editor).click_row(0, "Records")
    assert "Delete Rent, 1 Mar 2024, expenses $900.00?" in page.dialog
    assert "History · 1 entry" in page.dialog
    page.press("Delete permanently")
    assert "Deleted: Rent" in page.alerts
    assert ledger.on_record() == []


# ── deciding ────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_assigned_is_marked_as_an_overhead(ledger: Ledger) -> None:
    books.overhead(ledger.team, "2024-03-01", "900", kind="UNASSIGNED", account="Rent")
    page = ledger.open(ledger.team.editor).click_row(0, "Records").press("Mark as overhead")
    assert "Saved: Rent" in page.alerts
    assert [row[4] for row in ledger.on_record()] == ["OVERHEAD"]
    page.click_row(0, "Records")
    assert not page.offers("Mark as overhead")


def test_it_is_assigned_to_a_client_and_leaves_the_page(ledger: Ledger) -> None:
    team = ledger.team
    books.client(team, "Otago", currency="NZD")
    books.overhead(team, "2024-03-01", "900", kind="UNASSIGNED", account="Rent", note="INV-7")
    page = ledger.open(team.editor).click_row(0, "Records").press("Assign")
    assert "Choose a client first." in page.dialog
    page.choose("Client", "Otago (NZD)").press("Assign")
    assert "Otago uses NZD, and this amount is in AUD." in page.dialog
    assert len(ledger.on_record()) == 1
    page.choose("Client", "Harbour & Co (AUD)").press("Assign")
    assert "Assigned to Harbour & Co: Rent, 1 Mar 2024, expenses $900.00." in page.alerts
    assert ledger.on_record() == []
    (record,) = financials.list_records(team.viewer, books.Q1_2024).to_dict("records")
    assert (record["client_name"], record["expenses"], record["note"]) == (
        "Harbour & Co", Decimal("900.00"), "INV-7",
    )  # fmt: skip


def test_what_somebody_else_changed_or_closed_is_not_assigned(ledger: Ledger) -> None:
    books.overhead(ledger.team, "2024-03-01", "900", kind="UNASSIGNED")
    page, theirs = ledger.open(ledger.team.editor), ledger.open(ledger.team.admin)
    for each in (page, theirs):
        each.click_row(0, "Records")
    theirs.fill(Expenses="400").press("Save changes")
    page.choose("Client", "Harbour & Co (AUD)").press("Assign")
    assert "Someone else changed this in the meantime" in page.dialog
    ledger.close_march()
    page = ledger.open(ledger.team.editor).click_row(0, "Records")
    page.choose("Client", "Harbour & Co (AUD)").press("Assign")
    assert "March 2024 is closed. Nothing in it can be assigned to a client." in page.dialog
    page.press("Mark as overhead")
    assert "March 2024 is closed." in page.dialog
    assert [row[3:5] for row in ledger.on_record()] == [("400.00", "UNASSIGNED")]


def test_closing_a_month_names_what_is_not_yet_assigned(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tenant, "today", lambda _: date(2024, 4, 22))
    team = ledger.team
    books.overhead(team, "2024-02-01", "5", kind="UNASSIGNED")
    books.overhead(team, "2024-03-01", "900", account="Rent")
    page = open_page(team.admin, "months")
    assert [row["overheads_AUD"] for row in page.rows()][1] == Decimal("900.00")
    page.press("Close March 2024")
    assert "1 overhead among them: revenue $0.00, expenses $900.00." in page.dialog
    assert "1 record of earlier open months is not yet assigned." in page.dialog
    books.overhead(team, "2024-03-02", "50", kind="UNASSIGNED", counterparty="*Sparks*")
    page = open_page(team.admin, "months").press("Close March 2024")
    assert "1 record is not yet assigned: " in page.dialog
    assert "Sparks" in page.dialog
    page.press("Close March 2024", nth=-1)
    assert "March 2024 is closed." in page.alerts
