"""The command `export`: all records of one kind as CSV, with the columns of the pages' files.

Lines end with a line feed, as is usual in a terminal.
"""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, terminal
from zixly_data.cli.reports import report_options
from zixly_data.errors import InvalidPeriod
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.values.client_filter import ClientFilter

# The data of an organisation leaves whole, with its prospects.
_EVERY_CLIENT = ClientFilter(prospects=True)


def export(
    kind: Annotated[Table, typer.Argument(help="What to export.")],
    as_email: access.As,
    start: report_options.From = None,
    end: report_options.To = None,
    key: report_options.Key = None,
) -> None:
    """Export all records of one kind as CSV, optionally for one period only."""
    if kind in record_files.WITHOUT_PERIOD and (start or end or key):
        name = kind.value.replace("-", " ").capitalize()
        raise InvalidPeriod(f"{name} have no period.", advice="Remove the period options.")
    with access.acting_as(as_email) as identity:
        is_all_time = not (start or end or key)
        period = report_options.parse_period(identity, start, end, "all" if is_all_time else key)
        file = record_files.write(identity, Rows(kind, period, _EVERY_CLIENT), line_end="\n")
        for piece in file.pieces():
            terminal.result_bytes(piece)
