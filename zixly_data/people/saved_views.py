"""Saved views: the filters of a page that a person keeps by name, one of them as its default.

A view is its owner's alone: no colleague reads, changes or deletes it, whatever their role, and
the trail does not tell of it. It goes with its person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reading
from zixly_data.database.schema import saved_views
from zixly_data.database.statement_cache import cached_statement
from zixly_data.identity import Identity
from zixly_data.values.frames import Count, Flag, Frame, Text, arrow_types, fetch
from zixly_data.values.names import parse_name

LONGEST_NAME = 60


class SavedViews(Frame):
    """One row per view of the person's own. `filters` is what stands behind the page's address."""

    id: Text
    page: Text
    name: Text
    filters: Text
    is_default: Flag
    version: Count


@dataclass(frozen=True)
class ViewDraft:
    """What a person saves: a name for the filters of a page, such as `period=2024-Q1`."""

    page: str
    name: str
    filters: str
    is_default: bool = False


@dataclass(frozen=True)
class SavedView(ViewDraft):
    """A view as it stands. `version` counts its changes."""

    id: str = ""
    version: int = 0


def list_views(identity: Identity, page: str) -> DataFrame[SavedViews]:
    """The person's own views of a page, ordered by name, whatever its case, then by id."""
    with reading(identity) as connection:
        return fetch(connection, _list(identity, identity.user_id, page), SavedViews)


@cached_statement
def _list(identity: Identity, user_id: str, page: str) -> sa.Select[Any]:
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
    """One view. Raises NotFound, also for a view of somebody else."""
    return versioned_rows.get(identity, *_current(identity, view_id))


def save(identity: Identity, draft: ViewDraft, *, row_id: str) -> None:
    """Saves a view under an id of ours (`ids.new_id("view")`); sent twice, it is saved once.

    A new default takes the place of the old one. Raises InvalidInput, AlreadyExists (the name is
    taken on this page), AccessDenied.
    """
    versioned_rows.add(identity, saved_views, row_id, partial(_values, identity, row_id, draft))


def change(identity: Identity, view_id: str, version: int, draft: ViewDraft) -> None:
    """Changes name, filters and default of a view that is still at `version`; its page stays.

    A new default takes the place of the old one. Raises Conflict, NotFound and as `save` does.
    """

    def values(connection: Connection) -> dict[str, Any]:
        this = sa.select(saved_views.c.page).where(*_own(identity), saved_views.c.id == view_id)
        page = connection.execute(this).scalar_one_or_none() or draft.page
        kept = _values(identity, view_id, replace(draft, page=page), connection)
        return {name: value for name, value in kept.items() if name != "page"}

    current = _current(identity, view_id)
    versioned_rows.change(identity, saved_views, view_id, version, values, current)


def delete(identity: Identity, view_id: str, version: int) -> None:
    """Deletes a view that is still at `version`. Raises Conflict, NotFound."""
    versioned_rows.delete(identity, saved_views, view_id, version, _current(identity, view_id))


def _own(identity: Identity) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        saved_views.c.tenant_id == identity.tenant_id,
        saved_views.c.user_id == identity.user_id,
    )


def _values(
    identity: Identity, view_id: str, draft: ViewDraft, connection: Connection
) -> dict[str, Any]:
    """What is stored of a draft; where it is to be the default, no other view is any more."""
    name = parse_name(draft.name, "name", LONGEST_NAME)
    if draft.is_default:
        # One at a time: of two windows that choose a default at once, the later one counts.
        connection.execute(
            sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(
                f"default of {identity.tenant_id} {identity.user_id} {draft.page}", 0
            )))
        )  # fmt: skip
        connection.execute(
            sa.update(saved_views)
            .where(
                *_own(identity),
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
        *_own(identity), saved_views.c.id == view_id
    )
    return query, "view", lambda row: SavedView(**row._mapping)
