"""The command `report metrics`: values of metrics against their targets."""

from __future__ import annotations

from zixly_data.cli import access
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.cli.reports.report_options import (
    Format,
    From,
    Key,
    OutputFormat,
    To,
    parse_period,
)
from zixly_data.cli.reports.report_output import note_export, period_fields, write_report
from zixly_data.figures.delivery import metric_report


def metrics(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Values of metrics in a period, with their target, band and age, by client and metric.

    A value that is not of the period itself but the last one before it has its age in days, at the
    end of the period or today. The target is a number (at least or at most, as the metric has it),
    or two with .. between them. The band is ON_TARGET, NEAR or OFF; it is empty without a target,
    and while part of a month does not decide it.
    """
    destination = Destination(output_format, output, bom)
    with access.acting_as(as_email) as identity:
        period = parse_period(identity, start, end, key)
        rows = metric_report.as_file(metric_report.metric_report(identity, period))
        note_export(identity, "metrics", period, len(rows), output_format)
    write_report({"period": period_fields(period)}, rows, None, destination)
