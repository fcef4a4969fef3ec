"""What the tenant has that the rows of a file refer to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import (
    client_kpis,
    closed_months,
    lead_stages,
    metric_definitions,
    tenants,
)
from zixly_data.identity import Identity


@dataclass(frozen=True)
class KnownClient:
    """A client of the tenant."""

    id: str
    client_id: str
    client_name: str
    currency: str


@dataclass(frozen=True)
class KnownMetric:
    """A metric that is defined."""

    metric_name: str
    unit: str
    kind: str
    out_of: Decimal | None


@dataclass(frozen=True)
class Known:
    """Equal exactly where a file would be understood the same way."""

    currency: str
    clients: tuple[KnownClient, ...]
    stages: tuple[tuple[str, str], ...]
    metrics: tuple[KnownMetric, ...]
    closed: tuple[date, ...]

    @cached_property
    def by_id(self) -> dict[str, KnownClient]:
        """The clients by our id."""
        return {client.id: client for client in self.clients}

    @cached_property
    def _by_reference(self) -> dict[str, list[KnownClient]]:
        """The clients by external id, as it is and without case."""
        found: dict[str, list[KnownClient]] = defaultdict(list)
        for client in self.clients:
            for reference in {client.client_id, normalise_name(client.client_id)}:
                found[reference].append(client)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[KnownClient]]:
        found: dict[str, list[KnownClient]] = defaultdict(list)
        for client in self.clients:
            found[normalise_name(client.client_name)].append(client)
        return found

    def with_reference(self, client_id: str | None) -> KnownClient | None:
        """The client with exactly this external id."""
        found = self._by_reference.get(client_id or "", ())
        return next((each for each in found if each.client_id == client_id), None)

    def called(self, client_id: str | None, client_name: str | None) -> list[KnownClient]:
        """The clients a file may mean: by external id where it has one, else by name."""
        if client_id:
            exact = self.with_reference(client_id)
            found = [exact] if exact else self._by_reference.get(normalise_name(client_id), [])
            if found or not client_name:
                return found
        return self._by_name.get(normalise_name(client_name), []) if client_name else []


def read(connection: Connection, identity: Identity) -> Known:
    """What there is at this moment, in the transaction of `connection`."""
    ours = identity.tenant_id

    def rows(table: sa.TableClause, order: str, *names: str) -> list[sa.Row[Any]]:
        query = sa.select(*(table.c[name] for name in names)).where(table.c.tenant_id == ours)
        return list(connection.execute(query.order_by(table.c[order])))

    reporting = sa.select(tenants.c.reporting_currency).where(tenants.c.id == ours)
    clients = rows(client_kpis, "id", "id", "client_id", "client_name", "currency")
    stages = rows(lead_stages, "position", "stage", "status")
    metrics = rows(metric_definitions, "id", "metric_name", "unit", "kind", "out_of")
    return Known(
        currency=connection.execute(reporting).scalar_one(),
        clients=tuple(KnownClient(**row._mapping) for row in clients),
        stages=tuple((row.stage, row.status) for row in stages),
        metrics=tuple(KnownMetric(**row._mapping) for row in metrics),
        closed=tuple(row.month for row in rows(closed_months, "month", "month")),
    )


def normalise_name(name: str) -> str:
    """A name as it is compared: without case, one space between words."""
    return " ".join(name.split()).casefold()
