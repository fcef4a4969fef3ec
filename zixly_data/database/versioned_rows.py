"""Adding, changing and deleting one row of a table that people edit.

* `add` takes the id generated when the form was opened: a form sent twice adds one row.
* `change` takes the version the person saw: the second of two to save gets a Conflict.
* Every row belongs to the identity's tenant. PostgreSQL enforces it; the queries also filter by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reading, scoped
from zixly_data.errors import AlreadyExists, Conflict, FromSource, MonthClosed, NotFound
from zixly_data.identity import Identity
from zixly_data.values.dates import month_name
from zixly_data.values.sources import ENTERED, is_synced, synced_text

Record = TypeVar("Record")
MakeRecord = Callable[[sa.Row[Any]], Record]
# The values of a row, or a function that computes them within the same transaction.
Values = Mapping[str, Any] | Callable[[Connection], Mapping[str, Any]]
# Writes rows that belong to a row, in the transaction that has just written it.
Then = Callable[[Connection], None]
# Reads the present version of a record: the query, its noun for messages, and its constructor.
Current = tuple[sa.Select[Any], str, MakeRecord[Record]]

REOPEN = "Ask an administrator to reopen it on the Close months page."


def get(
    identity: Identity, query: sa.Select[Any], noun: str, make_record: MakeRecord[Record]
) -> Record:
    """Return the record of the query's only row. Raises NotFound if there is none."""
    with reading(identity) as connection:
        return _get(connection, query, noun, make_record)


def add(
    identity: Identity,
    table: sa.TableClause,
    row_id: str,
    values: Values,
    then: Then | None = None,
) -> None:
    """Add a row, `then` what belongs to it; adding the same id with the same values again changes
    nothing.

    Raises AccessDenied, InvalidInput, MonthClosed, NotFound (a row it refers to is gone), and
    AlreadyExists if the id belongs to a row with other values or a unique value is taken.
    """
    with scoped(identity) as connection:
        values = _resolve(connection, values)
        # RETURNING would need the right to read every column; the row count suffices.
        added = connection.execute(
            insert(table)
            .values(id=row_id, **values)
            .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
            .execution_options(preserve_rowcount=True)
        ).rowcount
        if added:
            if then is not None:
                then(connection)
            return
        recorded = connection.execute(
            sa.select(*(table.c[name] for name in values)).where(
                *_row_conditions(identity, table, row_id)
            )
        ).one_or_none()
        if recorded is None or dict(recorded._mapping) != dict(values):
            raise AlreadyExists("This was already saved with different values.", field="id")


def change(
    identity: Identity,
    table: sa.TableClause,
    row_id: str,
    version: int,
    values: Values,
    current: Current[Record],
    then: Then | None = None,
) -> None:
    """Change a row that is still at `version`, `then` what belongs to it; `current` reads its
    present version.

    Raises Conflict with the present record if someone else changed it first, NotFound if it is
    gone, FromSource if a source such as Xero writes it, MonthClosed if its old or new date lies in
    a closed month, AccessDenied, InvalidInput, AlreadyExists.
    """
    with scoped(identity) as connection:
        changed = connection.execute(
            sa.update(table)
            .where(
                *_row_conditions(identity, table, row_id),
                *_is_entered(table),
                table.c.version == version,
            )
            .values(**_resolve(connection, values))
        ).rowcount
        if not changed:
            _refuse_synced(connection, identity, table, row_id)
            query, noun, make_record = current
            raise Conflict(
                "Someone else changed this while you were editing.",
                current=_get(connection, query, noun, make_record),
            )
        if then is not None:
            then(connection)


def delete(
    identity: Identity,
    table: sa.TableClause,
    row_id: str,
    version: int,
    current: Current[Record],
) -> None:
    """Delete a row that is still at `version`. Raises as `change` does."""
    with explain_closed_month("Nothing in it can be deleted."), scoped(identity) as connection:
        deleted = connection.execute(
            sa.delete(table).where(
                *_row_conditions(identity, table, row_id), table.c.version == version
            )
        ).rowcount
        if not deleted:
            _refuse_synced(connection, identity, table, row_id)
            query, noun, make_record = current
            raise Conflict(
                "Someone else changed this in the meantime, so it was not deleted.",
                current=_get(connection, query, noun, make_record),
            )


@contextmanager
def explain_closed_month(consequence: str) -> Iterator[None]:
    """Add a sentence to MonthClosed where changing the date is no option.

    Its advice becomes to have the month reopened.
    """
    try:
        yield
    except MonthClosed as error:
        month = f"{month_name(error.month)} is closed."
        raise MonthClosed(f"{month} {consequence}", month=error.month, advice=REOPEN) from None


def _is_entered(table: sa.TableClause) -> list[sa.ColumnElement[bool]]:
    """Return the condition that people write the row, for tables with rows of sources."""
    return [table.c.source_system.in_(ENTERED)] if "external_id" in table.c else []


def _refuse_synced(
    connection: Connection, identity: Identity, table: sa.TableClause, row_id: str
) -> None:
    if "external_id" not in table.c:
        return
    source = connection.execute(
        sa.select(table.c.source_system).where(*_row_conditions(identity, table, row_id))
    ).scalar_one_or_none()
    if source is not None and is_synced(source):
        raise FromSource(synced_text(source))


def _row_conditions(identity: Identity, table: sa.TableClause, row_id: str) -> tuple[Any, Any]:
    return (table.c.tenant_id == identity.tenant_id, table.c.id == row_id)


def _resolve(connection: Connection, values: Values) -> Mapping[str, Any]:
    return values(connection) if callable(values) else values


def _get(
    connection: Connection, query: sa.Select[Any], noun: str, make_record: MakeRecord[Record]
) -> Record:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"This {noun} no longer exists.")
    return make_record(row)
