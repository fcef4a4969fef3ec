"""The command `doctor`: problems of the installation, with advice."""

from __future__ import annotations

import typer

from zixly_data.cli import terminal
from zixly_data.operations import doctor as examination


def doctor() -> None:
    """Check settings, disks, limits, server, roles, policies, people and data; list problems.

    Reads every table and every page of the database once, about a minute for each 10 GB.
    Exits with status 1 if there is a problem.
    """
    failures = 0
    for finding in examination.examine(terminal.say):
        failures += finding.is_wrong
        terminal.result(f"{'FAIL ' if finding.is_wrong else 'ok   '}  {finding.sentence}")
        if finding.advice:
            terminal.result(f"       {finding.advice}")
    problems = "1 problem" if failures == 1 else f"{failures or 'No'} problems"
    terminal.result(f"{problems} found.")
    if failures:
        raise typer.Exit(1)
