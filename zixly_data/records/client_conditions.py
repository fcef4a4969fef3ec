"""SQL conditions of a client filter, and of a client's status.

is_active      the work goes on: the client has rows in the grids of a month, and findings
is_client      ACTIVE or COMPLETED: counted, reported, ranked; all others are prospects, with an
               open deal and no bill yet, in the lead funnel and nowhere else
may_have_deal  ACTIVE or PROSPECT: offered in the grid of lead events
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zixly_data.database.schema import client_kpis, financials, lead_events
from zixly_data.identity import Identity
from zixly_data.tables.clients import PROSPECT
from zixly_data.values.client_filter import ClientFilter

is_active = client_kpis.c.status == "ACTIVE"
is_client = client_kpis.c.status != PROSPECT
may_have_deal = client_kpis.c.status.in_(("ACTIVE", PROSPECT))


def makes_a_client(
    identity: Identity, client_kpi_id: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """Return whether the client has a financial record or a won lead: it is no prospect then.

    PostgreSQL decides this (`app_private.keep_clients`); statements use it to say so beforehand.
    """
    won = _has_rows(identity, lead_events, client_kpi_id, lead_events.c.status == "WON")
    return sa.or_(has_financials(identity, client_kpi_id), won)


def has_financials(
    identity: Identity, client_kpi_id: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """Return whether the client has a financial record."""
    return _has_rows(identity, financials, client_kpi_id)


def _has_rows(
    identity: Identity,
    table: sa.TableClause,
    client_kpi_id: sa.ColumnElement[str],
    *conditions: sa.ColumnElement[bool],
) -> sa.ColumnElement[bool]:
    ours = (table.c.tenant_id == identity.tenant_id, table.c.client_kpi_id == client_kpi_id)
    return sa.exists().where(*ours, *conditions).correlate(client_kpis)


def client_conditions(
    identity: Identity,
    client_filter: ClientFilter | None,
    *record_columns: sa.ColumnElement[str],
    prospects: bool = False,
) -> list[sa.ColumnElement[bool]]:
    """Return the filter's conditions on `client_kpis`, starting with the tenant.

    Prospects are left out unless the filter names them, by id or by status, or `prospects` or the
    filter's own includes them.
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
    elif not (prospects or client_filter.prospects or client_filter.client_kpi_ids):
        conditions.append(is_client)
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
