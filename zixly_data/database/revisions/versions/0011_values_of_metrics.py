"""One value of a metric: how values add up, and metrics computed from others."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0011_values_of_metrics"
down_revision = "0010_prospects"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0011_values_of_metrics.sql")
