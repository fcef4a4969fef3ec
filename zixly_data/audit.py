"""The audit trail: who did what, when and from where, before and after.

Written by the database, in the same transaction as the change; nobody can change it or take
anything off it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.connection import scoped
from zixly_data.frames import Frame, Instant, Text, fetch, nullable
from zixly_data.identity import Identity
from zixly_data.period import Period
from zixly_data.schema import audit_log, client_kpis

LONGEST_PAGE = 5_000


class Entries(Frame):
    """One row per entry, the latest first.

    `before` and `after` are JSON texts of a row's values, null where there was or is none;
    `user_email` is null for what the operator did.
    """

    id: Text
    at: Instant
    user_email: Text = nullable
    address: Text = nullable
    action: Text
    table_name: Text
    row_id: Text = nullable
    client_name: Text = nullable
    before: Text = nullable
    after: Text = nullable


class History(Frame):
    """One row per change of one record, the latest first."""

    at: Instant
    user_email: Text = nullable
    action: Text
    before: Text = nullable
    after: Text = nullable


@dataclass(frozen=True)
class AuditFilter:
    """Which entries.

    Empty parts mean all.
    """

    emails: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    client_kpi_ids: tuple[str, ...] = ()


def entries(
    identity: Identity,
    period: Period,
    time_zone: str,
    which: AuditFilter | None = None,
    *,
    limit: int | None = LONGEST_PAGE,
) -> DataFrame[Entries]:
    """The trail of the period's days in the tenant's time zone, at most `limit` entries.

    Raises AccessDenied unless the identity is an ADMIN.
    """
    which = which or AuditFilter()
    day = sa.cast(sa.func.timezone(time_zone, audit_log.c.at), sa.Date)
    conditions = [
        audit_log.c.tenant_id == identity.tenant_id,
        day.between(period.start, period.end),
    ]
    for column, wanted in (
        (audit_log.c.user_email, which.emails),
        (audit_log.c.action, which.actions),
        (audit_log.c.table_name, which.tables),
        (audit_log.c.client_kpi_id, which.client_kpi_ids),
    ):
        if wanted:
            conditions.append(column.in_(wanted))
    query = (
        sa.select(
            audit_log.c.id,
            audit_log.c.at,
            audit_log.c.user_email,
            audit_log.c.address,
            audit_log.c.action,
            audit_log.c.table_name,
            audit_log.c.row_id,
            sa.func.coalesce(client_kpis.c.client_name, audit_log.c.client_kpi_id).label(
                "client_name"
            ),
            sa.cast(audit_log.c.before, sa.Text).label("before"),
            sa.cast(audit_log.c.after, sa.Text).label("after"),
        )
        .select_from(
            audit_log.outerjoin(
                client_kpis,
                sa.and_(
                    client_kpis.c.tenant_id == audit_log.c.tenant_id,
                    client_kpis.c.id == audit_log.c.client_kpi_id,
                ),
            )
        )
        .where(*conditions)
        .order_by(audit_log.c.at.desc(), audit_log.c.id.desc())
        .limit(limit)
    )
    with scoped(identity) as connection:
        return fetch(connection, query, Entries)


def history(identity: Identity, table_name: str, row_id: str) -> DataFrame[History]:
    """What happened to one record of the books; for everybody who may read it."""
    query = sa.text(
        """
        select at, user_email, action, before::text as before, after::text as after
        from app.history_of(:table_name, :row_id) order by at desc
    """
    ).bindparams(table_name=table_name, row_id=row_id)
    with scoped(identity) as connection:
        return fetch(connection, query, History)


def note_export(identity: Identity, what: str, rows: int, filters: Mapping[str, object]) -> None:
    """Puts on the trail that rows left as a file: what, how many, and how they were chosen."""
    with scoped(identity) as connection:
        connection.execute(
            sa.text("select app.note_export(:what, :rows, cast(:filters as jsonb))"),
            {"what": what, "rows": rows, "filters": json.dumps(filters, default=str)},
        )
