"""The scorecard of a month beside the same statement run by a superuser without policies.

One tenant with 2,000 clients, 20 metrics (sums, last values and averages) and 300,000 values of
three years, a target of everyone's for each metric and own targets of a tenth of the clients. In
turn in one run, ratios pair by pair:

scorecard   `scorecard.scorecard`: the first page with what is counted over all clients, the cells,
            and the row of all clients, with session, forced RLS and frames
database    its statements alone, rows fetched, in an open scoped transaction
superuser   the same statements with the same planner settings, run by the administrator

    python -m bench.scorecard [CLIENTS] [VALUES] 2>/dev/null
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

from bench.ledgers import OWNER
from zixly_data.database import administration, connection, migration
from zixly_data.figures.delivery.metric_report import metric_report
from zixly_data.figures.delivery.scorecard import scorecard
from zixly_data.identity import Identity, Role
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_data.values.calendar_period import month

ROUNDS, METRICS = 15, 20
MONTH = date(2024, 3, 1)
TENANT = "tenant-01"
_BOOKS = (
    """
    insert into zixly.client_kpis (tenant_id, id, client_id, client_name)
    select :tenant, 'ckpi_' || n, 'C-' || n, 'Client ' || n from generate_series(1, :clients) as n
    """,
    """
    insert into zixly.metric_definitions
      (tenant_id, id, metric_name, unit, kind, direction, adds_up, over_clients, symbol)
    select :tenant, 'mdef_' || n, 'Metric ' || n, 'points', 'NUMBER', 'UP',
           (array['SUM', 'LAST', 'AVERAGE'])[1 + n % 3],
           case when n % 3 = 2 then 'NONE' else 'SUM' end, 'metric_' || n
    from generate_series(1, :metrics) as n
    """,
    """
    insert into zixly.custom_metrics
      (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date)
    select :tenant, 'met_' || n, 'ckpi_' || (1 + n % :clients),
           'Metric ' || (1 + (n / :clients) % :metrics),
           (n::bigint * 7919 % 100000) / 100.0, 'points',
           date '2022-01-01' + (n::bigint * 104729 % 1096)::integer
    from generate_series(1, :values) as n
    """,
    """
    insert into zixly.metric_targets (tenant_id, id, metric_id, from_month, kind, low, near_low)
    select :tenant, 'mtg_' || n, 'mdef_' || n, '2000-01-01', 'AT_LEAST', 500, 450
    from generate_series(1, :metrics) as n
    """,
    """
    insert into zixly.metric_targets
      (tenant_id, id, metric_id, client_kpi_id, from_month, kind, low, near_low)
    select :tenant, 'mtg_own_' || n, 'mdef_' || (1 + n % :metrics), 'ckpi_' || n, '2023-07-01',
           'AT_LEAST', 300, 270
    from generate_series(1, :clients, 10) as n
    """,
)
_TABLES = "zixly.client_kpis, zixly.metric_definitions, zixly.custom_metrics, zixly.metric_targets"


def main(clients: int, values: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            operator.create_tenant(opened.logins.admin_url, TENANT, "Tenant 1")
            operator.add_user(opened.logins.admin_url, TENANT, OWNER, "Owner", Role.ADMIN)
            _fill(engine, clients, values)
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            print(f"{clients:,} clients, {values:,} values of {METRICS} metrics\n")
            print("| | scorecard | database | superuser | database / superuser |")
            print("| --- | ---: | ---: | ---: | ---: |")
            _compare("one month, first page", engine, identity, lambda: scorecard(identity, MONTH))
            _compare(
                "report of the month", engine, identity,
                lambda: metric_report(identity, month(MONTH)),
            )  # fmt: skip
        finally:
            connection.close_database()


def _fill(engine: sa.Engine, clients: int, values: int) -> None:
    numbers = {"tenant": TENANT, "clients": clients, "metrics": METRICS, "values": values}
    with engine.begin() as admin:
        admin.exec_driver_sql("set local session_replication_role = replica")
        admin.exec_driver_sql("delete from zixly.metric_definitions")
        for statement in _BOOKS:
            bound = {name: numbers[name] for name in numbers if f":{name}" in statement}
            admin.execute(sa.text(statement), bound)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(f"vacuum analyze {_TABLES}")


def _compare(name: str, engine: sa.Engine, identity: Identity, whole: Callable[[], object]) -> None:
    statements = _statements_of(whole)

    def run(reader: sa.Connection) -> float:
        start = time.perf_counter()
        for statement, values in statements:
            reader.exec_driver_sql(statement, values).all()
        return time.perf_counter() - start

    def scoped() -> float:
        with connection.reporting(identity) as reader:
            return run(reader)

    def superuser() -> float:
        with engine.begin() as admin:
            # As `reporting` has them.
            admin.exec_driver_sql("set local enable_nestloop = off")
            admin.exec_driver_sql("set local search_path = zixly")
            return run(admin)

    def everything() -> float:
        start = time.perf_counter()
        whole()
        return time.perf_counter() - start

    ways = (everything, scoped, superuser)
    for way in ways:
        way()
    rounds = [tuple(way() for way in ways) for _ in range(ROUNDS)]
    times = [f"{median(column) * 1000:.0f} ms" for column in zip(*rounds, strict=True)]
    ratio = median(database / alone for _, database, alone in rounds)
    print(f"| {name} | {' | '.join(times)} | {ratio:.2f} |", flush=True)


def _statements_of(work: Callable[[], object]) -> list[tuple[str, Any]]:
    """Return the statements that the work reads with, without those that sign in."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        # The others begin transactions.
        if statement.lstrip().startswith(("SELECT", "WITH")):
            seen.append((statement, values))

    pool = connection.open_database().app
    sa.event.listen(pool, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(pool, "before_cursor_execute", note)
    return [
        (text, values)
        for text, values in seen
        if text.lstrip().lower().startswith(("select", "with"))
    ]


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [2_000, 300_000][len(numbers) :]))
