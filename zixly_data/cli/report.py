"""Reports: profitability and monthly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pandas as pd
import typer
from pandera.typing import DataFrame

from zixly_data import audit, financials, period, rates, reports, tenants
from zixly_data.cli import access, tables, terminal
from zixly_data.csv_file import to_csv
from zixly_data.currencies import parse_currency
from zixly_data.errors import InvalidPeriod
from zixly_data.identity import Identity
from zixly_data.period import Period
from zixly_data.rates import UsedRates

app = typer.Typer(help="Reports: which clients make money.", no_args_is_help=True)


class Format(StrEnum):
    """How a report is written."""

    CSV = "csv"
    TABLE = "table"
    JSON = "json"


@dataclass(frozen=True)
class Converted:
    """Into which currency figures were converted, and with which rates."""

    into: str
    rates: DataFrame[UsedRates]


From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day: 2024-01-01.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day, included.")]
Key = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="KEY",
        help="Instead of two days: 2024-Q1, 2024-03, FY2024, this-month, last-month, "
        "this-quarter, last-quarter, this-fy, last-fy, last-12-months or all.",
    ),
]
Written = Annotated[
    Format, typer.Option("--format", help="csv: rows alone; table: with totals; json: both.")
]
Into = Annotated[
    str | None,
    typer.Option(
        "--into",
        metavar="CODE",
        help="Convert all amounts into this currency, each month's with that month's rate.",
    ),
]


@app.command()
def profitability(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
    into: Into = None,
) -> None:
    """Revenue, expenses, profit and margin per client, highest profit first in each currency.

    A margin is a fraction of revenue: 0.4667 is 46.67 %. Every amount is in the client's currency,
    or, with --into, converted into that one.
    """
    with access.acting_as(as_email) as identity:
        into = _code(into)
        report = reports.profitability(
            identity, chosen_period(identity, start, end, key), into=into
        )
        _note(identity, "profitability", report.period, len(report.clients), written, into)
        used = _used(identity, report.period, into)
    _write(report.period, report.clients, report.totals, written, used)


@app.command()
def monthly(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
    into: Into = None,
) -> None:
    """The same by month. A month is written as its first day; one without records is left out."""
    with access.acting_as(as_email) as identity:
        into, period_ = _code(into), chosen_period(identity, start, end, key)
        months = financials.monthly(identity, period_, into=into)
        _note(identity, "monthly", period_, len(months), written, into)
        used = _used(identity, period_, into)
    _write(period_, months, reports.totals_of(months), written, used)


def chosen_period(
    identity: Identity, start: str | None, end: str | None, key: str | None
) -> Period:
    """The period of `--from` and `--to`, or of `--period`. Raises InvalidPeriod."""
    if key is None:
        return period.between(start, end)
    if start or end:
        raise InvalidPeriod(
            "The period is given twice.", advice="Give --period, or --from and --to."
        )
    tenant = tenants.get(identity)
    return period.parse(key, tenant.today(), tenant.financial_year_start_month)


def _code(into: str | None) -> str | None:
    return None if into is None else parse_currency(into, "into")


def _used(identity: Identity, period_: Period, into: str | None) -> Converted | None:
    return None if into is None else Converted(into, rates.used(identity, period_, into))


def _note(
    identity: Identity, what: str, period_: Period, rows: int, written: Format, into: str | None
) -> None:
    """What can be kept as a file is an export; what is read off the terminal is not."""
    if written is not Format.TABLE:
        audit.note_export(identity, what, rows, audit.filters(period_, converted_into=into))


def _write(
    period_: Period,
    amounts: pd.DataFrame,
    totals: pd.DataFrame,
    written: Format,
    converted: Converted | None,
) -> None:
    rows = reports.as_file(amounts)
    if written is Format.CSV:
        terminal.result_bytes(to_csv(rows, line_end="\n"))
    elif written is Format.JSON:
        document: dict[str, object] = {
            "period": {"from": period_.start, "to": period_.end, "label": period_.label},
            "rows": rows.to_dict("records"),
            "totals": totals.to_dict("records"),
        }
        if converted is not None:
            document["converted"] = {
                "into": converted.into,
                "rates": converted.rates.to_dict("records"),
            }
        terminal.result(json.dumps(document, default=_plain, ensure_ascii=False, indent=2))
    else:
        terminal.result(period_.label)
        terminal.result("")
        terminal.result(tables.as_text(rows))
        if len(rows):
            terminal.result("")
            terminal.result("Totals")
            terminal.result(tables.as_text(totals))
        if converted is not None:
            _explain(converted)


def _explain(converted: Converted) -> None:
    """Says below the figures that they are converted, and with which rates."""
    terminal.result("")
    if converted.rates.empty:
        terminal.result(f"All amounts are in {converted.into}; none had to be converted.")
        return
    terminal.result(
        f"Converted into {converted.into}: each client's month with the rate of that month, "
        "to the cent."
    )
    terminal.result(tables.as_text(converted.rates))


def _plain(value: object) -> str | None:
    """Exact decimals as text, for JSON knows none; dates as ISO; nothing as null."""
    if isinstance(value, Decimal | date):
        return str(value)
    return None
