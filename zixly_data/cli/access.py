"""Rights of a command: those of the operator, or of the user named with `--as`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from zixly_data.access import sessions
from zixly_data.database import connection
from zixly_data.errors import NotPrepared
from zixly_data.identity import Identity
from zixly_data.operations import operator

As = Annotated[
    str, typer.Option("--as", metavar="EMAIL", help="Run as this user, with their rights and data.")
]


def operator_url() -> str:
    """Return the administrator's address of the database. Raises NotPrepared if there is none."""
    url = connection.open_database().logins.admin_url
    if not url:
        raise NotPrepared(
            "This command needs an administrator login to the database.",
            advice="Set DATABASE_URL for this command.",
        )
    return url


@contextmanager
def acting_as(email: str) -> Iterator[Identity]:
    """Open a session as a user and end it afterwards.

    Raises SignInRefused if the user is unknown or inactive.
    """
    identity = operator.open_session(operator_url(), email)
    try:
        yield identity
    finally:
        sessions.end_session(identity.secret)
