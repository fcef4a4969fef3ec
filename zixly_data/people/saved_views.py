"""Saved views: filters of a page that a user saves by name, one of them as the page's default.

A view is private: no colleague can read, change or delete it, whatever their role, and it is not
audited. It is deleted with its user.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import saved_views
from zixly_data.database.statement_cache import cached_statement
from zixly_data.identity import Identity
from zixly_data.values.frames import Count, Flag, Frame, Text, arrow_types, fetch
from zixly_data.values.names import parse_name

LONGEST_NAME = 60


class SavedViews(Frame):
    """One row per view of the user. `filters` is the query string of the page's address."""

    id: Text
    page: Text
    name: Text
    filters: Text
    is_default: Flag
    version: Count


@dataclass(frozen=True)
class ViewDraft:
    """A view as entered: a name for the filters of a page, such as `period=2024-Q1`."""

    page: str
    name: str
    filters: str
    is_default: bool = False


@dataclass(frozen=True)
class SavedView(ViewDraft):
    """A saved view. `version` counts its changes."""

    id: str = ""
    version: int = 0


def list_views(identity: Identity, page: str) -> DataFrame[SavedViews]:
    """Return the user's views of a page, ordered by name, ignoring case, then by id."""
    with reporting(identity) as connection:
        return fetch(connection, _list_query(identity, identity.user_id, page), SavedViews)


@cached_statement
def _list_query(identity: Identity, user_id: str, page: str) -> sa.Select[Any]:
    return (
        sa.select(*(saved_views.c[name] for name in arrow_types(SavedViews)))
        .where(
            saved_views.c.tenant_id == identity.tenant_id,
            saved_views.c.user_id == user_id,
            saved_views.c.page == page,
        )
        .order_by(sa.func.lower(saved_views.c.name), saved_views.c.id)
    )


def get(identity: Identity, view_id: str) -> SavedView:
    """Return one view. Raises NotFound, also for another user's view."""
    return versioned_rows.get(identity, *_current(identity, view_id))


def save(identity: Identity, draft: ViewDraft, *, row_id: str) -> None:
    """Save a view under a new id (`ids.new_id("view")`); the same id again changes nothing.

    A new default replaces the old one. Raises InvalidInput, AlreadyExists (the name is
    taken on this page), LimitReached (a user has 200 views), AccessDenied.
    """
    versioned_rows.add(identity, saved_views, row_id, partial(_values, identity, row_id, draft))


def change(identity: Identity, view_id: str, version: int, draft: ViewDraft) -> None:
    """Change name, filters and default of a view that is still at `version`, but not its page.

    A new default replaces the old one. Raises Conflict, NotFound and as `save` does.
    """

    def values(connection: Connection) -> dict[str, Any]:
        saved_page = sa.select(saved_views.c.page).where(
            *_own_views(identity), saved_views.c.id == view_id
        )
        page = connection.execute(saved_page).scalar_one_or_none() or draft.page
        new_values = _values(identity, view_id, replace(draft, page=page), connection)
        return {name: value for name, value in new_values.items() if name != "page"}

    current = _current(identity, view_id)
    versioned_rows.change(identity, saved_views, view_id, version, values, current)


def delete(identity: Identity, view_id: str, version: int) -> None:
    """Delete a view that is still at `version`. Raises Conflict, NotFound."""
    versioned_rows.delete(identity, saved_views, view_id, version, _current(identity, view_id))


def _own_views(identity: Identity) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        saved_views.c.tenant_id == identity.tenant_id,
        saved_views.c.user_id == identity.user_id,
    )


def _values(
    identity: Identity, view_id: str, draft: ViewDraft, connection: Connection
) -> dict[str, Any]:
    """Return the column values of a draft. If it is the default, unset the present default."""
    name = parse_name(draft.name, "name", LONGEST_NAME)
    if draft.is_default:
        # Serialised: of two windows that set a default at once, the later one takes effect.
        connection.execute(sa.text("select app.take_turn('choosing a default view')"))
        connection.execute(
            sa.update(saved_views)
            .where(
                *_own_views(identity),
                saved_views.c.page == draft.page,
                saved_views.c.is_default,
                saved_views.c.id != view_id,
            )
            .values(is_default=False)
        )
    return {
        "page": draft.page,
        "name": name,
        "filters": draft.filters,
        "is_default": draft.is_default,
    }


def _current(identity: Identity, view_id: str) -> versioned_rows.Current[SavedView]:
    columns = ("page", "name", "filters", "is_default", "id", "version")
    query = sa.select(*(saved_views.c[name] for name in columns)).where(
        *_own_views(identity), saved_views.c.id == view_id
    )
    return query, "view", lambda row: SavedView(**row._mapping)
