"""The command `report`, with a command for each report: those of `funnel`, `metrics` and here."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, terminal
from zixly_data.cli.reports.funnel import funnel
from zixly_data.cli.reports.metrics import metrics
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
    load_conversion,
    note_export,
    period_fields,
    write_report,
)
from zixly_data.figures import breakdown as breakdowns
from zixly_data.figures import bridge as bridges
from zixly_data.figures import monthly as monthly_figures
from zixly_data.figures import profitability as reports
from zixly_data.figures.breakdown import By
from zixly_data.figures.business import lines as business_lines
from zixly_data.figures.business.report import business_report
from zixly_data.findings import contradictions as contradiction_findings
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values import period
from zixly_data.values.comparison import Comparison, like_for_like
from zixly_data.values.period import Period

app = typer.Typer(help="Reports: which clients are profitable.", no_args_is_help=True)
app.command()(funnel)
app.command()(metrics)


@app.command()
def profitability(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """Revenue, expenses, profit and margin per client, highest profit first in each currency.

    A margin is a fraction of revenue: 0.4667 is 46.67%. Amounts are in each client's currency or,
    with --into, converted into that currency.
    """
    with access.acting_as(as_email) as identity:
        target_currency = parse_target_currency(target_currency)
        report_period = parse_period(identity, start, end, key)
        report = reports.profitability(identity, report_period, target_currency=target_currency)
        note_export(
            identity,
            "profitability",
            report_period,
            len(report.clients),
            output_format,
            converted_into=target_currency,
        )
        conversion = load_conversion(identity, report_period, target_currency)
    rows = reports.as_file(report.clients)
    write_report(
        {"period": period_fields(report_period)}, rows, report.totals, output_format, conversion
    )


@app.command()
def monthly(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """The same by month. A month is shown as its first day; months without records are left out."""
    with access.acting_as(as_email) as identity:
        target_currency = parse_target_currency(target_currency)
        report_period = parse_period(identity, start, end, key)
        months = monthly_figures.monthly(identity, report_period, target_currency=target_currency)
        note_export(
            identity,
            "monthly",
            report_period,
            len(months),
            output_format,
            converted_into=target_currency,
        )
        conversion = load_conversion(identity, report_period, target_currency)
    rows, totals = reports.as_file(months), reports.totals_of(months)
    write_report({"period": period_fields(report_period)}, rows, totals, output_format, conversion)


@app.command()
def breakdown(
    as_email: access.As,
    by: Annotated[By, typer.Option("--by", help="What each row shows.")] = By.CLIENT,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """Profitability by client, industry, status, month, quarter or financial year, compared.

    Each row also has the figures of the previous period (…_before) and of the same days a year
    earlier (…_year_before). A period that has not ended is compared up to today (…_so_far). Months,
    quarters and years are each compared with the one before. If there are records of no client,
    they also have overheads, unassigned, and the profit and margin of the business.
    """
    with access.acting_as(as_email) as identity:
        target_currency = parse_target_currency(target_currency)
        report_period = parse_period(identity, start, end, key)
        tenant = tenants.get(identity)
        report = business_report(
            identity, report_period, by, tenant.today(),
            target_currency=target_currency, financial_year_start=tenant.financial_year_start_month,
        ).report  # fmt: skip
        rows = breakdowns.as_file(report)
        note_export(
            identity,
            "breakdown",
            report_period,
            len(rows),
            output_format,
            by=by.value,
            converted_into=target_currency,
        )
        conversion = load_conversion(
            identity, report_period, target_currency, overheads=bool(by.months)
        )
    write_report(
        {"period": period_fields(report_period)}, rows, report.totals, output_format, conversion
    )


@app.command()
def business(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """Profit of the business: clients, records not yet assigned, overheads, and their sum.

    Four lines in each currency in which anything was recorded; a line without records is zero.
    Profit is revenue minus expenses, so costs are negative. The totals have the margin of the
    clients (contribution margin) and that of the business. With --into, each month's amounts are
    converted at that month's rate.
    """
    with access.acting_as(as_email) as identity:
        target_currency = parse_target_currency(target_currency)
        report_period = parse_period(identity, start, end, key)
        report = business_lines.business(identity, report_period, target_currency)
        note_export(
            identity,
            "business",
            report_period,
            len(report.lines),
            output_format,
            converted_into=target_currency,
        )
        conversion = load_conversion(identity, report_period, target_currency, overheads=True)
    write_report(
        {"period": period_fields(report_period)},
        report.lines, report.margins, output_format, conversion,
    )  # fmt: skip


@app.command()
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
) -> None:
    """Why profit changed between two periods: clients won and lost, volume, price, cost, currency.

    The parts of each client add up to its change, to the cent. The largest change comes first. The
    totals are those of the business: costs of no client are one more part. CSV has clients alone.
    Without --against-from and --against-to, a period is compared with the previous one. A period
    that has not ended is compared up to today with the same part of the previous one.
    """
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
    write_report(periods, bridges.as_file(report.clients), report.totals, output_format)
    if target_currency and output_format is Format.TABLE:
        terminal.result("")
        terminal.result(
            f"Converted into {target_currency}: each month's amounts at that month's rate."
        )


@app.command()
def contradictions(
    as_email: access.As,
    everything: Annotated[bool, typer.Option("--all", help="Include dismissed ones.")] = False,
    output_format: Annotated[
        Format, typer.Option("--format", help="csv or table: rows; json: rows and the day.")
    ] = Format.TABLE,
) -> None:
    """Where records disagree, such as billed before the contract, or won but never billed.

    One row per contradiction, by kind, largest amount first. Amounts are in each client's currency.
    """
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
            {"on": today} if output_format is Format.JSON else {}, rows, None, output_format
        )


def _parse_comparison(
    identity: Identity, report_period: Period, start: str | None, end: str | None
) -> Comparison:
    if start or end:
        return Comparison(report_period, period.between(start, end))
    return like_for_like(report_period, tenants.get(identity).today())
