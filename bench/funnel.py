"""The funnel and the pipeline of one tenant with 2,000 clients and 200,000 lead events.

Through `zixly_data` (presenting the session, forced RLS, building and validating the frame),
compared with the same SQL by a superuser without RLS, in turn in one run; ratios pair by pair. The
superuser joins by hashing too: otherwise PostgreSQL picks nested loops that take minutes.

    python -m bench.funnel [EVENTS] [CLIENTS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.ledgers import OWNER, fill
from zixly_data.database import administration, connection, migration
from zixly_data.figures.pipeline import funnel, open_leads, win_rate
from zixly_data.figures.pipeline.steps import View
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_data.values.period import ALL, Period

TENANTS, ROUNDS = 5, 7
QUARTER = Period("custom", date(2025, 1, 1), date(2025, 3, 31), "One quarter")
_CLIENTS = """
    insert into zixly.client_kpis (tenant_id, id, client_id, client_name)
    select t.id, 'more_' || n, 'M-' || n, 'More ' || n
    from zixly.tenants as t, generate_series(1, :clients) as n
"""
# Leads of four events: most go on step by step, some skip, return, are lost or are still open.
_EVENTS = """
    insert into zixly.lead_events
      (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value)
    select t.id, 'lev_' || n, 'more_' || (1 + n / 4 % :clients), 'L-' || (n / 4), s.stage, s.status,
           date '2023-01-01' + n / 4 % 1200 + n % 4 * (3 + n / 4 % 17), n
    from zixly.tenants as t, generate_series(1, :events) as n
    join zixly.lead_stages as s on s.tenant_id = 'tenant-01'
      and s.position = case when n % 4 < 3 then 1 + (n % 4 + n / 4 % 3 / 2) % 3
                            else 1 + n / 4 % 5 end
    where t.id = 'tenant-01' or n <= :events / 20
"""


def main(events: int, clients: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            fill(engine, opened.logins.admin_url, [0] * TENANTS)
            with engine.begin() as admin:
                admin.exec_driver_sql("set local session_replication_role = replica")
                for rows in (_CLIENTS, _EVENTS):
                    admin.execute(sa.text(rows), {"events": events, "clients": clients})
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
                admin.exec_driver_sql("vacuum analyze")
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            print(f"{events:,} events and {clients:,} clients of one tenant among {TENANTS}\n")
            print("| Read | zixly_data | superuser | ratio |")
            print("| --- | ---: | ---: | ---: |")
            for name, read in _reads(identity).items():
                _compare(opened.app, engine, name, read)
        finally:
            connection.close_database()


def _reads(me: Identity) -> dict[str, Callable[[], object]]:
    cohort, activity = View.COHORT, View.ACTIVITY
    return {
        "funnel with times, all time": lambda: funnel.funnel(me, ALL),
        "funnel with times, cohort of a quarter": lambda: funnel.funnel(me, QUARTER, None, cohort),
        "funnel with times, activity in a quarter": lambda: funnel.funnel(
            me, QUARTER, None, activity
        ),
        "leads at a step, activity in a quarter": lambda: funnel.leads_at(
            me, QUARTER, None, "Consultation", view=activity
        ),
        "win rates, all time": lambda: win_rate.win_rates(me, ALL),
        "win rates, activity in a quarter": lambda: win_rate.win_rates(me, QUARTER, None, activity),
        "pipeline by stage": lambda: open_leads.by_stage(me),
        "open leads, one page": lambda: open_leads.page(me),
    }


def _compare(app: sa.Engine, engine: sa.Engine, name: str, read: Callable[[], object]) -> None:
    statements: list[tuple[str, Any]] = []

    def keep(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "app.present" not in statement:
            statements.append((statement, parameters))

    sa.event.listen(app, "before_cursor_execute", keep)
    read()
    sa.event.remove(app, "before_cursor_execute", keep)
    with engine.connect() as admin:
        for setting in ("search_path = zixly", "row_security = off", "enable_nestloop = off"):
            admin.exec_driver_sql(f"set {setting}")

        def bare() -> None:
            for statement, parameters in statements:
                admin.exec_driver_sql(statement, parameters).fetchall()

        bare()
        rounds = [(_seconds(read), _seconds(bare)) for _ in range(ROUNDS)]
    ours, theirs = (median(times) for times in zip(*rounds, strict=True))
    ratio = median(mine / other for mine, other in rounds)
    print(f"| {name} | {ours * 1000:,.0f} ms | {theirs * 1000:,.0f} ms | {ratio:.2f} |", flush=True)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [200_000, 2_000][len(numbers) :]))
