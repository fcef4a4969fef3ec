"""The letters Zixly writes, in plain text, and the links in them.

A link carries its token behind the `#`, which a browser keeps to itself: no server and no proxy on
the way ever logs it.
"""

from __future__ import annotations

from zixly_data.identity import Role
from zixly_data.mail.smtp import Letter

INVITATION, PASSWORD, SET_UP = "invitation", "password", "set-up"

_MAY = {
    Role.VIEWER: "see clients, figures and reports",
    Role.EDITOR: "see and record clients, figures and leads",
    Role.ADMIN: "see and record everything, and look after the team",
}


def link(app_url: str, kind: str, token: str) -> str:
    """The address that opens an invitation, a new password or a set-up."""
    return f"{app_url}/link#{kind}={token}"


def invitation(
    app_url: str, *, to: str, token: str, role: Role, organisation: str, invited_by: str
) -> Letter:
    """Somebody is invited into a team. `text` can also be copied and sent by hand."""
    return Letter(
        to=to,
        subject=_line(f"{invited_by} invites you to {organisation} on Zixly"),
        text=f"""\
Hello,

{_line(invited_by)} invites you to work with {_line(organisation)} on Zixly. As {role.label} you \
may {_MAY[role]}.

Open this link to choose a password and sign in:

{link(app_url, INVITATION, token)}

The link works once, within the next 7 days. If you do not know {_line(invited_by)}, ignore this \
message and nothing will happen.
""",
    )


def new_password(app_url: str, *, to: str, token: str, full_name: str, lasts: str) -> Letter:
    """Somebody may set a new password. `lasts` is how long the link does, such as `1 hour`."""
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
    """A name on one line, so that none can add lines to a letter or to its head."""
    return " ".join(text.split())
