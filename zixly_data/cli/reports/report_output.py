"""Output of reports: only rows as a file, or rows and totals as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
from pandera.typing import DataFrame

from zixly_data.cli import tables, terminal
from zixly_data.cli.destination import Destination
from zixly_data.cli.reports.report_options import Format
from zixly_data.figures.conversion import UsedRates, used_rates
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.period import Period


@dataclass(frozen=True)
class Conversion:
    """The target currency of converted amounts and the rates that were applied."""

    target_currency: str
    rates: DataFrame[UsedRates]


def load_conversion(
    identity: Identity, period: Period, target_currency: str | None, *, overheads: bool = False
) -> Conversion | None:
    """Return the rates that convert figures of clients, and of `overheads` too, in the period.

    None if nothing is converted.
    """
    if target_currency is None:
        return None
    rates = used_rates(identity, period, target_currency, overheads=overheads)
    return Conversion(target_currency, rates)


def note_export(
    identity: Identity,
    report: str,
    period: Period | None,
    rows: int,
    output_format: Format,
    **filters: object,
) -> None:
    """Record an export on the audit trail. A table on the terminal is no export."""
    if output_format is not Format.TABLE:
        audit.note_export(identity, report, rows, audit.filters(period, None, **filters))


def period_fields(period: Period) -> dict[str, object]:
    """Return the fields of a period in JSON."""
    return {"from": period.start, "to": period.end, "label": period.label}


def write_report(
    periods: Mapping[str, object],
    rows: pd.DataFrame,
    totals: pd.DataFrame | None,
    destination: Destination,
    conversion: Conversion | None = None,
) -> None:
    """Print a report, or write its rows to a file.

    `periods` maps names to `period_fields`; JSON may have other fields.
    """
    if destination.file_format:
        destination.write_frame(rows)
        return
    if destination.output_format is Format.JSON:
        document: dict[str, object] = {**periods, "rows": rows.to_dict("records")}
        if totals is not None:
            document["totals"] = totals.to_dict("records")
        if conversion is not None:
            rates = conversion.rates.to_dict("records")
            document["converted"] = {"into": conversion.target_currency, "rates": rates}
        terminal.result(json.dumps(document, default=_json_value, ensure_ascii=False, indent=2))
        return
    if periods:
        labels = [str(fields["label"]) for fields in periods.values() if isinstance(fields, dict)]
        terminal.result(" vs ".join(labels))
        terminal.result("")
    terminal.result(tables.as_text(rows))
    if totals is not None and len(rows):
        terminal.result("")
        terminal.result("Totals")
        terminal.result(tables.as_text(totals))
    if conversion is not None:
        _print_conversion(conversion)


def _print_conversion(conversion: Conversion) -> None:
    """Print below the figures that they are converted, and the rates."""
    terminal.result("")
    if conversion.rates.empty:
        terminal.result(
            f"All amounts are in {conversion.target_currency}; no conversion was needed."
        )
        return
    terminal.result(
        f"Converted into {conversion.target_currency}: each month's amounts at the rate of that "
        "month, to the cent."
    )
    terminal.result(tables.as_text(conversion.rates))


def _json_value(value: object) -> str | None:
    """Convert exact decimals, which JSON lacks, to text, dates to ISO, other values to null."""
    if isinstance(value, Decimal | date):
        return str(value)
    return None
