"""`report bridge`: why profit changed between two periods, as rows that add up."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from zixly_data import audit, period, tenants
from zixly_data import bridge as bridges
from zixly_data.cli import access, tables, terminal
from zixly_data.cli.report import Format, From, Key, To, Written, chosen_period
from zixly_data.comparison import Comparison, like_for_like
from zixly_data.csv_file import to_csv
from zixly_data.currencies import parse_currency
from zixly_data.identity import Identity
from zixly_data.period import Period


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
        typer.Option(
            "--into",
            metavar="CODE",
            help="Convert all amounts into this currency, each month's with that month's rate.",
        ),
    ] = None,
    written: Written = Format.TABLE,
) -> None:
    """Why profit changed between two periods: clients won and lost, volume, price, cost, currency.

    The parts of a client add up to its change, to the cent; the greatest change comes first.
    Without --against-from and --against-to a period is compared with the one before it; of a period
    that is not over, the part up to today with the same part of that one.
    """
    with access.acting_as(as_email) as identity:
        compared = _compared(
            identity, chosen_period(identity, start, end, key), against_start, against_end
        )
        currency = None if into is None else parse_currency(into, "into")
        found = bridges.bridge(identity, compared.against, compared.period, into=currency)
        if written is not Format.TABLE:
            filters = audit.filters(
                found.period,
                against_from=found.against.start,
                against_to=found.against.end,
                converted_into=currency,
            )
            audit.note_export(identity, "bridge", len(found.clients), filters)
    if compared.note:
        terminal.say(compared.note)
    _write(found, currency, written)


def _compared(identity: Identity, asked: Period, start: str | None, end: str | None) -> Comparison:
    if start or end:
        return Comparison(asked, period.between(start, end))
    return like_for_like(asked, tenants.get(identity).today())


def _write(found: bridges.Bridge, into: str | None, written: Format) -> None:
    rows = bridges.as_file(found.clients)
    if written is Format.CSV:
        terminal.result_bytes(to_csv(rows, line_end="\n"))
    elif written is Format.JSON:
        document = {
            "period": _days(found.period),
            "against": _days(found.against),
            "rows": rows.to_dict("records"),
            "totals": found.totals.to_dict("records"),
        }
        # Amounts and dates as text: JSON knows no exact decimals.
        terminal.result(json.dumps(document, default=str, ensure_ascii=False, indent=2))
    else:
        terminal.result(f"{found.period.label} against {found.against.label}")
        if into:
            terminal.result(f"Converted into {into}: each month's amounts with that month's rate.")
        terminal.result("")
        terminal.result(tables.as_text(rows))
        if len(rows):
            terminal.result("")
            terminal.result("Totals")
            terminal.result(tables.as_text(found.totals))


def _days(days: Period) -> dict[str, object]:
    return {"from": days.start, "to": days.end, "label": days.label}
