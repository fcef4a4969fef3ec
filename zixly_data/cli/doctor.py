"""The command `doctor`: problems of the installation, with advice."""

from __future__ import annotations

import typer

from zixly_data.cli import terminal
from zixly_data.operations import doctor as examination


def doctor() -> None:
    """Check settings, data folder, server, roles, policies and people, and list problems.

    Exits with status 1 if there is a problem.
    """
    failures = 0
    for finding in examination.examine():
        failures += finding.is_wrong
        terminal.result(f"{'FAIL ' if finding.is_wrong else 'ok   '}  {finding.sentence}")
        if finding.advice:
            terminal.result(f"       {finding.advice}")
    problems = "1 problem" if failures == 1 else f"{failures or 'No'} problems"
    terminal.result(f"{problems} found.")
    if failures:
        raise typer.Exit(1)
