"""Makes the proposal for a file: its rows are staged, then evaluated against the records."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import imports
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.imports.evaluation import evaluate
from zixly_data.imports.proposals import Proposal
from zixly_data.imports.references import read_reference_data
from zixly_data.imports.required_columns import require_columns
from zixly_data.imports.rows.deal_rows import with_entries
from zixly_data.imports.rows.row_rules import stage_rows


def propose(
    identity: Identity, kind: Kind, opened: OpenedFile, mapping: Mapping, sheet: int = 0
) -> Proposal:
    """Make the proposal for a sheet of this file, read with this mapping.

    Raises InvalidInput if a required column is not chosen, does not exist, or is chosen for two
    fields; AccessDenied for a VIEWER.
    """
    table = opened.tables[sheet]
    require_columns(kind, table, mapping)
    with scoped(identity) as connection:
        require_editor(connection)
        reference_data = read_reference_data(connection, identity)
        staged = stage_rows(kind, table, mapping, reference_data)
        return evaluate(connection, identity, Proposal(
            kind, opened.name, opened.checksum, with_entries(table, staged), mapping,
            reference_data, staged, {}, (),
        ))  # fmt: skip


def require_editor(connection: Connection) -> None:
    """Raise AccessDenied unless the person may import, by a read that only importers may make."""
    connection.execute(sa.select(imports.c.id).limit(0))
