"""Notes on clients."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0006_client_notes"
down_revision = "0005_purposes"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0006_client_notes.sql")
