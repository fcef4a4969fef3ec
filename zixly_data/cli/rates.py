"""The command `rates`: listing, entering, importing and removing exchange rates."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.cli.destination import Bom, Destination, Output
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import exchange_rate_files
from zixly_data.people import audit, tenants
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
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
    XLSX = "xlsx"
    TABLE = "table"


Month = Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2024-03.")]
Currency = Annotated[
    str, typer.Argument(metavar="CURRENCY", help="The currency that the rate converts.")
]
Into = Annotated[
    str | None,
    typer.Option("--into", metavar="CODE", help="By default the reporting currency."),
]


@app.command("list")
def list_all(
    as_email: access.As,
    output_format: Annotated[
        Format,
        typer.Option("--format", help="csv and xlsx: for a file that `rates import` can read."),
    ] = Format.TABLE,
    output: Output = None,
    bom: Bom = False,
) -> None:
    """List the rates, the latest month first. A month is written as its first day."""
    destination = Destination(output_format, output, bom)
    with access.acting_as(as_email) as identity:
        rates = exchange_rates.as_file(exchange_rates.list_rates(identity))
        if destination.file_format:
            audit.note_export(identity, "exchange_rates", len(rates), {})
    if destination.file_format:
        destination.write_frame(rates)
    elif rates.empty:
        terminal.say("No exchange rate is recorded.")
    else:
        terminal.result(tables.as_text(rates))


@app.command("set")
def put(
    month: Month,
    currency: Currency,
    rate: Annotated[str, typer.Argument(metavar="RATE", help="Such as 0.9132.")],
    as_email: access.As,
    target_currency: Into = None,
) -> None:
    """Enter the value of one unit of a currency in a month. It replaces a recorded rate."""
    with access.acting_as(as_email) as identity:
        draft = RateDraft(
            exchange_rates.parse_month(month),
            parse_currency(currency),
            _parse_target_currency(identity, target_currency),
            exchange_rates.parse_rate(rate),
        )
        changed = exchange_rates.put_all(identity, [draft])
    already = "" if changed else ", as before"
    terminal.say(
        f"{month_name(draft.month)}: 1 {draft.currency} is {draft.rate:f} {draft.into_currency}"
        f"{already}."
    )


@app.command("import")
def import_file(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV or .xlsx; - for standard input.")
    ],
    as_email: access.As,
    target_currency: Into = None,
) -> None:
    """Import a file with the columns month, currency, rate and, where needed, into_currency.

    Either all rates are imported or none. Each line that is not a rate is listed, and then nothing
    is imported. A rate in the file replaces the recorded one.
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
    terminal.say(f"{_describe_count(changed)} imported; {unchanged:,} already recorded.")


@app.command()
def remove(
    month: Month, currency: Currency, as_email: access.As, target_currency: Into = None
) -> None:
    """Delete a rate."""
    with access.acting_as(as_email) as identity:
        first = exchange_rates.parse_month(month)
        rate = exchange_rates.find(
            identity, first, currency, _parse_target_currency(identity, target_currency)
        )
        exchange_rates.delete(identity, rate.id, rate.version)
    terminal.say(
        f"{month_name(first)}: the rate from {rate.currency} to {rate.into_currency} was deleted."
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
    count = (
        "1 line is not a rate"
        if len(rate_file.bad) == 1
        else f"{len(rate_file.bad):,} lines are not rates"
    )
    raise InvalidInput(
        f"{count}, so nothing was imported.",
        field="file",
        advice="Correct the file and import it again.",
    )


def _describe_count(count: int) -> str:
    return "1 rate was" if count == 1 else f"{count:,} rates were"
