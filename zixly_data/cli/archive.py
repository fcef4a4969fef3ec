"""The command `archive`: audit entries of people who were deleted."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from zixly_data.cli import tables, terminal
from zixly_data.people import archive

app = typer.Typer(help="Archives: the audit entries of deleted people.", no_args_is_help=True)

_COLUMNS = ("at", "user_email", "action", "table_name", "row_id")


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


@app.callback()
def archives() -> None:
    """Archives: the audit entries of deleted people."""


@app.command()
def show(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The archive file, which ends in .jsonl.gz.")
    ],
    format: Annotated[
        Format,
        typer.Option(help="A readable table, or complete entries with one JSON object per line."),
    ] = Format.TABLE,
) -> None:
    """Check that an archive is unchanged and show it."""
    entries = archive.read(file)
    if format is Format.JSON:
        for entry in entries:
            terminal.result(json.dumps(entry, ensure_ascii=False))
    else:
        rows = [[entry.get(name) for name in _COLUMNS] for entry in entries]
        terminal.result(tables.as_text(pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)))
