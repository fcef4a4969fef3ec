"""What a client filter means in SQL."""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter


def client_conditions(
    identity: Identity, client_filter: ClientFilter | None
) -> list[sa.ColumnElement[bool]]:
    """The conditions on `client_kpis` that the filter means, the tenant first."""
    client_filter = client_filter or ClientFilter()
    conditions: list[sa.ColumnElement[bool]] = [client_kpis.c.tenant_id == identity.tenant_id]
    if client_filter.client_kpi_ids:
        conditions.append(client_kpis.c.id.in_(client_filter.client_kpi_ids))
    if client_filter.statuses:
        conditions.append(client_kpis.c.status.in_(client_filter.statuses))
    if client_filter.industries:
        conditions.append(client_kpis.c.industry.in_(client_filter.industries))
    if client_filter.currencies:
        conditions.append(client_kpis.c.currency.in_(client_filter.currencies))
    if client_filter.search.strip():
        wanted = sa.func.lower(client_filter.search.strip())
        conditions.append(
            sa.or_(
                sa.func.strpos(sa.func.lower(client_kpis.c.client_name), wanted) > 0,
                sa.func.strpos(sa.func.lower(client_kpis.c.client_id), wanted) > 0,
            )
        )
    return conditions
