"""Reference data of a tenant: the clients, stages, metrics and months that files refer to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import (
    client_kpis,
    closed_months,
    metric_definitions,
    tenants,
)
from zixly_data.identity import Identity
from zixly_data.records import client_merges
from zixly_data.records.currencies_in_use import read_currencies
from zixly_data.records.pipeline.lead_stages import stages_query


@dataclass(frozen=True)
class ReferencedClient:
    """A client that rows of a file refer to."""

    id: str
    client_id: str
    client_name: str
    currency: str


@dataclass(frozen=True)
class ReferencedStage:
    """A stage that rows of a file refer to. A retired one may have been merged into another."""

    stage: str
    status: str
    is_retired: bool
    merged_stage: str | None


@dataclass(frozen=True)
class ReferencedMetric:
    """A defined metric that rows of a file refer to. One with a `formula` has no values."""

    metric_name: str
    unit: str
    kind: str
    out_of: Decimal | None
    adds_up: str
    formula: str | None = None


@dataclass(frozen=True)
class ReferenceData:
    """The reference data of a tenant. Two are equal exactly if every file would be staged alike.

    `currencies` are those in use, for questions and warnings: an answered file needs none of them.
    `aliases` are names and external ids of clients that were merged, each with our id of the client
    that has their records now.
    """

    currency: str
    clients: tuple[ReferencedClient, ...]
    stages: tuple[ReferencedStage, ...]
    metrics: tuple[ReferencedMetric, ...]
    closed: tuple[date, ...]
    time_zone: str
    currencies: tuple[str, ...] = field(default=(), compare=False)
    aliases: tuple[tuple[str, str], ...] = ()

    @cached_property
    def by_id(self) -> dict[str, ReferencedClient]:
        """The clients by our id."""
        return {client.id: client for client in self.clients}

    @cached_property
    def _by_exact_id(self) -> dict[str, ReferencedClient]:
        """The clients by external id."""
        return {client.client_id: client for client in self.clients}

    @cached_property
    def _by_client_id(self) -> dict[str, list[ReferencedClient]]:
        """The clients by normalised external id."""
        clients: dict[str, list[ReferencedClient]] = defaultdict(list)
        for client in self.clients:
            clients[normalise_name(client.client_id)].append(client)
        return clients

    @cached_property
    def _by_name(self) -> dict[str, list[ReferencedClient]]:
        clients: dict[str, list[ReferencedClient]] = defaultdict(list)
        for client in self.clients:
            clients[normalise_name(client.client_name)].append(client)
        return clients

    @cached_property
    def _by_alias(self) -> dict[str, list[ReferencedClient]]:
        clients: dict[str, dict[str, ReferencedClient]] = defaultdict(dict)
        for alias, row_id in self.aliases:
            if row_id in self.by_id:
                clients[normalise_name(alias)][row_id] = self.by_id[row_id]
        return {alias: list(by_id.values()) for alias, by_id in clients.items()}

    def with_client_id(self, client_id: str | None) -> ReferencedClient | None:
        """Return the client with exactly this external id."""
        return self._by_exact_id.get(client_id or "")

    def clients_with_id(self, client_id: str) -> list[ReferencedClient]:
        """Return the clients with this external id; of several that differ in case, the exact."""
        exact = self.with_client_id(client_id)
        key = normalise_name(client_id)
        return [exact] if exact else self._by_client_id.get(key) or self._by_alias.get(key, [])

    def clients_named(self, client_name: str) -> list[ReferencedClient]:
        """Return the clients with this name, in any case."""
        key = normalise_name(client_name)
        return self._by_name.get(key) or self._by_alias.get(key, [])


def read_reference_data(connection: Connection, identity: Identity) -> ReferenceData:
    """Read the current reference data in the transaction of `connection`."""
    tenant_id = identity.tenant_id

    def rows(table: sa.TableClause, order: str, *names: str) -> list[sa.Row[Any]]:
        query = sa.select(*(table.c[name] for name in names)).where(table.c.tenant_id == tenant_id)
        return list(connection.execute(query.order_by(table.c[order])))

    settings = sa.select(tenants.c.reporting_currency, tenants.c.time_zone).where(
        tenants.c.id == tenant_id
    )
    clients = rows(client_kpis, "id", "id", "client_id", "client_name", "currency")
    stages = connection.execute(stages_query(identity))
    metrics = rows(
        metric_definitions, "id", "metric_name", "unit", "kind", "out_of", "adds_up", "formula"
    )
    tenant = connection.execute(settings).one()
    merged = client_merges.aliases(connection, identity)
    return ReferenceData(
        currency=tenant.reporting_currency,
        clients=tuple(ReferencedClient(**row._mapping) for row in clients),
        stages=tuple(
            ReferencedStage(row.stage, row.status, row.retired_at is not None, row.merged_stage)
            for row in stages
        ),
        metrics=tuple(ReferencedMetric(**row._mapping) for row in metrics),
        closed=tuple(row.month for row in rows(closed_months, "month", "month")),
        time_zone=tenant.time_zone,
        currencies=tuple(read_currencies(connection, identity)),
        aliases=tuple(sorted({*merged.names.items(), *merged.client_ids.items()})),
    )


def normalise_name(name: str) -> str:
    """Return a name in its form for comparison: case folded, single spaces."""
    return " ".join(name.split()).casefold()
