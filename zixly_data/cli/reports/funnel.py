"""The command `report funnel`: leads by stage, and what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.cli.reports.report_options import Format, From, Key, To, parse_period
from zixly_data.cli.reports.report_output import note_export, period_fields, write_report
from zixly_data.figures.pipeline import funnel as funnels
from zixly_data.figures.pipeline.steps import View

_OutputFormat = Annotated[
    Format, typer.Option("--format", help="csv, xlsx or table: rows; json: rows, period and view.")
]


def funnel(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    view: Annotated[
        View,
        typer.Option(
            "--view",
            help="cohort: leads that began in the period. activity: leads that entered each stage "
            "in it, whenever they began.",
        ),
    ] = View.COHORT,
    output_format: _OutputFormat = Format.TABLE,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """How many leads reached each stage, how many are decided, and the time they spent there.

    Of the decided leads at a stage, won_through went beyond it or were won there; conversion is
    their share, empty where nothing is decided. Undecided leads are still at the stage. The days
    are those of visits that have ended: the median, and the days that nine in ten leads took at
    most.
    """
    destination = Destination(output_format, output, bom)
    with access.acting_as(as_email) as identity:
        period = parse_period(identity, start, end, key)
        rows = funnels.as_file(funnels.funnel(identity, period, view=view))
        note_export(identity, "funnel", period, len(rows), output_format, view=view.value)
    write_report(
        {"period": period_fields(period), "view": view.value},
        rows,
        None,
        destination,
    )
