"""The margin bridge: a change of profit between two periods, in parts that add up to the cent.

    change    profit of the later period - profit of the earlier one, client by client
    won       records in the later period only: all of its profit there
    lost      records in the earlier period only: minus its profit there

Of a client with records in both, amounts in its own currency:

    cost      -(expenses after - expenses before)
    volume    (hours after - hours before) * revenue before / hours before
    price     the rest of the change of revenue
    revenue   all of the change of revenue, if one of the periods has no billable hours

Converted, these changes are valued at the rate of the earlier period (the mean of its months'
rates, weighted by revenue, or by expenses if no month has revenue), and

    currency_effect   the rest of the change: changed rates, and rounding differences

A client without any amount in the earlier period has no rate there, and no currency effect.

Where all clients are included and either period has a record of no client, the totals are those of
the business, with one more part:

    no_client   profit of overheads and unassigned records after - before (`business.bridge_lines`)

Amounts are rounded to the cent, half away from zero. docs/adr/0010-margin-bridge.md has the
reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import pandas as pd
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.figures.bridge_parts import PARTS, parts, sums
from zixly_data.figures.business.bridge_lines import (
    BusinessBridgeTotal,
    LineChanges,
    business_totals,
    line_changes,
)
from zixly_data.figures.business.overhead_sums import overhead_ledger, overhead_months
from zixly_data.figures.ledger import ledger, rate_rows, require_rates
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import (
    Count,
    Frame,
    Measure,
    Money,
    Text,
    arrow_types,
    build,
    fetch,
)
from zixly_data.values.period import Period

__all__ = ["PARTS", "Bridge", "BridgeTotal", "ClientBridge", "as_file", "bridge", "totals_of"]

_FIGURES = ("profit_before", "profit_after", *PARTS, "change")


class ClientBridge(Frame):
    """One row per client with a record in either period, by currency, the greatest change first.

    `standing` is WON, LOST or STAYED. Hours are zero if none are recorded. `months_without_hours`
    counts the months of both periods with revenue but no hours, for clients whose change of revenue
    is nevertheless split into volume and price.
    """

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    currency: Text
    profit_before: Money
    profit_after: Money
    won: Money
    lost: Money
    volume: Money
    price: Money
    revenue: Money
    cost: Money
    currency_effect: Money
    change: Money
    standing: Text
    hours_before: Measure
    hours_after: Measure
    months_without_hours: Count


class BridgeTotal(Frame):
    """One row per currency: the sums of its clients, and the numbers of clients won and lost."""

    currency: Text
    clients: Count
    clients_won: Count
    clients_lost: Count
    profit_before: Money
    profit_after: Money
    won: Money
    lost: Money
    volume: Money
    price: Money
    revenue: Money
    cost: Money
    currency_effect: Money
    change: Money


@dataclass(frozen=True)
class Bridge:
    """The change of profit from `against` to `period`, per client and in total per currency.

    With records of no client in either period, `totals` are those of the business, and `lines` are
    its four lines; without, `lines` is empty. Both are about clients alone if `left_out`: the
    clients are filtered, and there are records of no client.
    """

    against: Period
    period: Period
    clients: DataFrame[ClientBridge]
    totals: DataFrame[BridgeTotal] | DataFrame[BusinessBridgeTotal]
    lines: DataFrame[LineChanges]
    left_out: bool = False


def bridge(
    identity: Identity,
    against: Period,
    period: Period,
    client_filter: ClientFilter | None = None,
    target_currency: str | None = None,
) -> Bridge:
    """Return the change of profit from `against` to `period`, optionally in `target_currency`.

    Everything is read from one snapshot, so concurrent writes cannot make parts and totals differ.
    Raises RatesMissing if an amount of either period cannot be converted.
    """
    client_filter = client_filter or ClientFilter()
    before = ledger(identity, against, client_filter, target_currency, name="before")
    after = ledger(identity, period, client_filter, target_currency, name="after")
    query = parts(identity, sums(identity, (before, against), (after, period)), target_currency)
    ledgers = [before, after]
    if not client_filter.selects_clients:
        ledgers += [
            overhead_ledger(identity, days, target_currency, f"overheads_{name}")
            for name, days in (("before", against), ("after", period))
        ]
    with reporting(identity) as connection:
        require_rates(connection, rate_rows(*ledgers), target_currency)
        clients = fetch(connection, query, ClientBridge)
        months = overhead_months(connection, identity, (against, period), target_currency)
    currencies = client_filter.currencies
    found = [
        [row for row in months[days] if not currencies or row.own_currency in currencies]
        for days in (against, period)
    ]
    totals, lines = totals_of(clients), build({}, LineChanges)
    has_overheads = any(found)
    if not has_overheads or client_filter.selects_clients:
        return Bridge(against, period, clients, totals, lines, left_out=has_overheads)
    lines = line_changes(totals, *found)
    return Bridge(against, period, clients, business_totals(totals, lines), lines)


def totals_of(clients: pd.DataFrame) -> DataFrame[BridgeTotal]:
    """Sum a frame of `ClientBridge` per currency, in the order of currency codes."""
    rows: list[dict[str, Any]] = []
    for currency, group in clients.groupby("currency", sort=True):
        # The type stubs lack Arrow decimals; these sums are exact Decimals.
        sums = {name: cast("Decimal", group[name].sum()) for name in _FIGURES}
        counts = {
            "clients": len(group),
            "clients_won": int((group["standing"] == "WON").sum()),
            "clients_lost": int((group["standing"] == "LOST").sum()),
        }
        rows.append({"currency": currency, **counts, **sums})
    names = arrow_types(BridgeTotal)
    return build({name: [row[name] for row in rows] for name in names}, BridgeTotal)


def as_file(clients: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of `ClientBridge` as exported to a file: the client and its figures."""
    return clients[["client_id", "client_name", "currency", *_FIGURES]]
