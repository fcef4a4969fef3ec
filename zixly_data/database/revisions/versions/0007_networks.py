"""Failures counted by network, and the end of the samples of statistics."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0007_networks"
down_revision = "0006_client_notes"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0007_networks.sql")
