"""Stages that are merged and retired, and reasons for losing a lead."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0013_stages"
down_revision = "0012_targets"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0013_stages.sql")
