"""People and their passwords."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data import operators, passwords
from zixly_data.cli import access, tables, terminal
from zixly_data.identity import Role

app = typer.Typer(help="People: who may sign in, and as what.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="What they sign in with.")]


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Their full name.")],
    role: Annotated[
        Role,
        typer.Option(
            case_sensitive=False,
            help="A VIEWER reads, an EDITOR also records, an ADMIN also manages people.",
        ),
    ],
    tenant: Annotated[str, typer.Option(metavar="ID", help="The organisation they belong to.")],
) -> None:
    """Add a user and print their password, this once."""
    password = passwords.generate()
    operators.add_user(access.operator_url(), tenant, email, name, role, password)
    _print_password(email, password)


@app.command("list")
def list_all() -> None:
    """List everyone: organisation, email address, name, role and status."""
    terminal.result(tables.as_text(operators.list_users(access.operator_url())))


@app.command()
def password(email: Email) -> None:
    """Give a user a new password, print it this once, and end their sessions."""
    fresh = passwords.generate()
    operators.set_password(access.operator_url(), email, fresh)
    _print_password(email, fresh)


def _print_password(email: str, password: str) -> None:
    terminal.say(f"The password of {email}; it is shown only now:")
    terminal.result(password)
