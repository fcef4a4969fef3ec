"""The command `doctor`: problems of the installation, with advice."""

from __future__ import annotations

import typer

from zixly_data.cli import terminal
from zixly_data.operations import doctor as examination


def doctor() -> None:
    """Look at settings, folder, server, roles, policies and people; say what is wrong.

    Exits with status 1 if anything is.
    """
    failures = 0
    for finding in examination.examine():
        failures += finding.is_wrong
        terminal.result(f"{'WRONG' if finding.is_wrong else 'ok   '}  {finding.sentence}")
        if finding.advice:
            terminal.result(f"       {finding.advice}")
    terminal.result("Everything is in order." if not failures else f"{failures} to put right.")
    if failures:
        raise typer.Exit(1)
