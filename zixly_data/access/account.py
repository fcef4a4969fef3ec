"""One's own account: the password, and the sessions one is signed in with."""

from __future__ import annotations

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.access import passwords, throttling
from zixly_data.access import sessions as auth
from zixly_data.database import connection
from zixly_data.database.connection import scoped
from zixly_data.errors import InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.values.frames import Flag, Frame, Instant, Text, fetch, nullable


class Sessions(Frame):
    """One row per session that could still be used, the latest used first."""

    id: Text
    kind: Text
    address: Text = nullable
    user_agent: Text = nullable
    created_at: Instant
    last_seen_at: Instant
    is_this: Flag


def sessions(identity: Identity) -> DataFrame[Sessions]:
    """Where this person is signed in.

    `is_this` marks the session of the identity itself.
    """
    query = sa.text("select * from app.my_sessions() order by is_this desc, last_seen_at desc")
    with scoped(identity) as scope:
        return fetch(scope, query, Sessions)


def end_session(identity: Identity, session_id: str) -> None:
    """Ends one of one's own sessions.

    Raises NotFound where it ended already, or is not one's own.
    """
    with scoped(identity) as scope:
        ended = scope.execute(sa.text("select app.end_my_session(:id)"), {"id": session_id})
        if not ended.scalar_one():
            raise NotFound("This session has ended already.")


def end_other_sessions(identity: Identity) -> int:
    """Ends all of one's own sessions but this one; how many there were."""
    others = sa.text("""
        select count(*) filter (where app.end_my_session(id)) from app.my_sessions()
        where not is_this
    """)
    with scoped(identity) as scope:
        return int(scope.execute(others).scalar_one())


def change_password(identity: Identity, old: str, new: str, address: str) -> None:
    """Sets a new password; every other session of this person ends.

    Raises InvalidInput (`field` is `old` or `password`), TooManyAttempts, SessionEnded.
    """
    passwords.checked(new, identity.email)
    check_password(identity, old, address)
    with connection.sign_in_connection() as login:
        login.execute(
            sa.text("select app_auth.change_password(:session, :hash)"),
            {"session": identity.secret, "hash": passwords.hashed(new)},
        )


def check_password(identity: Identity, password: str, address: str) -> None:
    """Makes sure that it is the person, and not somebody at their open browser.

    A wrong password counts as a failed attempt to sign in. Raises InvalidInput (`field` is `old`),
    TooManyAttempts.
    """
    with throttling.one_at_a_time(address):
        found = auth.credentials(identity.email, address)
        if found is None or not passwords.matches(password, found.password_hash):
            auth.record_failure(identity.email, address)
            raise InvalidInput("This is not your present password.", field="old")
