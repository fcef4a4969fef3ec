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
    """Update the database to this version. Safe to repeat and to run in parallel."""
    steps = migration.migrate(connection.open_database().logins)
    for step in steps:
        terminal.say(f"{step[0].upper()}{step[1:]}.")
    if not steps:
        terminal.say("The database is up to date.")


def demo() -> None:
    """Load the demo: Zixly's own organisation, its clients and three people who can sign in.

    Prints each person's email address and new password. They are not shown again. If the demo is
    already loaded, nothing changes.
    """
    migrate()
    operator = access.operator_url()
    if demo_books.is_loaded(operator):
        terminal.say("The demo is already loaded. Nothing was changed.")
        terminal.say("For a new password: python -m zixly_data user password EMAIL")
        return
    _print_passwords(demo_books.load(operator))


def prepare() -> None:
    """Prepare the app to start: create the database, migrate it and load the demo if it is new.

    If DATABASE_URL or DEMO=0 is set, no demo is loaded. Instead a link is printed to set up the
    first organisation. With only DATABASE_APP_URL and DATABASE_AUTH_URL, the database must already
    be up to date.
    """
    logins = connection.open_database().logins
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
        terminal.say("Open this link to set up your organisation. It works once:")
        terminal.result(mail_messages.link(settings().app_url(), mail_messages.SET_UP, token))


def _print_passwords(passwords: dict[str, str]) -> None:
    terminal.say(
        "The demo is loaded. Sign in with one of these passwords. They are not shown again:"
    )
    width = max(map(len, passwords))
    for email, password in passwords.items():
        terminal.result(f"{email:<{width}}  {password}")
