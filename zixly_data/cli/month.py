"""The command `month`: listing, closing and reopening months."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import pandas as pd
import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.errors import InvalidInput
from zixly_data.records import closed_months
from zixly_data.values.dates import month_name, within_range

app = typer.Typer(
    help="Months: nothing in a closed month changes until it is reopened.",
    no_args_is_help=True,
)

Month = Annotated[str, typer.Argument(metavar="MONTH", help="A month such as 2024-03.")]


@app.command("list")
def list_all(as_email: access.As) -> None:
    """List the closed months, latest first, with who closed them and when."""
    with access.acting_as(as_email) as identity:
        closed = closed_months.list_closed(identity)
    if closed.empty:
        terminal.say("No month is closed.")
        return
    table = pd.DataFrame({
        "month": [f"{month:%Y-%m}" for month in closed["month"]],
        "closed_by": closed["closed_by_name"],
        "closed_at": [f"{at:%Y-%m-%d %H:%M} UTC" for at in closed["created_at"]],
    })  # fmt: skip
    terminal.result(tables.as_text(table))


@app.command()
def close(
    month: Month,
    as_email: access.As,
    through: Annotated[
        bool,
        typer.Option(
            "--through", help="Also close every open month before it, from the first record."
        ),
    ] = False,
) -> None:
    """Close a month. Nothing in it can change until it is reopened."""
    first = _parse_month(month)
    with access.acting_as(as_email) as identity:
        if through:
            closed = closed_months.close_through(identity, first)
        else:
            closed_months.close(identity, first)
            closed = [first]
    for month_closed in closed:
        terminal.say(f"{month_name(month_closed)} is closed.")
    if not closed:
        terminal.say(f"Every month up to {month_name(first)} is already closed.")


@app.command()
def reopen(month: Month, as_email: access.As) -> None:
    """Reopen a month so that its records can change again."""
    first = _parse_month(month)
    with access.acting_as(as_email) as identity:
        closed_months.reopen(identity, first)
    terminal.say(f"{month_name(first)} is open.")


def _parse_month(text: str) -> date:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text.strip())
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
        raise InvalidInput(f"“{text[:40]}” is not a month. Use the form 2024-03.", field="month")
    return within_range(date(int(match[1]), int(match[2]), 1), "month")
