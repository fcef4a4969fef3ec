"""Exchange rates: the value of one unit of a currency in another, month by month.

Rates are entered by people or imported from a file; Zixly does not download them. The rates of a
closed month cannot be changed.
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
from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import exchange_rates
from zixly_data.errors import Conflict, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.records.exchange_rate_drafts import (
    ExchangeRate,
    checked_draft,
    checked_rate,
    parse_month,
    parse_rate,
)
from zixly_data.tables.exchange_rates import EXCHANGE_RATES, Key, RateDraft
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import month_name
from zixly_data.values.frames import Count, Date, Frame, Rate, Text, fetch

__all__ = [
    "ExchangeRate",
    "ExchangeRates",
    "parse_month",
    "parse_rate",
]

_KEY = tuple(name for name, field in EXCHANGE_RATES.entered.items() if field.is_key)
_BATCH_SIZE = 1_000


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
    """Return the tenant's rates, the latest month first, then by currency."""
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
    with reporting(identity) as connection:
        return fetch(connection, query, ExchangeRates)


def get(identity: Identity, rate_id: str) -> ExchangeRate:
    """Return one rate. Raises NotFound, also for a rate of another tenant."""
    return versioned_rows.get(identity, *_current(identity, rate_id))


def find(identity: Identity, month: date, currency: str, into_currency: str) -> ExchangeRate:
    """Return the rate of a month and two currencies. Raises NotFound, InvalidInput (currency)."""
    key = (
        month.replace(day=1),
        parse_currency(currency),
        parse_currency(into_currency, "into_currency"),
    )
    query = _select(identity).where(*(exchange_rates.c[n] == v for n, v in _key_columns(key)))
    with scoped(identity) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            f"There is no rate from {key[1]} to {key[2]} for {month_name(month)}.",
            advice="The Exchange rates page lists the recorded rates.",
        )
    return ExchangeRate(**row._mapping)


def add(identity: Identity, draft: RateDraft, *, row_id: str) -> None:
    """Add a rate with the id `row_id` (`ids.new_id("rate")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput, MonthClosed, AlreadyExists (the month has one).
    """
    with _explain_closed_month():
        versioned_rows.add(identity, exchange_rates, row_id, _values(checked_draft(draft)))


def change(identity: Identity, rate_id: str, version: int, rate: Decimal) -> None:
    """Change a rate that is still at `version`. Raises Conflict and as `add` does."""
    values = {"rate": checked_rate(rate), "source_system": "manual"}
    current = _current(identity, rate_id)
    with _explain_closed_month():
        versioned_rows.change(identity, exchange_rates, rate_id, version, values, current)


def delete(identity: Identity, rate_id: str, version: int) -> None:
    """Delete a rate. Raises Conflict, NotFound, MonthClosed, AccessDenied."""
    with _explain_closed_month():
        versioned_rows.delete(
            identity, exchange_rates, rate_id, version, _current(identity, rate_id)
        )


def put_all(
    identity: Identity, drafts: Sequence[RateDraft], *, seen: Mapping[Key, Decimal] | None = None
) -> int:
    """Save rates, all of them or none; a rate of the same month and currencies is replaced.

    Returns the number of rates that were new or different. `seen` are the stored rates that the
    person saw. If one of them was changed or added since, nothing is saved and Conflict carries the
    list of those rates. Without `seen` the new rates replace all others.

    Raises AccessDenied, InvalidInput, MonthClosed.
    """
    drafts_by_key: dict[Key, RateDraft] = {}
    for draft in map(checked_draft, drafts):
        if draft.key in drafts_by_key:
            raise InvalidInput(
                f"{month_name(draft.month)} has two rates from {draft.currency} to "
                f"{draft.into_currency}. Keep one.",
                field="month",
            )
        drafts_by_key[draft.key] = draft
    # A fixed order, so that two people who save the same months wait instead of deadlocking.
    sorted_drafts = [drafts_by_key[key] for key in sorted(drafts_by_key)]
    with _explain_closed_month(), scoped(identity) as connection:
        return sum(
            _save_batch(identity, connection, sorted_drafts[start : start + _BATCH_SIZE], seen)
            for start in range(0, len(sorted_drafts), _BATCH_SIZE)
        )


def as_file(rates: DataFrame[ExchangeRates]) -> DataFrame[ExchangeRates]:
    """Return the rates as exported to a file, without ids; `exchange_rate_files.read` reads it."""
    return rates.drop(columns=["id", "version"])


def _save_batch(
    identity: Identity,
    connection: Connection,
    drafts: Sequence[RateDraft],
    seen: Mapping[Key, Decimal] | None,
) -> int:
    """Save the drafts and return the number that were new or different."""
    columns = [exchange_rates.c[name] for name in _KEY]
    result = connection.execute(
        insert(exchange_rates)
        .values([_values(draft) for draft in drafts])
        .on_conflict_do_nothing(index_elements=["tenant_id", *_KEY])
        .returning(*columns)
    )
    added_keys = {tuple(row) for row in result}
    existing_drafts = {draft.key: draft for draft in drafts if draft.key not in added_keys}
    if not existing_drafts:
        return len(added_keys)
    locked_rows = connection.execute(
        _select(identity)
        .where(sa.tuple_(*columns).in_(list(existing_drafts)))
        # A fixed order, so that two people who save at the same time do not deadlock.
        .order_by(*columns)
        .with_for_update()
    )
    current = [ExchangeRate(**row._mapping) for row in locked_rows]
    if len(current) < len(existing_drafts):
        raise Conflict("Someone else has just deleted some of these rates.", current=[])
    different = [stored for stored in current if stored.rate != existing_drafts[stored.key].rate]
    if seen is not None:
        changed_since = [stored for stored in different if seen.get(stored.key) != stored.rate]
        if changed_since:
            raise Conflict(
                "Someone else entered some of these rates in the meantime. Nothing was saved.",
                current=changed_since,
                advice="Check the current rates and decide again.",
            )
    for stored in different:
        draft = existing_drafts[stored.key]
        connection.execute(
            sa.update(exchange_rates)
            .where(
                exchange_rates.c.tenant_id == identity.tenant_id, exchange_rates.c.id == stored.id
            )
            .values(rate=draft.rate, source_system=draft.source_system)
        )
    return len(added_keys) + len(different)


def _explain_closed_month() -> AbstractContextManager[None]:
    return versioned_rows.explain_closed_month("Its exchange rates cannot change.")


def _values(draft: RateDraft) -> dict[str, Any]:
    return {
        **dict(_key_columns(draft.key)),
        "rate": draft.rate,
        "source_system": draft.source_system,
    }


def _key_columns(key: Key) -> list[tuple[str, Any]]:
    return list(zip(_KEY, key, strict=True))


def _select(identity: Identity) -> sa.Select[Any]:
    columns = ("id", "month", "currency", "into_currency", "rate", "source_system", "version")
    return sa.select(*(exchange_rates.c[name] for name in columns)).where(
        exchange_rates.c.tenant_id == identity.tenant_id
    )


def _current(identity: Identity, rate_id: str) -> versioned_rows.Current[ExchangeRate]:
    query = _select(identity).where(exchange_rates.c.id == rate_id)
    return query, "rate", lambda row: ExchangeRate(**row._mapping)
