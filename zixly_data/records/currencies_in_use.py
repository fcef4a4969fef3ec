"""The currencies that an organisation uses, to ask about a code that may be a typing error."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, exchange_rates, overhead_months, tenants
from zixly_data.identity import Identity


def currencies_in_use(identity: Identity) -> list[str]:
    """Return the currencies of the organisation, its clients, rates and overheads.

    The reporting currency comes first, the others by code.
    """
    with reporting(identity) as connection:
        return read_currencies(connection, identity)


def read_currencies(connection: Connection, identity: Identity) -> list[str]:
    """Return `currencies_in_use` in the transaction of `connection`."""
    ours = identity.tenant_id
    own = sa.select(tenants.c.reporting_currency).where(tenants.c.id == ours)
    parts = [
        own.add_columns(sa.literal(0)),
        *(
            sa.select(table.c[name], sa.literal(1)).where(table.c.tenant_id == ours, *conditions)
            for table, name, *conditions in (
                (client_kpis, "currency"),
                (exchange_rates, "currency"),
                (exchange_rates, "into_currency"),
                (overhead_months, "currency", overhead_months.c.records > 0),
            )
        ),
    ]
    used = sa.union(*parts).subquery("used")
    code, place = used.c[0], used.c[1]
    query = sa.select(code).group_by(code).order_by(sa.func.min(place), code)
    return list(connection.execute(query).scalars())
