"""The command `imports`: listing imports, and undoing one."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data import imports
from zixly_data.cli import access, tables, terminal
from zixly_data.imports import ImportTouched

app = typer.Typer(help="List imports, and undo one.", no_args_is_help=True)


@app.command("list")
def list_all(as_email: access.As) -> None:
    """List the imports: person, time, file, checksum and numbers of rows."""
    with access.acting_as(as_email) as identity:
        frame = imports.list_imports(identity).drop(columns="sums")
    for name in ("created_at", "undone_at"):
        frame[name] = frame[name].dt.floor("s")
    terminal.result(tables.as_text(frame))


@app.command()
def undo(
    import_id: Annotated[
        str, typer.Argument(metavar="ID", help="The ID that `imports list` shows.")
    ],
    as_email: access.As,
) -> None:
    """Undo an import as a whole. If any of its rows has changed since, nothing is undone."""
    with access.acting_as(as_email) as identity:
        try:
            imports.undo(identity, import_id)
        except ImportTouched as error:
            for change in error.current:  # type: ignore[attr-defined]
                terminal.say(f"{change.table_name} {change.row_id}: {change.description}")
            raise
    terminal.say("The import was undone.")
