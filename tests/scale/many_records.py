"""An organisation of 200 clients, 50,000 records, 5,000 overheads, 8,000 lead events and 20,000
values of metrics.

Loaded at once and never analysed, as right after a large import: PostgreSQL has no statistics of
these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tests.conftest import Team

CLIENTS, RECORDS, EVENTS, VALUES, METRICS, OVERHEADS = 200, 50_000, 8_000, 20_000, 10, 5_000

_CLIENTS = """
    insert into zixly.client_kpis (tenant_id, id, client_id, client_name, industry)
    select :tenant, :tenant || '_c' || n, 'C-' || n, 'Client ' || n, 'Industry ' || n % 7
    from generate_series(1, :clients) as n
"""
_RECORDS = """
    insert into zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses)
    select :tenant, :tenant || '_f' || n, :tenant || '_c' || 1 + n % :clients,
           :today - (n::bigint * 7919 % 1400)::integer, 100 + n % 900, 50 + n % 700
    from generate_series(1, :rows) as n
"""
_OVERHEADS = """
    insert into zixly.overheads
      (tenant_id, id, record_date, currency, revenue, expenses, kind, account)
    select :tenant, :tenant || '_o' || n, :today - (n::bigint * 7919 % 1400)::integer, 'AUD', 0,
           50 + n % 700, case when n % 9 = 0 then 'UNASSIGNED' else 'OVERHEAD' end,
           'Account ' || n % 12
    from generate_series(1, :rows) as n
"""
_EVENTS = """
    insert into zixly.lead_events
      (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value)
    select :tenant, :tenant || '_l' || n, :tenant || '_c' || 1 + n / 4 % :clients, 'L-' || n / 4,
           s.stage, s.status, :today - 1400 + n / 4 % 1390 + n % 4, 100 + n / 4
    from generate_series(0, :rows - 1) as n
    join zixly.lead_stages as s on s.tenant_id = :tenant and s.position = 1 + n % 4
"""
_DEFINITIONS = """
    insert into zixly.metric_definitions (tenant_id, id, metric_name, unit)
    select :tenant, :tenant || '_d' || n, 'Metric ' || n, 'u'
    from generate_series(0, :metrics - 1) as n
"""
_VALUES = """
    insert into zixly.custom_metrics
      (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date)
    select :tenant, :tenant || '_m' || n, :tenant || '_c' || 1 + n / :metrics % :clients,
           'Metric ' || n % :metrics, n % 100, 'u', :today - n / (:clients * :metrics) * 30
    from generate_series(0, :rows - 1) as n
"""


@dataclass(frozen=True)
class ManyRecords:
    """The organisation's team, one of its clients, and the number of rows of each table."""

    team: Team
    client: str
    rows: dict[str, int]


def fill(
    team: Team,
    admin: sa.Engine,
    today: date,
    *,
    clients: int = CLIENTS,
    records: int = RECORDS,
    events: int = EVENTS,
    values: int = VALUES,
    overheads: int = OVERHEADS,
) -> ManyRecords:
    """Give the team's organisation these numbers of rows; `today` is the newest day of them."""
    given = {"tenant": team.tenant_id, "today": today, "clients": clients, "metrics": METRICS}
    with admin.begin() as loading:
        loading.execute(sa.text(_CLIENTS), given)
        loading.execute(sa.text(_DEFINITIONS), given)
        for statement, count in (
            (_RECORDS, records), (_OVERHEADS, overheads), (_EVENTS, events), (_VALUES, values)
        ):  # fmt: skip
            loading.execute(sa.text(statement), {**given, "rows": count})
    return ManyRecords(
        team,
        f"{team.tenant_id}_c2",
        {
            "client_kpis": clients,
            "financials": records,
            "overheads": overheads,
            "lead_events": events,
            "custom_metrics": values,
            # An entry for each.
            "audit_log": clients + METRICS + records + overheads + events + values,
        },
    )
