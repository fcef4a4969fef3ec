"""The command `export`: all records of one kind as CSV or a workbook, as the pages' files.

Lines end with a line feed, as is usual in a terminal.
"""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.cli.reports import report_options
from zixly_data.errors import InvalidPeriod
from zixly_data.exports import record_files
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.record_files import Rows, Table
from zixly_data.values.client_filter import ClientFilter

_Format = Annotated[FileFormat, typer.Option("--format", help="xlsx: an Excel workbook.")]
# The data of an organisation leaves whole, with its prospects.
_EVERY_CLIENT = ClientFilter(prospects=True)


def export(
    kind: Annotated[Table, typer.Argument(help="What to export.")],
    as_email: access.As,
    start: report_options.From = None,
    end: report_options.To = None,
    key: report_options.Key = None,
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="xlsx: an Excel workbook.")
    ] = (FileFormat.CSV),
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Export all records of one kind as CSV or as a workbook, optionally for one period only."""
    destination = Destination(file_format, output, bom)
    if kind in record_files.WITHOUT_PERIOD and (start or end or key):
        name = kind.value.replace("-", " ").capitalize()
        raise InvalidPeriod(f"{name} have no period.", advice="Remove the period options.")
    with access.acting_as(as_email) as identity:
        is_all_time = not (start or end or key)
        period = report_options.parse_period(identity, start, end, "all" if is_all_time else key)
        rows = Rows(kind, period, _EVERY_CLIENT)
        file = record_files.write(identity, rows, file_format, excel_bom=bom, line_end="\n")
        destination.write(file.pieces())
