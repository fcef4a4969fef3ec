"""Lines of documents of 0.1.0, of which the further ones were counted: `INV-7`, `INV-7 (2)`."""

from __future__ import annotations

import sqlalchemy as sa

from tests.support.database.version_dump import FOLDER
from tests.zixly_data.database.conftest import NewDatabase
from zixly_data.database import administration, migration

# Two files, an hour apart. Kea is a client of the first file, Bay one of both.
LINES = """
    set local session_replication_role = replica;
    insert into zixly.financials
      (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id,
       created_at)
    select 'zixly-org-001', 'fin_doc_' || id, client, '2026-01-05', 1, 0, source, number,
           '2026-01-05 10:00+00'::timestamptz + hour * interval '1 hour'
    from (values
      (1, 'kea', 'file', 'INV-7',         0),
      (2, 'kea', 'file', 'INV-7 (2)',     0),
      (3, 'bay', 'file', 'INV-7 (3)',     0),
      (4, 'kea', 'file', 'INV-7 (4)',     1),
      (5, 'bay', 'file', 'INV-8',         1),
      (6, 'bay', 'file', 'INV-7 (5)',     1),
      (7, 'kea', 'file', 'Lease (2)',     0),
      (8, 'kea', 'xero', 'INV-7 (2)',     0)) as line (id, client, source, number, hour);
    set local session_replication_role = origin;
"""


def test_counted_lines_get_the_number_of_their_document(new_database: NewDatabase) -> None:
    """Of the same client, or of another client in the same file. Nobody has changed them."""
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, FOLDER / "0.1.0.sql")
        administration.run_script(superuser, LINES)

    migration.migrate(books)

    with administration.admin_engine(books.admin_url).begin() as superuser:
        numbers = superuser.execute(
            sa.text(
                "select external_id, version from zixly.financials"
                " where id like 'fin\\_doc\\_%' order by id"
            )
        ).all()
        noted = superuser.execute(
            sa.text("select count(*) from zixly.audit_log where row_id like 'fin\\_doc\\_%'")
        ).scalar_one()
    assert [tuple(line) for line in numbers] == [
        ("INV-7", 1), ("INV-7", 1), ("INV-7", 1), ("INV-7", 1), ("INV-8", 1),
        # Whose these are nobody can tell: another file's, another document's, a source's.
        ("INV-7 (5)", 1), ("Lease (2)", 1), ("INV-7 (2)", 1),
    ]  # fmt: skip
    assert noted == 0
