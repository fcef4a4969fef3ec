"""The tenant: the organisation, its calendar and its settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zixly_data.database import versioned_rows
from zixly_data.database.connection import scoped
from zixly_data.database.schema import tenants
from zixly_data.identity import Identity


@dataclass(frozen=True)
class Tenant:
    """An organisation. "Today" and "this month" are computed in its time zone."""

    id: str
    name: str
    industry: str | None
    time_zone: str
    reporting_currency: str
    financial_year_start_month: int
    second_factor_required: bool

    def today(self) -> date:
        return datetime.now(ZoneInfo(self.time_zone)).date()


def get(identity: Identity) -> Tenant:
    """Return the identity's own tenant. Raises SessionEnded."""
    columns = ("id", "name", "industry", "time_zone", "reporting_currency",
               "financial_year_start_month", "second_factor_required")  # fmt: skip
    query = sa.select(*(tenants.c[name] for name in columns)).where(
        tenants.c.id == identity.tenant_id
    )
    return versioned_rows.get(identity, query, "organisation", lambda row: Tenant(**row._mapping))


def date_of(identity: Identity, moment: Any) -> sa.ColumnElement[date]:
    """Return the date of a moment in the tenant's time zone, which a statement reads once."""
    time_zone = sa.select(tenants.c.time_zone).where(tenants.c.id == identity.tenant_id)
    return sa.cast(sa.func.timezone(time_zone.scalar_subquery(), moment), sa.Date)


def change_security(identity: Identity, required: bool) -> None:
    """Set whether every user needs a second factor.

    If so, users without one see only its set-up page from their next click on. Raises
    AccessDenied unless ADMIN.
    """
    with scoped(identity) as connection:
        connection.execute(
            sa.update(tenants)
            .where(tenants.c.id == identity.tenant_id)
            .values(second_factor_required=required)
        )
