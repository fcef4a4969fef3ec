"""The audit trail: user, action, time, address, and values before and after.

The database writes each entry in the transaction of its change. No role can change or delete
entries.
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
from sqlalchemy.dialects.postgresql import JSONB

from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import audit_log, client_kpis, metric_definitions, users
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Frame, Instant, Text, fetch, nullable
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.paging import (
    Order,
    Page,
    PageRequest,
    Sorts,
    cut_page,
    fetch_cut,
    sorted_by,
)
from zixly_data.values.period import Period

_FIRST_PAGE = PageRequest()
# Stands for the server's operator, who is no user, in place of an email.
OPERATOR = "operator"


class Entries(Frame):
    """One row per entry, the latest first.

    `before` and `after` are JSON texts of a row's values; `before` is null for an added row,
    `after` for a deleted one.
    `user_email` is null for actions without a signed-in user; `user_name` also for deleted users.
    `subject` is the name of the user an entry concerns, or of the metric a target is of.
    `client_name` and `currency` are the client's, for a deleted client the last ones.
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
    """A filter of audit entries.

    Empty parts mean all. `OPERATOR` among the emails selects actions without a signed-in user.
    """

    emails: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    client_kpi_ids: tuple[str, ...] = ()


def page(
    identity: Identity,
    period: Period,
    time_zone: str,
    audit_filter: AuditFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
) -> Page[Entries]:
    """Return one page of the entries of the period's days in the tenant's time zone.

    They may be sorted by `at`, the oldest first. Raises AccessDenied unless the identity is an
    ADMIN.
    """
    conditions = _conditions(identity, period, time_zone, audit_filter)
    count = sa.select(sa.func.count()).select_from(audit_log).where(*conditions)

    def cut(request: PageRequest) -> sa.Select[Any]:
        """Cut the page before the names are joined, and before another client's is looked up."""
        rows = cut_page(sa.select(audit_log).where(*conditions), request, *_orders(audit_log.c))
        entries = rows.subquery()
        order, sorts = _orders(entries.c)
        return _with_names(identity, entries).order_by(*sorted_by(request, order, sorts))

    with reporting(identity) as connection:
        return fetch_cut(connection, cut, Entries, request, count)


def entries_query(
    identity: Identity, period: Period, time_zone: str, audit_filter: AuditFilter | None
) -> sa.Select[Any]:
    """Return the statement of all entries, the latest first, with the columns of `Entries`."""
    conditions = _conditions(identity, period, time_zone, audit_filter)
    entries = sa.select(audit_log).where(*conditions).subquery()
    return _with_names(identity, entries).order_by(entries.c.at.desc(), entries.c.id.desc())


def _orders(columns: Any) -> tuple[Order, Sorts]:
    """Return the order of the entries, and the columns that they may be sorted by."""
    return (columns.at.desc(), columns.id.desc()), {"at": columns.at}


def _with_names(identity: Identity, page: sa.Subquery) -> sa.Select[Any]:
    """Return the entries with the names of the people and clients they are about."""
    subjects, metrics = users.alias(), metric_definitions.alias()
    row = sa.cast(sa.func.coalesce(page.c.after, page.c.before), JSONB)
    is_of_target = sa.and_(
        page.c.table_name == "metric_targets",
        metrics.c.tenant_id == identity.tenant_id,
        metrics.c.id == row["metric_id"].astext,
    )
    same_tenant = page.c.tenant_id == identity.tenant_id
    return sa.select(
        page.c.id,
        page.c.at,
        page.c.user_email,
        users.c.full_name.label("user_name"),
        page.c.address,
        page.c.action,
        page.c.table_name,
        page.c.row_id,
        sa.func.coalesce(subjects.c.full_name, metrics.c.metric_name).label("subject"),
        _client_column(identity, page, "client_name"),
        _client_column(identity, page, "currency"),
        sa.cast(page.c.before, sa.Text).label("before"),
        sa.cast(page.c.after, sa.Text).label("after"),
    ).select_from(
        page.outerjoin(users, same_tenant & (users.c.id == page.c.user_id))
        .outerjoin(subjects, (page.c.table_name == "users") & (subjects.c.id == page.c.row_id))
        .outerjoin(metrics, is_of_target)
        .outerjoin(client_kpis, same_tenant & (client_kpis.c.id == page.c.client_kpi_id))
    )


