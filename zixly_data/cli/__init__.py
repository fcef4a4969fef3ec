"""The command line: python -m zixly_data COMMAND. For operators, scheduled jobs and scripts.

setup      migrate, prepare
demo       loading the demo, and removing it
doctor     what is wrong, in sentences
tenant     organisations
user       people, their roles and their passwords
archive    audit entries of people who were deleted
month      which months are closed, closing and reopening them
client     merging clients, and undoing it
stage      stages of leads: listing, adding, renaming, moving, merging, retiring them
reports    the command report: profitability, business, delivery and pipeline
rates      exchange rates: listing, entering, importing, removing
export     everything of one kind as CSV or a workbook
imports    a file into the books, and what was imported
access     the operator's address, and acting as a user
destination  standard output or a file, for rows
terminal   results on standard output, all else on standard error; errors and exit statuses
tables     frames as aligned text
version    --version

Exit status: 0 done; 2 refused or impossible, said in a sentence; 1 an unexpected error, written to
a file in the data folder.
"""

from __future__ import annotations

import typer

from zixly_data.cli import (
    archive,
    client,
    demo,
    doctor,
    export,
    month,
    rates,
    setup,
    stage,
    tenant,
    terminal,
    user,
    version,
)
from zixly_data.cli.imports import command, history
from zixly_data.cli.reports import report

app = typer.Typer(
    name="zixly_data",
    help="Zixly's command line: set up, manage and report on an installation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(version.options)
app.command()(setup.migrate)
app.add_typer(demo.app, name="demo")
app.command()(setup.prepare)
app.command()(doctor.doctor)
app.add_typer(tenant.app, name="tenant")
app.add_typer(user.app, name="user")
app.add_typer(archive.app, name="archive")
app.add_typer(month.app, name="month")
app.add_typer(client.app, name="client")
app.add_typer(stage.app, name="stage")
app.add_typer(report.app, name="report")
app.add_typer(rates.app, name="rates")
app.command()(export.export)
app.command("import")(command.import_file)
app.add_typer(history.app, name="imports")


def main() -> None:
    """Run one command and exit."""
    terminal.run(app)
