"""The records of a month that a grid has read, without those that somebody else adds later.

A grid remembers the ids of at most `MOST_SEEN` records of a month, the newest ones. Older records
were read too: only what is newer than the oldest of these can be an addition.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.identity import Identity
from zixly_data.values.dates import month_end

MOST_SEEN = 1_000


def seen_ids_query(
    identity: Identity, table: sa.TableClause, date_column: str, month: date
) -> sa.Select[Any]:
    """Return the statement for the ids to remember of the month that begins on `month`."""
    return (
        sa.select(table.c.id)
        .where(
            table.c.tenant_id == identity.tenant_id,
            table.c[date_column].between(month, month_end(month)),
        )
        .order_by(table.c.created_at.desc(), table.c.id.desc())
        .limit(MOST_SEEN)
    )


def may_be_unseen(
    identity: Identity, table: sa.TableClause, seen_ids: Collection[str]
) -> sa.ColumnElement[bool]:
    """Return the condition that a record of the month is not older than all that are remembered."""
    if len(seen_ids) < MOST_SEEN:
        return sa.true()
    oldest = (
        sa.select(table.c.created_at, table.c.id)
        .where(table.c.tenant_id == identity.tenant_id, table.c.id.in_(seen_ids))
        .order_by(table.c.created_at, table.c.id)
        .limit(1)
        .subquery("oldest_seen")
    )
    is_older = sa.tuple_(table.c.created_at, table.c.id) < sa.tuple_(
        oldest.c.created_at, oldest.c.id
    )
    return ~sa.exists().select_from(oldest).where(is_older)
