"""The messages Zixly sends, in plain text, and the links in them.

A link carries its token after the `#`, which browsers never send: no server or proxy can log it.
"""

from __future__ import annotations

from zixly_data.identity import Role
from zixly_data.mail.smtp import Letter

INVITATION, PASSWORD, SET_UP = "invitation", "password", "set-up"

_RIGHTS = {
    Role.VIEWER: "view clients, figures and reports",
    Role.EDITOR: "view and record clients, figures and leads",
    Role.ADMIN: "view and record everything, and manage the team",
}


def link(app_url: str, kind: str, token: str) -> str:
    """Return the address that opens an invitation, a new password or a set-up."""
    return f"{app_url}/link#{kind}={token}"


def invitation(
    app_url: str, *, to: str, token: str, role: Role, organisation: str, invited_by: str
) -> Letter:
    """Return the invitation into a team. Its `text` can also be copied and sent by hand."""
    return Letter(
        to=to,
        subject=_line(f"{invited_by} invited you to join {organisation} on Zixly"),
        text=f"""\
Hello,

{_line(invited_by)} has invited you to join {_line(organisation)} on Zixly with the \
{role.label} role. You will be able to {_RIGHTS[role]}.

To accept the invitation, open this link and choose a password:

{link(app_url, INVITATION, token)}

The link works once and expires in 7 days. If you do not know {_line(invited_by)}, you can ignore \
this message and nothing will happen.
""",
    )


def new_password(app_url: str, *, to: str, token: str, full_name: str, lasts: str) -> Letter:
    """Return the message for a new password. `lasts` is the link's lifetime, such as `1 hour`."""
    return Letter(
        to=to,
        subject="Reset your Zixly password",
        text=f"""\
Hello {_line(full_name)},

We received a request to reset the password of your Zixly account, {to}. To choose a new password, \
open this link:

{link(app_url, PASSWORD, token)}

The link works once and expires in {lasts}. Your current password works until you choose a new \
one. If you did not request this, you can ignore this message and nothing will change.
""",
    )


def _line(text: str) -> str:
    """Put a name on one line, so that it cannot add lines to a message or its headers."""
    return " ".join(text.split())
