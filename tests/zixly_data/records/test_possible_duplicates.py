"""Records of a client and month with the same amounts: what is one, and when a grid has to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import Conflict, PossibleDuplicates
from zixly_data.identity import Identity
from zixly_data.records import financials, month_entry, possible_duplicates
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.month_cells import FinancialCells
from zixly_data.records.possible_duplicates import Repetition
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values import ids

NewTeam = Callable[[], Team]
NOVEMBER = date(2026, 11, 1)
AMOUNTS = ("15000", "8000")


def draft(client: str, day: date, revenue: str = "15000", expenses: str = "8000") -> FinancialDraft:
    return FinancialDraft(client, day, Decimal(revenue), Decimal(expenses))


def days(identity: Identity, record: FinancialDraft, except_id: str | None = None) -> list[date]:
    duplicates = possible_duplicates.find(identity, record, except_id=except_id)
    return list(duplicates["record_date"])


def cells(client: str, day: int, *amounts: str, **more: object) -> FinancialCells:
    fields = {"id": ids.new_id("fin"), **more}
    return FinancialCells(client_kpi_id=client, record_date=str(day), revenue=amounts[0],
                          expenses=amounts[1], **fields)  # type: ignore[arg-type] # fmt: skip


def save(
    team: Team, *rows: FinancialCells, seen: set[str] | None = None,
    accepted: tuple[Repetition, ...] = (),
) -> Saved:  # fmt: skip
    return month_entry.save_financials(team.editor, NOVEMBER, rows, seen or set(), accepted)


def asked(team: Team, *rows: FinancialCells, seen: set[str] | None = None) -> list[Repetition]:
    """What saving these rows asks about; nothing was saved then."""
    before = list(financials.list_records(team.viewer, books.ALWAYS)["id"])
    with pytest.raises(PossibleDuplicates) as refused:
        save(team, *rows, seen=seen)
    assert list(financials.list_records(team.viewer, books.ALWAYS)["id"]) == before
    return list(refused.value.repetitions)  # type: ignore[arg-type]


def test_the_same_amounts_in_a_month_on_any_day(new_team: NewTeam) -> None:
    team = new_team()
    client, other = books.client(team, "Harbor"), books.client(team, "Other")
    first = books.money(team, client, "2026-11-01", *AMOUNTS)
    second = books.money(team, client, "2026-11-30", *AMOUNTS)
    books.money(team, client, "2026-10-31", *AMOUNTS)
    books.money(team, client, "2026-12-01", *AMOUNTS)
    books.money(team, client, "2026-11-02", "15000", "8000.01")
    books.money(team, other, "2026-11-01", *AMOUNTS)

    same = draft(client, date(2026, 11, 29))
    assert days(team.viewer, same) == [date(2026, 11, 1), date(2026, 11, 30)]
    assert days(team.viewer, same, first) == [date(2026, 11, 30)]
    assert days(team.viewer, draft(client, date(2026, 11, 29), "15000", "8000.02")) == []
    assert days(team.viewer, draft(client, date(2026, 9, 29))) == []
    (record,) = possible_duplicates.find(team.viewer, same, except_id=first).to_dict("records")
    assert (record["id"], record["revenue"], record["source_system"]) == (
        second, Decimal("15000.00"), "manual",
    )  # fmt: skip


def test_records_without_an_amount_are_no_duplicates_and_credits_are(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2026-11-01", "0", "0")
    books.money(team, client, "2026-11-01", "-500", "0")
    assert days(team.viewer, draft(client, date(2026, 11, 2), "0", "0")) == []
    assert days(team.viewer, draft(client, date(2026, 11, 2), "-500", "0")) == [date(2026, 11, 1)]


def test_records_of_another_organisation_are_not_found(new_team: NewTeam, sarah: Identity) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2026-11-01", *AMOUNTS)
    same = draft(client, date(2026, 11, 29))
    assert days(team.viewer, same) == [date(2026, 11, 1)]
    assert days(sarah, same) == []


def test_a_grid_asks_about_a_row_like_a_record_and_saves_what_is_accepted(
    new_team: NewTeam,
) -> None:
    team = new_team()
    client = books.client(team, "Harbor")
    first = books.money(team, client, "2026-11-01", *AMOUNTS)
    row, other = cells(client, 29, "15,000.00", "8,000"), cells(books.client(team), 29, "1", "2")
    (repetition,) = asked(team, row, other, seen={first})
    assert repetition.rows == (row.id,)
    assert repetition.days == (date(2026, 11, 1), date(2026, 11, 29))
    assert repetition.amounts[2:] == (Decimal(15000), Decimal(8000))
    assert save(team, row, other, seen={first}, accepted=(repetition,)) == Saved(added=2)
    # Sent again, every row is already as it should be.
    assert save(team, row, other, seen={first}).added == 0


def test_two_equal_rows_of_one_grid_are_asked_about_as_one(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    rows = [cells(client, day, *AMOUNTS) for day in (8, 1)]
    (repetition,) = asked(team, *rows)
    assert set(repetition.rows) == {row.id for row in rows}
    assert repetition.days == (date(2026, 11, 1), date(2026, 11, 8))


def test_what_is_accepted_is_what_was_asked(new_team: NewTeam) -> None:
    """A third record alike since the question is a new question."""
    team = new_team()
    client = books.client(team)
    seen = {books.money(team, client, "2026-11-01", *AMOUNTS)}
    row = cells(client, 29, *AMOUNTS)
    (repetition,) = asked(team, row, seen=seen)
    seen.add(books.money(team, client, "2026-11-02", *AMOUNTS))
    with pytest.raises(PossibleDuplicates):
        save(team, row, seen=seen, accepted=(repetition,))


def test_a_change_asks_only_if_it_makes_the_record_like_another(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    first = books.money(team, client, "2026-11-01", *AMOUNTS)
    second = books.money(team, client, "2026-11-08", *AMOUNTS)
    third = books.money(team, client, "2026-11-15", "1", "1")
    # Already alike: neither a note nor another day of the month is a question.
    noted = cells(client, 9, *AMOUNTS, id=second, version=1, note="week 2")
    assert save(team, noted) == Saved(changed=1)
    same = cells(client, 15, *AMOUNTS, id=third, version=1)
    (repetition,) = asked(team, same)
    assert repetition.rows == (third,)
    # Of two that change away or are deleted, nothing is left to be like.
    rows = [
        same,
        cells(client, 1, "2", "2", id=first, version=1),
        cells(client, 9, *AMOUNTS, id=second, version=2, delete=True),
    ]
    assert save(team, *rows) == Saved(changed=2, deleted=1)


def test_what_somebody_else_added_in_the_meantime_is_a_conflict_first(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2026-11-01", *AMOUNTS)
    with pytest.raises(Conflict):
        save(team, cells(client, 29, *AMOUNTS))
