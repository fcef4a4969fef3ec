"""Adding, changing and deleting one row, the same way for every table that people edit.

* Adding takes the id the form was opened with: a form sent twice makes one row.
* Changing takes the version the person saw: whoever saves second is told, and shown both.
* Every row is of the identity's tenant; PostgreSQL sees to it, and the queries say so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reading, scoped
from zixly_data.errors import AlreadyExists, Conflict, MonthClosed, NotFound
from zixly_data.identity import Identity
from zixly_data.values.dates import month_name

Record = TypeVar("Record")
Make = Callable[[sa.Row[Any]], Record]
# A row's values, or how to find them out within the same transaction.
Values = Mapping[str, Any] | Callable[[Connection], Mapping[str, Any]]
# How to read one record as it stands: the query, what it is called, and how to make it of a row.
Current = tuple[sa.Select[Any], str, Make[Record]]

REOPEN = "Ask an administrator to reopen it on the page Months."


def get(identity: Identity, query: sa.Select[Any], what: str, make: Make[Record]) -> Record:
    """The one row the query finds. Raises NotFound where there is none."""
    with reading(identity) as connection:
        return _get(connection, query, what, make)


def add(
    identity: Identity,
    table: sa.TableClause,
    row_id: str,
    values: Values,
) -> None:
    """Adds a row. The same id with the same values again changes nothing.

    Raises AccessDenied, InvalidInput, MonthClosed, NotFound (what it belongs to is gone), and
    AlreadyExists when the id is taken by a row with other values or a unique value is.
    """
    with scoped(identity) as connection:
        values = _found(connection, values)
        # RETURNING would need the right to read every column; the count says as much.
        added = connection.execute(
            insert(table)
            .values(id=row_id, **values)
            .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
            .execution_options(preserve_rowcount=True)
        ).rowcount
        if added:
            return
        there = connection.execute(
            sa.select(*(table.c[name] for name in values)).where(*_this(identity, table, row_id))
        ).one_or_none()
        if there is None or dict(there._mapping) != dict(values):
            raise AlreadyExists("This was saved already, with other values.", field="id")


def change(
    identity: Identity,
    table: sa.TableClause,
    row_id: str,
    version: int,
    values: Values,
    current: Current[Record],
) -> None:
    """Changes a row that is still at `version`; `current` reads it as (query, what, make).

    Raises Conflict with the current record when someone else changed it first, NotFound when it is
    gone, MonthClosed where its date lies or lay in a closed month, AccessDenied, InvalidInput,
    AlreadyExists.
    """
    with scoped(identity) as connection:
        changed = connection.execute(
            sa.update(table)
            .where(*_this(identity, table, row_id), table.c.version == version)
            .values(**_found(connection, values))
        ).rowcount
        if not changed:
            query, what, make = current
            raise Conflict(
                "Someone else changed this while you were editing.",
                current=_get(connection, query, what, make),
            )


def delete(
    identity: Identity,
    table: sa.TableClause,
    row_id: str,
    version: int,
    current: Current[Record],
) -> None:
    """Deletes a row that is still at `version`. Raises as `change` does."""
    with closed_means("Nothing dated in it is deleted."), scoped(identity) as connection:
        gone = connection.execute(
            sa.delete(table).where(*_this(identity, table, row_id), table.c.version == version)
        ).rowcount
        if not gone:
            query, what, make = current
            raise Conflict(
                "Someone else changed this in the meantime, so it was not deleted.",
                current=_get(connection, query, what, make),
            )


@contextmanager
def closed_means(words: str) -> Iterator[None]:
    """What MonthClosed means where another date would be no way out, in a sentence."""
    try:
        yield
    except MonthClosed as error:
        month = f"{month_name(error.month)} is closed."
        raise MonthClosed(f"{month} {words}", month=error.month, advice=REOPEN) from None


def _this(identity: Identity, table: sa.TableClause, row_id: str) -> tuple[Any, Any]:
    return (table.c.tenant_id == identity.tenant_id, table.c.id == row_id)


def _found(connection: Connection, values: Values) -> Mapping[str, Any]:
    return values(connection) if callable(values) else values


def _get(connection: Connection, query: sa.Select[Any], what: str, make: Make[Record]) -> Record:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"This {what} is not there any more.")
    return make(row)
