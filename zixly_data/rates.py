"""Exchange rates: what one unit of a currency was worth in another, month by month.

Entered by people or imported from a file; Zixly fetches none. A rate of a closed month stays as it
is, like everything that is dated in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import insert

from zixly_data import records
from zixly_data.amounts import checked_decimal, parse_number
from zixly_data.connection import scoped
from zixly_data.currencies import parse_currency
from zixly_data.dates import within_range
from zixly_data.errors import InvalidInput
from zixly_data.frames import Count, Date, Frame, Rate, Text, fetch
from zixly_data.identity import Identity
from zixly_data.ledger import ledger
from zixly_data.period import Period
from zixly_data.schema import client_kpis, exchange_rates, financial_months

_MONTH = re.compile(r"(20[0-9]{2}|2100)-(0?[1-9]|1[0-2])(?:-0?1)?|(0?[1-9]|1[0-2])/(20[0-9]{2})")
_DIGITS, _DECIMALS = 10, 8


class ExchangeRates(Frame):
    """One row per rate: one `currency` was worth `rate` of `into_currency` in the month."""

    id: Text
    month: Date
    currency: Text
    into_currency: Text
    rate: Rate
    source_system: Text
    version: Count


class MissingRates(Frame):
    """One row per currency and month with amounts and without a rate into the other currency."""

    currency: Text
    month: Date


@dataclass(frozen=True)
class RateDraft:
    """What a person enters: one unit of `currency` is `rate` of `into_currency` in this month."""

    month: date
    currency: str
    into_currency: str
    rate: Decimal
    source_system: str = "manual"


@dataclass(frozen=True)
class ExchangeRate(RateDraft):
    """A rate as it stands. `version` counts its changes."""

    id: str = ""
    version: int = 0


def list_rates(identity: Identity) -> DataFrame[ExchangeRates]:
    """The tenant's rates, the latest month first, then by currency."""
    columns = ExchangeRates.to_schema().columns
    query = (
        sa.select(*(exchange_rates.c[name] for name in columns))
        .where(exchange_rates.c.tenant_id == identity.tenant_id)
        .order_by(
            exchange_rates.c.month.desc(),
            exchange_rates.c.currency,
            exchange_rates.c.into_currency,
        )
    )
    with scoped(identity) as connection:
        return fetch(connection, query, ExchangeRates)


def missing(identity: Identity, period: Period, into: str) -> DataFrame[MissingRates]:
    """What amounts of the period cannot be converted for: currency and month, in order."""
    rows = ledger(identity, period, into=into)
    query = (
        sa.select(rows.c.own_currency.label("currency"), rows.c.month)
        .where(rows.c.rate.is_(None))
        .distinct()
        .order_by(rows.c.own_currency, rows.c.month)
    )
    with scoped(identity) as connection:
        return fetch(connection, query, MissingRates)


def currencies(identity: Identity) -> list[str]:
    """The currencies in which amounts are on record, in the order of their codes."""
    query = (
        sa.select(client_kpis.c.currency)
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            sa.exists().where(
                financial_months.c.tenant_id == identity.tenant_id,
                financial_months.c.client_kpi_id == client_kpis.c.id,
                financial_months.c.records > 0,
            ),
        )
        .distinct()
        .order_by(client_kpis.c.currency)
    )
    with scoped(identity) as connection:
        return list(connection.execute(query).scalars())


def get(identity: Identity, rate_id: str) -> ExchangeRate:
    """One rate. Raises NotFound, also for a rate of another tenant."""
    return records.get(identity, *_current(identity, rate_id))


def add(identity: Identity, draft: RateDraft, *, row_id: str) -> None:
    """Puts a rate on file under an id of ours (`ids.new_id("rate")`); sent twice, it counts once.

    Raises AccessDenied, InvalidInput, MonthClosed, AlreadyExists (the month has one).
    """
    records.add(identity, exchange_rates, row_id, _values(draft))


def change(identity: Identity, rate_id: str, version: int, rate: Decimal) -> None:
    """Changes a rate that is still at `version`. Raises Conflict and as `add` does."""
    values = {"rate": _checked(rate), "source_system": "manual"}
    records.change(identity, exchange_rates, rate_id, version, values, _current(identity, rate_id))


def delete(identity: Identity, rate_id: str, version: int) -> None:
    """Takes a rate off file. Raises Conflict, NotFound, MonthClosed, AccessDenied."""
    records.delete(identity, exchange_rates, rate_id, version, _current(identity, rate_id))


def put_all(identity: Identity, drafts: Sequence[RateDraft]) -> int:
    """Puts rates on file, all of them or none; a month that has one gets the new one.

    Returns how many were new or different. Raises AccessDenied, InvalidInput, MonthClosed.
    """
    values = [_values(draft) for draft in drafts]
    if not values:
        return 0
    keys = [(each["month"], each["currency"], each["into_currency"]) for each in values]
    if len(set(keys)) < len(keys):
        raise InvalidInput("A month has two rates of the same currencies. Keep one.", field="month")
    new = insert(exchange_rates).values(values)
    put = new.on_conflict_do_update(
        index_elements=["tenant_id", "month", "currency", "into_currency"],
        set_={"rate": new.excluded.rate, "source_system": new.excluded.source_system},
        where=exchange_rates.c.rate != new.excluded.rate,
    ).execution_options(preserve_rowcount=True)
    with records.closed_means("Its rates stay."), scoped(identity) as connection:
        return connection.execute(put).rowcount


def parse_month(text: str, field: str = "month") -> date:
    """The first day of a month someone typed: `2024-03`, `2024-03-01` or `3/2024`.

    Raises InvalidInput naming `field`.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(
            f"“{text.strip()[:40]}” is not a month. Write it like 2024-03.", field=field
        )
    year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return date(int(year), int(month), 1)


def parse_rate(text: str, field: str = "rate") -> Decimal:
    """The rate someone typed, like `0.9132`. Raises InvalidInput naming `field`."""
    return _checked(parse_number(text, field), field)


def _checked(rate: Decimal, field: str = "rate") -> Decimal:
    rate = checked_decimal(rate, field, _DIGITS, _DECIMALS)
    if rate <= 0:
        raise InvalidInput("A rate is more than zero.", field=field)
    return rate


def _values(draft: RateDraft) -> dict[str, Any]:
    currency = parse_currency(draft.currency)
    into = parse_currency(draft.into_currency, "into_currency")
    if currency == into:
        raise InvalidInput("A rate is between two different currencies.", field="currency")
    return {
        "month": within_range(draft.month, "month").replace(day=1),
        "currency": currency,
        "into_currency": into,
        "rate": _checked(draft.rate),
        "source_system": draft.source_system,
    }


def _current(identity: Identity, rate_id: str) -> records.Current[ExchangeRate]:
    columns = ("id", "month", "currency", "into_currency", "rate", "source_system", "version")
    query = sa.select(*(exchange_rates.c[name] for name in columns)).where(
        exchange_rates.c.tenant_id == identity.tenant_id, exchange_rates.c.id == rate_id
    )
    return query, "rate", lambda row: ExchangeRate(**row._mapping)
