"""The tables."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0001_tables"
down_revision = None


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0001_tables.sql")
