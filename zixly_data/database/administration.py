"""Connections of the server's administrator, and running SQL scripts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@cache
def admin_engine(url: str) -> sa.Engine:
    """Return the engine for an administrator's address, which keeps no pool.

    Cached per address, as a new engine queries its server several times on first use.
    """
    return sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args={"prepare_threshold": None, "connect_timeout": 10},
    )


def run_file(connection: Connection, path: Path) -> None:
    """Execute a file of SQL as it is. Its per cent signs are no placeholders."""
    run_script(connection, path.read_text())


def run_script(connection: Connection, script: str) -> None:
    """Execute SQL statements as they are. Their per cent signs are no placeholders."""
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})
