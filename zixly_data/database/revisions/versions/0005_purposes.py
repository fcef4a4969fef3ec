"""Purposes of metrics, so that no figure hangs on a metric's name."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0005_purposes"
down_revision = "0004_profitability"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0005_purposes.sql")
