"""Who may import: an EDITOR and an ADMIN of the organisation, and nobody else by any path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database.rows import undone
from tests.support.imports import books_of, did, imported, mapped, proposed
from zixly_data.access import sessions
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied, AlreadyExists, NotFound, SessionEnded, ZixlyError
from zixly_data.identity import Identity
from zixly_data.imports import (
    Kind,
    Proposal,
    ProposalOutdated,
    confirm,
    find_import,
    list_imports,
    page_of_imports,
    propose,
    suggest,
    undo,
)
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.imports.files.opening import open_file
from zixly_data.operations import operator
from zixly_data.values.paging import PageRequest

NewTeam = Callable[[], Team]
TEXT = "client_name,record_date,revenue\nHarbour,2024-02-01,5\n"


@dataclass(frozen=True)
class Desk:
    """A team with an import that was confirmed, and a proposal that its editor has made."""

    team: Team
    opened: OpenedFile
    done: str
    proposal: Proposal


@pytest.fixture
def desk(new_team: NewTeam) -> Desk:
    team = new_team()
    books.client(team, "Harbour")
    done = imported(team.editor, Kind.FINANCIALS, TEXT.replace("02-01", "01-01")).id
    opened = open_file("x.csv", TEXT.encode())
    return Desk(team, opened, done, proposed(team.editor, Kind.FINANCIALS, TEXT))


def _propose(who: Identity, desk: Desk) -> object:
    return propose(who, Kind.FINANCIALS, desk.opened, desk.proposal.mapping)


PATHS: dict[str, Callable[[Identity, Desk], object]] = {
    "suggest": lambda who, desk: suggest(who, Kind.FINANCIALS, desk.opened.tables[0]),
    "propose": _propose,
    "confirm": lambda who, desk: confirm(who, desk.proposal),
    "undo": lambda who, desk: undo(who, desk.done),
    "list": lambda who, desk: list_imports(who),
    "page": lambda who, desk: page_of_imports(who, PageRequest()),
    "find": lambda who, desk: find_import(who, import_id=desk.done),
}
SQL = {
    "read imports": "select id from zixly.imports",
    "read mappings": "select id from zixly.import_mappings",
    "note an import": "insert into zixly.imports (id, kind, file_name, checksum, added, changed,"
    " unchanged, rejected, left_out) values ('imp_x', 'CLIENTS', 'x', repeat('0', 64), 0, 0, 0, 0,"
    " 0)",
    "remember a mapping": "insert into zixly.import_mappings (id, kind, header, mapping)"
    " values ('map_x', 'CLIENTS', repeat('0', 64), '{}')",
    "note an undoing": "update zixly.imports set undone_at = now()",
    "what an import did": "select row_id from app.rows_of_import('{done}')",
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", ["editor", "admin"])
def test_who_records_may_import(desk: Desk, path: str, role: str) -> None:
    """The positive control of every refusal below."""
    PATHS[path](getattr(desk.team, role), desk)


@pytest.mark.parametrize("path", PATHS)
def test_a_viewer_may_do_none_of_it(desk: Desk, path: str) -> None:
    before = books_of(desk.team.editor)
    with pytest.raises(AccessDenied) as refused:
        PATHS[path](desk.team.viewer, desk)
    assert not isinstance(refused.value, SessionEnded)
    assert books_of(desk.team.editor) == before
    assert list_imports(desk.team.editor)["undone_at"].isna().all()


@pytest.mark.parametrize("path", PATHS)
def test_who_was_signed_out_may_do_none_of_it(desk: Desk, database: Database, path: str) -> None:
    editor = operator.open_session(database.logins.admin_url, desk.team.editor.email)
    PATHS["list"](editor, desk)
    sessions.end_session(editor.secret)
    before = books_of(desk.team.editor)
    for person in (editor, replace(desk.team.editor, secret="invented")):
        with pytest.raises(SessionEnded):
            PATHS[path](person, desk)
    assert books_of(desk.team.editor) == before


def test_a_session_does_not_stretch_to_another_organisation(desk: Desk, new_team: NewTeam) -> None:
    """A stranger's session with our tenant written over it."""
    stranger = new_team().admin
    forged = replace(stranger, tenant_id=desk.team.tenant_id, user_id=desk.team.admin.user_id)
    for path in PATHS.values():
        with pytest.raises(SessionEnded):
            path(forged, desk)


