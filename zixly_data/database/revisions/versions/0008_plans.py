"""An index for the bills of one client, and when tables are vacuumed."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0008_plans"
down_revision = "0007_networks"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0008_plans.sql")
