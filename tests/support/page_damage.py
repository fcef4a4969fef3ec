"""Damage to the files of a stopped embedded server, as a failing disk causes it."""

from __future__ import annotations

from pathlib import Path

import psycopg

from zixly_data.postgres import server

_PAGE = 8192


def damage(home: Path, relation: str, *, page: int = 0) -> None:
    """Overwrite the middle of a page of a table or an index; the server is stopped."""
    started = server.start(home)
    try:
        with psycopg.connect(started.address.url(), autocommit=True) as admin:
            row = admin.execute("select pg_relation_filepath(%s)", [relation]).fetchone()
    finally:
        started.close()
    assert row is not None
    with (home / "postgres/cluster/data" / str(row[0])).open("r+b") as file:
        file.seek(page * _PAGE + _PAGE // 2)
        file.write(b"\xa5" * 64)