def test_a_stranger_sees_and_undoes_nothing(desk: Desk, new_team: NewTeam) -> None:
    other = new_team()
    before, theirs = books_of(desk.team.editor), books_of(other.editor)
    for stranger in (other.editor, other.admin):
        assert len(list_imports(stranger)) == 0
        assert page_of_imports(stranger, PageRequest()).count == 0
        assert find_import(stranger, import_id=desk.done).empty
        with pytest.raises(NotFound):
            undo(stranger, desk.done)
        with pytest.raises(ProposalOutdated):
            confirm(stranger, desk.proposal)
    assert len(list_imports(desk.team.editor)) == 1
    assert books_of(desk.team.editor) == before
    assert books_of(other.editor) == theirs


def test_a_file_that_names_our_ids_gets_nothing_from_another_organisation(
    desk: Desk, new_team: NewTeam
) -> None:
    other = new_team()
    tables = books_of(desk.team.editor)
    (client,), (row,) = tables["client_kpis"], tables["financials"]
    text = f"id,client_name,record_date,revenue,client_id\n{row},Harbour,2024-01-01,9,{client}\n"
    columns = {"id": 0, "client_name": 1, "date": 2, "revenue": 3, "client_id": 4}
    # Ours is found by it, a client's by nothing that a stranger could write.
    assert did(mapped(desk.team.editor, Kind.FINANCIALS, text, columns)) == "C"
    assert did(mapped(other.editor, Kind.FINANCIALS, text, columns)) == "R"
    decided = mapped(other.editor, Kind.FINANCIALS, text, columns, clients={"Harbour": client})
    assert did(decided) == "R"
    with pytest.raises(ZixlyError):
        confirm(other.editor, decided)

    added = mapped(other.editor, Kind.FINANCIALS, text, columns, clients={"Harbour": "ADD"})
    assert did(added) == "N"
    assert added.matches == {}
    confirm(other.editor, added)
    assert books_of(desk.team.editor) == tables
    assert row not in books_of(other.editor)["financials"]
    clients = f"id,client_name\n{client},Taken over\n"
    assert did(proposed(other.editor, Kind.CLIENTS, clients)) == "N"


@pytest.mark.parametrize("statement", SQL)
def test_the_tables_themselves_are_closed_to_others(
    desk: Desk, new_team: NewTeam, statement: str
) -> None:
    other = new_team()
    sql = sa.text(SQL[statement].replace("{done}", desk.done))
    reaches = {}
    for name, person in (
        ("editor", desk.team.editor), ("admin", desk.team.admin), ("stranger", other.admin),
    ):  # fmt: skip
        with undone(person) as connection:
            reaches[name] = connection.execute(sql).rowcount
    if "insert" in sql.text:
        # Into their own books.
        assert reaches == {"editor": 1, "admin": 1, "stranger": 1}
    else:
        assert reaches["editor"] == reaches["admin"] >= 1
        assert reaches["stranger"] == 0
    with pytest.raises(AccessDenied), undone(desk.team.viewer) as connection:
        connection.execute(sql)


def test_an_import_cannot_be_noted_in_another_name(desk: Desk) -> None:
    """Whose import it is, when and which changes are its own, PostgreSQL alone says."""
    start = "insert into zixly.imports (id, kind, file_name, checksum, added, changed, unchanged,"
    values = "values ('imp_x', 'CLIENTS', 'x', repeat('0', 64), 0, 0, 0, 0, 0, {})"
    for column, value in (
        ("imported_by", "'x'"), ("imported_by_name", "'x'"), ("created_at", "now()"),
        ("transaction_id", "pg_current_xact_id()"), ("tenant_id", "'x'"), ("undone_at", "now()"),
    ):  # fmt: skip
        sql = f"{start} rejected, left_out, {column}) {values.format(value)}"
        with pytest.raises(AccessDenied), undone(desk.team.admin) as connection:
            connection.execute(sa.text(sql))
    for change in ("file_name = 'x'", "checksum = repeat('0', 64)"):
        with pytest.raises(AccessDenied), undone(desk.team.admin) as connection:
            connection.execute(sa.text(f"update zixly.imports set {change}"))
    undo(desk.team.admin, desk.done)
    with pytest.raises(AlreadyExists), undone(desk.team.admin) as connection:
        connection.execute(sa.text("update zixly.imports set undone_at = null"))
