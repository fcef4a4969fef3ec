"""What the lines of the business add to the profitability report.

One tenant with 1,000,000 financial records and 100,000 overheads. The report of the profitability
page and the run of its script, without the lines of the business and with them, in turn in one
run; ratios pair by pair.

    python -m bench.business [RECORDS] [OVERHEADS] 2>/dev/null
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from unittest import mock

import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from bench.ledgers import OWNER, fill
from zixly_data.database import administration, connection, migration
from zixly_data.figures.breakdown import By, breakdown
from zixly_data.figures.business import report
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_data.values.period import ALL, Period
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES as FOLDER

ROUNDS, IN_A_ROW = 25, 5
TODAY = date(2026, 6, 20)
PERIODS = (Period("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "One quarter"), ALL)
_OVERHEADS = """
    insert into zixly.overheads
      (tenant_id, id, record_date, currency, revenue, expenses, kind, account)
    select 'tenant-01', 'ovh_' || n, date '2021-01-01' + (n::bigint * 7919 % 2000)::integer,
           'AUD', 0, 50 + n % 700, case when n % 20 = 0 then 'UNASSIGNED' else 'OVERHEAD' end,
           'Account ' || n % 30
    from generate_series(1, :overheads) as n
"""
_MONTHS = """
    insert into zixly.overhead_months (tenant_id, month, currency, kind, revenue, expenses, records)
    select tenant_id, date_trunc('month', record_date::timestamp)::date, currency, kind,
           sum(revenue), sum(expenses), count(*)
    from zixly.overheads group by 1, 2, 3, 4
"""


def main(records: int, overheads: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        opened = connection.open_database(Settings(home=Path(home)))
        try:
            migration.migrate(opened.logins)
            engine = administration.admin_engine(opened.logins.admin_url)
            fill(engine, opened.logins.admin_url, [records])
            _fill_overheads(engine, overheads)
            identity = operator.open_session(opened.logins.admin_url, OWNER)
            print(f"{records:,} records and {overheads:,} overheads of one tenant\n")
            print("| | Period | by | without the lines | with them | ratio |")
            print("| --- | --- | --- | ---: | ---: | ---: |")
            for period in PERIODS:
                for by in (By.CLIENT, By.MONTH):
                    _compare(identity, period, by)
        finally:
            connection.close_database()


def _fill_overheads(engine: sa.Engine, overheads: int) -> None:
    with engine.begin() as admin:
        admin.exec_driver_sql("set local session_replication_role = replica")
        admin.execute(sa.text(_OVERHEADS), {"overheads": overheads})
        admin.exec_driver_sql(_MONTHS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql("vacuum analyze zixly.overheads, zixly.overhead_months")


def _compare(identity: Identity, period: Period, by: By) -> None:
    def run_page() -> None:
        app = AppTest.from_file(str(FOLDER / "profitability.py"), default_timeout=300)
        app.query_params["period"], app.query_params["by"] = period.key, by.value
        app.run()
        assert not app.exception, app.exception[0]

    def without(way: Callable[[], object]) -> Callable[[], object]:
        """Do the same in an organisation that has no overheads, and does not look for any."""

        def run() -> object:
            with mock.patch.object(report, "overhead_months", return_value={}):
                return way()

        return run

    plain = lambda: breakdown(identity, period, by, TODAY)  # noqa: E731
    lines = lambda: report.business_report(identity, period, by, TODAY)  # noqa: E731
    ways = {"report": (plain, lines), "page": (without(run_page), run_page)}
    with (
        mock.patch.object(session, "current_secret", return_value=identity.secret),
        mock.patch.object(st, "page_link", return_value=None),
    ):
        for name, (before, after) in ways.items():
            for warm in (before, after):
                warm()
            rounds = [(_seconds(before), _seconds(after)) for _ in range(ROUNDS)]
            today, now = (median(times) * 1000 for times in zip(*rounds, strict=True))
            ratio = median(with_lines / alone for alone, with_lines in rounds)
            print(
                f"| {name} | {period.label} | {by} | {today:.2f} ms | {now:.2f} ms | {ratio:.2f} |",
                flush=True,
            )


def _seconds(work: Callable[[], object]) -> float:
    """The median of several in a row, so that none is cold."""
    times = []
    for _ in range(IN_A_ROW):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [1_000_000, 100_000][len(numbers) :]))
