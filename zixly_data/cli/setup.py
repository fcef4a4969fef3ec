"""The commands `migrate`, `demo` and `prepare`."""

from __future__ import annotations

import os

from zixly_data.access import one_time_links
from zixly_data.cli import access, terminal
from zixly_data.database import connection, migration
from zixly_data.mail import messages as mail_messages
from zixly_data.operations import demo as demo_books
from zixly_data.operations import operator as operators
from zixly_data.settings import settings


def migrate() -> None:
    """Bring the database to this version. Safe to repeat, and to run twice at once."""
    steps = migration.migrate(connection.open_database().held)
    for step in steps:
        terminal.say(f"{step[0].upper()}{step[1:]}.")
    if not steps:
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

    Where DATABASE_URL or DEMO=0 is set there is no demo, but a link with which a founder sets up
    the first organisation. With DATABASE_APP_URL and DATABASE_AUTH_URL alone, the database must be
    up to date already.
    """
    logins = connection.open_database().held
    if not logins.admin_url:
        migration.require_current(logins.auth_url)
        return
    migrate()
    is_embedded = settings().database_url is None
    with_demo = is_embedded and os.environ.get("DEMO") != "0"
    if not operators.list_tenants(logins.admin_url).empty:
        if with_demo:
            terminal.say("For a new password: python -m zixly_data user password EMAIL")
    elif with_demo:
        _print_passwords(demo_books.load(logins.admin_url))
    else:
        _print_set_up_link(logins.admin_url)


def _print_set_up_link(admin_url: str) -> None:
    token = one_time_links.open_set_up(admin_url)
    if token is not None:
        terminal.say("Open this link once to set up your organisation:")
        terminal.result(mail_messages.link(settings().app_url(), mail_messages.SET_UP, token))


def _print_passwords(passwords: dict[str, str]) -> None:
    terminal.say("The demo is loaded. Sign in with one of these; they are shown only now:")
    width = max(map(len, passwords))
    for email, password in passwords.items():
        terminal.result(f"{email:<{width}}  {password}")
