"""The messages Zixly sends, in plain text, and the links in them.

A link carries its token after the `#`, which browsers never send: no server or proxy can log it.
"""

from __future__ import annotations

from zixly_data.identity import Role
from zixly_data.mail.smtp import Letter

INVITATION, PASSWORD, SET_UP = "invitation", "password", "set-up"

_RIGHTS = {
    Role.VIEWER: "see clients, figures and reports",
    Role.EDITOR: "see and record clients, figures and leads",
    Role.ADMIN: "see and record everything, and look after the team",
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
        subject=_line(f"{invited_by} invites you to {organisation} on Zixly"),
        text=f"""\
Hello,

{_line(invited_by)} invites you to work with {_line(organisation)} on Zixly. As {role.label} you \
may {_RIGHTS[role]}.

Open this link to choose a password and sign in:

{link(app_url, INVITATION, token)}

The link works once, within the next 7 days. If you do not know {_line(invited_by)}, ignore this \
message and nothing will happen.
""",
    )


def new_password(app_url: str, *, to: str, token: str, full_name: str, lasts: str) -> Letter:
    """Return the message for a new password. `lasts` is the link's lifetime, such as `1 hour`."""
    return Letter(
        to=to,
        subject="Choose a new password for Zixly",
        text=f"""\
Hello {_line(full_name)},

a new password was asked for your account at Zixly, {to}. Open this link to choose it:

{link(app_url, PASSWORD, token)}

The link works once, within {lasts}. Your present password stays as it is until then. If you did \
not ask for this, ignore this message and nothing will change.
""",
    )


def _line(text: str) -> str:
    """Put a name on one line, so that it cannot add lines to a message or its headers."""
    return " ".join(text.split())
