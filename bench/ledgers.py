"""Generated ledgers for the measurements: tenants, their clients, and financial records.

A bulk load by a superuser, without the audit trail and without checking references row by row. The
sums by month, normally kept by triggers, are calculated at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from zixly_data.identity import Role
from zixly_data.operations import operator

CLIENTS = 200
OWNER = "owner@tenant-01.example"

_CLIENTS = """
    insert into zixly.client_kpis (tenant_id, id, client_id, client_name)
    select :tenant, 'ckpi_' || n, 'C-' || n, 'Client ' || n
    from generate_series(1, :clients) as n
"""
_RECORDS = """
    insert into zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses)
    select :tenant, 'fin_' || n, 'ckpi_' || (1 + n % :clients),
           date '2021-01-01' + (n::bigint * 7919 % 2000)::integer, 100 + n % 900, 50 + n % 700
    from generate_series(1, :records) as n
"""
_MONTHS = """
    insert into zixly.financial_months (tenant_id, client_kpi_id, month, revenue, expenses, records)
    select tenant_id, client_kpi_id, date_trunc('month', record_date::timestamp)::date as month,
           sum(revenue), sum(expenses), count(*)
    from zixly.financials group by 1, 2, 3
"""


def fill(engine: sa.Engine, admin_url: str, records: Sequence[int]) -> None:
    """One tenant for each number of records, `tenant-01` the first, which `OWNER` signs in to."""
    for number in range(1, len(records) + 1):
        operator.create_tenant(admin_url, f"tenant-{number:02}", f"Tenant {number}")
    operator.add_user(admin_url, "tenant-01", OWNER, "Owner", Role.ADMIN)
    with engine.begin() as admin:
        admin.exec_driver_sql("set local session_replication_role = replica")
        for number, count in enumerate(records, 1):
            tenant = {"tenant": f"tenant-{number:02}", "clients": CLIENTS}
            admin.execute(sa.text(_CLIENTS), tenant)
            admin.execute(sa.text(_RECORDS), {**tenant, "records": count})
        admin.exec_driver_sql(_MONTHS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(
            "vacuum analyze zixly.client_kpis, zixly.financials, zixly.financial_months"
        )
