"""The signed-in user's own account: password and sessions."""

from __future__ import annotations

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.access import passwords, throttling
from zixly_data.access import sessions as auth
from zixly_data.database import connection
from zixly_data.database.connection import reporting, scoped
from zixly_data.errors import InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.values.frames import Flag, Frame, Instant, Text, fetch, nullable


class Sessions(Frame):
    """One row per active session, the latest used first."""

    id: Text
    address: Text = nullable
    user_agent: Text = nullable
    created_at: Instant
    last_seen_at: Instant
    is_this: Flag


def sessions(identity: Identity) -> DataFrame[Sessions]:
    """Return the user's active sessions in browsers.

    Commands that the operator runs as the user (`--as`) are no sessions of theirs. `is_this` marks
    the session of the identity itself.
    """
    query = sa.text("select * from app.my_sessions() order by is_this desc, last_seen_at desc")
    with reporting(identity) as scope:
        return fetch(scope, query, Sessions)


def end_session(identity: Identity, session_id: str) -> None:
    """End one of the user's own sessions.

    Raises NotFound if it has ended already or belongs to another user.
    """
    with scoped(identity) as scope:
        ended = scope.execute(sa.text("select app.end_my_session(:id)"), {"id": session_id})
        if not ended.scalar_one():
            raise NotFound("This session has already ended.")


def end_other_sessions(identity: Identity) -> int:
    """End all of the user's other sessions; return their number."""
    others = sa.text("""
        select count(*) filter (where app.end_my_session(id)) from app.my_sessions()
        where not is_this
    """)
    with scoped(identity) as scope:
        return int(scope.execute(others).scalar_one())


def change_password(identity: Identity, old: str, new: str, address: str) -> None:
    """Set a new password and end the user's other sessions.

    Raises InvalidInput (`field` is `old` or `password`), TooManyAttempts, SessionEnded.
    """
    passwords.validate(new, identity.email)
    check_password(identity, old, address)
    with connection.sign_in_connection() as login:
        login.execute(
            sa.text("select app_auth.change_password(:session, :hash)"),
            {"session": identity.secret, "hash": passwords.hash_password(new)},
        )


def check_password(identity: Identity, password: str, address: str) -> None:
    """Verify the user's password, against use of their open browser by somebody else.

    A wrong password counts as a failed attempt to sign in. Raises InvalidInput (`field` is `old`),
    TooManyAttempts.
    """
    with throttling.serialise_attempts(address):
        credentials = auth.credentials(identity.email, address)
        if credentials is None or not passwords.matches(password, credentials.password_hash):
            auth.record_failure(identity.email, address)
            raise InvalidInput("This is not your current password.", field="old")
