"""The command `report contradictions`: records that cannot both be right."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, terminal
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.cli.reports.report_options import (
    Format,
)
from zixly_data.cli.reports.report_output import (
    note_export,
    write_report,
)
from zixly_data.findings import contradictions as contradiction_findings
from zixly_data.people import tenants


def contradictions(
    as_email: access.As,
    everything: Annotated[bool, typer.Option("--all", help="Include dismissed ones.")] = False,
    output_format: Annotated[
        Format, typer.Option("--format", help="csv, xlsx or table: rows; json: rows and the day.")
    ] = Format.TABLE,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Where records disagree, such as billed before the contract, or won but never billed.

    One row per contradiction, by kind, largest amount first. Amounts are in each client's currency.
    """
    destination = Destination(output_format, output, bom)
    with access.acting_as(as_email) as identity:
        today = tenants.get(identity).today()
        findings = contradiction_findings.findings(identity, today)
        if not everything:
            findings = findings[~findings["dismissed"]]
        note_export(
            identity, "contradictions", None, len(findings), output_format,
            on=str(today), everything=everything,
        )  # fmt: skip
    rows = contradiction_findings.as_file(findings)
    if output_format is Format.TABLE and rows.empty:
        terminal.result("No contradictions.")
    else:
        write_report(
            {"on": today} if output_format is Format.JSON else {},
            rows,
            None,
            destination,
        )
