"""Connections and scripts of whoever administers the server."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@cache
def admin_engine(url: str) -> sa.Engine:
    """The engine for an administrator's address: no pool, one connection at a time.

    One engine per address, as each asks its server a handful of questions before the first answer.
    """
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args={"prepare_threshold": None, "connect_timeout": 10},
    )


def run_file(connection: Connection, path: Path) -> None:
    """Executes a file of SQL as it stands, whatever it contains."""
    run_script(connection, path.read_text())


def run_script(connection: Connection, script: str) -> None:
    """Executes statements as they stand: a per cent sign is no placeholder."""
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})
