"""Targets of metrics as rows."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0012_targets"
down_revision = "0011_values_of_metrics"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0012_targets.sql")
