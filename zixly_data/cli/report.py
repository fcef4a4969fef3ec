"""Reports: profitability, monthly and the margin bridge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import pandas as pd
import typer

from zixly_data import audit, financials, period, reports, tenants
from zixly_data import bridge as bridges
from zixly_data.cli import access, tables, terminal
from zixly_data.comparison import Comparison, like_for_like
from zixly_data.csv_file import to_csv
from zixly_data.currencies import parse_currency
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
    _write(_days(report.period), reports.as_file(report.clients), report.totals, written)


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
    _write(_days(period_), reports.as_file(months), reports.totals_of(months), written)


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
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="CODE", help="Convert all amounts into this currency."),
    ] = None,
    written: Written = Format.TABLE,
) -> None:
    """Why profit changed between two periods: clients won and lost, volume, price, cost, currency.

    The parts of a client add up to its change, to the cent; the greatest change comes first.
    Without --against-from and --against-to a period is compared with the one before it; of a period
    that is not over, the part up to today with the same part of that one.
    """
    with access.acting_as(as_email) as identity:
        asked = chosen_period(identity, start, end, key)
        compared = _compared(identity, asked, against_start, against_end)
        currency = parse_currency(into, "into") if into else None
        report = bridges.bridge(identity, compared.against, compared.period, into=currency)
        others = {
            "against_from": str(compared.against.start),
            "against_to": str(compared.against.end),
            **({"into": currency} if currency else {}),
        }
        _note(identity, "bridge", report.period, len(report.clients), written, others)
    if compared.note:
        terminal.say(compared.note)
    days = {**_days(report.period), "against": _days(report.against)["period"]}
    _write(days, bridges.as_file(report.clients), report.totals, written)


def _compared(identity: Identity, asked: Period, start: str | None, end: str | None) -> Comparison:
    if start or end:
        return Comparison(asked, period.between(start, end))
    return like_for_like(asked, tenants.get(identity).today())


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


def _note(
    identity: Identity,
    what: str,
    period_: Period,
    rows: int,
    written: Format,
    others: Mapping[str, object] | None = None,
) -> None:
    """What can be kept as a file is an export; what is read off the terminal is not."""
    if written is not Format.TABLE:
        filters = audit.filters(period_) | dict(others or {})
        audit.note_export(identity, what, rows, filters)


def _days(period_: Period) -> dict[str, dict[str, object]]:
    return {"period": {"from": period_.start, "to": period_.end, "label": period_.label}}


def _write(
    periods: dict[str, dict[str, object]],
    rows: pd.DataFrame,
    totals: pd.DataFrame,
    written: Format,
) -> None:
    if written is Format.CSV:
        terminal.result_bytes(to_csv(rows, line_end="\n"))
    elif written is Format.JSON:
        document = {
            **periods,
            "rows": rows.to_dict("records"),
            "totals": totals.to_dict("records"),
        }
        terminal.result(json.dumps(document, default=_plain, ensure_ascii=False, indent=2))
    else:
        terminal.result(" against ".join(str(each["label"]) for each in periods.values()))
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
