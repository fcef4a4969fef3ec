"""Inviting somebody into a team."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, terminal
from zixly_data.errors import MailNotSent
from zixly_data.identity import Role
from zixly_data.mail import letters, mail
from zixly_data.people import invitations, tenants
from zixly_data.settings import settings
from zixly_data.values import ids


def invite(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Where they are reached.")],
    role: Annotated[
        Role,
        typer.Option(
            case_sensitive=False,
            help="A VIEWER reads, an EDITOR also records, an ADMIN also manages people.",
        ),
    ],
    as_: access.As,
) -> None:
    """Invite somebody: mail them a link or, where no mail server is set, print it, this once."""
    with access.acting_as(as_) as identity:
        organisation = tenants.get(identity).name
        token = invitations.invite(identity, email, role, row_id=ids.new_id("inv"))
    chosen = settings()
    letter = letters.invitation(
        chosen.app_url(),
        to=email.strip(),
        token=token,
        role=role,
        organisation=organisation,
        invited_by=identity.full_name,
    )
    if mail.is_set_up(chosen):
        try:
            mail.send(chosen, letter)
            terminal.say(f"An invitation was sent to {email}.")
            return
        except MailNotSent as error:
            terminal.say(f"{error} {error.advice}")
    terminal.say(f"The invitation of {email}; it works once, within 7 days, and is shown only now:")
    terminal.result(letters.link(chosen.app_url(), letters.INVITATION, token))
