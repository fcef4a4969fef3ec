"""Checks of what is stored: every table can be read, and every page agrees with its checksum."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from zixly_data.database import integrity
from zixly_data.database.integrity import Outcome, StoredTable
from zixly_data.operations.doctor.finding import Finding

_RESTORE = (
    "Stop Zixly, keep a copy of the data folder, check the disk, and restore the database from a "
    "backup."
)
_NAMES_SHOWN = 12
_LARGE = 200_000_000  # bytes; reading as much takes seconds

Progress = Callable[[str], None]


def examine(admin_url: str, progress: Progress, *, may_checkpoint: bool) -> Iterator[Finding]:
    """Read everything once. `progress` receives a sentence before what takes long.

    Comparing the pages makes a checkpoint, which may stop a server whose disk is full.
    """
    tables = integrity.tables(admin_url)
    size = sum(table.size for table in tables)
    yield from _tables(admin_url, tables, size, progress)
    are_on, failures = integrity.checksums(admin_url)
    if not are_on:
        yield Finding(
            "Data checksums are off: damage to the disk may go unnoticed.",
            "Turn them on: make a backup, stop the database, and run pg_checksums --enable on its "
            "data folder.",
        )
        return
    if failures:
        yield Finding(
            f"Data checksums are on, and have found damage: {failures:,} so far.",
            f"{_RESTORE} After that, run: select pg_stat_reset()",
        )
    else:
        yield Finding("Data checksums are on, and none has failed.")
    if not may_checkpoint:
        yield Finding("The pages were not compared with their checksums: a disk is nearly full.")
        return
    if size > _LARGE:
        progress("Comparing every page with its checksum…")
    yield from _pages(admin_url)


def _tables(
    admin_url: str, tables: Sequence[StoredTable], size: int, progress: Progress
) -> Iterator[Finding]:
    if size > _LARGE:
        progress(f"Reading {len(tables)} tables, {size / 1e9:,.1f} GB…")
    started = time.monotonic()
    names: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
    done = 0
    for table, outcome in integrity.read_tables(admin_url, tables):
        names[outcome].append(str(table))
        done += table.size
        if table.size > _LARGE:
            progress(f"{done / 1e9:,.1f} of {size / 1e9:,.1f} GB read…")
    seconds = time.monotonic() - started
    damaged, not_read = names[Outcome.DAMAGED], names[Outcome.NOT_READ]
    if damaged:
        yield Finding(
            f"{len(damaged)} of {len(tables)} tables cannot be read: {_listed(damaged)}.",
            f"{_RESTORE} The log of the database has the reasons.",
        )
    yield Finding(
        f"{len(names[Outcome.READ])} of {len(tables)} tables were read "
        f"({size / 1e6:,.1f} MB in {seconds:.1f} seconds)."
    )
    if not_read:
        yield Finding(
            f"{len(not_read)} tables were not checked, because this login may not read them or "
            f"they are locked: {_listed(not_read)}."
        )


def _pages(admin_url: str) -> Iterator[Finding]:
    started = time.monotonic()
    damaged = integrity.damaged_relations(admin_url)
    if damaged:
        yield Finding(
            f"Pages are damaged in: {_listed(damaged)}.",
            f"{_RESTORE} If only indexes are named, REINDEX repairs them.",
        )
    elif damaged is None:
        yield Finding(
            "The pages were not compared with their checksums: this login may not make a base "
            "backup."
        )
    else:
        seconds = time.monotonic() - started
        yield Finding(f"Every page agrees with its checksum ({seconds:.1f} seconds).")


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + f" and {more} more" * (more > 0)
