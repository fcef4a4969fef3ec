"""${message}"""

from zixly_data.database.migration import SQL, run_file
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    run_file(op.get_bind(), SQL / "migrations" / "${up_revision}.sql")
