"""The command `report bridge`: why profit changed between two periods."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, terminal
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.cli.reports.report_options import (
    Format,
    From,
    Into,
    Key,
    OutputFormat,
    To,
    parse_period,
    parse_target_currency,
)
from zixly_data.cli.reports.report_output import (
    note_export,
    period_fields,
    write_report,
)
from zixly_data.figures import bridge as bridges
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values import period
from zixly_data.values.comparison import Comparison, like_for_like
from zixly_data.values.period import Period


def bridge(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    against_start: Annotated[
        str | None,
        typer.Option("--against-from", metavar="DAY", help="First day of the earlier period."),
    ] = None,
    against_end: Annotated[
        str | None,
        typer.Option(
            "--against-to", metavar="DAY", help="Last day of the earlier period, included."
        ),
    ] = None,
    target_currency: Into = None,
    output_format: OutputFormat = Format.TABLE,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Why profit changed between two periods: clients won and lost, volume, price, cost, currency.

    The parts of each client add up to its change, to the cent. The largest change comes first. The
    totals are those of the business: costs of no client are one more part. CSV and XLSX have
    clients alone. Without --against-from and --against-to, a period is compared with the previous
    one. A period that has not ended is compared up to today with the same part of the previous one.
    """
    destination = Destination(output_format, output, bom)
    with access.acting_as(as_email) as identity:
        target_currency = parse_target_currency(target_currency)
        report_period = parse_period(identity, start, end, key)
        comparison = _parse_comparison(identity, report_period, against_start, against_end)
        report = bridges.bridge(
            identity, comparison.against, comparison.period, target_currency=target_currency
        )
        note_export(
            identity, "bridge", report.period, len(report.clients), output_format,
            against_from=str(comparison.against.start), against_to=str(comparison.against.end),
            converted_into=target_currency,
        )  # fmt: skip
    if comparison.note:
        terminal.say(comparison.note)
    periods = {"period": period_fields(report.period), "against": period_fields(report.against)}
    write_report(periods, bridges.as_file(report.clients), report.totals, destination)
    if target_currency and output_format is Format.TABLE:
        terminal.result("")
        terminal.result(
            f"Converted into {target_currency}: each month's amounts at that month's rate."
        )


def _parse_comparison(
    identity: Identity, report_period: Period, start: str | None, end: str | None
) -> Comparison:
    if start or end:
        return Comparison(report_period, period.between(start, end))
    return like_for_like(report_period, tenants.get(identity).today())
