"""Every pair of a person and an action behaves as `permitted_actions.py` states.

An ADMIN, an EDITOR and a VIEWER of one organisation, a deactivated ADMIN, and a stranger
with an invented secret: on the page, at the command line, and below both.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import streamlit as st
import typer
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from tests.support.documents.permission_page import page as permission_page
from tests.support.imports import imported
from tests.support.package_modules import data_modules
from tests.support.permissions.actions import do
from tests.support.permissions.office import CLOSED, Office, furnish
from tests.support.servers.command_line import Ended
from zixly_data import cli
from zixly_data.access import action_permissions
from zixly_data.access.action_permissions import ACTIONS, BUTTONS, BY_PASSWORD, COMMANDS, PAGES
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied, NotFound, SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.imports import Kind
from zixly_data.operations import operator
from zixly_data.people import team
from zixly_data.records import client_merges, closed_months, exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_ui.shell import session
from zixly_ui.shell.navigation import MENU
from zixly_ui.shell.navigation import PAGES as FOLDER

DEACTIVATED, STRANGER = "deactivated ADMIN", "stranger"
PEOPLE = [*(role.value for role in Role), DEACTIVATED, STRANGER]
# Only people with permission are told that a record is missing.
NOTHING_THERE = (
    "people.team.remove_second_factor",
    "access.account.end_session",
    "people.saved_views.get",
    "people.saved_views.change",
    "people.saved_views.delete",
    "people.demo_removal.remove",
)

READING = {action for action in ACTIONS if ACTIONS[action][0] is Role.VIEWER}
_offices: dict[str, tuple[Office, dict[str, Identity]]] = {}

each_person = pytest.mark.parametrize("persona", PEOPLE)


def may(persona: str, needed: Role) -> bool:
    return persona in set(Role) and Role(persona).includes(needed)


def person(persona: str, crew: Team, database: Database) -> Identity:
    by_role = {"VIEWER": crew.viewer, "EDITOR": crew.editor, "ADMIN": crew.admin}
    if persona in by_role:
        return by_role[persona]
    if persona == STRANGER:
        return replace(crew.admin, secret="invented")
    email = f"gone@{crew.tenant_id}.example"
    operator.add_user(database.logins.admin_url, crew.tenant_id, email, "Gone", Role.ADMIN)
    gone = operator.open_session(database.logins.admin_url, email)
    team.deactivate(crew.admin, gone.user_id)
    return gone


@pytest.fixture
def shared(
    new_team: Callable[[], Team], database: Database, tmp_path: Path
) -> tuple[Office, dict[str, Identity]]:
    """One office and its people for reading and refused actions, which change nothing."""
    key = database.logins.admin_url
    if key not in _offices:
        office = furnish(new_team(), tmp_path)
        _offices[key] = (
            office,
            {persona: person(persona, office.team, database) for persona in PEOPLE},
        )
    return _offices[key]


# ── below the page ──────────────────────────────────────────────────────────────────────────


@each_person
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action(
    new_team: Callable[[], Team],
    database: Database,
    tmp_path: Path,
    shared: tuple[Office, dict[str, Identity]],
    persona: str,
    action: str,
) -> None:
    office, actor = shared[0], shared[1][persona]
    if may(persona, ACTIONS[action][0]):
        if action not in READING:
            office = furnish(new_team(), tmp_path)
            actor = person(persona, office.team, database)
        if action in NOTHING_THERE:
            with pytest.raises(NotFound):
                do(action, actor, office)
        else:
            do(action, actor, office)
        return
    with pytest.raises(AccessDenied) as refused:
        do(action, actor, office)
    assert (refused.type is SessionEnded) == (persona not in set(Role))


def test_no_function_that_acts_for_a_person_is_left_out() -> None:
    acting = set()
    for path, module in data_modules():
        # The first reads and writes for all others; COMMANDS covers commands.
        if path == "database.versioned_rows" or path.startswith("cli."):
            continue
        # A package lists its public functions; its modules are private.
        offered = getattr(module, "__all__", ())
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            builds_a_query = "sa." in str(inspect.signature(function).return_annotation)
            is_own = function.__module__ == module.__name__ or name in offered
            is_public = not name.startswith("_") and is_own
            if is_public and parameters[:1] == ["identity"] and not builds_a_query:
                acting.add(f"{path}.{name}")
    transactions = {
        f"database.connection.{name}"
        for name in ("scoped", "reading", "reporting", "snapshot", "once")
    }
    assert acting - transactions == set(ACTIONS) | set(BY_PASSWORD)


# ── on the page ─────────────────────────────────────────────────────────────────────────────


@each_person
@pytest.mark.parametrize("page", [page for page, needed in PAGES.items() if needed])
def test_a_page(
    shared: tuple[Office, dict[str, Identity]],
    monkeypatch: pytest.MonkeyPatch,
    persona: str,
    page: str,
) -> None:
    """A page opens or explains the refusal, and shows the buttons of the role."""
    office, actor = shared[0], shared[1][persona]
    monkeypatch.setattr(session, "current_secret", lambda: actor.secret)
    # A page run separately has no other pages to link to.
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)
    needed = PAGES[page]
    assert needed is not None
    app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=60)
    app.query_params["id"] = office.client
    app.query_params["period"] = "all"
    app.run()
    headers = [header.value for header in app.header]
    if persona not in set(Role):
        assert headers == ["Your session has ended"]
        assert not app.title
        assert not app.dataframe
        assert [button.key for button in app.button] == ["session-ended-sign-in"]
        return
    if not may(persona, needed):
        assert headers == ["You do not have access to this page"]
        assert not app.title
        assert not app.dataframe
        assert not app.button
        return
    assert app.title
    assert not app.exception
    shown = {button.key for button in app.button}
    for (of_page, key), least in BUTTONS.items():
        if of_page == page:
            assert (key in shown) == may(persona, least), key


def test_every_page_is_in_the_table_as_in_the_menu() -> None:
    entries = {entry.file.removesuffix(".py"): entry for some in MENU.values() for entry in some}
    assert set(entries) == set(PAGES) == {path.stem for path in FOLDER.glob("*.py")}
    assert {name for name, entry in entries.items() if entry.open_to_all} == {
        name for name, needed in PAGES.items() if needed is None
    }
    for name, entry in entries.items():
        assert entry.menu_role in (PAGES[name], None)


# ── at the command line ─────────────────────────────────────────────────────────────────────

HOW: dict[str, tuple[str, ...]] = {
    "report profitability": ("--period", "all", "--format", "csv"),
    "report monthly": ("--period", "all", "--format", "json"),
    "rates list": ("--format", "csv"),
    "rates set": ("2024-03", "USD", "1.5"),
    "rates import": ("{rates}",),
    "rates remove": ("2024-04", "NZD"),
    "report breakdown": ("--period", "2024-Q1", "--by", "month", "--format", "csv"),
    "report business": ("--period", "2024-Q1", "--format", "csv"),
    "report bridge": ("--period", "2024-Q1", "--format", "csv"),
    "report contradictions": ("--format", "csv"),
    "report funnel": ("--period", "2024-Q1", "--format", "csv"),
    "report metrics": ("--period", "2024-Q1", "--format", "csv"),
    "export": ("financials",),
    "import": ("clients", "{file}"),
    "imports list": (),
    "imports undo": ("{imported}",),
    "month list": (),
    "month close": ("2023-08",),
    "month reopen": ("2023-07",),
    "client merge": ("K-1", "K-3"),
    "client merges": (),
    "client unmerge": ("{merge}",),
    "stage list": (),
    "stage add": ("Negotiation",),
    "stage rename": ("Inquiry", "Enquiry"),
    "stage move": ("Lost", "--before", "Inquiry"),
    "stage merge": ("Inquiry", "--into", "Consultation"),
    "stage retire": ("Inquiry",),
    "stage restore": ("Inquiry",),
    "tenant set": ("--name", "Own Books"),
    "user invite": ("new@{tenant}.example", "--role", "viewer"),
    "user role": ("{viewer}", "editor"),
    "user deactivate": ("{viewer}",),
    "user reactivate": ("{viewer}",),
    "user delete": ("{viewer}", "--yes"),
}


@dataclass(frozen=True)
class Firm:
    """A team with a closed month, a rate, an import and merged clients, and the person who runs the
    commands."""

    crew: Team
    email: str
    imported: str
    merge: str

    @classmethod
    def create(cls, crew: Team, persona: str, database: Database) -> Firm:
        closed_months.close(crew.admin, CLOSED)
        email = (
            "stranger@nowhere.example"
            if persona == STRANGER
            else person(persona, crew, database).email
        )
        rate = RateDraft(date(2024, 4, 1), "NZD", "AUD", Decimal("0.9"))
        exchange_rates.put_all(crew.editor, [rate])
        done = imported(crew.editor, Kind.CLIENTS, "client_id,client_name\nH,Harbor\n")
        kept, merged, _ = (
            books.client(crew, "Kea", client_id=f"K-{number}") for number in (1, 2, 3)
        )
        preview = client_merges.preview(crew.editor, kept, merged)
        return cls(crew, email, done.id, client_merges.merge(crew.editor, preview))


# One firm for reading and for refused commands, which change nothing.
_firms: dict[tuple[str, str], Firm] = {}


@each_person
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command(
    new_team: Callable[[], Team], database: Database, zixly: Callable[..., Ended],
    tmp_path: Path, persona: str, command: str,
) -> None:  # fmt: skip
    """A command succeeds, or refuses with a message, exit status 2 and no output."""
    (tmp_path / "clients.csv").write_text("client_id,client_name\nK,Kiwi\n")
    (tmp_path / "rates.csv").write_text("month,currency,rate\n2024-03,NZD,0.9\n")
    succeeds = may(persona, COMMANDS[command])
    key = (database.logins.admin_url, persona)
    changes = succeeds and COMMANDS[command] is not Role.VIEWER
    if changes or key not in _firms:
        firm = Firm.create(new_team(), persona, database)
        if not changes:
            _firms[key] = firm
    else:
        firm = _firms[key]
    names = {
        "tenant": firm.crew.tenant_id, "viewer": firm.crew.viewer.email,
        "imported": firm.imported, "merge": firm.merge,
        "file": tmp_path / "clients.csv", "rates": tmp_path / "rates.csv",
    }  # fmt: skip
    arguments = [argument.format(**names) for argument in HOW[command]]
    ended = zixly(*command.split(), *arguments, "--as", firm.email)
    if succeeds:
        assert ended.returncode == 0, ended.stderr
    else:
        assert (ended.returncode, ended.stdout) == (2, "")
        assert len(ended.stderr.splitlines()) == 2


def test_every_command_is_in_the_table() -> None:
    has_as_option = {}
    for path, command in _commands(typer.main.get_command(cli.app)):
        has_as_option[path] = any(option.name == "as_email" or "--as" in option.opts
                          for option in command.params)  # fmt: skip
    assert {path for path, acts_for_person in has_as_option.items() if acts_for_person} == set(
        COMMANDS
    )
    assert {path for path, acts_for_person in has_as_option.items() if not acts_for_person} == set(
        action_permissions.OPERATOR_COMMANDS
    )


def test_the_page_of_the_docs_says_the_same() -> None:
    docs = Path(__file__).parents[3] / "docs" / "permissions.md"
    assert docs.read_text("utf-8") == permission_page()


def _commands(command: object, path: str = "") -> list[tuple[str, typer.core.TyperCommand]]:
    """Every command with its path, without groups that do nothing by themselves."""
    inside = getattr(command, "commands", None)
    if inside is None:
        return [(path, command)]  # type: ignore[list-item]
    itself = [(path, command)] if getattr(command, "invoke_without_command", False) else []
    return itself + [  # type: ignore[return-value]
        entry
        for name, subcommand in inside.items()
        for entry in _commands(subcommand, f"{path} {name}".strip())
    ]
