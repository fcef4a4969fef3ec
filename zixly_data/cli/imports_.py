"""The imports there were, and taking one back."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data import imports
from zixly_data.cli import access, tables, terminal
from zixly_data.imports import ImportTouched

app = typer.Typer(help="Imports: what was imported, and taking it back.", no_args_is_help=True)


@app.command("list")
def list_all(as_email: access.As) -> None:
    """List the imports: who, when, which file, its checksum, and the rows of each kind."""
    with access.acting_as(as_email) as identity:
        found = imports.list_imports(identity).drop(columns="sums")
    for name in ("created_at", "undone_at"):
        found[name] = found[name].dt.floor("s")
    terminal.result(tables.as_text(found))


@app.command()
def undo(
    import_id: Annotated[str, typer.Argument(metavar="ID", help="As `imports list` shows it.")],
    as_email: access.As,
) -> None:
    """Take an import back as a whole; nothing where one of its rows was touched since."""
    with access.acting_as(as_email) as identity:
        try:
            imports.undo(identity, import_id)
        except ImportTouched as error:
            for each in error.current:  # type: ignore[attr-defined]
                terminal.say(f"{each.table_name} {each.row_id}: {each.words}")
            raise
    terminal.say("The import was taken back.")
