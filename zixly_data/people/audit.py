"""The audit trail: who did what, when and from where, before and after.

Written by the database, in the same transaction as the change; nobody can change it or take
anything off it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import scoped
from zixly_data.database.schema import audit_log, client_kpis, users
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Frame, Instant, Text, fetch, nullable
from zixly_data.values.period import Period

LONGEST_PAGE = 2_000
# What people are called who are no user: the operator, at the command line of the server.
OPERATOR = "operator"


class Entries(Frame):
    """One row per entry, the latest first.

    `before` and `after` are JSON texts of a row's values, null where there was or is none.
    `user_email` is null for what nobody signed in did, `user_name` too where the person is gone.
    `subject` names the user whom an entry is about; `client_name` and `currency` are those of the
    client, as it was last where it was deleted.
    """

    id: Text
    at: Instant
    user_email: Text = nullable
    user_name: Text = nullable
    address: Text = nullable
    action: Text
    table_name: Text
    row_id: Text = nullable
    subject: Text = nullable
    client_name: Text = nullable
    currency: Text = nullable
    before: Text = nullable
    after: Text = nullable


class History(Frame):
    """One row per change of one record, the latest first."""

    at: Instant
    user_name: Text = nullable
    action: Text
    before: Text = nullable
    after: Text = nullable


@dataclass(frozen=True)
class AuditFilter:
    """Which entries.

    Empty parts mean all; `OPERATOR` among the emails stands for what nobody signed in did.
    """

    emails: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    client_kpi_ids: tuple[str, ...] = ()


def entries(
    identity: Identity,
    period: Period,
    time_zone: str,
    audit_filter: AuditFilter | None = None,
    *,
    limit: int | None = LONGEST_PAGE,
) -> DataFrame[Entries]:
    """The trail of the period's days in the tenant's time zone, at most `limit` entries.

    Raises AccessDenied unless the identity is an ADMIN.
    """
    with scoped(identity) as connection:
        query = entries_query(identity, period, time_zone, audit_filter, limit)
        return fetch(connection, query, Entries)


def entries_query(
    identity: Identity,
    period: Period,
    time_zone: str,
    audit_filter: AuditFilter | None,
    limit: int | None,
) -> sa.Select[Any]:
    """The statement behind `entries`; its columns are those of `Entries`."""
    some = (
        sa.select(audit_log)
        .where(*_chosen(identity, period, time_zone, audit_filter))
        .order_by(audit_log.c.at.desc(), audit_log.c.id.desc())
        .limit(limit)
        .subquery()
    )
    about = users.alias()
    same_tenant = some.c.tenant_id == identity.tenant_id
    return (
        sa.select(
            some.c.id,
            some.c.at,
            some.c.user_email,
            users.c.full_name.label("user_name"),
            some.c.address,
            some.c.action,
            some.c.table_name,
            some.c.row_id,
            about.c.full_name.label("subject"),
            _of_client(identity, some, "client_name"),
            _of_client(identity, some, "currency"),
            sa.cast(some.c.before, sa.Text).label("before"),
            sa.cast(some.c.after, sa.Text).label("after"),
        )
        .select_from(
            some.outerjoin(users, same_tenant & (users.c.id == some.c.user_id))
            .outerjoin(about, (some.c.table_name == "users") & (about.c.id == some.c.row_id))
            .outerjoin(client_kpis, same_tenant & (client_kpis.c.id == some.c.client_kpi_id))
        )
        .order_by(some.c.at.desc(), some.c.id.desc())
    )


def count(
    identity: Identity, period: Period, time_zone: str, audit_filter: AuditFilter | None = None
) -> int:
    """How many entries `entries` has without a limit. Raises AccessDenied unless ADMIN."""
    query = sa.select(sa.func.count()).select_from(audit_log)
    with scoped(identity) as connection:
        chosen = query.where(*_chosen(identity, period, time_zone, audit_filter))
        return int(connection.execute(chosen).scalar_one())


def people(identity: Identity) -> list[str]:
    """The addresses of everyone who may stand on the trail: the team, and who was deleted."""
    query = sa.text("""
        select email from users where tenant_id = :tenant_id
        union
        select before ->> 'email' from audit_log
        where tenant_id = :tenant_id and table_name = 'users' and action = 'DELETE'
        order by 1
    """)
    with scoped(identity) as connection:
        return list(connection.execute(query, {"tenant_id": identity.tenant_id}).scalars())


def history(identity: Identity, table_name: str, row_id: str) -> DataFrame[History]:
    """What happened to one record of the books; for everybody who may read it."""
    query = sa.text(
        """
        select at, user_name, action, before::text as before, after::text as after
        from app.history_of(:table_name, :row_id) order by at desc
    """
    ).bindparams(table_name=table_name, row_id=row_id)
    with scoped(identity) as connection:
        return fetch(connection, query, History)


def note_export(identity: Identity, what: str, rows: int, filters: Mapping[str, object]) -> None:
    """Puts on the trail that rows left as a file: what, how many, and how they were chosen.

    Raises SessionEnded; whoever is told so gets no file.
    """
    with scoped(identity) as connection:
        connection.execute(export_note(what, rows, filters))


def export_note(what: str, rows: int, filters: Mapping[str, object]) -> sa.TextClause:
    """The statement behind `note_export`, for those who export and note in one transaction."""
    return sa.text("select app.note_export(:what, :rows, cast(:filters as jsonb))").bindparams(
        what=what, rows=rows, filters=json.dumps(filters, default=str)
    )


def filters(
    period: Period | None = None, audit_filter: ClientFilter | None = None, **others: object
) -> dict[str, object]:
    """How rows were chosen, for `note_export`: the parts that narrow anything."""
    chosen: dict[str, object] = dict(others)
    if period is not None:
        chosen |= {"from": str(period.start), "to": str(period.end)}
    if audit_filter is not None:
        chosen |= {
            "client_kpi_ids": list(audit_filter.client_kpi_ids),
            "statuses": list(audit_filter.statuses),
            "industries": list(audit_filter.industries),
            "search": audit_filter.search,
            "currencies": list(audit_filter.currencies),
        }
    return {name: value for name, value in chosen.items() if value}


def _chosen(
    identity: Identity, period: Period, time_zone: str, audit_filter: AuditFilter | None
) -> list[sa.ColumnElement[bool]]:
    """The days as instants, so that the index by time serves."""
    audit_filter = audit_filter or AuditFilter()
    email = sa.func.coalesce(audit_log.c.user_email, OPERATOR)
    conditions = [
        audit_log.c.tenant_id == identity.tenant_id,
        audit_log.c.at >= _midnight(period.start, time_zone),
        audit_log.c.at < _midnight(period.end + timedelta(days=1), time_zone),
    ]
    for column, wanted in (
        (email, audit_filter.emails),
        (audit_log.c.action, audit_filter.actions),
        (audit_log.c.table_name, audit_filter.tables),
        (audit_log.c.client_kpi_id, audit_filter.client_kpi_ids),
    ):
        if wanted:
            conditions.append(column.in_(wanted))
    return conditions


def _of_client(identity: Identity, some: sa.Subquery, name: str) -> sa.Label[str]:
    """What the client of an entry is called, or was called when it was deleted."""
    last = (
        sa.select(sa.func.jsonb_extract_path_text(audit_log.c.before, name))
        .where(
            audit_log.c.tenant_id == identity.tenant_id,
            audit_log.c.table_name == "client_kpis",
            audit_log.c.row_id == some.c.client_kpi_id,
            audit_log.c.action == "DELETE",
        )
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(client_kpis.c[name], last).label(name)


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(time_zone))
