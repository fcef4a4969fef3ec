"""Prospects, and the time of a lead event within its day."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0010_prospects"
down_revision = "0009_overheads"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0010_prospects.sql")
