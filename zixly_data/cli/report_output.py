"""How a report is written: rows alone as CSV, or with totals as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
from pandera.typing import DataFrame

from zixly_data.cli import tables, terminal
from zixly_data.cli.report_options import Format
from zixly_data.exports.csv_file import to_csv
from zixly_data.figures import conversion
from zixly_data.figures.conversion import UsedRates
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.period import Period


@dataclass(frozen=True)
class Converted:
    """That amounts are converted, and with which rates."""

    target_currency: str
    rates: DataFrame[UsedRates]


def used(identity: Identity, period: Period, target_currency: str | None) -> Converted | None:
    """The rates that figures of the period are converted with; None where none are."""
    return (
        None
        if target_currency is None
        else Converted(target_currency, conversion.used_rates(identity, period, target_currency))
    )


def note(
    identity: Identity,
    what: str,
    period: Period | None,
    rows: int,
    written: Format,
    **others: object,
) -> None:
    """What can be kept as a file is an export; what is read off the terminal is not."""
    if written is not Format.TABLE:
        audit.note_export(identity, what, rows, audit.filters(period, None, **others))


def days(period: Period) -> dict[str, object]:
    """A period as it stands in JSON."""
    return {"from": period.start, "to": period.end, "label": period.label}


def write(
    periods: Mapping[str, object],
    rows: pd.DataFrame,
    totals: pd.DataFrame | None,
    written: Format,
    converted: Converted | None = None,
) -> None:
    """Puts the report on standard output. `periods` name its `days`, by what they are; JSON may say
    more of when it was made."""
    if written is Format.CSV:
        terminal.result_bytes(to_csv(rows, line_end="\n"))
        return
    if written is Format.JSON:
        document: dict[str, object] = {**periods, "rows": rows.to_dict("records")}
        if totals is not None:
            document["totals"] = totals.to_dict("records")
        if converted is not None:
            used_rates = converted.rates.to_dict("records")
            document["converted"] = {"into": converted.target_currency, "rates": used_rates}
        terminal.result(json.dumps(document, default=_plain, ensure_ascii=False, indent=2))
        return
    if periods:
        labels = [str(each["label"]) for each in periods.values() if isinstance(each, dict)]
        terminal.result(" against ".join(labels))
        terminal.result("")
    terminal.result(tables.as_text(rows))
    if totals is not None and len(rows):
        terminal.result("")
        terminal.result("Totals")
        terminal.result(tables.as_text(totals))
    if converted is not None:
        _explain(converted)


def _explain(converted: Converted) -> None:
    """Says below the figures that they are converted, and with which rates."""
    terminal.result("")
    if converted.rates.empty:
        terminal.result(
            f"All amounts are in {converted.target_currency}; none had to be converted."
        )
        return
    terminal.result(
        f"Converted into {converted.target_currency}: each client's month with the rate of that "
        "month, to the cent."
    )
    terminal.result(tables.as_text(converted.rates))


def _plain(value: object) -> str | None:
    """Exact decimals as text, for JSON knows none; dates as ISO; nothing as null."""
    if isinstance(value, Decimal | date):
        return str(value)
    return None
