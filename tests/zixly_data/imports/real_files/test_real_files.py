"""Files in the shapes that people's tools write come in with the right value, or are asked about.

A person's answers stand beside each file; without one of them nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did
from zixly_data.errors import InvalidInput
from zixly_data.imports import ADD, LEAVE_OUT, Kind, Proposal, confirm, open_file, propose, suggest
from zixly_data.imports.cells.mapping import OVERHEAD
from zixly_data.imports.files.refusal import FileRefused

FILES = Path(__file__).parent / "files"
NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def read(team: Team, kind: Kind, name: str, **answers: Any) -> Proposal:
    """The proposal for a file, with these answers; other unknown clients are added."""
    opened = open_file(name, (FILES / name).read_bytes())
    clients = answers.pop("clients", {})
    suggested = suggest(team.editor, kind, opened.tables[0])
    meanings = {**suggested.meanings, **answers.pop("meanings", {})}
    mapping = replace(
        suggested, clients={**suggested.clients, **clients}, meanings=meanings, **answers
    )
    proposal = propose(team.editor, kind, opened, mapping)
    decisions = {unknown.name: ADD for unknown in proposal.staged.unknown} | dict(mapping.clients)
    return propose(team.editor, kind, opened, replace(mapping, clients=decisions))


def import_file(team: Team, kind: Kind, name: str, **answers: Any) -> Proposal:
    proposal = read(team, kind, name, **answers)
    if proposal.changes_anything:
        confirm(team.editor, proposal)
    return proposal


def totals(team: Team, table: str = "financials") -> tuple[Decimal, Decimal]:
    """Revenue and expenses on record."""
    rows = books_of(team.editor)[table].values()
    return (
        sum((Decimal(str(row["revenue"])) for row in rows), Decimal(0)),
        sum((Decimal(str(row["expenses"])) for row in rows), Decimal(0)),
    )


def asked(team: Team, kind: Kind, name: str, **answers: Any) -> Proposal:
    """The proposal for a file that has a question; confirming it is refused and writes nothing."""
    proposal = read(team, kind, name, **answers)
    before = books_of(team.editor)
    with pytest.raises(InvalidInput):
        confirm(team.editor, proposal, skip_rejected=True)
    assert books_of(team.editor) == before
    return proposal


SALES = {
    "type": {
        "sales invoice": "REVENUE", "sales credit note": "CREDIT", "sales overpayment": "LEAVE_OUT",
    },
    "status": {
        "paid": "COUNT", "awaiting payment": "COUNT", "voided": "LEAVE_OUT", "draft": "LEAVE_OUT",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("xero_sales.csv", {"meanings": SALES}, ("5500", "0")),
        ("xero_bills.csv", {"meanings": {"type": {"bill": "EXPENSE"}}}, ("0", "1200")),
        (
            "income_expense.csv",
            {"meanings": {"type": {"income": "REVENUE", "expense": "EXPENSE"}}},
            ("23000", "12000"),
        ),
        (
            "v3.csv",
            {"meanings": {"type": {"invoice": "REVENUE", "credit note": "CREDIT"}}},
            ("600", "0"),
        ),
        ("cn5.csv", {"negative": "CREDIT"}, ("3800", "0")),
        ("cn6.csv", {"negative": "CREDIT"}, ("4800", "0")),
        ("cn5.csv", {"negative": "EXPENSE"}, ("4000", "200")),
        ("two_suppliers.csv", {}, ("0", "160")),
        ("s1.csv", {}, ("750", "0")),
        (
            "journal.csv",
            {"meanings": {"accounttype": {"income": "REVENUE", "asset": "LEAVE_OUT"}}},
            ("1000", "0"),
        ),
        ("xero_by_contact.csv", {"meanings": {"type": {"income": "REVENUE"}}}, ("1850", "0")),
        ("months_across.csv", {}, ("69000", "0")),
    ],
)  # fmt: skip
def test_the_amounts_of_a_file_are_right(
    team: Team, name: str, answers: dict[str, Any], expected: tuple[str, str]
) -> None:
    proposal = import_file(team, Kind.FINANCIALS, name, **answers)
    assert set(did(proposal)) <= {"N", "L"}
    assert totals(team) == tuple(map(Decimal, expected))
    # The same file again changes nothing and asks nothing.
    again = read(team, Kind.FINANCIALS, name)
    assert not again.changes_anything
    assert not again.staged.is_open


@pytest.mark.parametrize(
    "name",
    ["xero_sales.csv", "xero_bills.csv", "income_expense.csv", "v3.csv", "cn5.csv", "cn6.csv",
     "journal.csv", "mixeddates.xlsx"],
)  # fmt: skip
def test_what_could_mean_two_things_is_asked(team: Team, name: str) -> None:
    assert asked(team, Kind.FINANCIALS, name).staged.is_open


def test_a_journal_of_quickbooks_counts_its_income_account_alone(team: Team) -> None:
    (column,) = asked(team, Kind.FINANCIALS, "a.iif").staged.meanings
    values = {value.value.casefold(): value.suggestion for value in column.values}
    assert values == {"accounts receivable": "LEAVE_OUT", "sales": "REVENUE"}
    answers = {column.key: {name: str(answer) for name, answer in values.items()}}
    import_file(team, Kind.FINANCIALS, "a.iif", meanings=answers)
    assert totals(team) == (Decimal(1100), Decimal(0))


def test_two_suppliers_have_documents_of_one_number(team: Team) -> None:
    import_file(team, Kind.FINANCIALS, "bills1.csv")
    import_file(team, Kind.FINANCIALS, "bills2.csv")
    assert totals(team) == (Decimal(0), Decimal(350))


def test_a_bank_s_file_asks_once(team: Team) -> None:
    harbour = books.client(team, "Harbour Cafe")
    answers = {
        "PARKING METER 12 BRISBANE": LEAVE_OUT, "TRAIN FARE BRISBANE": LEAVE_OUT,
        "HARBOUR CAFE INV 22": harbour,
    }  # fmt: skip
    import_file(team, Kind.FINANCIALS, "bank_au.csv", clients=answers)
    assert totals(team) == (Decimal(2200), Decimal(0))
    again = read(team, Kind.FINANCIALS, "bank_au.csv")
    assert did(again) == "LLLLU"


def test_currencies_are_read_as_exporters_write_them(team: Team) -> None:
    import_file(team, Kind.FINANCIALS, "cur.csv")
    clients = books_of(team.editor)["client_kpis"].values()
    assert [row["currency"] for row in clients] == ["AUD"] * 4
    assert totals(team) == (Decimal(20), Decimal(0))


def test_one_stray_cell_rejects_its_own_row(team: Team) -> None:
    proposal = read(team, Kind.FINANCIALS, "stray.csv")
    assert did(proposal) == "NNR"
    (problem,) = proposal.problems[2]
    assert "see 13.02.2024" in problem.reason


def test_myob_s_file_is_no_json(team: Team) -> None:
    import_file(team, Kind.FINANCIALS, "myob.txt")
    assert totals(team) == (Decimal(3000), Decimal(0))


def test_quicken_s_format_is_named(team: Team) -> None:
    with pytest.raises(FileRefused, match="QIF"):
        open_file("a.qif", (FILES / "a.qif").read_bytes())


def test_a_real_date_beside_texts_has_two_meanings(team: Team) -> None:
    import_file(team, Kind.FINANCIALS, "mixeddates.xlsx", date_order="DMY")
    days = sorted(row["record_date"] for row in books_of(team.editor)["financials"].values())
    assert days == ["2024-04-03", "2024-04-13"]


def test_an_unknown_id_is_asked_about_before_a_twin_arises(team: Team) -> None:
    import_file(team, Kind.FINANCIALS, "q1.csv")
    (ours,) = books_of(team.editor)["client_kpis"]
    opened = open_file("q2.csv", (FILES / "q2.csv").read_bytes())
    mapping = suggest(team.editor, Kind.CLIENTS, opened.tables[0])
    question = propose(team.editor, Kind.CLIENTS, opened, mapping)
    assert did(question) == "R"
    (unknown,) = question.staged.unknown
    assert unknown.similar == (ours,)
    mapping = replace(mapping, clients={unknown.name: ours})
    confirm(team.editor, propose(team.editor, Kind.CLIENTS, opened, mapping))
    (row,) = books_of(team.editor)["client_kpis"].values()
    assert (row["id"], row["client_id"]) == (ours, "HC-01")
    import_file(team, Kind.FINANCIALS, "q3.csv")
    assert totals(team) == (Decimal(200), Decimal(0))
    assert len(books_of(team.editor)["client_kpis"]) == 1


def test_harvest_s_export_has_amounts_hours_and_a_cost_of_no_client(team: Team) -> None:
    import_file(
        team, Kind.FINANCIALS, "harvest_en.csv", clients={"": OVERHEAD},
        meanings={"billable": {"yes": "COUNT", "no": "COUNT"},
                  "invoiced": {"yes": "COUNT", "no": "COUNT"},
                  "approved": {"yes": "COUNT"}},
    )  # fmt: skip
    assert totals(team) == (Decimal(600), Decimal(330))
    assert totals(team, "overheads") == (Decimal(0), Decimal(240))
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    import_file(
        team, Kind.CUSTOM_METRICS, "harvest_en.csv", metric="billable hours",
        meanings={"billable": {"yes": "COUNT", "no": "LEAVE_OUT"}},
    )  # fmt: skip
    values = [row["metric_value"] for row in books_of(team.editor)["custom_metrics"].values()]
    assert sum(values) == 4


def test_the_stages_of_hubspot_are_mapped_and_a_deal_is_won_when_it_closed(team: Team) -> None:
    stages = {
        "closed won (sales pipeline)": "Contract signed",
        "contract sent (sales pipeline)": "Proposal sent",
        "appointment scheduled (sales pipeline)": "Consultation",
    }
    companies = {"Kea Group;Kea Holdings": "AS:Kea Group"}
    first = read(team, Kind.LEAD_EVENTS, "hubspot.csv")
    assert len(first.staged.unknown_stages) == 3
    answered = read(
        team, Kind.LEAD_EVENTS, "hubspot.csv", stages=stages,
        clients={**companies, "": LEAVE_OUT},
    )  # fmt: skip
    confirm(team.editor, answered, skip_rejected=True)
    events = sorted(
        (row["stage"], row["event_date"]) for row in books_of(team.editor)["lead_events"].values()
    )
    assert ("Contract signed", "2024-03-14") in events
    assert ("Contract signed", "2024-01-05") not in events
    names = {row["client_name"] for row in books_of(team.editor)["client_kpis"].values()}
    assert names == {"Harbour Cafe", "Kea Group"}


def test_names_come_back_from_excel_unchanged(team: Team) -> None:
    import_file(team, Kind.CLIENTS, "bom.csv")
    names = {row["client_name"] for row in books_of(team.editor)["client_kpis"].values()}
    assert names == {"Café Zoë", "Plain"}


@pytest.mark.parametrize(
    ("name", "hours"), [("hours.csv", "6.75"), ("hours2.csv", "11.75"), ("dur.xlsx", "38.75")]
)
def test_durations_are_hours(team: Team, name: str, hours: str) -> None:
    books.client(team, "Harbor Bridge Construction")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    import_file(team, Kind.CUSTOM_METRICS, name)
    values = [row["metric_value"] for row in books_of(team.editor)["custom_metrics"].values()]
    assert sum(map(Decimal, map(str, values)), Decimal(0)) == Decimal(hours)


@pytest.mark.parametrize(("answer", "hours"), [("ADD", 7), ("CORRECT", 4)])
def test_another_value_of_a_day_adds_up_or_corrects(team: Team, answer: str, hours: int) -> None:
    books.client(team, "Bondi E-commerce Store")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    import_file(team, Kind.CUSTOM_METRICS, "h1.csv")
    asked(team, Kind.CUSTOM_METRICS, "h2.csv")
    import_file(team, Kind.CUSTOM_METRICS, "h2.csv", same_day=answer)
    values = [row["metric_value"] for row in books_of(team.editor)["custom_metrics"].values()]
    assert sum(values) == hours
