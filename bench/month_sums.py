"""The cost of keeping sums by month when writing records, with the triggers on and off in turn.

An EDITOR inserts rows under RLS with audit trail and references, many in one statement, and a
single row; each transaction is rolled back. Ratios are calculated pair by pair.

    python -m bench.month_sums [RECORDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from bench.ledgers import CLIENTS, OWNER, fill
from zixly_data.database import administration, connection, migration
from zixly_data.database.connection import Database
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings

_INSERT = sa.text("""
    insert into financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses)
    select 'tenant-01', 'new_' || n, 'ckpi_' || (1 + n % :clients),
           date '2021-01-01' + (n::bigint * 7919 % 2000)::integer, 100 + n % 900, 50 + n % 700
    from generate_series(1, :records) as n
""")


class _Undone(Exception):
    pass


def main(records: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            fill(engine, opened.logins.admin_url, [records])
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            print("| Rows in one statement | with sums | without | ratio |")
            print("| ---: | ---: | ---: | ---: |")
            for rows, rounds in ((records, 7), (1, 200)):
                _compare(opened, identity, rows, rounds)
        finally:
            connection.close_database()


def _compare(opened: Database, identity: Identity, rows: int, rounds: int) -> None:
    _insert(identity, rows)
    pairs = []
    for _ in range(rounds):
        with_sums = _insert(identity, rows)
        with _without_sums(opened):
            pairs.append((with_sums, _insert(identity, rows)))
    with_sums, without = (median(times) * 1000 for times in zip(*pairs, strict=True))
    ratio = median(first / second for first, second in pairs)
    print(f"| {rows:,} | {with_sums:.2f} ms | {without:.2f} ms | {ratio:.2f} |", flush=True)


def _insert(identity: Identity, rows: int) -> float:
    start = time.perf_counter()
    with suppress(_Undone), connection.scoped(identity) as editor:
        editor.execute(_INSERT, {"records": rows, "clients": CLIENTS})
        raise _Undone
    return time.perf_counter() - start


@contextmanager
def _without_sums(opened: Database) -> Iterator[None]:
    engine = administration.admin_engine(opened.logins.admin_url)
    switch = "alter table zixly.financials {} trigger e_sum_months_insert"
    for word in ("disable", "enable"):
        with engine.begin() as admin:
            admin.exec_driver_sql(switch.format(word))
        if word == "disable":
            yield


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
