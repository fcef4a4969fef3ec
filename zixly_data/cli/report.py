"""Reports: profitability, monthly, breakdown, bridge, contradictions."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, terminal
from zixly_data.cli.report_options import Format, From, Into, Key, To, Written, chosen_period, code
from zixly_data.cli.report_output import days, note, used, write
from zixly_data.figures import breakdown as breakdowns
from zixly_data.figures import bridge as bridges
from zixly_data.figures import monthly as monthly_figures
from zixly_data.figures import profitability as reports
from zixly_data.figures.breakdown import By
from zixly_data.findings import contradictions as contradictions_of
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values import period
from zixly_data.values.comparison import Comparison, like_for_like
from zixly_data.values.period import Period

app = typer.Typer(help="Reports: which clients make money.", no_args_is_help=True)


@app.command()
def profitability(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """Revenue, expenses, profit and margin per client, highest profit first in each currency.

    A margin is a fraction of revenue: 0.4667 is 46.67 %. Every amount is in the client's currency,
    or, with --into, converted into that one.
    """
    with access.acting_as(as_email) as identity:
        target_currency, asked = code(target_currency), chosen_period(identity, start, end, key)
        report = reports.profitability(identity, asked, target_currency=target_currency)
        note(
            identity,
            "profitability",
            asked,
            len(report.clients),
            written,
            converted_into=target_currency,
        )
        converted = used(identity, asked, target_currency)
    rows = reports.as_file(report.clients)
    write({"period": days(asked)}, rows, report.totals, written, converted)


@app.command()
def monthly(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """The same by month. A month is written as its first day; one without records is left out."""
    with access.acting_as(as_email) as identity:
        target_currency, asked = code(target_currency), chosen_period(identity, start, end, key)
        months = monthly_figures.monthly(identity, asked, target_currency=target_currency)
        note(identity, "monthly", asked, len(months), written, converted_into=target_currency)
        converted = used(identity, asked, target_currency)
    rows, totals = reports.as_file(months), reports.totals_of(months)
    write({"period": days(asked)}, rows, totals, written, converted)


@app.command()
def breakdown(
    as_email: access.As,
    by: Annotated[By, typer.Option("--by", help="What a row is.")] = By.CLIENT,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
    target_currency: Into = None,
) -> None:
    """Profitability by client, industry, status, month, quarter or financial year, compared.

    Beside each row stand the same figures of the period before (…_before) and of the same days a
    year before (…_year_before). A period that is not over is compared as far as it has come
    (…_so_far); months, quarters and years are compared with the one before each.
    """
    with access.acting_as(as_email) as identity:
        target_currency, asked = code(target_currency), chosen_period(identity, start, end, key)
        tenant = tenants.get(identity)
        report = breakdowns.breakdown(
            identity, asked, by, tenant.today(),
            target_currency=target_currency, financial_year_start=tenant.financial_year_start_month,
        )  # fmt: skip
        rows = breakdowns.as_file(report)
        note(
            identity,
            "breakdown",
            asked,
            len(rows),
            written,
            by=by.value,
            converted_into=target_currency,
        )
        converted = used(identity, asked, target_currency)
    write({"period": days(asked)}, rows, report.totals, written, converted)


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
        str | None, typer.Option("--against-to", metavar="DAY", help="Its last day, included.")
    ] = None,
    target_currency: Into = None,
    written: Written = Format.TABLE,
) -> None:
    """Why profit changed between two periods: clients won and lost, volume, price, cost, currency.

    The parts of a client add up to its change, to the cent; the greatest change comes first.
    Without --against-from and --against-to a period is compared with the one before it; of a period
    that is not over, the part up to today with the same part of that one.
    """
    with access.acting_as(as_email) as identity:
        target_currency, asked = code(target_currency), chosen_period(identity, start, end, key)
        compared = _compared(identity, asked, against_start, against_end)
        report = bridges.bridge(
            identity, compared.against, compared.period, target_currency=target_currency
        )
        note(
            identity, "bridge", report.period, len(report.clients), written,
            against_from=str(compared.against.start), against_to=str(compared.against.end),
            converted_into=target_currency,
        )  # fmt: skip
    if compared.note:
        terminal.say(compared.note)
    periods = {"period": days(report.period), "against": days(report.against)}
    write(periods, bridges.as_file(report.clients), report.totals, written)
    if target_currency and written is Format.TABLE:
        terminal.result("")
        terminal.result(
            f"Converted into {target_currency}: each month's amounts with that month's rate."
        )


@app.command()
def contradictions(
    as_email: access.As,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that somebody put away as fine.")
    ] = False,
    written: Annotated[
        Format, typer.Option("--format", help="csv or table: rows; json: rows and the day.")
    ] = Format.TABLE,
) -> None:
    """Where records disagree: billed before the contract, won and never billed, and others.

    One row for each, by kind, the largest amount first. Every amount is in the client's currency.
    """
    with access.acting_as(as_email) as identity:
        today = tenants.get(identity).today()
        found = contradictions_of.findings(identity, today)
        if not everything:
            found = found[~found["dismissed"]]
        note(
            identity, "contradictions", None, len(found), written,
            on=str(today), everything=everything,
        )  # fmt: skip
    rows = contradictions_of.as_file(found)
    if written is Format.TABLE and rows.empty:
        terminal.result("Nothing contradicts itself.")
    else:
        write({"on": today} if written is Format.JSON else {}, rows, None, written)


def _compared(identity: Identity, asked: Period, start: str | None, end: str | None) -> Comparison:
    if start or end:
        return Comparison(asked, period.between(start, end))
    return like_for_like(asked, tenants.get(identity).today())
