"""Records in: closed months, imports, remembered mappings."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0003_records_in"
down_revision = "0002_people"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0003_records_in.sql")
