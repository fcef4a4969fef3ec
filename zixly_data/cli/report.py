"""Reports: profitability and monthly."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pandas as pd
import typer

from zixly_data import audit, financials, period, reports, tenants
from zixly_data.cli import access, tables, terminal
from zixly_data.csv_file import to_csv
from zixly_data.errors import InvalidPeriod
from zixly_data.identity import Identity
from zixly_data.period import Period

app = typer.Typer(help="Reports: which clients make money.", no_args_is_help=True)


class Format(StrEnum):
    """How a report is written."""

    CSV = "csv"
    TABLE = "table"
    JSON = "json"


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


@app.command()
def profitability(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
) -> None:
    """Revenue, expenses, profit and margin per client, highest profit first in each currency.

    A margin is a fraction of revenue: 0.4667 is 46.67 %. Every amount is in the client's currency.
    """
    with access.acting_as(as_email) as identity:
        report = reports.profitability(identity, chosen_period(identity, start, end, key))
        _note(identity, "profitability", report.period, len(report.clients), written)
    _write(report.period, report.clients, report.totals, written)


@app.command()
def monthly(
    as_email: access.As,
    start: From = None,
    end: To = None,
    key: Key = None,
    written: Written = Format.TABLE,
) -> None:
    """The same by month. A month is written as its first day; one without records is left out."""
    with access.acting_as(as_email) as identity:
        period_ = chosen_period(identity, start, end, key)
        months = financials.monthly(identity, period_)
        _note(identity, "monthly", period_, len(months), written)
    _write(period_, months, reports.totals_of(months), written)


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


def _note(identity: Identity, what: str, period_: Period, rows: int, written: Format) -> None:
    """What can be kept as a file is an export; what is read off the terminal is not."""
    if written is not Format.TABLE:
        audit.note_export(identity, what, rows, audit.filters(period_))


def _write(period_: Period, amounts: pd.DataFrame, totals: pd.DataFrame, written: Format) -> None:
    rows = reports.as_file(amounts)
    if written is Format.CSV:
        terminal.result_bytes(to_csv(rows, line_end="\n"))
    elif written is Format.JSON:
        document = {
            "period": {"from": period_.start, "to": period_.end, "label": period_.label},
            "rows": rows.to_dict("records"),
            "totals": totals.to_dict("records"),
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


def _plain(value: object) -> str | None:
    """Exact decimals as text, for JSON knows none; dates as ISO; nothing as null."""
    if isinstance(value, Decimal | date):
        return str(value)
    return None
