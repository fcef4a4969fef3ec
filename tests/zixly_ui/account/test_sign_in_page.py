"""The sign-in form, and what somebody who has not signed in, or not any more, sees of each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import known_passwords, statements
from tests.support import records as books
from tests.support.browser_sessions import open_session
from tests.support.page_runs import PageRun, open_page
from zixly_data.access import sessions
from zixly_data.database.connection import Database
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_ui.shell.navigation import MENU

PASSWORD = "four plain words here"
CLOSED = [
    entry.file.removesuffix(".py")
    for some in MENU.values()
    for entry in some
    if not entry.open_to_all
]


@pytest.fixture
def team(new_team: Callable[[], Team], database: Database, admin: sa.Engine) -> Team:
    """A team with a client, whose editor has a password and a session."""
    made = new_team()
    books.client(made, "Harbour Secret Works")
    known_passwords.give(database.logins.admin_url, made.editor.email, PASSWORD)
    secret = open_session(admin, made.editor.email)
    return replace(made, editor=sessions.identify(secret))


def sign_in(email: str, password: str, page: str = "overview") -> PageRun:
    return open_page(None, page).fill(Email=email, Password=password).press("Sign in")


def shows_the_form_alone(page: PageRun) -> None:
    assert page.typed("Email", "Password") == ("", "")
    assert page.menu == []
    assert page.sidebar == ""
    assert page.title == ""
    assert not page.app.dataframe
    assert not page.app.file_uploader
    assert "Harbour Secret" not in page.text


@pytest.mark.parametrize("role", ["admin", "editor", "viewer"])
def test_each_person_sees_who_they_are(team: Team, role: str) -> None:
    person: Identity = getattr(team, role)
    page = open_page(person, "clients")
    assert person.email in page.sidebar
    assert f"{role.capitalize()} · Team" in page.sidebar


def test_a_right_password_opens_a_session_for_the_page_that_was_asked_for(team: Team) -> None:
    page = sign_in(team.editor.email.upper(), PASSWORD, "clients")
    assert "Signing you in" in page.alerts
    assert page.cookies == {}
    assert page.send() == ""
    assert team.editor.email in page.reload().sidebar
    assert (page.title, page.address) == ("Clients", "/clients")
    page.press("Sign out").send()
    shows_the_form_alone(page.go("clients"))


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", "not the password"),
        ("nobody@zixly.com.au", "not the password"),
        ("", "x" * 100),
        ("", "é" * 60),
        ("'; DROP TABLE users; --", "' OR 1=1 --"),
    ],
)
def test_a_pair_that_does_not_match_gets_the_same_sentence(
    team: Team, email: str, password: str
) -> None:
    email = email or team.editor.email
    page = sign_in(email, password)
    assert page.alerts.startswith("The email address or password is incorrect")
    assert page.typed("Email") == (email,)
    assert not any("data-zixly-send" in node.value for node in page.app.get("html"))


def test_an_empty_form_says_what_is_missing(team: Team) -> None:
    assert "Enter your email address" in open_page(None, "overview").press("Sign in").alerts


@pytest.mark.parametrize("page", CLOSED)
def test_a_stranger_sees_nothing_but_the_form(team: Team, page: str) -> None:
    (client,) = (row["id"] for row in open_page(team.viewer, "clients").downloaded())
    shows_the_form_alone(open_page(None, page, id=client, period="2024-Q1"))
    shows_the_form_alone(open_page("invented", page, id=client, period="2024-Q1"))


def leaves(admin: sa.Engine, person: Identity) -> None:
    statements.run(
        admin, "update zixly.users set status = 'INACTIVE' where id = :id", id=person.user_id
    )


def is_deleted(admin: sa.Engine, person: Identity) -> None:
    statements.run(admin, "delete from zixly.users where id = :id", id=person.user_id)


@pytest.mark.parametrize("ended_by", [leaves, is_deleted])
@pytest.mark.parametrize(
    "click",
    [
        lambda page: page.go("financials"),
        lambda page: page.reload(),
        lambda page: page.press("Add client"),
        lambda page: page.enter("Search", "Harbour"),
    ],
)
def test_the_next_click_on_an_open_page_gets_nothing(
    team: Team,
    admin: sa.Engine,
    ended_by: Callable[[sa.Engine, Identity], None],
    click: Callable[[PageRun], PageRun],
) -> None:
    page = open_page(team.editor, "clients")
    assert "Harbour Secret Works" in page.text
    ended_by(admin, team.editor)
    click(page)
    assert "Your session has ended" in page.alerts
    shows_the_form_alone(page)
    assert page.dialog == ""
    # The same password lets them in no more.
    page.fill(Email=team.editor.email, Password=PASSWORD).press("Sign in")
    assert "email address or password is incorrect" in page.alerts


def test_a_form_that_is_open_saves_nothing(team: Team, admin: sa.Engine) -> None:
    (client,) = (row["id"] for row in open_page(team.viewer, "clients").downloaded())
    page = open_page(team.editor, "client", id=client).press("Edit client")
    page.fill(Name="Renamed after leaving")
    leaves(admin, team.editor)
    page.press("Save changes")
    assert "Your session has ended" in page.text
    assert names(admin, team) == ["Harbour Secret Works"]


def test_an_editor_who_became_a_viewer_cannot_save_an_open_form(
    team: Team, admin: sa.Engine
) -> None:
    (client,) = (row["id"] for row in open_page(team.viewer, "clients").downloaded())
    page = open_page(team.editor, "client", id=client).press("Edit client")
    page.fill(Name="Renamed by a viewer")
    statements.run(
        admin, "update zixly.users set role = 'VIEWER' where id = :id", id=team.editor.user_id
    )
    page.press("Save changes")
    assert "Your role does not allow this." in page.text
    assert names(admin, team) == ["Harbour Secret Works"]
    page.reload()
    assert page.title == "Harbour Secret Works"
    assert not page.offers("Edit client")


@pytest.mark.parametrize(
    ("page", "query"), [("clients", {}), ("profitability", {"period": "2024-Q1"})]
)
def test_a_download_brings_no_file_any_more(
    team: Team, admin: sa.Engine, page: str, query: dict[str, str]
) -> None:
    (client,) = (row["id"] for row in open_page(team.viewer, "clients").downloaded())
    books.money(team, client, "2024-01-31", "10")
    opened = open_page(team.editor, page, **query)
    assert opened.downloaded()
    leaves(admin, team.editor)
    with pytest.raises(SessionEnded):
        opened.file()


def test_a_new_password_ends_the_session_at_the_next_click(team: Team, database: Database) -> None:
    page = open_page(team.editor, "overview")
    operator.set_password(database.logins.admin_url, team.editor.email, PASSWORD)
    page.go("clients")
    assert "Your session has ended" in page.alerts
    shows_the_form_alone(page)


def names(admin: sa.Engine, team: Team) -> list[str]:
    query = "select client_name from zixly.client_kpis where tenant_id = :t"
    return [row[0] for row in statements.run(admin, query, t=team.tenant_id)]
