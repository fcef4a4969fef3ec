"""Undoing an import that removed lines: they are there again, every column as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import COUNTED_ON, books_of, imported, proposed
from zixly_data.database.connection import scoped
from zixly_data.errors import AccessDenied, MonthClosed
from zixly_data.identity import Identity
from zixly_data.imports import ADD, ImportTouched, Kind, list_imports, undo
from zixly_data.imports.cells.mapping import OVERHEAD
from zixly_data.records import clients, closed_months, overheads

HEAD = "client,invoice number,date,revenue,expenses,note\n"
THREE = (
    HEAD + "Kea,INV-1,2024-03-01,100,,a\nKea,INV-1,2024-03-01,50,,b\nKea,INV-1,2024-03-01,7,,c\n"
    "Kea,INV-2,2024-03-09,80,,\nRent,R-1,2024-03-01,,900,\nRent,R-1,2024-03-01,,90,cleaning\n"
)
# INV-1 is amended and shortened, INV-2 kept, INV-3 new, the bill shortened.
AMENDED = (
    HEAD + "Kea,INV-1,2024-03-01,50,,b\nKea,INV-1,2024-03-02,101,,a\n"
    "Kea,INV-2,2024-03-09,80,,\nHarbour,INV-3,2024-03-03,5,,\nRent,R-1,2024-03-01,,900,\n"
)
DECIDED = {"clients": {"Rent": OVERHEAD, "Harbour": ADD}}


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea")
    imported(team.editor, Kind.FINANCIALS, THREE, **DECIDED)
    return team


def amend(team: Team, text: str = AMENDED) -> str:
    return imported(team.editor, Kind.FINANCIALS, text, **DECIDED).id


def test_every_row_is_as_before_byte_for_byte(team: Team) -> None:
    """Removed rows in every column; only rows that were changed count their version on."""
    before, whole = books_of(team.editor, *COUNTED_ON), books_of(team.editor)
    done = amend(team)
    (row,) = list_imports(team.editor).head(1).to_dict("records")
    assert [row[name] for name in ("added", "changed", "unchanged", "removed")] == [1, 1, 3, 2]
    removed = {
        (table, key)
        for table, rows in whole.items()
        for key in rows.keys() - books_of(team.editor)[table].keys()
    }
    assert sorted(table for table, _ in removed) == ["financials", "overheads"]

    undo(team.admin, done)

    after = books_of(team.editor)
    assert books_of(team.editor, *COUNTED_ON) == before
    for table, key in removed:
        assert after[table][key] == whole[table][key]
    counted_on = [key for table, rows in after.items() for key in rows
                  if rows[key]["version"] != whole[table][key]["version"]]  # fmt: skip
    assert len(counted_on) == 1
    # What was undone can be imported again, and undone again.
    undo(team.editor, amend(team))
    assert books_of(team.editor, *COUNTED_ON) == before


def test_sums_by_month_follow(team: Team, admin: sa.Engine) -> None:
    def sums() -> list[tuple[object, ...]]:
        with admin.connect() as everything:
            query = sa.text(
                "select month, revenue, expenses, records from zixly.financial_months"
                " where tenant_id = :tenant union all"
                " select month, revenue, expenses, records from zixly.overhead_months"
                " where tenant_id = :tenant order by 1, 2, 3"
            )
            return [tuple(row) for row in everything.execute(query, {"tenant": team.tenant_id})]

    before = sums()
    done = amend(team)
    assert sums() != before
    undo(team.editor, done)
    assert sums() == before


def test_imports_over_one_another_are_undone_the_latest_first(team: Team) -> None:
    start = books_of(team.editor, *COUNTED_ON)
    second = amend(team)
    between = books_of(team.editor, *COUNTED_ON)
    third = amend(team, AMENDED + "Kea,INV-1,2024-03-01,7,,c\n")
    assert len(proposed(team.editor, Kind.FINANCIALS, THREE, **DECIDED).removed) == 0
    before = books_of(team.editor)
    with pytest.raises(ImportTouched, match="later lines of INV-1, Kea") as refused:
        undo(team.editor, second)
    assert [row.table_name for row in refused.value.current] == ["financials"]
    assert books_of(team.editor) == before
    undo(team.editor, third)
    assert books_of(team.editor, *COUNTED_ON) == between
    undo(team.editor, second)
    assert books_of(team.editor, *COUNTED_ON) == start


def test_an_overhead_that_was_changed_since_prevents_undoing(team: Team) -> None:
    done = amend(team, AMENDED.replace(",,900,", ",,950,"))
    (row_id,) = books_of(team.editor)["overheads"]
    overhead = overheads.get(team.editor, row_id)
    assert overhead.expenses == 950
    overheads.delete(team.admin, row_id, overhead.version)
    before = books_of(team.editor)
    with pytest.raises(ImportTouched, match="a deleted record"):
        undo(team.editor, done)
    assert books_of(team.editor) == before


def test_lines_of_a_deleted_client_do_not_come_back(team: Team) -> None:
    done = amend(team, HEAD + "Kea,INV-1,2024-03-01,100,,a\n")
    (kea,) = [key for key, row in books_of(team.editor)["client_kpis"].items()
              if row["client_name"] == "Kea"]  # fmt: skip
    clients.delete(team.admin, kea, 1, "Kea")
    before = books_of(team.editor)
    with pytest.raises(ImportTouched, match="INV-1 of a client that was deleted"):
        undo(team.editor, done)
    assert books_of(team.editor) == before


def test_lines_in_a_month_closed_meanwhile_do_not_come_back(team: Team) -> None:
    done = amend(team)
    closed_months.close(team.admin, date(2024, 3, 1))
    before = books_of(team.editor)
    with pytest.raises(MonthClosed, match="March 2024 is closed"):
        undo(team.editor, done)
    assert books_of(team.editor) == before


# ── what PostgreSQL lets nobody do ──────────────────────────────────────────────────────────


def restore(identity: Identity, import_id: str, *, undone: bool) -> None:
    with scoped(identity) as connection:
        if undone:
            connection.execute(
                sa.text("update imports set undone_at = now() where id = :id"), {"id": import_id}
            )
        connection.execute(sa.text("select app.restore_rows_of_import(:id)"), {"id": import_id})


def test_lines_come_back_only_while_their_import_is_undone(
    team: Team, new_team: Callable[[], Team]
) -> None:
    done, other = amend(team), new_team()
    before = books_of(team.editor)
    for person, undone in (
        (team.editor, False), (team.viewer, False), (team.viewer, True),
        (other.admin, False), (other.admin, True),
    ):  # fmt: skip
        with pytest.raises(AccessDenied):
            restore(person, done, undone=undone)
    assert books_of(team.editor) == before
    assert books_of(other.editor)["financials"] == {}
    restore(team.editor, done, undone=True)
    assert len(books_of(team.editor)["financials"]) == len(before["financials"]) + 1
    # Once it is undone, it is over.
    with pytest.raises(AccessDenied):
        restore(team.editor, done, undone=False)


def test_the_trail_keeps_what_was_removed_and_what_came_back(team: Team, admin: sa.Engine) -> None:
    done = amend(team)
    undo(team.admin, done)
    with admin.connect() as everything:
        entries = everything.execute(
            sa.text(
                "select action, user_email, import_id is not null from zixly.audit_log"
                " where tenant_id = :tenant and table_name = 'overheads'"
                " and (before ->> 'note' = 'cleaning' or after ->> 'note' = 'cleaning')"
                " order by at, id"
            ),
            {"tenant": team.tenant_id},
        ).all()
    assert [tuple(entry) for entry in entries] == [
        ("INSERT", team.editor.email, True), ("DELETE", team.editor.email, True),
        ("INSERT", team.admin.email, False),
    ]  # fmt: skip
