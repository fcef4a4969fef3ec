"""What a client filter means in SQL."""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter


def chosen(identity: Identity, which: ClientFilter | None) -> list[sa.ColumnElement[bool]]:
    """The conditions on `client_kpis` that the filter means, the tenant first."""
    which = which or ClientFilter()
    conditions: list[sa.ColumnElement[bool]] = [client_kpis.c.tenant_id == identity.tenant_id]
    if which.client_kpi_ids:
        conditions.append(client_kpis.c.id.in_(which.client_kpi_ids))
    if which.statuses:
        conditions.append(client_kpis.c.status.in_(which.statuses))
    if which.industries:
        conditions.append(client_kpis.c.industry.in_(which.industries))
    if which.currencies:
        conditions.append(client_kpis.c.currency.in_(which.currencies))
    if which.search.strip():
        wanted = sa.func.lower(which.search.strip())
        conditions.append(
            sa.or_(
                sa.func.strpos(sa.func.lower(client_kpis.c.client_name), wanted) > 0,
                sa.func.strpos(sa.func.lower(client_kpis.c.client_id), wanted) > 0,
            )
        )
    return conditions
