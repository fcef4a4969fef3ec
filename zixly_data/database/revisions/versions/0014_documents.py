"""Documents of files: lines that share a number."""

from alembic import op

from zixly_data.database.administration import run_file
from zixly_data.database.migration import SQL

revision = "0014_documents"
down_revision = "0013_stages"


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "0014_documents.sql")
