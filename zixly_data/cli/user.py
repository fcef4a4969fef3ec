"""The command `user`: people, their roles and their passwords."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from zixly_data.access import passwords
from zixly_data.cli import access, tables, terminal
from zixly_data.errors import MailNotSent, NotConfirmed
from zixly_data.identity import Role
from zixly_data.mail import messages as mail_messages
from zixly_data.mail import smtp
from zixly_data.operations import operator
from zixly_data.people import invitations, team, tenants
from zixly_data.settings import settings
from zixly_data.values import ids

app = typer.Typer(help="People: who can sign in, and their roles.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The email address they sign in with.")]


@app.command()
def invite(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The email address to invite.")],
    role: Annotated[
        Role,
        typer.Option(
            case_sensitive=False,
            help="VIEWER reads, EDITOR also records, ADMIN also manages people.",
        ),
    ],
    as_email: access.As,
) -> None:
    """Invite a person by email. Without a mail server, print the link once."""
    with access.acting_as(as_email) as identity:
        organisation = tenants.get(identity).name
        token = invitations.invite(identity, email, role, row_id=ids.new_id("inv"))
    app_settings = settings()
    message = mail_messages.invitation(
        app_settings.app_url(),
        to=email.strip(),
        token=token,
        role=role,
        organisation=organisation,
        invited_by=identity.full_name,
    )
    if smtp.is_set_up(app_settings):
        try:
            smtp.send(app_settings, message)
            terminal.say(f"An invitation was sent to {email}.")
            return
        except MailNotSent as error:
            terminal.say(f"{error} {error.advice}")
    terminal.say(
        f"Invitation for {email}. It works once, expires in 7 days and is not shown again:"
    )
    terminal.result(mail_messages.link(app_settings.app_url(), mail_messages.INVITATION, token))


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Their full name.")],
    role: Annotated[
        Role,
        typer.Option(
            case_sensitive=False,
            help="VIEWER reads, EDITOR also records, ADMIN also manages people.",
        ),
    ],
    tenant: Annotated[str, typer.Option(metavar="ID", help="The organisation they belong to.")],
) -> None:
    """Add a user and print their password once."""
    password = passwords.generate()
    operator.add_user(access.operator_url(), tenant, email, name, role, password)
    _print_password(email, password)


@app.command("list")
def list_all() -> None:
    """List all users with organisation, email address, name, role and status."""
    terminal.result(tables.as_text(operator.list_users(access.operator_url())))


@app.command()
def password(email: Email) -> None:
    """Set a new password for a user, print it once and end their sessions."""
    new_password = passwords.generate()
    operator.set_password(access.operator_url(), email, new_password)
    _print_password(email, new_password)


@app.command()
def role(
    email: Email,
    role: Annotated[Role, typer.Argument(case_sensitive=False, help="VIEWER, EDITOR or ADMIN.")],
    as_email: access.As,
) -> None:
    """Change the role of a user. It takes effect at their next click."""
    with access.acting_as(as_email) as identity:
        team.change_role(identity, team.find(identity, email), role)
    terminal.say(f"{email} now has the {role.label} role.")


@app.command()
def deactivate(email: Email, as_email: access.As) -> None:
    """Sign a user out everywhere and block them from signing in. Their records stay."""
    with access.acting_as(as_email) as identity:
        team.deactivate(identity, team.find(identity, email))
    terminal.say(f"{email} was deactivated.")


@app.command()
def reactivate(email: Email, as_email: access.As) -> None:
    """Let a user sign in again with their previous password."""
    with access.acting_as(as_email) as identity:
        team.reactivate(identity, team.find(identity, email))
    terminal.say(f"{email} was reactivated.")


@app.command()
def delete(
    email: Email,
    as_email: access.As,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask to type the address again.")
    ] = False,
) -> None:
    """Delete a user permanently, archive their audit entries and free their address.

    Prints the path of the archive.
    """
    with access.acting_as(as_email) as identity:
        user_id = team.find(identity, email)
        typed_email = email if yes else _read_typed_email(email)
        archive_file = team.delete(identity, user_id, typed_email, settings().archive_folder())
    terminal.say(f"{email} was deleted. Their audit entries are in:")
    terminal.result(str(archive_file))


def _read_typed_email(email: str) -> str:
    """Ask for the address again and return it. Raises NotConfirmed."""
    terminal.say(f"This cannot be undone. To delete {email}, type the address:")
    line = sys.stdin.readline()
    if not line.strip():
        raise NotConfirmed(
            "The address was not typed, so no one was deleted.",
            advice="Type it when asked, or add --yes.",
        )
    return line


def _print_password(email: str, password: str) -> None:
    terminal.say(f"Password for {email}. It is not shown again:")
    terminal.result(password)
