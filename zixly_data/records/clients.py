"""Clients: the businesses the tenant serves, in the table `client_kpis`.

`id` is ours and what records refer to; `client_id` is the external identifier (`HBC-2024-001`, a
Xero ContactID), unique per tenant. Deleting a client deletes all that was recorded for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reading
from zixly_data.database.schema import (
    client_kpis,
    custom_metrics,
    date_notes,
    financials,
    lead_events,
)
from zixly_data.database.statement_cache import cached_statement
from zixly_data.errors import NotConfirmed
from zixly_data.identity import Identity
from zixly_data.values.currencies import parse_currency
from zixly_data.values.frames import Frame, Text, arrow_types, fetch, nullable
from zixly_data.values.names import parse_name


class ClientNames(Frame):
    """One row per client: what it is called and what it can be chosen by."""

    id: Text
    client_name: Text
    industry: Text = nullable
    currency: Text
    status: Text


@dataclass(frozen=True)
class ClientDraft:
    """What a person enters about a client."""

    client_id: str
    client_name: str
    industry: str | None = None
    currency: str = "AUD"
    status: str = "ACTIVE"


@dataclass(frozen=True)
class Client(ClientDraft):
    """A client as recorded. `version` counts its changes."""

    id: str = ""
    version: int = 0


@dataclass(frozen=True)
class Deletion:
    """What deleting a client takes with it."""

    client_name: str
    financials: int
    lead_events: int
    custom_metrics: int
    date_notes: int = 0


def names(identity: Identity) -> DataFrame[ClientNames]:
    """All clients of the tenant without their figures, in the order of `list_clients`."""
    with reading(identity) as connection:
        return fetch(connection, _names(identity), ClientNames)


@cached_statement
def _names(identity: Identity) -> sa.Select[Any]:
    return (
        sa.select(*(client_kpis.c[name] for name in arrow_types(ClientNames)))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .order_by(sa.func.lower(client_kpis.c.client_name), client_kpis.c.id)
    )


def get(identity: Identity, client_kpi_id: str) -> Client:
    """One client. Raises NotFound, also for a client of another tenant."""
    return versioned_rows.get(identity, *_current(identity, client_kpi_id))


def add(identity: Identity, draft: ClientDraft, *, row_id: str) -> None:
    """Adds a client under an id of ours (`ids.new_id("ckpi")`); sent twice, it is added once.

    Raises AccessDenied, InvalidInput, AlreadyExists (the external id is taken).
    """
    versioned_rows.add(identity, client_kpis, row_id, _values(draft))


def change(identity: Identity, client_kpi_id: str, version: int, draft: ClientDraft) -> None:
    """Changes a client that is still at `version`.

    Raises Conflict with the current one, and MonthClosed when amounts of a closed month would be
    read in another currency.
    """
    with versioned_rows.explain_closed_month(
        "This client has amounts in it, so its currency stays."
    ):
        versioned_rows.change(
            identity, client_kpis, client_kpi_id, version, _values(draft),
            _current(identity, client_kpi_id),
        )  # fmt: skip


def deletion(identity: Identity, client_kpi_id: str) -> Deletion:
    """What deleting this client would take with it. Raises NotFound."""
    counts = [
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.tenant_id == identity.tenant_id, table.c.client_kpi_id == client_kpi_id)
        .scalar_subquery()
        .label(table.name)
        for table in (financials, lead_events, custom_metrics, date_notes)
    ]
    query = sa.select(client_kpis.c.client_name, *counts).where(
        client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.id == client_kpi_id
    )
    return versioned_rows.get(identity, query, "client", lambda row: Deletion(**row._mapping))


def delete(identity: Identity, client_kpi_id: str, version: int, typed_name: str) -> None:
    """Deletes a client and all that was recorded for it, for good.

    Raises NotConfirmed unless `typed_name` is the client's name, MonthClosed when something is
    recorded in a closed month, Conflict, NotFound, AccessDenied.
    """
    client = get(identity, client_kpi_id)
    if typed_name.strip() != client.client_name:
        raise NotConfirmed("The name you typed is not the name of this client.")
    with versioned_rows.explain_closed_month(
        "This client has records in it, which would be deleted too."
    ):
        versioned_rows.delete(
            identity, client_kpis, client_kpi_id, version, _current(identity, client_kpi_id)
        )


def _values(draft: ClientDraft) -> dict[str, Any]:
    return {
        "client_id": parse_name(draft.client_id, "client_id", 100),
        "client_name": parse_name(draft.client_name, "client_name"),
        "industry": parse_name(draft.industry, "industry", 100) if draft.industry else None,
        "currency": parse_currency(draft.currency),
        "status": draft.status,
    }


def _current(identity: Identity, client_kpi_id: str) -> versioned_rows.Current[Client]:
    columns = ("id", "client_id", "client_name", "industry", "currency", "status", "version")
    query = sa.select(*(client_kpis.c[name] for name in columns)).where(
        client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.id == client_kpi_id
    )
    return query, "client", lambda row: Client(**row._mapping)
