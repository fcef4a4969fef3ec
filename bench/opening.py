"""Opening files: a plain CSV, an invoice list as accounting programs export it, and a workbook.

The step of meanings finds the columns that say what rows are (`Type`, `Status`), reads the meaning
of each row, and counts and adds up what a person is asked about. Its share is that of opening the
same file. Both are processor times of the thread, as they wait for nothing. Another process reads
the workbook, so its time is that of the clock; for its memory see `bench.imports --memory`.

    python -m bench.opening [ROWS] [ROUNDS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from bench.imports import as_csv, as_workbook, made_up
from zixly_data.imports import Kind, open_file
from zixly_data.imports.cells.table import Table
from zixly_data.imports.recognition import recognise
from zixly_data.imports.references import ReferenceData
from zixly_data.imports.rows.amounts.row_meanings import ask_for_meanings, read_meanings
from zixly_data.imports.rows.staging import RowStager

WORKBOOK_ROWS = 100_000
_TYPES = ("Sales invoice", "Sales credit note", "Bill", "Sales invoice")
_STATUSES = ("Paid", "Awaiting Payment", "Voided", "Draft", "Paid")


def main(rows: int, rounds: int) -> None:
    workbook = as_workbook(made_up(WORKBOOK_ROWS))
    begun = time.perf_counter()
    open_file("figures.xlsx", workbook)
    seconds = time.perf_counter() - begun
    print(f"Workbook of {WORKBOOK_ROWS:,} rows, opened in {seconds:.1f} s\n")

    plain, invoices = as_csv(made_up(rows)), _invoices(rows)
    print(f"| {rows:,} rows, {rounds} rounds | median | fastest |\n| --- | ---: | ---: |")
    _row("plain CSV, opened", [_seconds(lambda: open_file("a.csv", plain)) for _ in range(rounds)])
    opening = [_seconds(lambda: open_file("b.csv", invoices)) for _ in range(rounds)]
    _row("invoice list, opened", opening)
    table = open_file("b.csv", invoices).tables[0]
    step = [_step_of_meanings(table) for _ in range(rounds)]
    _row("its step of meanings", step)
    share, least = median(step) / median(opening), min(step) / min(opening)
    print(f"| **share of the step** | {share:.0%} | {least:.0%} |")


def _step_of_meanings(table: Table) -> float:
    nothing = ReferenceData("AUD", (), (), (), (), "Australia/Sydney")
    stager = RowStager(Kind.FINANCIALS, table, recognise(table, Kind.FINANCIALS), nothing)
    name = next(name for name in ("amount", "revenue", "expenses") if stager.has_column(name))
    amounts = stager.money(name)

    def step() -> None:
        meanings = read_meanings(stager)
        assert len(meanings.columns) == 2, "The file is meant to have a type and a status."
        ask_for_meanings(stager, meanings, amounts)

    return _seconds(step)


def _invoices(rows: int) -> bytes:
    lines = [
        f"{client},INV-{n},{day},{_TYPES[n % 4]},{_STATUSES[n % 5]},AUD,{earned},{note}"
        for n, (client, day, earned, _, note) in enumerate(made_up(rows))
    ]
    head = "Contact,Invoice Number,Invoice Date,Type,Status,Currency,Amount,Description"
    return "\r\n".join([head, *lines, ""]).encode()


def _seconds(call: Callable[[], object]) -> float:
    begun = time.thread_time()
    call()
    return time.thread_time() - begun


def _row(name: str, times: list[float]) -> None:
    print(f"| {name} | {median(times):.3f} s | {min(times):.3f} s |")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [200_000, 7][len(numbers) :]))
