"""The command `demo`: loading the demo and removing it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from zixly_data.cli import access, setup, terminal
from zixly_data.errors import NotConfirmed
from zixly_data.operations import demo as demo_books
from zixly_data.people import demo_removal

app = typer.Typer(help="The demo: loading it, and removing it again.", no_args_is_help=False)


@app.callback(invoke_without_command=True)
def load(context: typer.Context) -> None:
    """Load the demo: Zixly's own organisation, its clients and three people who can sign in.

    Prints each person's email address and new password. They are not shown again. If the demo is
    already loaded, nothing changes.
    """
    if context.invoked_subcommand is not None:
        return
    setup.migrate()
    operator = access.operator_url()
    if demo_books.contents(operator) is not None:
        terminal.say("The demo is already loaded. Nothing was changed.")
        terminal.say("For a new password: python -m zixly_data user password EMAIL")
        return
    setup.print_passwords(demo_books.load(operator))


@app.command()
def remove(
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask to type the name of the organisation.")
    ] = False,
    with_own: Annotated[
        bool,
        typer.Option(
            "--with-own",
            help="Also remove what your team added, if all of the organisation goes.",
        ),
    ] = False,
) -> None:
    """Remove the demo's clients, records and people, and print what goes and what stays.

    If your team has an active administrator of its own, everything that it added stays. Otherwise
    the whole organisation goes, and a link is printed to set up your own.
    """
    operator = access.operator_url()
    contents = demo_books.contents(operator)
    if contents is None:
        terminal.say("There is no demo in this installation. Nothing was changed.")
        setup.print_set_up_link(operator)
        return
    for line in demo_removal.consequences(contents):
        terminal.say(line)
    if contents.loses_own and not with_own:
        raise demo_removal.own_not_confirmed(
            "Add --with-own, or first invite an administrator of your own."
        )
    name = contents.organisation if yes else _read_typed_name(contents.organisation)
    token = demo_books.remove(operator, contents, name, with_own=with_own)
    terminal.say("The demo was removed.")
    if token is not None:
        setup.print_link(token)


def _read_typed_name(name: str) -> str:
    """Ask for the organisation's name and return it. Raises NotConfirmed."""
    terminal.say("This cannot be undone. To remove the demo, type the name of the organisation:")
    terminal.say(name)
    line = sys.stdin.readline()
    if not line.strip():
        raise NotConfirmed(
            "The name was not typed, so nothing was removed.",
            advice="Type it when asked, or add --yes.",
        )
    return line
