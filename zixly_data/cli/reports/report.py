"""The command `report`, with a command for each report: those of the other modules and here."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.cli.reports.bridge import bridge
from zixly_data.cli.reports.contradictions import contradictions
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
from zixly_data.figures import monthly as monthly_figures
from zixly_data.figures import profitability as reports
from zixly_data.figures.breakdown import By
from zixly_data.figures.business import lines as business_lines
from zixly_data.figures.business.report import business_report
from zixly_data.people import tenants

app = typer.Typer(help="Reports: which clients are profitable.", no_args_is_help=True)
app.command()(bridge)
app.command()(contradictions)
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
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Revenue, expenses, profit and margin per client, highest profit first in each currency.

    A margin is a fraction of revenue: 0.4667 is 46.67%. Amounts are in each client's currency or,
    with --into, converted into that currency.
    """
    destination = Destination(output_format, output, bom)
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
        {"period": period_fields(report_period)}, rows, report.totals, destination, conversion
    )


@app.command()
def monthly(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """The same by month. A month is shown as its first day; months without records are left out."""
    destination = Destination(output_format, output, bom)
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
    write_report({"period": period_fields(report_period)}, rows, totals, destination, conversion)


@app.command()
def breakdown(
    as_email: access.As,
    by: Annotated[By, typer.Option("--by", help="What each row shows.")] = By.CLIENT,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Profitability by client, industry, status, month, quarter or financial year, compared.

    Each row also has the figures of the previous period (…_before) and of the same days a year
    earlier (…_year_before). A period that has not ended is compared up to today (…_so_far). Months,
    quarters and years are each compared with the one before. If there are records of no client,
    they also have overheads, unassigned, and the profit and margin of the business.
    """
    destination = Destination(output_format, output, bom)
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
        {"period": period_fields(report_period)}, rows, report.totals, destination, conversion
    )


@app.command()
def business(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    output_format: OutputFormat = Format.TABLE,
    target_currency: Into = None,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """Profit of the business: clients, records not yet assigned, overheads, and their sum.

    Four lines in each currency in which anything was recorded; a line without records is zero.
    Profit is revenue minus expenses, so costs are negative. The totals have the margin of the
    clients (contribution margin) and that of the business. With --into, each month's amounts are
    converted at that month's rate.
    """
    destination = Destination(output_format, output, bom)
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
        report.lines, report.margins, destination, conversion,
    )  # fmt: skip
