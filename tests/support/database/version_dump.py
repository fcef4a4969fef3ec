"""A database of this version as plain SQL, kept so that tests of later versions upgrade it.

    .venv/bin/python -m tests.support.database.version_dump

writes `tests/zixly_data/database/dumps/VERSION.sql`. Run it on the commit that names the version.
An existing dump is never written again, because people have that database.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from zixly_data.cli.version import version
from zixly_data.database import administration, logins, migration
from zixly_data.postgres import binaries
from zixly_data.settings import Settings

FOLDER = Path(__file__).parents[2] / "zixly_data" / "database" / "dumps"
ROWS = Path(__file__).with_suffix(".sql")
# Lines for psql only, of newer servers only, of the creating machine, or repeated by the next line.
_LEFT_OUT = re.compile(
    r"^(?:\\(?:un)?restrict .*|SET transaction_timeout = 0;|-- Dumped (?:from|by) .*"
    r"|--\n-- (?:Data for )?Name: .*\n--\n)\n+",
    re.M,
)


def dump() -> str:
    """The dump of a new database of this version with the rows of `version_dump.sql`."""
    with tempfile.TemporaryDirectory() as home:
        held = logins.open_logins(Settings(home=Path(home)))
        try:
            migration.migrate(held)
            with administration.admin_engine(held.admin_url).begin() as superuser:
                administration.run_file(superuser, ROWS)
                if empty := [table for table in tables(superuser) if not rows(superuser, table)]:
                    raise SystemExit(f"{ROWS.name} has no row of {', '.join(empty)}.")
            return _pg_dump(held.admin_url, Path(home))
        finally:
            held.close()


def tables(connection: sa.Connection) -> list[str]:
    """Every table of Zixly, with its schema."""
    query = """
        select c.oid::regclass::text from pg_class c
        where c.relkind in ('r', 'p')
          and c.relnamespace in ('zixly'::regnamespace, 'app_private'::regnamespace)
        order by 1
    """
    return list(connection.execute(sa.text(query)).scalars())


def rows(connection: sa.Connection, table: str) -> list[dict[str, object]]:
    """The table's rows, as a superuser sees them."""
    return [dict(row) for row in connection.execute(sa.text(f"select * from {table}")).mappings()]


def _pg_dump(admin_url: str, home: Path) -> str:
    address = sa.make_url(admin_url)
    programs = binaries.find(home / "postgres" / "cluster")
    plain = subprocess.run(
        [programs.folder / "pg_dump", "--column-inserts", "--host", str(address.host),
         "--port", str(address.port), "--username", str(address.username), str(address.database)],
        env={**os.environ, "PGPASSWORD": str(address.password)},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return _LEFT_OUT.sub("", plain)


def main() -> None:
    place = FOLDER / f"{version()}.sql"
    if place.exists():
        sys.exit(f"{place.name} is there already, and a released database does not change.")
    FOLDER.mkdir(exist_ok=True)
    place.write_text(dump())
    sys.stdout.write(f"{place.relative_to(Path.cwd())}\n")


if __name__ == "__main__":
    main()
