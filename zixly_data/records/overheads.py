"""Overheads: revenue and expenses of the business that belong to no client.

An overhead is one amount of revenue and one of expenses on a calendar date, in a currency of its
own. UNASSIGNED is what nobody has decided about yet: it becomes an overhead, or the financial
record of a client.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import client_kpis, financials, overheads
from zixly_data.errors import Conflict, FromSource, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.tables.overheads import OVERHEADS, OverheadDraft
from zixly_data.values.frames import Count, Date, Frame, Money, Text, fetch, nullable
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period
from zixly_data.values.sources import MANUAL, is_synced, synced_text

_ORDER = (
    overheads.c.record_date.desc(),
    sa.func.lower(overheads.c.account).nulls_last(),
    overheads.c.id,
)
_SORTS = {
    "record_date": overheads.c.record_date,
    "account": sa.func.lower(overheads.c.account),
    "counterparty": sa.func.lower(overheads.c.counterparty),
    "revenue": overheads.c.revenue,
    "expenses": overheads.c.expenses,
}


class Overheads(Frame):
    """One row per overhead. `kind` is OVERHEAD or UNASSIGNED."""

    id: Text
    record_date: Date
    kind: Text
    account: Text = nullable
    counterparty: Text = nullable
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money
    source_system: Text
    note: Text = nullable
    version: Count


class MonthsOfOverheads(Frame):
    """One row per month, currency and kind with at least one overhead, by month."""

    month: Date
    currency: Text
    kind: Text
    records: Count
    revenue: Money
    expenses: Money
    profit: Money


@dataclass(frozen=True)
class Overhead(OverheadDraft):
    """A stored overhead. `version` counts its changes."""

    id: str = ""
    source_system: str = MANUAL
    version: int = 0


def list_records(
    identity: Identity, period: Period, overhead_filter: OverheadFilter | None = None
) -> DataFrame[Overheads]:
    """Return the overheads of a period: one row each, latest first, then by account."""
    with reporting(identity) as connection:
        return fetch(connection, records_query(identity, period, overhead_filter), Overheads)


def page(
    identity: Identity,
    period: Period,
    overhead_filter: OverheadFilter | None,
    request: PageRequest,
) -> Page[Overheads]:
    """Return one page of `list_records`, which may be sorted by date, account, counterparty or an
    amount."""
    query = records_query(identity, period, overhead_filter)
    with reporting(identity) as connection:
        return fetch_page(connection, query, Overheads, request, _ORDER, _SORTS)


def records_query(
    identity: Identity, period: Period, overhead_filter: OverheadFilter | None
) -> sa.Select[Any]:
    """Return the statement of `list_records`; its columns are those of `Overheads`."""
    return (
        sa.select(*(overheads.c[name] for name in Overheads.to_schema().columns))
        .where(*conditions(identity, period, overhead_filter))
        .order_by(*_ORDER)
    )


def by_month(
    identity: Identity, period: Period, overhead_filter: OverheadFilter | None = None
) -> DataFrame[MonthsOfOverheads]:
    """Return the sums of `list_records` by month, currency and kind: PostgreSQL adds."""
    c = overheads.c
    day = sa.cast(c.record_date, sa.TIMESTAMP)
    month = sa.cast(sa.func.date_trunc("month", day), sa.Date)
    keys = (month, c.currency, c.kind)
    query = (
        sa.select(
            month.label("month"),
            c.currency,
            c.kind,
            sa.func.count().label("records"),
            sa.func.sum(c.revenue).label("revenue"),
            sa.func.sum(c.expenses).label("expenses"),
            sa.func.sum(c.revenue - c.expenses).label("profit"),
        )
        .where(*conditions(identity, period, overhead_filter))
        .group_by(*keys)
        .order_by(*keys)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, MonthsOfOverheads)


def has_records(identity: Identity) -> bool:
    """Return whether the organisation has any overhead."""
    query = sa.select(sa.exists().where(overheads.c.tenant_id == identity.tenant_id))
    with reporting(identity) as connection:
        return bool(connection.execute(query).scalar_one())


def get(identity: Identity, record_id: str) -> Overhead:
    """Return one overhead. Raises NotFound, also for an overhead of another tenant."""
    return versioned_rows.get(identity, *_current(identity, record_id))


def add(identity: Identity, draft: OverheadDraft, *, row_id: str) -> None:
    """Add an overhead with the id `row_id` (`ids.new_id("ovh")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput naming the field to change, MonthClosed.
    """
    versioned_rows.add(identity, overheads, row_id, OVERHEADS.values(draft))


def change(identity: Identity, record_id: str, version: int, draft: OverheadDraft) -> None:
    """Change an overhead that is still at `version`.

    Raises Conflict with the current record if someone else changed it first, FromSource if a source
    such as Xero writes it, and as `add` does.
    """
    versioned_rows.change(
        identity,
        overheads,
        record_id,
        version,
        OVERHEADS.values(draft),
        _current(identity, record_id),
    )


def delete(identity: Identity, record_id: str, version: int) -> None:
    """Delete an overhead that is still at `version`.

    Raises Conflict, NotFound, FromSource, AccessDenied.
    """
    versioned_rows.delete(identity, overheads, record_id, version, _current(identity, record_id))


def assign(
    identity: Identity, record_id: str, version: int, client_kpi_id: str, *, row_id: str
) -> None:
    """Turn an overhead that is still at `version` into the financial record `row_id` of a client.

    The record has the same date, amounts, note and source; the overhead is deleted in the same
    transaction. A repeated call with the same `row_id` (`ids.new_id("fin")`) changes nothing.

    Raises InvalidInput (the client has another currency), Conflict with the current overhead if
    someone else changed it first, NotFound, MonthClosed, FromSource (a source such as Xero
    writes it), AccessDenied.
    """
    with (
        versioned_rows.explain_closed_month("Nothing in it can be assigned to a client."),
        scoped(identity) as connection,
    ):
        query, noun, _ = _current(identity, record_id)
        row = connection.execute(
            query.add_columns(overheads.c.external_id).with_for_update()
        ).one_or_none()
        if row is None:
            if _is_recorded(connection, identity, row_id):
                return
            raise NotFound(f"This {noun} no longer exists.")
        values = dict(row._mapping)
        external_id = values.pop("external_id")
        current = Overhead(**values)
        if is_synced(current.source_system):
            raise FromSource(synced_text(current.source_system))
        if current.version != version:
            raise Conflict(
                "Someone else changed this in the meantime, so it was not assigned.",
                current=current,
            )
        _require_currency(connection, identity, client_kpi_id, current.currency)
        connection.execute(
            sa.insert(financials).values(
                tenant_id=identity.tenant_id,
                id=row_id,
                client_kpi_id=client_kpi_id,
                record_date=current.record_date,
                revenue=current.revenue,
                expenses=current.expenses,
                note=current.note,
                source_system=current.source_system,
                external_id=external_id,
            )
        )
        connection.execute(
            sa.delete(overheads).where(
                overheads.c.tenant_id == identity.tenant_id, overheads.c.id == record_id
            )
        )


def conditions(
    identity: Identity, period: Period, overhead_filter: OverheadFilter | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a period and a filter on `overheads`, starting with the tenant."""
    chosen = overhead_filter or OverheadFilter()
    conditions = [
        overheads.c.tenant_id == identity.tenant_id,
        overheads.c.record_date.between(period.start, period.end),
    ]
    if chosen.kinds:
        conditions.append(overheads.c.kind.in_(chosen.kinds))
    if chosen.currencies:
        conditions.append(overheads.c.currency.in_(chosen.currencies))
    if chosen.search.strip():
        text = sa.func.lower(chosen.search.strip())
        conditions.append(
            sa.or_(
                *(
                    sa.func.strpos(sa.func.lower(overheads.c[name]), text) > 0
                    for name in ("account", "counterparty", "note")
                )
            )
        )
    return conditions


def _require_currency(
    connection: Connection, identity: Identity, client_kpi_id: str, currency: str
) -> None:
    """Raise InvalidInput unless the client has this currency; nobody changes it meanwhile."""
    client = connection.execute(
        sa.select(client_kpis.c.client_name, client_kpis.c.currency)
        .where(client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.id == client_kpi_id)
        .with_for_update(read=True)
    ).one_or_none()
    if client is None:
        raise NotFound("This client no longer exists.")
    if client.currency != currency:
        raise InvalidInput(
            f"{client.client_name} uses {client.currency}, and this amount is in {currency}. "
            "Choose a client with the same currency.",
            field="client_kpi_id",
        )


def _is_recorded(connection: Connection, identity: Identity, row_id: str) -> bool:
    conditions = financials.c.tenant_id == identity.tenant_id, financials.c.id == row_id
    return bool(connection.execute(sa.select(sa.exists().where(*conditions))).scalar_one())


def _current(identity: Identity, record_id: str) -> versioned_rows.Current[Overhead]:
    query = sa.select(*(overheads.c[name] for name in OVERHEADS.record)).where(
        overheads.c.tenant_id == identity.tenant_id, overheads.c.id == record_id
    )
    return query, "overhead", lambda row: Overhead(**row._mapping)
