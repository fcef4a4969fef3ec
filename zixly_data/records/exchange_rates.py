"""Exchange rates: what one unit of a currency was worth in another, month by month.

Entered by people or imported from a file; Zixly fetches none. A rate of a closed month stays as it
is, like everything that is dated in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import scoped
from zixly_data.database.schema import exchange_rates
from zixly_data.errors import Conflict, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.records.exchange_rate_drafts import (
    ExchangeRate,
    Key,
    RateDraft,
    checked_draft,
    checked_rate,
    parse_month,
    parse_rate,
)
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import month_name
from zixly_data.values.frames import Count, Date, Frame, Rate, Text, fetch

__all__ = [
    "ExchangeRate",
    "ExchangeRates",
    "Key",
    "RateDraft",
    "parse_month",
    "parse_rate",
]

_KEY = ("month", "currency", "into_currency")
_AT_ONCE = 1_000


class ExchangeRates(Frame):
    """One row per rate: one `currency` was worth `rate` of `into_currency` in the month."""

    id: Text
    month: Date
    currency: Text
    into_currency: Text
    rate: Rate
    source_system: Text
    version: Count


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


def get(identity: Identity, rate_id: str) -> ExchangeRate:
    """One rate. Raises NotFound, also for a rate of another tenant."""
    return versioned_rows.get(identity, *_current(identity, rate_id))


def find(identity: Identity, month: date, currency: str, into_currency: str) -> ExchangeRate:
    """The rate of a month and two currencies. Raises NotFound, InvalidInput (no such currency)."""
    key = (
        month.replace(day=1),
        parse_currency(currency),
        parse_currency(into_currency, "into_currency"),
    )
    query = _select(identity).where(*(exchange_rates.c[n] == v for n, v in _named(key)))
    with scoped(identity) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            f"There is no rate of {key[1]} into {key[2]} for {month_name(month)}.",
            advice="See which there are on the page Exchange rates.",
        )
    return ExchangeRate(**row._mapping)


def add(identity: Identity, draft: RateDraft, *, row_id: str) -> None:
    """Puts a rate on file under an id of ours (`ids.new_id("rate")`); sent twice, it counts once.

    Raises AccessDenied, InvalidInput, MonthClosed, AlreadyExists (the month has one).
    """
    with _kept_closed():
        versioned_rows.add(identity, exchange_rates, row_id, _values(checked_draft(draft)))


def change(identity: Identity, rate_id: str, version: int, rate: Decimal) -> None:
    """Changes a rate that is still at `version`. Raises Conflict and as `add` does."""
    values = {"rate": checked_rate(rate), "source_system": "manual"}
    current = _current(identity, rate_id)
    with _kept_closed():
        versioned_rows.change(identity, exchange_rates, rate_id, version, values, current)


def delete(identity: Identity, rate_id: str, version: int) -> None:
    """Takes a rate off file. Raises Conflict, NotFound, MonthClosed, AccessDenied."""
    with _kept_closed():
        versioned_rows.delete(
            identity, exchange_rates, rate_id, version, _current(identity, rate_id)
        )


def put_all(
    identity: Identity, drafts: Sequence[RateDraft], *, seen: Mapping[Key, Decimal] | None = None
) -> int:
    """Puts rates on file, all of them or none; a month that has one gets the new one.

    Returns how many were new or different. `seen` are the rates that were on file when these were
    decided on: where one of them is another now, or there is one where none was, nothing is written
    and Conflict brings the list of those. Without it the new rates win.

    Raises AccessDenied, InvalidInput, MonthClosed.
    """
    wanted: dict[Key, RateDraft] = {}
    for draft in map(checked_draft, drafts):
        if draft.key in wanted:
            raise InvalidInput(
                f"{month_name(draft.month)} has two rates of {draft.currency} into "
                f"{draft.into_currency}. Keep one.",
                field="month",
            )
        wanted[draft.key] = draft
    # In one order, so that two who write the same months wait and do not deadlock.
    keys = sorted(wanted)
    with _kept_closed(), scoped(identity) as connection:
        return sum(
            _put(
                identity, connection, [wanted[key] for key in keys[start : start + _AT_ONCE]], seen
            )
            for start in range(0, len(keys), _AT_ONCE)
        )


def as_file(rates: DataFrame[ExchangeRates]) -> DataFrame[ExchangeRates]:
    """The rates as they leave in a file, which `rate_files.read` understands: without our ids."""
    return rates.drop(columns=["id", "version"])


def _put(
    identity: Identity,
    connection: Connection,
    drafts: Sequence[RateDraft],
    seen: Mapping[Key, Decimal] | None,
) -> int:
    """Writes these; the answer counts those that were new or different."""
    columns = [exchange_rates.c[name] for name in _KEY]
    added = connection.execute(
        insert(exchange_rates)
        .values([_values(draft) for draft in drafts])
        .on_conflict_do_nothing(index_elements=["tenant_id", *_KEY])
        .returning(*columns)
    )
    new = {tuple(row) for row in added}
    wanted = {draft.key: draft for draft in drafts if draft.key not in new}
    if not wanted:
        return len(new)
    there = connection.execute(
        _select(identity)
        .where(sa.tuple_(*columns).in_(list(wanted)))
        # In one order: of two who do this at once neither waits for the other.
        .order_by(*columns)
        .with_for_update()
    )
    current = [ExchangeRate(**row._mapping) for row in there]
    if len(current) < len(wanted):
        raise Conflict("Someone else took some of these rates off file just now.", current=[])
    different = [each for each in current if each.rate != wanted[each.key].rate]
    if seen is not None:
        moved = [each for each in different if seen.get(each.key) != each.rate]
        if moved:
            raise Conflict(
                "Someone else entered some of these rates in the meantime. Nothing was saved.",
                current=moved,
                advice="Look at the rates that are on file now, and decide once more.",
            )
    for each in different:
        draft = wanted[each.key]
        connection.execute(
            sa.update(exchange_rates)
            .where(exchange_rates.c.tenant_id == identity.tenant_id, exchange_rates.c.id == each.id)
            .values(rate=draft.rate, source_system=draft.source_system)
        )
    return len(new) + len(different)


def _kept_closed() -> AbstractContextManager[None]:
    return versioned_rows.explain_closed_month("Its exchange rates stay as they are.")


def _values(draft: RateDraft) -> dict[str, Any]:
    return {**dict(_named(draft.key)), "rate": draft.rate, "source_system": draft.source_system}


def _named(key: Key) -> list[tuple[str, Any]]:
    return list(zip(_KEY, key, strict=True))


def _select(identity: Identity) -> sa.Select[Any]:
    columns = ("id", "month", "currency", "into_currency", "rate", "source_system", "version")
    return sa.select(*(exchange_rates.c[name] for name in columns)).where(
        exchange_rates.c.tenant_id == identity.tenant_id
    )


def _current(identity: Identity, rate_id: str) -> versioned_rows.Current[ExchangeRate]:
    query = _select(identity).where(exchange_rates.c.id == rate_id)
    return query, "rate", lambda row: ExchangeRate(**row._mapping)
