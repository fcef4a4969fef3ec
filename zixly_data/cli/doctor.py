"""What is wrong, in sentences."""

from __future__ import annotations

import typer

from zixly_data.cli import terminal
from zixly_data.operations import doctor as examination


def doctor() -> None:
    """Look at settings, folder, server, roles, policies and people; say what is wrong.

    Exits with status 1 if anything is.
    """
    wrong = 0
    for finding in examination.examine():
        wrong += finding.is_wrong
        terminal.result(f"{'WRONG' if finding.is_wrong else 'ok   '}  {finding.sentence}")
        if finding.advice:
            terminal.result(f"       {finding.advice}")
    terminal.result("Everything is in order." if not wrong else f"{wrong} to put right.")
    if wrong:
        raise typer.Exit(1)
