"""Sessions as a browser has them, without the sign-in form: the secret is the cookie's value."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
_OPEN = sa.text(
    "select app_private.open_session(tenant_id, id, :secret, 'BROWSER', '127.0.0.1', :agent,"
    " interval '1 day', interval '1 day') from zixly.users where lower(email) = lower(:email)"
)


def open_session(admin: sa.Engine, email: str, agent: str = AGENT) -> str:
    """Open a session for a person as the correct password does; return its secret."""
    secret = secrets.token_urlsafe(32)
    with admin.begin() as on:
        opened = on.execute(_OPEN, {"secret": secret, "agent": agent, "email": email})
        assert opened.rowcount == 1, f"There is no user {email}"
    return secret
