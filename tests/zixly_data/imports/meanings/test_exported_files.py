"""Files of other programs, with the sums of their rows once the suggestions are confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.files_of_tools.exported_files import FILES, ExportedFile
from tests.support.files_of_tools.reports import REPORTS
from tests.support.imports import books_of, did, reasons
from zixly_data.imports import Kind, Mapping, Proposal, confirm, open_file, propose, suggest
from zixly_data.imports.references import normalise_name

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    books.client(team, "Kea")
    return team


def mapping_of(team: Team, file: ExportedFile, text: str) -> Mapping:
    (table,) = open_file("file.csv", text.encode()).tables
    mapping = suggest(team.editor, Kind.FINANCIALS, table)
    places = {name: table.header.index(heading) for name, heading in file.columns.items()}
    others = {name: place for name, place in mapping.columns.items()
              if place not in places.values()}  # fmt: skip
    return replace(mapping, columns=others | places, **file.answers)


def proposed(team: Team, file: ExportedFile, text: str) -> Proposal:
    return propose(
        team.editor, Kind.FINANCIALS, open_file("file.csv", text.encode()),
        mapping_of(team, file, text),
    )  # fmt: skip


def with_suggestions(team: Team, proposal: Proposal) -> Proposal:
    """The proposal once each suggestion is confirmed."""
    meanings = {
        column.key: {
            normalise_name(value.value): value.suggestion.value
            for value in column.values
            if value.suggestion is not None
        }
        for column in proposal.staged.meanings
    }
    mapping = replace(proposal.mapping, meanings=meanings)
    opened = replace(open_file("x.csv", b"a,b\n1,2\n"), tables=(proposal.table,))
    return propose(team.editor, Kind.FINANCIALS, opened, mapping)


def sums(proposal: Proposal) -> tuple[str, str]:
    def total(name: str) -> str:
        column = proposal.staged.columns.get(name, [])
        amounts = (Decimal(column[row] or 0) for row in proposal.staged.ready if column)
        return str(sum(amounts, Decimal("0.00")))

    return total("revenue"), total("expenses")


@pytest.mark.parametrize("name", FILES | REPORTS)
def test_a_file_comes_in_with_its_right_sums(team: Team, name: str) -> None:
    file = (FILES | REPORTS)[name]
    if "EUR" in file.text:
        books.client(team, "Kea in Europe", client_id="KEA-EU", currency="EUR")
    text = file.text.replace(";Kea;", ";Kea in Europe;")
    before = books_of(team.editor)

    shown = proposed(team, file, text)
    if shown.staged.meanings:
        # Nothing counts before a person has confirmed it.
        assert shown.staged.is_open
        assert set(did(shown)) <= {"R", "L"}
    assert books_of(team.editor) == before

    proposal = with_suggestions(team, shown)
    assert not proposal.staged.is_open
    assert reasons(proposal) == []
    assert sums(proposal) == (file.revenue, file.expenses)
    assert tuple(proposal.staged.notes) == file.notes


@pytest.mark.parametrize("name", ["xero sales", "zoho invoices", "lines of a document at a rate"])
@given(order=st.randoms())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_the_rows_makes_no_difference(team: Team, name: str, order: Random) -> None:
    file = FILES[name]
    header, *lines = file.text.splitlines()
    order.shuffle(lines)
    text = "\n".join([header, *lines, ""])
    proposal = with_suggestions(team, proposed(team, file, text))
    assert sums(proposal) == (file.revenue, file.expenses)
    rows = proposal.staged.columns
    in_order = with_suggestions(team, proposed(team, file, file.text))
    compared = ("record_date", "revenue", "note")
    assert sorted(
        tuple(rows[name][row] or "" for name in compared if name in rows)
        for row in proposal.staged.ready
    ) == sorted(
        tuple(in_order.staged.columns[name][row] or "" for name in compared if name in rows)
        for row in in_order.staged.ready
    )


def test_a_new_value_of_the_next_file_is_asked_and_the_others_are_remembered(team: Team) -> None:
    file = FILES["income and expense"]
    confirm(team.editor, with_suggestions(team, proposed(team, file, file.text)))
    again = proposed(team, file, file.text)
    assert did(again) == "UU"
    assert not again.staged.is_open

    text = file.text + "Kea,Dec 2026,5,INCOME\nKea,Dec 2026,70,Grant\n"
    next_file = proposed(team, file, text)
    (column,) = next_file.staged.meanings
    assert [value.value for value in column.unanswered] == ["Grant"]
    assert reasons(next_file) == ["Choose how rows with “Grant” in “Type” count."]


def test_bills_are_overheads_without_tax_and_credit_notes_reduce_them(new_team: NewTeam) -> None:
    team = new_team()
    text = FILES["xero bills and a credit note"].text
    meanings = {
        "type": {"bill": "EXPENSE", "bill credit note": "REFUND"},
        "status": {"paid": "COUNT", "deleted": "LEAVE_OUT"},
    }
    (table,) = open_file("file.csv", text.encode()).tables
    mapping = replace(suggest(team.editor, Kind.OVERHEADS, table), meanings=meanings)
    proposal = propose(
        team.editor, Kind.OVERHEADS, open_file("file.csv", text.encode()), mapping
    )  # fmt: skip
    assert [column.values[0].suggestion for column in proposal.staged.meanings] == [
        "EXPENSE", "COUNT",
    ]  # fmt: skip
    assert did(proposal) == "NNL"
    assert sums(proposal) == ("0.00", "150.00")
    assert proposal.staged.notes == ["Expenses are net of AUD 15.00 GST."]


def test_rows_that_are_left_out_ask_and_reject_nothing(team: Team) -> None:
    file = ExportedFile(
        "Client,Date,Amount,Status\n"
        "Kea,13/03/2024,110.00,Paid\n"
        "Nobody Co,31/31/2024,oops,Voided\n"
        "Kea,3/4/2024,-5.00,Draft\n",
        "110.00", "0.00",
    )  # fmt: skip
    proposal = with_suggestions(team, proposed(team, file, file.text))
    assert did(proposal) == "NLL"
    assert not proposal.staged.is_open
    assert proposal.staged.unknown == []
    # A document that counts no more, and where it was.
    assert proposal.staged.voided == {1, 2}
    assert proposal.staged.columns["client_kpi_id"][2] is not None


@pytest.mark.parametrize("kind", [Kind.FINANCIALS, Kind.OVERHEADS])
def test_an_answer_about_signs_holds_for_a_file_without_negative_amounts(
    team: Team, kind: Kind
) -> None:
    header = "Client" if kind is Kind.FINANCIALS else "Supplier"
    text = f"{header},Date,Amount\nKea,2024-03-01,100\n"
    (table,) = open_file("file.csv", text.encode()).tables
    mapping = replace(suggest(team.editor, kind, table), negative="EXPENSE")
    proposal = propose(team.editor, kind, open_file("file.csv", text.encode()), mapping)
    # Money in, as negative amounts are money out.
    assert sums(proposal) == ("100.00", "0.00")
