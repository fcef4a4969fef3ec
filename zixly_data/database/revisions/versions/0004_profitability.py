"""Profitability: monthly sums, exchange rates, dismissals, saved views, annotations."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0004_profitability"
down_revision = "0003_records_in"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0004_profitability.sql")
