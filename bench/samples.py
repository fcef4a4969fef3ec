"""What the pages' reads cost in PostgreSQL with samples of every column, and with none.

1,000,000 financial records, 200,000 lead events and 200,000 values of metrics of 20 tenants; the
reads are those of one tenant, through `zixly_data`. Measured is the processor time of the server's
processes, which other work on the machine changes little; the two ways take turns.

    python -m bench.samples
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import psutil
import sqlalchemy as sa

from bench.ledgers import OWNER, fill
from zixly_data.database import administration, connection, migration
from zixly_data.figures import bridge, client_totals, monthly, profitability
from zixly_data.figures.pipeline import funnel
from zixly_data.findings import ranking
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.people import audit
from zixly_data.records import closed_months, financials
from zixly_data.records.delivery import metrics
from zixly_data.records.pipeline import lead_states
from zixly_data.settings import Settings
from zixly_data.values.period import Period

TENANTS, RECORDS = 20, 50_000
ROUNDS, RUNS = 3, 5
ALL = Period("all", date(2000, 1, 1), date(2100, 12, 31), "All records")
QUARTER = Period("custom", date(2024, 1, 1), date(2024, 3, 31), "One quarter")
BEFORE = Period("custom", date(2023, 1, 1), date(2023, 3, 31), "The quarter a year before")
TODAY = date(2025, 6, 30)

_EVENTS = """
    insert into zixly.lead_events
      (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value)
    select s.tenant_id, 'lev_' || n, 'ckpi_' || (1 + n % 200), 'L-' || (n / 4), s.stage, s.status,
           date '2023-01-01' + n / 4 % 900 + n % 4, n
    from generate_series(1, 10000) as n
    join zixly.lead_stages as s on s.position = 1 + n % 4
"""
_METRICS = """
    insert into zixly.metric_definitions (tenant_id, id, metric_name, unit)
    select id, 'mdef_' || n, 'Metric ' || n, 'u' from zixly.tenants, generate_series(1, 10) as n;
    insert into zixly.custom_metrics
      (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date)
    select id, 'met_' || n, 'ckpi_' || (1 + n % 200), 'Metric ' || (1 + n % 10), n % 100, 'u',
           date '2023-01-01' + n % 900
    from zixly.tenants, generate_series(1, 10000) as n
"""
_TRAIL = """
    insert into zixly.audit_log (tenant_id, id, at, action, table_name, row_id, after)
    select id, 'aud_' || n, timestamptz '2024-01-01' + n * interval '10 minutes', 'INSERT',
           'financials', 'fin_' || n, '{}'
    from zixly.tenants, generate_series(1, 30000) as n
"""
_COLUMNS = r"""
    select format('alter table %s alter column %I set statistics %s', c.oid\:\:regclass, a.attname,
                  cast(:target as text))
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid
    where c.relnamespace = 'zixly'\:\:regnamespace and c.relkind = 'r' and a.attnum > 0
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            fill(engine, opened.logins.admin_url, [RECORDS] * TENANTS)
            with engine.begin() as admin:
                admin.exec_driver_sql("set local session_replication_role = replica")
                for rows in (_EVENTS, _METRICS, _TRAIL):
                    administration.run_script(admin, rows)
            reads = _reads(operator.open_session(opened.logins.admin_url, OWNER))
            taken: dict[str, dict[bool, list[float]]] = {
                name: {True: [], False: []} for name in reads
            }
            for _ in range(ROUNDS):
                for sampled in (True, False):
                    _sample(engine, sampled)
                    for name, read in reads.items():
                        read()
                        taken[name][sampled].append(_cpu_milliseconds(Path(home), read))
            print("| Read | sampled | not sampled |")
            print("| --- | ---: | ---: |")
            for name, times in taken.items():
                print(f"| {name} | {median(times[True]):.0f} ms | {median(times[False]):.0f} ms |")
        finally:
            connection.close_database()


def _reads(me: Identity) -> dict[str, Callable[[], object]]:
    return {
        "profitability, one quarter": lambda: profitability.profitability(me, QUARTER),
        "profitability, all time": lambda: profitability.profitability(me, ALL),
        "figures by month, all time": lambda: monthly.monthly(me, ALL),
        "why profit changed": lambda: bridge.bridge(me, QUARTER, BEFORE),
        "clients": lambda: client_totals.list_clients(me),
        "records, one quarter": lambda: financials.list_records(me, QUARTER),
        "records, all time": lambda: financials.list_records(me, ALL),
        "leads, all time": lambda: lead_states.page(me, ALL).frame,
        "funnel, one quarter": lambda: funnel.funnel(me, QUARTER),
        "funnel, all time": lambda: funnel.funnel(me, ALL),
        "metric values, one quarter": lambda: metrics.list_records(me, QUARTER),
        "first steps": lambda: ranking.findings(me, TODAY),
        "closing months": lambda: closed_months.figures(me),
        "the trail, one quarter": lambda: audit.page(me, QUARTER, "Australia/Brisbane").frame,
        "one record": lambda: financials.get(me, "fin_77"),
    }


def _sample(engine: sa.Engine, sampled: bool) -> None:
    """Sample all columns as PostgreSQL does by default, or forget every sample."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        targets = (
            admin.execute(sa.text(_COLUMNS), {"target": "-1" if sampled else "0"}).scalars().all()
        )
        for change in targets:
            admin.exec_driver_sql(change)
        admin.exec_driver_sql(
            "delete from pg_statistic where starelid in"
            " (select oid from pg_class where relnamespace = 'zixly'::regnamespace)"
        )
        admin.exec_driver_sql("vacuum analyze")


def _cpu_milliseconds(home: Path, read: Callable[[], object]) -> float:
    """The server's processor time of one read, as the mean of a few."""
    before = _server_seconds(home)
    for _ in range(RUNS):
        read()
    return (_server_seconds(home) - before) / RUNS * 1000


def _server_seconds(home: Path) -> float:
    """Processor time so far of the server and of its processes, those that have ended too."""
    pid = (home / "postgres/cluster/data/postmaster.pid").read_text().split()[0]
    postmaster = psutil.Process(int(pid))
    running = sum(sum(process.cpu_times()[:2]) for process in postmaster.children())
    return running + sum(postmaster.cpu_times()[:4])


if __name__ == "__main__":
    main()
