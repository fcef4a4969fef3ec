"""The commands `migrate` and `prepare`."""

from __future__ import annotations

import os

from zixly_data.access import one_time_links
from zixly_data.cli import terminal
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


def prepare() -> None:
    """Prepare the app to start: create the database, migrate it and load the demo if it is new.

    If DATABASE_URL or DEMO=0 is set, or a set-up link was created before, no demo is loaded.
    Instead a link is printed to set up the first organisation. If there is a demo already, DEMO=0
    prints how to remove it. With only DATABASE_APP_URL and DATABASE_AUTH_URL, the database must
    already be up to date.
    """
    logins = connection.open_database().logins
    if not logins.admin_url:
        migration.require_current(logins.auth_url)
        return
    migrate()
    admin_url = logins.admin_url
    is_embedded = settings().database_url is None
    without_demo = os.environ.get("DEMO") == "0"
    with_demo = is_embedded and not without_demo
    if not operators.list_tenants(admin_url).empty:
        if with_demo:
            terminal.say("For a new password: python -m zixly_data user password EMAIL")
        elif without_demo and demo_books.contents(admin_url) is not None:
            terminal.say("This installation has the demo. To begin your own organisation, run:")
            terminal.result("python -m zixly_data demo remove")
            terminal.say("To keep the demo, start without DEMO=0.")
    elif with_demo and not one_time_links.is_set_up_begun(admin_url):
        print_passwords(demo_books.load(admin_url))
    else:
        print_set_up_link(admin_url)


def print_set_up_link(admin_url: str) -> None:
    """Print a new link to set up the first organisation, unless there is an organisation."""
    token = one_time_links.open_set_up(admin_url)
    if token is not None:
        print_link(token)


def print_link(token: str) -> None:
    """Print the link to set up an organisation."""
    terminal.say("Open this link to set up your organisation. It works once:")
    terminal.result(mail_messages.link(settings().app_url(), mail_messages.SET_UP, token))


def print_passwords(passwords: dict[str, str]) -> None:
    """Print the password of each person of the demo."""
    terminal.say(
        "The demo is loaded. Sign in with one of these passwords. They are not shown again:"
    )
    width = max(map(len, passwords))
    for email, password in passwords.items():
        terminal.result(f"{email:<{width}}  {password}")
