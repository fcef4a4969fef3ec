"""A tenant's 1,000,000 financial records as a CSV file, against COPY by a superuser.

Ours: presenting the session, forced RLS, guarding texts, line ends of CSV, writing the file, the
audit entry, and reading the file to its end. Theirs: `COPY (the same rows) TO STDOUT` through
psycopg without RLS, every line received and discarded. In turn in one run; ratios pair by pair.
Memory is the resident set of a separate process that has fetched one row before.

    python -m bench.export [RECORDS]
"""

from __future__ import annotations

import hashlib
import http.client
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psycopg
import sqlalchemy as sa

from bench.ledgers import CLIENTS, OWNER, fill
from bench.profitability import TENANTS
from tests.support.servers.live_app import LiveApp
from zixly_data.access import sessions
from zixly_data.database import administration, connection
from zixly_data.exports import csv_copy, record_files
from zixly_data.exports.record_files import COLUMNS, Rows, Table
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.records.financials import FinancialRecords
from zixly_data.settings import Settings

ROUNDS = 5
ALL = Rows(Table.FINANCIALS)
# A note for three in ten of the records, a third of them formulas.
_NOTES = """
    update zixly.financials
    set note = case when id ~ '7$' then '=SUM(A1:A9), "x"' else 'Invoice ' || id end
    where tenant_id = 'tenant-01' and id ~ '[147]$'
"""


def main(records: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        app = LiveApp(Path(home), None)
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            engine = administration.admin_engine(opened.logins.admin_url)
            fill(engine, opened.logins.admin_url, [records, *[records // 100] * (TENANTS - 1)])
            with engine.begin() as admin:
                admin.exec_driver_sql("set local session_replication_role = replica")
                admin.exec_driver_sql(_NOTES)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
                admin.exec_driver_sql("vacuum analyze zixly.financials")
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            print(f"{records:,} records of one tenant among {TENANTS}, {CLIENTS} clients\n")
            _times(opened.logins.admin_url, identity)
            _memory(Path(home), identity)
            app.start()
            _over_http(app, identity)
        finally:
            app.close()
            connection.close_database()


def _times(admin_url: str, identity: Identity) -> None:
    sizes = set()
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("set search_path = zixly")
        admin.execute("set row_security = off")

        def ours() -> None:
            file = record_files.write(identity, ALL)
            sizes.add((file.rows, sum(map(len, file.pieces()))))

        def theirs() -> None:
            _copied(admin, _literal(identity, guarded=False))

        def guarded() -> None:
            _copied(admin, _literal(identity, guarded=True))

        work = {"exports.write": ours, "superuser": theirs, "superuser, guarded": guarded}
        for warm in work.values():
            warm()
        times = [{name: _seconds(export) for name, export in work.items()} for _ in range(ROUNDS)]
    ((rows, size),) = sizes
    print(f"{rows:,} rows, {size / 1e6:.0f} MB\n")
    print("| | median | fastest | ratio, median of pairs |")
    print("| --- | ---: | ---: | ---: |")
    for name in work:
        column = [durations[name] for durations in times]
        ratio = median(durations[name] / durations["superuser"] for durations in times)
        print(f"| {name} | {median(column):.2f} s | {min(column):.2f} s | {ratio:.2f} |")


def _literal(identity: Identity, *, guarded: bool) -> str:
    """The statement of the export with its parameters; with plain columns, or as exported."""
    query = record_files.rows_query(identity, ALL)
    columns = COLUMNS[Table.FINANCIALS]
    if guarded:
        query = csv_copy.export_query(query, FinancialRecords, columns)
    else:
        query = query.with_only_columns(
            *(query.selected_columns[name] for name in columns), maintain_column_froms=True
        )
    dialect = sa.create_engine("postgresql+psycopg://").dialect
    written = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(written).replace("%%", "%")


def _copied(admin: psycopg.Connection, query: str) -> None:
    with (
        admin.cursor() as cursor,
        cursor.copy(f"copy ({query}) to stdout (format csv, header)".encode()) as lines,
    ):
        for _ in lines:
            pass


def _memory(home: Path, identity: Identity) -> None:
    """In a fresh process, so that nothing else has grown there."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.export", "--memory", str(home), identity.secret],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    print(f"\n{done.stdout.strip()}")


def _grown(home: Path, secret: str) -> None:
    connection.open_database(Settings(home=home))
    identity = sessions.identify(secret)
    clients = Rows(Table.CLIENTS)
    list(record_files.write(identity, clients).pieces())
    before = _peak()
    file = record_files.write(identity, ALL)
    written = _peak()
    digest = hashlib.sha256()
    for piece in file.pieces():
        digest.update(piece)
    print(
        f"Peak resident set: {before:.0f} MB before, {written:.0f} MB with the file written, "
        f"{_peak():.0f} MB with it read: {_peak() - before:.0f} MB more."
    )
    connection.close_database()


def _over_http(app: LiveApp, identity: Identity) -> None:
    process = app._process
    assert process is not None
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return
    before = after = 0.0
    for path in ("/download/clients.csv", "/download/financials.csv"):
        before, start = _of(status), time.perf_counter()
        asking = http.client.HTTPConnection("localhost", app.port, timeout=600)
        asking.request("GET", path, headers={"Cookie": f"zixly_session={identity.secret}"})
        answer = asking.getresponse()
        first = time.perf_counter() - start
        size = 0
        while piece := answer.read(65536):
            size += len(piece)
        asking.close()
        elapsed, after = time.perf_counter() - start, _of(status)
    print(
        f"\nOver HTTP: {size / 1e6:.0f} MB in {elapsed:.2f} s, the first byte after {first:.2f} s; "
        f"peak of the app's process {before:.0f} MB before, {after:.0f} MB after."
    )


def _of(status: Path) -> float:
    """The highest resident set of a process so far, in MB."""
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        _grown(Path(sys.argv[2]), sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
