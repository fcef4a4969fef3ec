"""Saved views: each person's own alone, one default per page, nothing lost between two windows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support.database.rows import undone_with_every_grant
from tests.support.depth import examples
from zixly_data.database.connection import scoped
from zixly_data.errors import AccessDenied, AlreadyExists, Conflict, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.people import audit, saved_views, team
from zixly_data.people.saved_views import SavedView, ViewDraft
from zixly_data.values import ids
from zixly_data.values.period import ALL

NewTeam = Callable[[], Team]
Q1 = ViewDraft("financials", "First quarter", "period=2024-Q1&status=ACTIVE")


def saved(who: Identity, draft: ViewDraft = Q1) -> SavedView:
    row_id = ids.new_id("view")
    saved_views.save(who, draft, row_id=row_id)
    return saved_views.get(who, row_id)


def names(who: Identity, page: str = "financials") -> list[tuple[str, bool]]:
    found = saved_views.list_views(who, page)
    return list(zip(found["name"], found["is_default"], strict=True))


def test_a_view_is_kept_as_it_was_saved_and_listed_on_its_page(new_team: NewTeam) -> None:
    crew = new_team()
    view = saved(crew.viewer)
    assert (view.page, view.name, view.filters, view.is_default, view.version) == (
        "financials", "First quarter", "period=2024-Q1&status=ACTIVE", False, 1,
    )  # fmt: skip
    saved(crew.viewer, ViewDraft("financials", "all of it", ""))
    assert names(crew.viewer) == [("all of it", False), ("First quarter", False)]
    assert names(crew.viewer, "clients") == []


def test_a_new_default_takes_the_place_of_the_old_one_on_its_page_alone(new_team: NewTeam) -> None:
    crew = new_team()
    first = saved(crew.editor, ViewDraft("financials", "a", "", is_default=True))
    saved(crew.editor, ViewDraft("clients", "a", "", is_default=True))
    saved(crew.viewer, ViewDraft("financials", "a", "", is_default=True))
    saved(crew.editor, ViewDraft("financials", "b", "", is_default=True))
    assert names(crew.editor) == [("a", False), ("b", True)]
    assert names(crew.editor, "clients") == names(crew.viewer) == [("a", True)]

    again = saved_views.get(crew.editor, first.id)
    # The page of a view stays, whatever page the change was made on.
    saved_views.change(crew.editor, first.id, again.version, ViewDraft("clients", "a", "", True))
    assert names(crew.editor) == [("a", True), ("b", False)]
    assert names(crew.editor, "clients") == [("a", True)]


def test_where_a_change_is_refused_the_default_stays(new_team: NewTeam) -> None:
    crew = new_team()
    saved(crew.editor, ViewDraft("financials", "a", "", is_default=True))
    other = saved(crew.editor, ViewDraft("financials", "b", ""))
    with pytest.raises(AlreadyExists) as taken:
        saved_views.change(crew.editor, other.id, 1, ViewDraft("financials", "a", "", True))
    assert (taken.value.field, str(taken.value)) == (
        "name", "You already have a view with this name.",
    )  # fmt: skip
    with pytest.raises(AlreadyExists):
        saved(crew.editor, ViewDraft("financials", "a", "", True))
    with pytest.raises(Conflict):
        saved_views.change(crew.editor, other.id, 7, ViewDraft("financials", "c", "", True))
    assert names(crew.editor) == [("a", True), ("b", False)]


def test_the_second_of_two_windows_is_told_and_a_form_sent_twice_counts_once(
    new_team: NewTeam,
) -> None:
    crew = new_team()
    view = saved(crew.viewer)
    saved_views.save(crew.viewer, Q1, row_id=view.id)
    assert names(crew.viewer) == [("First quarter", False)]
    saved_views.change(crew.viewer, view.id, 1, ViewDraft("financials", "Q1", "period=2024-Q1"))
    with pytest.raises(Conflict) as conflict:
        saved_views.change(crew.viewer, view.id, 1, Q1)
    assert isinstance(conflict.value.current, SavedView)
    assert (conflict.value.current.name, conflict.value.current.version) == ("Q1", 2)
    with pytest.raises(Conflict):
        saved_views.delete(crew.viewer, view.id, 1)
    saved_views.delete(crew.viewer, view.id, 2)
    with pytest.raises(NotFound):
        saved_views.get(crew.viewer, view.id)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ViewDraft("financials", "  ", ""), "name"),
        (ViewDraft("financials", "n" * 61, ""), "name"),
        (ViewDraft("financials", "n", "x" * 2001), "filters"),
        (ViewDraft("Financials; --", "n", ""), "page"),
    ],
)
def test_what_cannot_be_saved_is_said_in_words(
    new_team: NewTeam, draft: ViewDraft, field: str
) -> None:
    crew = new_team()
    with pytest.raises(InvalidInput) as refused:
        saved(crew.viewer, draft)
    assert refused.value.field == field
    assert names(crew.viewer) == []


def test_two_windows_that_choose_a_default_at_once_leave_one(new_team: NewTeam) -> None:
    crew = new_team()
    failed: list[BaseException] = []

    def choose(name: str) -> None:
        try:
            saved(crew.editor, ViewDraft("financials", name, "", is_default=True))
        except BaseException as error:
            failed.append(error)

    windows = [threading.Thread(target=choose, args=(name,)) for name in "abcdef"]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert failed == []
    assert [is_default for _, is_default in names(crew.editor)].count(True) == 1


@given(choices=st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=8))
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_choices_the_last_default_chosen_is_the_only_one(
    choices: list[tuple[int, bool]], new_team: NewTeam
) -> None:
    crew = new_team()
    ours = [saved(crew.editor, ViewDraft("financials", name, "")).id for name in "abc"]
    default: int | None = None
    for client_filter, is_default in choices:
        view = saved_views.get(crew.editor, ours[client_filter])
        draft = ViewDraft("financials", view.name, "", is_default)
        saved_views.change(crew.editor, view.id, view.version, draft)
        default = client_filter if is_default else None if default == client_filter else default
    assert names(crew.editor) == [(name, n == default) for n, name in enumerate("abc")]


# ── nobody else's ───────────────────────────────────────────────────────────────────────────


def test_a_colleague_neither_lists_opens_changes_nor_deletes_it(new_team: NewTeam) -> None:
    crew = new_team()
    theirs = saved(crew.editor)
    for colleague in (crew.admin, crew.viewer):
        assert names(colleague) == []
        for attempt in (
            lambda who: saved_views.get(who, theirs.id),
            lambda who: saved_views.change(who, theirs.id, 1, Q1),
            lambda who: saved_views.delete(who, theirs.id, 1),
        ):
            with pytest.raises(NotFound):
                attempt(colleague)
        with pytest.raises(AlreadyExists):
            saved_views.save(colleague, Q1, row_id=theirs.id)
        # The same name is free to everyone.
        saved(colleague)
    assert saved_views.get(crew.editor, theirs.id) == theirs


STATEMENTS = {
    "read": "select id from zixly.saved_views where id = :id",
    "read all": "select id from zixly.saved_views where user_id = :owner",
    "lock": "select id from zixly.saved_views where id = :id for update",
    "rename": "update zixly.saved_views set name = 'mine' where id = :id",
    "delete": "delete from zixly.saved_views where id = :id",
    "delete all": "delete from zixly.saved_views where user_id = :owner",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_a_statement_of_a_colleague_s_own_finds_nothing(new_team: NewTeam, statement: str) -> None:
    crew = new_team()
    theirs = saved(crew.editor)
    named = {"id": theirs.id, "owner": crew.editor.user_id}
    wanted = {name: named[name] for name in sa.text(statement)._bindparams}
    for colleague in (crew.admin, crew.viewer):
        with scoped(colleague) as connection:
            assert connection.execute(sa.text(statement), wanted).rowcount == 0
    assert saved_views.get(crew.editor, theirs.id) == theirs
    with scoped(crew.editor) as connection:
        assert connection.execute(sa.text(statement), wanted).rowcount == 1


def test_no_grant_would_be_enough_to_write_a_colleague_s_row(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    """The policies alone: were every column granted, rows would still stay their person's own."""
    crew = new_team()
    theirs, mine = saved(crew.editor), saved(crew.admin)
    attempts = {
        "forge": "insert into zixly.saved_views (id, user_id, page, name, filters)"
        " values ('view_forged', :owner, 'financials', 'forged', '')",
        "give": "update zixly.saved_views set user_id = :owner where id = :mine",
    }
    named = {"owner": crew.editor.user_id, "mine": mine.id}
    for attempt in attempts.values():
        wanted = {name: named[name] for name in sa.text(attempt)._bindparams}
        with (
            undone_with_every_grant(admin, crew.admin) as connection,
            pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        ):
            connection.execute(sa.text(attempt), wanted)
    with undone_with_every_grant(admin, crew.admin) as connection:
        seen = connection.execute(sa.text("select id from zixly.saved_views")).scalars().all()
        taken = connection.execute(
            sa.text("update zixly.saved_views set user_id = :me where id = :id"),
            {"me": crew.admin.user_id, "id": theirs.id},
        ).rowcount
    assert (seen, taken) == ([mine.id], 0)
    with pytest.raises(AccessDenied), scoped(crew.admin) as connection:
        connection.execute(sa.text(attempts["forge"]), {"owner": crew.editor.user_id})


def test_the_trail_does_not_tell_an_administrator_of_it(new_team: NewTeam) -> None:
    crew = new_team()
    view = saved(crew.editor, ViewDraft("financials", "Looking for another job", ""))
    saved_views.change(crew.editor, view.id, 1, Q1)
    saved_views.delete(crew.editor, view.id, 2)
    trail = audit.page(crew.admin, ALL, "UTC").frame
    assert "saved_views" not in set(trail["table_name"])
    assert audit.history(crew.admin, "saved_views", view.id).empty
    assert not trail.empty, "joining the team is on it"


def test_a_view_goes_with_its_person(new_team: NewTeam, admin: sa.Engine, tmp_path: Path) -> None:
    crew = new_team()
    theirs, mine = saved(crew.editor), saved(crew.admin)
    team.delete(crew.admin, crew.editor.user_id, crew.editor.email, tmp_path)
    with admin.connect() as everyone:
        left = everyone.execute(
            sa.text("select id from zixly.saved_views where tenant_id = :tenant"),
            {"tenant": crew.tenant_id},
        ).scalars()
        assert list(left) == [mine.id]
    assert theirs.id != mine.id
