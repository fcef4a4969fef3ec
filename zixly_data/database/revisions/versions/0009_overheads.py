"""Revenue and expenses that belong to no client."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0009_overheads"
down_revision = "0008_plans"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0009_overheads.sql")
