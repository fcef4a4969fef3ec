"""The version of Zixly, as written in pyproject.toml."""

from __future__ import annotations

import tomllib
from typing import Annotated

import typer

from zixly_data.cli import terminal
from zixly_data.settings import APP_FOLDER


def version() -> str:
    """The version as in pyproject.toml."""
    project = tomllib.loads((APP_FOLDER / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _print_and_exit(asked: bool) -> None:
    if asked:
        terminal.result(f"zixly {version()}")
        raise typer.Exit


def options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_and_exit, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options of the command line as a whole."""
