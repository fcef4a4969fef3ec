"""People: invitations, password links, second factors, a fuller trail."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0002_people"
down_revision = "0001_tables"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0002_people.sql")
