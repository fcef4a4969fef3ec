"""Importing financial rows, from the bytes of a CSV to committed, against COPY of the same rows.

The import is the product's: open_file, suggest, propose, confirm with progress, by an EDITOR, under
RLS, with the audit trail and the check of closed months, in one transaction. In turn in the same
run, a superuser COPYs the same rows, prepared as text, into (a) a bare table without keys and
(b) a table with the columns, keys, checks and indexes of financials, but without RLS, triggers and
references. Ratios are calculated round by round.

    python -m bench.imports [ROWS] [ROUNDS]
    python -m bench.imports --memory [ROWS]
"""

from __future__ import annotations

import io
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import openpyxl
import psutil
import psycopg
import sqlalchemy as sa

from zixly_data.database import administration, connection, migration
from zixly_data.identity import Identity, Role
from zixly_data.imports import Kind, confirm, open_file, propose, suggest, undo
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_data.values.ids import new_ids

CLIENTS = 200
PARTS = ("open_file", "suggest", "propose", "confirm")
MEBIBYTE = 1024 * 1024
Rows = list[tuple[str, date, str, str, str]]
_COLUMNS = "tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, note"


def main(rows: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        held = connection.open_database(Settings(home=Path(home))).logins
        try:
            migration.migrate(held)
            engine = administration.admin_engine(held.admin_url)
            with engine.begin() as admin:
                admin.exec_driver_sql("create table public.bare as select * from zixly.financials")
                admin.exec_driver_sql(
                    "create table public.keyed (like zixly.financials including all)"
                )
            made = made_up(rows)
            data, copied = as_csv(made), as_copy(made)
            times = []
            for number in range(rounds + 1):
                identity = furnished(held.admin_url, engine, number)
                parts = _import(identity, data)
                copies = [_copy(engine, table, copied) for table in ("bare", "keyed")]
                start = time.perf_counter()
                undo(identity, parts[1])
                undoing = time.perf_counter() - start
                if number:  # The first round warms up.
                    times.append((parts[0], copies, undoing))
            _report(rows, len(data), times)
        finally:
            connection.close_database()


def _import(identity: Identity, data: bytes) -> tuple[list[float], str]:
    """The seconds of each part, and the import's id."""
    moments = [time.perf_counter()]
    opened = open_file("figures.csv", data)
    moments.append(time.perf_counter())
    mapping = suggest(identity, Kind.FINANCIALS, opened.tables[0])
    mapping = replace(mapping, duplicates="KEEP")
    moments.append(time.perf_counter())
    proposal = propose(identity, Kind.FINANCIALS, opened, mapping)
    moments.append(time.perf_counter())
    done = confirm(identity, proposal, progress=lambda some, all_: None)
    moments.append(time.perf_counter())
    return [b - a for a, b in itertools.pairwise(moments)], done.id


def _copy(engine: sa.Engine, table: str, copied: bytes) -> float:
    with engine.connect() as admin:
        admin.exec_driver_sql(f"truncate public.{table}")
        admin.commit()
        driver = admin.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        start = time.perf_counter()
        with (
            driver.cursor() as cursor,
            cursor.copy(f"copy public.{table} ({_COLUMNS}) from stdin") as to,
        ):
            to.write(copied)
        driver.commit()
        return time.perf_counter() - start


def _report(rows: int, size: int, times: list[tuple[list[float], list[float], float]]) -> None:
    whole = [sum(parts) for parts, _, _ in times]
    print(
        f"{rows:,} rows, {size / MEBIBYTE:.1f} MiB of CSV, {CLIENTS} clients, {len(times)} rounds\n"
    )
    print("| | median | fastest | share |\n| --- | ---: | ---: | ---: |")
    for place, name in enumerate(PARTS):
        part = [parts[place] for parts, _, _ in times]
        _row(name, part, f"{median(part) / median(whole):.0%}")
    _row("**the whole import**", whole, "")
    for place, name in enumerate(("COPY into a bare table (a)", "COPY into a keyed table (b)")):
        _row(name, [copies[place] for _, copies, _ in times], "")
    _row("undoing the import", [undoing for _, _, undoing in times], "")
    print("\n| Ratio, round by round | median | fastest of each |\n| --- | ---: | ---: |")
    for place, name in enumerate(("to (a), bare", "to (b), keyed")):
        pairs = [sum(parts) / copies[place] for parts, copies, _ in times]
        fastest = min(whole) / min(copies[place] for _, copies, _ in times)
        print(f"| {name} | {median(pairs):.2f} | {fastest:.2f} |")


def _row(name: str, times: list[float], share: str) -> None:
    print(f"| {name} | {median(times):.2f} s | {min(times):.2f} s | {share} |")


# ── memory ──────────────────────────────────────────────────────────────────────────────────


def memory(rows: int) -> None:
    """The peak of a separate process that imports so many rows, from CSV and from a workbook."""
    print(f"| {rows:,} rows from | file | before | peak | growth | reader's peak |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as home:
        held = connection.open_database(Settings(home=Path(home))).logins
        try:
            migration.migrate(held)
            engine = administration.admin_engine(held.admin_url)
            made = made_up(rows)
            for number, (name, content) in enumerate(
                (("figures.csv", as_csv(made)), ("figures.xlsx", as_workbook(made)))
            ):
                furnished(held.admin_url, engine, number)
                Path(home, name).write_bytes(content)
                ended = subprocess.run(
                    [sys.executable, "-m", "bench.imports", "--child", home, name, str(number)],
                    check=True, capture_output=True, text=True,
                )  # fmt: skip
                print(ended.stdout.strip(), flush=True)
        finally:
            connection.close_database()


def _child(home: str, name: str, number: str) -> None:
    held = connection.open_database(Settings(home=Path(home))).logins
    try:
        identity = operator.open_session(held.admin_url, f"owner@tenant-{number}.example")
        before = psutil.Process().memory_info().rss
        data = Path(home, name).read_bytes()
        _import(identity, data)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        figures = [len(data), before, peak, peak - before]
        if name.endswith(".xlsx"):
            # A separate process reads a workbook, before the rest begins.
            figures.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
        print(f"| {name} | " + " | ".join(f"{x / MEBIBYTE:.0f} MiB" for x in figures) + " |")
    finally:
        connection.close_database()


# ── what is imported ────────────────────────────────────────────────────────────────────────


def made_up(rows: int) -> Rows:
    """Rows of 200 clients over some five years, each with its own note."""
    first = date(2021, 1, 1)
    return [
        (f"C-{n % CLIENTS}", first + timedelta(days=n * 7919 % 2000),
         f"{100 + n % 90000}.{n % 100:02}", f"{50 + n % 7000}.50", f"Invoice {n}")
        for n in range(rows)
    ]  # fmt: skip


def as_csv(rows: Rows) -> bytes:
    """The rows as our export writes them, without ids."""
    lines = [f"{day},{client},Client {client[2:]},AUD,{earned},{spent},{note}"
             for client, day, earned, spent, note in rows]  # fmt: skip
    head = "record_date,client_id,client_name,currency,revenue,expenses,note"
    return "\r\n".join([head, *lines, ""]).encode()


def as_copy(rows: Rows) -> bytes:
    """The same rows as input of COPY, with ids."""
    ids = new_ids("fin", len(rows))
    lines = [
        f"tenant-x\t{row_id}\tckpi_{client[2:]}\t{day}\t{earned}\t{spent}\tfile\t{note}\n"
        for row_id, (client, day, earned, spent, note) in zip(ids, rows, strict=True)
    ]
    return "".join(lines).encode()


def as_workbook(rows: Rows) -> bytes:
    """The same rows as an Excel workbook: dates are dates, amounts are numbers."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Figures")
    sheet.append(
        ["record_date", "client_id", "client_name", "currency", "revenue", "expenses", "note"]
    )
    for client, day, earned, spent, note in rows:
        sheet.append(
            [day, client, f"Client {client[2:]}", "AUD", float(earned), float(spent), note]
        )
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def furnished(admin_url: str, engine: sa.Engine, number: int) -> Identity:
    """An EDITOR of a fresh tenant with the clients and no records."""
    tenant = f"tenant-{number}"
    operator.create_tenant(admin_url, tenant, f"Tenant {number}")
    operator.add_user(admin_url, tenant, f"owner@{tenant}.example", "Owner", Role.EDITOR)
    with engine.begin() as admin:
        admin.execute(
            sa.text("""
                insert into zixly.client_kpis (tenant_id, id, client_id, client_name)
                select :tenant, 'ckpi_' || n, 'C-' || n, 'Client ' || n
                from generate_series(0, :clients - 1) as n
            """),
            {"tenant": tenant, "clients": CLIENTS},
        )
    return operator.open_session(admin_url, f"owner@{tenant}.example")


def _argument(place: int, otherwise: int) -> int:
    return int(sys.argv[place]) if len(sys.argv) > place else otherwise


if __name__ == "__main__":
    if "--child" in sys.argv:
        _child(*sys.argv[2:5])
    elif "--memory" in sys.argv:
        memory(_argument(2, 200_000))
    else:
        main(_argument(1, 100_000), _argument(2, 5))
