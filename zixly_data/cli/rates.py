"""The command `rates`: listing, entering, importing and removing exchange rates."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.errors import InvalidInput
from zixly_data.exports.csv_file import to_csv
from zixly_data.identity import Identity
from zixly_data.imports import exchange_rate_files
from zixly_data.people import audit, tenants
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import RateDraft
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import month_name

app = typer.Typer(
    help="Exchange rates: the value of one unit of a currency in another, by month.",
    no_args_is_help=True,
)

_MOST_SHOWN = 50


class Format(StrEnum):
    """Output formats of rates."""

    CSV = "csv"
    TABLE = "table"


Month = Annotated[str, typer.Argument(metavar="MONTH", help="A month such as 2024-03.")]
Currency = Annotated[str, typer.Argument(metavar="CURRENCY", help="The currency to convert from.")]
Into = Annotated[
    str | None,
    typer.Option(
        "--into",
        metavar="CODE",
        help="The currency to convert to. Default: the reporting currency.",
    ),
]


@app.command("list")
def list_all(
    as_email: access.As,
    output_format: Annotated[
        Format, typer.Option("--format", help="csv: a file that `rates import` can read.")
    ] = Format.TABLE,
) -> None:
    """List the rates, latest month first. Months appear as their first day."""
    with access.acting_as(as_email) as identity:
        rates = exchange_rates.as_file(exchange_rates.list_rates(identity))
        if output_format is Format.CSV:
            audit.note_export(identity, "exchange_rates", len(rates), {})
    if output_format is Format.CSV:
        terminal.result_bytes(to_csv(rates, line_end="\n"))
    elif rates.empty:
        terminal.say("No exchange rates are recorded.")
    else:
        terminal.result(tables.as_text(rates))


@app.command("set")
def put(
    month: Month,
    currency: Currency,
    rate: Annotated[str, typer.Argument(metavar="RATE", help="A rate such as 0.9132.")],
    as_email: access.As,
    target_currency: Into = None,
) -> None:
    """Enter the rate of a currency for a month, replacing any recorded rate."""
    with access.acting_as(as_email) as identity:
        draft = RateDraft(
            exchange_rates.parse_month(month),
            parse_currency(currency),
            _parse_target_currency(identity, target_currency),
            exchange_rates.parse_rate(rate),
        )
        changed = exchange_rates.put_all(identity, [draft])
    unchanged = "" if changed else " (unchanged)"
    terminal.say(
        f"{month_name(draft.month)}: 1 {draft.currency} is {draft.rate:f} {draft.into_currency}"
        f"{unchanged}."
    )


@app.command("import")
def import_file(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A CSV or .xlsx file. Use - for standard input.")
    ],
    as_email: access.As,
    target_currency: Into = None,
) -> None:
    """Import a file with the columns month, currency, rate and, where needed, into_currency.

    The file is imported in full or not at all. If any line is not a valid rate, these lines are
    listed and nothing is imported. New rates replace recorded ones.
    """
    data = terminal.read_file(file)
    with access.acting_as(as_email) as identity:
        rate_file = exchange_rate_files.read(
            file, data, _parse_target_currency(identity, target_currency)
        )
        for note in rate_file.notes:
            terminal.say(tables.printable(note))
        _refuse_bad_lines(rate_file)
        changed = exchange_rates.put_all(identity, rate_file.rates)
    unchanged = len(rate_file.rates) - changed
    terminal.say(f"{_describe_count(changed)} imported, {unchanged:,} unchanged.")


@app.command()
def remove(
    month: Month, currency: Currency, as_email: access.As, target_currency: Into = None
) -> None:
    """Remove an exchange rate."""
    with access.acting_as(as_email) as identity:
        first = exchange_rates.parse_month(month)
        rate = exchange_rates.find(
            identity, first, currency, _parse_target_currency(identity, target_currency)
        )
        exchange_rates.delete(identity, rate.id, rate.version)
    terminal.say(
        f"{month_name(first)}: the rate {rate.currency} to {rate.into_currency} was removed."
    )


def _parse_target_currency(identity: Identity, target_currency: str | None) -> str:
    if target_currency is None:
        return tenants.get(identity).reporting_currency
    return parse_currency(target_currency, "into")


def _refuse_bad_lines(rate_file: exchange_rate_files.RateFile) -> None:
    if not rate_file.bad:
        return
    for line in rate_file.bad[:_MOST_SHOWN]:
        terminal.say(tables.printable(str(line)))
    if len(rate_file.bad) > _MOST_SHOWN:
        terminal.say(f"… and {len(rate_file.bad) - _MOST_SHOWN:,} more.")
    is_single = len(rate_file.bad) == 1
    count = (
        "1 line is not a valid rate"
        if is_single
        else f"{len(rate_file.bad):,} lines are not valid rates"
    )
    raise InvalidInput(
        f"{count}. Nothing was imported.",
        field="file",
        advice="Correct the file and import it again.",
    )


def _describe_count(count: int) -> str:
    return "1 rate was" if count == 1 else f"{count:,} rates were"
