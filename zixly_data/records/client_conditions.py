"""SQL conditions of a client filter."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zixly_data.database.schema import client_kpis
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter


def client_conditions(
    identity: Identity,
    client_filter: ClientFilter | None,
    *record_columns: sa.ColumnElement[str],
) -> list[sa.ColumnElement[bool]]:
    """Return the filter's conditions on `client_kpis`, starting with the tenant.

    `record_columns` are the columns of joined tables that hold the client: rows of other clients
    are then found by an index, too.
    """
    client_filter = client_filter or ClientFilter()
    conditions: list[sa.ColumnElement[bool]] = [client_kpis.c.tenant_id == identity.tenant_id]
    if client_filter.client_kpi_ids:
        # Not `in_`: a single id would replace the join's condition, and PostgreSQL would look the
        # client up again for each of its records.
        ids = sa.cast(list(client_filter.client_kpi_ids), ARRAY(sa.Text))
        conditions += [column == sa.any_(ids) for column in (client_kpis.c.id, *record_columns)]
    if client_filter.statuses:
        conditions.append(client_kpis.c.status.in_(client_filter.statuses))
    if client_filter.industries:
        conditions.append(client_kpis.c.industry.in_(client_filter.industries))
    if client_filter.currencies:
        conditions.append(client_kpis.c.currency.in_(client_filter.currencies))
    if client_filter.search.strip():
        search = sa.func.lower(client_filter.search.strip())
        conditions.append(
            sa.or_(
                sa.func.strpos(sa.func.lower(client_kpis.c.client_name), search) > 0,
                sa.func.strpos(sa.func.lower(client_kpis.c.client_id), search) > 0,
            )
        )
    return conditions
