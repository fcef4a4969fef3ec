"""Setting up: migrate, demo, prepare."""

from __future__ import annotations

import os

from zixly_data import connection, migration, operators
from zixly_data import demo as demo_books
from zixly_data.cli import access, terminal
from zixly_data.settings import settings


def migrate() -> None:
    """Bring the database to this version. Safe to repeat, and to run twice at once."""
    done = migration.migrate(connection.open_database().held)
    for step in done:
        terminal.say(f"{step[0].upper()}{step[1:]}.")
    if not done:
        terminal.say("The database is up to date.")


def demo() -> None:
    """Load the demo: Zixly's own organisation, its clients, and three people to sign in as.

    Prints each person's email address and fresh password, this once. Does nothing where the demo
    is loaded already.
    """
    migrate()
    operator = access.operator_url()
    if demo_books.is_loaded(operator):
        terminal.say("The demo is loaded already; nothing was changed.")
        terminal.say("For a new password: python -m zixly_data user password EMAIL")
        return
    _print_passwords(demo_books.load(operator))


def prepare() -> None:
    """Do what the app needs before it starts: database, migration and, for a new one, the demo.

    The demo is left out where DATABASE_URL is set, DEMO=0 is, or an organisation exists.
    """
    migrate()
    own_server = settings().database_url is None and settings().database_app_url is None
    if own_server and os.environ.get("DEMO") != "0":
        operator = access.operator_url()
        if operators.list_tenants(operator).empty:
            _print_passwords(demo_books.load(operator))
        else:
            terminal.say("For a new password: python -m zixly_data user password EMAIL")


def _print_passwords(passwords: dict[str, str]) -> None:
    terminal.say("The demo is loaded. Sign in with one of these; they are shown only now:")
    width = max(map(len, passwords))
    for email, password in passwords.items():
        terminal.result(f"{email:<{width}}  {password}")
