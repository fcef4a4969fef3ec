"""Profitability of one tenant over 1,000,000 financial records.

Through `zixly_data` (presenting the session, forced RLS, building and validating the frame),
compared with the same SQL by a superuser without RLS, in turn in one run; ratios pair by pair.

    python -m bench.profitability [RECORDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bench.ledgers import CLIENTS, OWNER, fill
from zixly_data.database import administration, connection, migration
from zixly_data.figures import profitability
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_data.values import frames
from zixly_data.values.period import Period

TENANTS = 20
ROUNDS = 15
PERIODS = (
    Period("all", date(2000, 1, 1), date(2100, 12, 31), "All records"),
    Period("custom", date(2024, 1, 1), date(2024, 3, 31), "One quarter"),
)


def main(records: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            fill(engine, opened.logins.admin_url, [records, *[records // 100] * (TENANTS - 1)])
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            print(f"{records:,} records of one tenant among {TENANTS}, {CLIENTS} clients\n")
            print("| Period | | zixly_data | superuser | ratio | database's part with RLS |")
            print("| --- | --- | ---: | ---: | ---: | ---: |")
            for period in PERIODS:
                _compare(engine, identity, period)
            _parts(identity, PERIODS[0])
        finally:
            connection.close_database()


def _compare(engine: sa.Engine, identity: Identity, period: Period) -> None:
    sql = _literal(identity, period)
    with engine.connect() as admin, connection.scoped(identity) as scoped:
        admin.exec_driver_sql("set search_path = zixly")
        admin.exec_driver_sql("set row_security = off")
        bare = lambda: admin.exec_driver_sql(sql).fetchall()  # noqa: E731
        rls = lambda: scoped.exec_driver_sql(sql).fetchall()  # noqa: E731
        ours = lambda: profitability.profitability(identity, period)  # noqa: E731
        for warm in (bare, rls, ours):
            warm()
        times = [(_seconds(ours), _seconds(bare), _seconds(rls)) for _ in range(ROUNDS)]
    ratios = (
        median(ours / bare for ours, bare, _ in times),
        median(rls / bare for _, bare, rls in times),
    )
    columns = list(zip(*times, strict=True))
    _row(period, "median", *map(median, columns[:2]), *ratios)
    # As on a machine without other work.
    ours_s, bare_s, rls_s = map(min, columns)
    _row(period, "fastest", ours_s, bare_s, ours_s / bare_s, rls_s / bare_s)


def _row(period: Period, scope: str, ours: float, bare: float, ratio: float, part: float) -> None:
    print(
        f"| {period.label} | {scope} | {ours * 1000:.1f} ms | {bare * 1000:.1f} ms "
        f"| {ratio:.2f} | {part:.2f} |"
    )


def _parts(identity: Identity, period: Period) -> None:
    """The time of each part, measured separately."""
    query = profitability.profitability_query(identity, period, None)

    def present() -> None:
        with connection.scoped(identity):
            pass

    with connection.scoped(identity) as scoped:
        rows = scoped.execute(query)
        names, columns = list(rows.keys()), list(zip(*rows.fetchall(), strict=True))
        ready = dict(zip(names, columns, strict=True))
        parts = {
            "opening and closing a scoped transaction": present,
            "the statement, rows fetched": lambda: scoped.execute(query).fetchall(),
            "building and validating the frame": lambda: frames.build(
                ready, profitability.ClientProfit
            ),
        }
        print(f"\n| Part ({period.label.lower()}) | median | fastest |\n| --- | ---: | ---: |")
        for name, part in parts.items():
            times = [_seconds(part) * 1000 for _ in range(ROUNDS)]
            print(f"| {name} | {median(times):.1f} ms | {min(times):.1f} ms |")


def _literal(identity: Identity, period: Period) -> str:
    """The statement of the report with its parameters."""
    compiled = profitability.profitability_query(identity, period, None).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    return str(compiled)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