def people(identity: Identity) -> list[str]:
    """Return the email addresses of the team and of deleted users, in order."""
    query = sa.text("""
        select email from users where tenant_id = :tenant_id
        union
        select before ->> 'email' from audit_log
        where tenant_id = :tenant_id and table_name = 'users' and action = 'DELETE'
        order by 1
    """)
    with reporting(identity) as connection:
        return list(connection.execute(query, {"tenant_id": identity.tenant_id}).scalars())


def history(identity: Identity, table_name: str, row_id: str) -> DataFrame[History]:
    """Return the changes of one record; for every role that may read the record."""
    query = sa.text(
        """
        select at, user_name, action, before::text as before, after::text as after
        from app.history_of(:table_name, :row_id) order by at desc
    """
    ).bindparams(table_name=table_name, row_id=row_id)
    with reporting(identity) as connection:
        return fetch(connection, query, History)


def note_export(identity: Identity, content: str, rows: int, filters: Mapping[str, object]) -> None:
    """Record the export of a file on the trail: its content, number of rows and filters.

    `content` is the name of the exported table or report, such as `financials`.

    Raises SessionEnded, and LimitReached after 60 exports of the user within a minute or 5,000
    within a day; the caller then provides no file.
    """
    with scoped(identity) as connection:
        connection.execute(export_note(content, rows, filters))


def export_note(content: str, rows: int, filters: Mapping[str, object]) -> sa.TextClause:
    """Return the statement of `note_export`, to run in the transaction of the export."""
    return sa.text("select app.note_export(:content, :rows, cast(:filters as jsonb))").bindparams(
        content=content, rows=rows, filters=json.dumps(filters, default=str)
    )


def filters(
    period: Period | None = None, audit_filter: ClientFilter | None = None, **others: object
) -> dict[str, object]:
    """Return the filters in force, for `note_export`; empty ones are left out."""
    values: dict[str, object] = dict(others)
    if period is not None:
        values |= {"from": str(period.start), "to": str(period.end)}
    if audit_filter is not None:
        values |= {
            "client_kpi_ids": list(audit_filter.client_kpi_ids),
            "statuses": list(audit_filter.statuses),
            "industries": list(audit_filter.industries),
            "search": audit_filter.search,
            "currencies": list(audit_filter.currencies),
        }
    return {name: value for name, value in values.items() if value}


def overhead_filters(overhead_filter: OverheadFilter) -> dict[str, object]:
    """Return the chosen parts of a filter of overheads, for `filters`."""
    parts = {
        "kinds": list(overhead_filter.kinds),
        "currencies": list(overhead_filter.currencies),
        "search": overhead_filter.search,
    }
    return {name: value for name, value in parts.items() if value}


def _conditions(
    identity: Identity, period: Period, time_zone: str, audit_filter: AuditFilter | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a filter, with days as instants to use the index by time."""
    audit_filter = audit_filter or AuditFilter()
    email = sa.func.coalesce(audit_log.c.user_email, OPERATOR)
    conditions = [
        audit_log.c.tenant_id == identity.tenant_id,
        audit_log.c.at >= _midnight(period.start, time_zone),
        audit_log.c.at < _midnight(period.end + timedelta(days=1), time_zone),
    ]
    for column, accepted in (
        (email, audit_filter.emails),
        (audit_log.c.action, audit_filter.actions),
        (audit_log.c.table_name, audit_filter.tables),
        (audit_log.c.client_kpi_id, audit_filter.client_kpi_ids),
    ):
        if accepted:
            conditions.append(column.in_(accepted))
    return conditions


def _client_column(identity: Identity, page: sa.Subquery, name: str) -> sa.Label[str]:
    """Select a column of an entry's client, for a deleted client its last value."""
    deleted_value = (
        sa.select(sa.func.jsonb_extract_path_text(audit_log.c.before, name))
        .where(
            audit_log.c.tenant_id == identity.tenant_id,
            audit_log.c.table_name == "client_kpis",
            audit_log.c.row_id == page.c.client_kpi_id,
            audit_log.c.action == "DELETE",
        )
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(client_kpis.c[name], deleted_value).label(name)


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(time_zone))
