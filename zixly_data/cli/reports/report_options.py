"""Options of reports: period, output format and target currency."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from zixly_data.errors import InvalidPeriod
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values import period
from zixly_data.values.currencies import parse_currency
from zixly_data.values.period import Period


class Format(StrEnum):
    """Output formats of a report."""

    CSV = "csv"
    XLSX = "xlsx"
    TABLE = "table"
    JSON = "json"


From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day: 2024-01-01.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day, included.")]
Key = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="KEY",
        help="Instead of --from and --to: 2024-Q1, 2024-03, FY2024, this-month, last-month, "
        "this-quarter, last-quarter, this-fy, last-fy, last-12-months or all.",
    ),
]
OutputFormat = Annotated[
    Format,
    typer.Option("--format", help="csv and xlsx: only rows; table and json: rows and totals."),
]
Into = Annotated[
    str | None,
    typer.Option(
        "--into",
        metavar="CODE",
        help="Convert all amounts into this currency, each month at that month's rate.",
    ),
]


def parse_period(identity: Identity, start: str | None, end: str | None, key: str | None) -> Period:
    """Return the period of `--from` and `--to`, or of `--period`. Raises InvalidPeriod."""
    if key is None:
        return period.between(start, end)
    if start or end:
        raise InvalidPeriod(
            "The period is given twice.", advice="Use either --period, or --from and --to."
        )
    tenant = tenants.get(identity)
    return period.parse(key, tenant.today(), tenant.financial_year_start_month)


def parse_target_currency(target_currency: str | None) -> str | None:
    """Return the currency of `--into` in capitals. Raises InvalidInput."""
    return None if target_currency is None else parse_currency(target_currency, "into")
