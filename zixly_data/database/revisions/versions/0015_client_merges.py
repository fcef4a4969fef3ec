"""Clients that were merged into others, with all that undoing it takes."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0015_client_merges"
down_revision = "0014_documents"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0015_client_merges.sql")
