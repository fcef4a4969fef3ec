"""A tenant's 100,000 financial records as an Excel workbook, against the CSV of the same rows.

Both include presenting the session, forced RLS, writing the file, the audit entry, and reading the
file to its end. In turn in one run; ratios pair by pair. Memory is the resident set of a separate
process for each format that has exported the clients before.

    python -m bench.workbooks [RECORDS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.export import _NOTES, _of, _seconds
from bench.ledgers import CLIENTS, OWNER, fill
from bench.profitability import TENANTS
from tests.support.servers.live_app import LiveApp
from zixly_data.access import sessions
from zixly_data.database import administration, connection
from zixly_data.exports import record_files
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.record_files import Rows, Table
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings

ROUNDS = 5
ALL = Rows(Table.FINANCIALS)


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
            _times(identity)
            for file_format in FileFormat:
                _memory(Path(home), identity, file_format)
        finally:
            app.close()
            connection.close_database()


def _times(identity: Identity) -> None:
    sizes: dict[FileFormat, tuple[int, int]] = {}

    def export(file_format: FileFormat) -> None:
        file = record_files.write(identity, ALL, file_format)
        sizes[file_format] = file.rows, sum(map(len, file.pieces()))

    for file_format in FileFormat:
        export(file_format)
    times = [
        {name: _seconds(lambda name=name: export(name)) for name in FileFormat}  # type: ignore[misc]
        for _ in range(ROUNDS)
    ]
    print("| | rows | MB | median | fastest | ratio, median of pairs |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in FileFormat:
        column = [durations[name] for durations in times]
        ratio = median(durations[name] / durations[FileFormat.CSV] for durations in times)
        rows, size = sizes[name]
        print(
            f"| {name} | {rows:,} | {size / 1e6:.1f} | {median(column):.2f} s | "
            f"{min(column):.2f} s | {ratio:.1f} |"
        )


def _memory(home: Path, identity: Identity, file_format: FileFormat) -> None:
    """In a fresh process, so that nothing else has grown there."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.workbooks", "--memory", str(home), identity.secret,
         file_format],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    print(f"\n{done.stdout.strip()}")


def _grown(home: Path, secret: str, file_format: FileFormat) -> None:
    connection.open_database(Settings(home=home))
    identity = sessions.identify(secret)
    for _ in record_files.write(identity, Rows(Table.CLIENTS), file_format).pieces():
        pass
    # Unlike the maximum of getrusage, this one does not begin with that of the parent process.
    status = Path("/proc/self/status")
    before = _of(status)
    for _ in record_files.write(identity, ALL, file_format).pieces():
        pass
    print(
        f"{file_format}: peak resident set {before:.0f} MB before, {_of(status):.0f} MB after, "
        f"{_of(status) - before:.0f} MB more."
    )
    connection.close_database()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        _grown(Path(sys.argv[2]), sys.argv[3], FileFormat(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
