"""Date notes: events of a day that concern the whole business or one client.

Charts show them at their date. Closed months accept notes, because a note changes no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, date_notes
from zixly_data.identity import Identity
from zixly_data.records import client_conditions
from zixly_data.tables.date_notes import DATE_NOTES, NoteDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period

_FIRST_PAGE = PageRequest()
_ORDER = (date_notes.c.day.desc(), date_notes.c.id.desc())


class DateNotes(Frame):
    """One row per note. `client_kpi_id` and `client_name` are null if it is about all clients;
    `written_by_name` is the first author."""

    id: Text
    day: Date
    client_kpi_id: Text = nullable
    client_name: Text = nullable
    words: Text
    written_by_name: Text = nullable
    version: Count


@dataclass(frozen=True)
class DateNote(NoteDraft):
    """A stored note. `version` counts its changes."""

    id: str = ""
    version: int = 0


def page(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
) -> Page[DateNotes]:
    """Return one page of the notes on days of the period, the latest day first.

    Includes the notes about all clients and those about the clients that match the filter.
    """
    with reporting(identity) as connection:
        return fetch_page(
            connection,
            _notes_query(identity, period, client_filter),
            DateNotes,
            request,
            _ORDER,
            {"day": date_notes.c.day},
        )


def list_notes(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[DateNotes]:
    """Return all notes of `page`, in its own order."""
    query = _notes_query(identity, period, client_filter).order_by(*_ORDER)
    with reporting(identity) as connection:
        return fetch(connection, query, DateNotes)


def _notes_query(
    identity: Identity, period: Period, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    columns = [date_notes.c[name] for name in DateNotes.to_schema().columns if name in date_notes.c]
    columns.insert(3, client_kpis.c.client_name)
    is_of_client = sa.and_(
        client_kpis.c.tenant_id == identity.tenant_id,
        client_kpis.c.id == date_notes.c.client_kpi_id,
    )
    return (
        sa.select(*columns)
        .select_from(date_notes.outerjoin(client_kpis, is_of_client))
        .where(
            date_notes.c.tenant_id == identity.tenant_id,
            date_notes.c.day.between(period.start, period.end),
            sa.or_(
                date_notes.c.client_kpi_id.is_(None),
                sa.and_(*client_conditions.client_conditions(identity, client_filter)),
            ),
        )
    )


def get(identity: Identity, note_id: str) -> DateNote:
    """Return one note. Raises NotFound, also for a note of another tenant."""
    return versioned_rows.get(identity, *_current(identity, note_id))


def add(identity: Identity, draft: NoteDraft, *, row_id: str) -> None:
    """Add a note with the id `row_id` (`ids.new_id("note")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput, NotFound (the client was deleted).
    """
    versioned_rows.add(identity, date_notes, row_id, DATE_NOTES.values(draft))


def change(identity: Identity, note_id: str, version: int, draft: NoteDraft) -> None:
    """Change a note that is still at `version`. Raises Conflict and as `add` does."""
    current = _current(identity, note_id)
    versioned_rows.change(identity, date_notes, note_id, version, DATE_NOTES.values(draft), current)


def delete(identity: Identity, note_id: str, version: int) -> None:
    """Delete a note that is still at `version`. Raises Conflict, NotFound, AccessDenied."""
    versioned_rows.delete(identity, date_notes, note_id, version, _current(identity, note_id))


def _current(identity: Identity, note_id: str) -> versioned_rows.Current[DateNote]:
    query = sa.select(*(date_notes.c[name] for name in DATE_NOTES.record)).where(
        date_notes.c.tenant_id == identity.tenant_id, date_notes.c.id == note_id
    )
    return query, "note", lambda row: DateNote(**row._mapping)
