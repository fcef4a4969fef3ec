"""The profitability report on ledgers of several sizes, beside DuckDB and Apache Superset.

The same query in turn, in one run, by each method five times in a row so that none is cold:
revenue, expenses and profit per client of one tenant, over one quarter and over all time.

zixly_data   reports.profitability: with session, forced RLS, building and validating the frame
    database     its statement alone, in an open scoped transaction, rows fetched
    planned      the time of planning and running it as PostgreSQL reports it, by EXPLAIN ANALYZE
    records      the same query on the records, as it was before sums were kept by month
    DuckDB       the same query on a Parquet file of the tenant's records, ordered by date
    Superset     the same query to its chart-data API, without cache (bench/peers)

    python -m bench.report_sizes [--superset PYTHON] [SIZE[:one] …]

`1000000` is a million records over twenty tenants, `1000000:one` a million of one tenant. DuckDB
(`pip install duckdb`) and Superset, given by the Python it is installed for, are left out if
they are not installed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.ledgers import OWNER, fill
from zixly_data.database import administration, connection, migration
from zixly_data.database.schema import client_kpis, financials
from zixly_data.figures import profitability
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_data.values.period import ALL, Period

TENANTS, ROUNDS, IN_A_ROW = 20, 9, 5
PERIODS = (Period("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "One quarter"), ALL)
_PARQUET = """
    copy (select f.client_kpi_id, c.client_name, f.record_date, f.revenue, f.expenses
          from zixly.financials as f
          join zixly.client_kpis as c on c.tenant_id = f.tenant_id and c.id = f.client_kpi_id
          where f.tenant_id = 'tenant-01' order by f.record_date)
    to stdout with (format csv, header)
"""
_IN_DUCKDB = """
    select client_name, sum(revenue), sum(expenses), sum(revenue) - sum(expenses) as profit
    from '{file}' where record_date between ? and ? group by client_name order by profit desc
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--superset", help="the Python that Superset is installed for")
    parser.add_argument("sizes", nargs="*", default=["10000", "1000000"])
    arguments = parser.parse_args()
    print("| Records | Period | | median | fastest | ratio to zixly_data |")
    print("| --- | --- | --- | ---: | ---: | ---: |")
    for size in arguments.sizes:
        number, _, alone = size.partition(":")
        _measure(int(number), bool(alone), arguments.superset)


def _measure(records: int, alone: bool, superset: str | None) -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            shares = [records] if alone else [records // TENANTS] * TENANTS
            fill(engine, opened.logins.admin_url, shares)
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            name = f"{records:,}, {'one tenant' if alone else f'{TENANTS} tenants'}"
            with _duckdb(engine, Path(home)) as duckdb, _superset(superset, opened) as chart_data:
                for period in PERIODS:
                    _compare(name, identity, period, duckdb, chart_data)
        finally:
            connection.close_database()


# Seconds until a result with so many rows.
Ask = Callable[[Period, int], float] | None


def _compare(name: str, identity: Identity, period: Period, duckdb: Ask, chart_data: Ask) -> None:
    query, of_records = (
        profitability.profitability_query(identity, period, None),
        _of_records(identity),
    )
    bound = {"first": period.start, "last": period.end}
    clients = len(profitability.profitability(identity, period).clients)

    def inside(statement: sa.Select[Any], **values: date) -> float:
        """The statement alone: its transaction is open when the clock starts."""
        with connection.reporting(identity) as scoped:
            return _seconds(lambda: scoped.execute(statement, values).all())

    def planned() -> float:
        with connection.reporting(identity) as scoped:
            compiled = query.compile(scoped)
            explain = f"explain (analyze, timing off, format json) {compiled.string}"
            (plan,) = scoped.exec_driver_sql(explain, dict(compiled.params)).scalar_one()
        return float(plan["Planning Time"] + plan["Execution Time"]) / 1000

    ways: dict[str, Callable[[], float]] = {
        "zixly_data": lambda: _seconds(lambda: profitability.profitability(identity, period)),
        "database": lambda: inside(query),
        "planned": planned,
        "records": lambda: inside(of_records, **bound),
    }
    for label, ask in (("DuckDB on Parquet", duckdb), ("Superset", chart_data)):
        if ask is not None:
            ways[label] = partial(ask, period, clients)
    for way in ways.values():
        way()
    rounds = [
        {label: median(way() for _ in range(IN_A_ROW)) for label, way in ways.items()}
        for _ in range(ROUNDS)
    ]
    for label in ways:
        times = [durations[label] * 1000 for durations in rounds]
        ratio = median(durations[label] / durations["zixly_data"] for durations in rounds)
        print(
            f"| {name} | {period.label} | {label} | {median(times):.2f} ms | {min(times):.2f} ms "
            f"| {ratio:.2f} |",
            flush=True,
        )


def _of_records(identity: Identity) -> sa.Select[Any]:
    """The previous report, which reads every record of the period."""
    sums = (
        sa.select(
            financials.c.client_kpi_id,
            sa.func.sum(financials.c.revenue).label("revenue"),
            sa.func.sum(financials.c.expenses).label("expenses"),
        )
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.record_date.between(sa.bindparam("first"), sa.bindparam("last")),
        )
        .group_by(financials.c.client_kpi_id)
        .subquery()
    )
    profit = sums.c.revenue - sums.c.expenses
    return (
        sa.select(client_kpis.c.client_name, sums.c.revenue, sums.c.expenses, profit)
        .select_from(sums.join(client_kpis, client_kpis.c.id == sums.c.client_kpi_id))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .order_by(profit.desc())
    )


@contextmanager
def _duckdb(engine: sa.Engine, folder: Path) -> Iterator[Ask]:
    try:
        import duckdb
    except ImportError:
        yield None
        return
    text, file = folder / "records.csv", folder / "records.parquet"
    with (
        engine.connect() as admin,
        admin.connection.cursor().copy(_PARQUET) as rows,
        text.open("wb") as out,
    ):
        for row in rows:
            out.write(row)
    database = duckdb.connect()
    database.execute("set threads = 2")
    database.execute(f"""
        copy (select client_kpi_id, client_name, record_date, revenue::decimal(14, 2) as revenue,
                     expenses::decimal(14, 2) as expenses from '{text}')
        to '{file}' (format parquet)
    """)
    statement = _IN_DUCKDB.format(file=file)

    def ask(period: Period, clients: int) -> float:
        def once() -> None:
            rows = database.execute(statement, [period.start, period.end]).fetchall()
            assert len(rows) == clients, len(rows)

        return _seconds(once)

    yield ask


@contextmanager
def _superset(python: str | None, opened: connection.Database) -> Iterator[Ask]:
    """A Superset that answers one query per line, in a separate process."""
    if python is None:
        yield None
        return
    script = Path(__file__).parent / "peers" / "superset_chart_data.py"
    server = subprocess.Popen(
        [python, str(script), opened.logins.admin_url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None

    def line() -> dict[str, Any]:
        assert server.stdout is not None
        answer = server.stdout.readline()
        assert answer, "Superset has ended"
        result: dict[str, Any] = json.loads(answer)
        return result

    assert line()["ready"]

    def ask(period: Period, clients: int) -> float:
        assert server.stdin is not None
        print(period.start, period.end, file=server.stdin, flush=True)
        answer = line()
        assert answer["rows"] == clients, answer
        return float(answer["seconds"])

    try:
        yield ask
    finally:
        server.stdin.close()
        server.wait(60)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
