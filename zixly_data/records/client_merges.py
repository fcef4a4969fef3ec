"""Merging a client into another one: what it does, doing it, and undoing it.

One client is kept as it is and gets every record of the other, which is gone from the list until
the merge is undone. PostgreSQL moves the rows and keeps all that undoing takes
(`sql/functions/merges.sql`). Undoing puts every row back as it was; only `version` and `updated_at`
of rows that moved go on. What was recorded for the kept client since stays with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import client_kpis, client_merges
from zixly_data.errors import AlreadyExists, Conflict, NotFound, ZixlyError
from zixly_data.identity import Identity
from zixly_data.records.merge_preview import MergePreview, as_preview, closed_months, count_rows
from zixly_data.values.frames import Count, Frame, Instant, Text, fetch, nullable

_CONTENTS = sa.text("select app.merge_contents(:kept, :merged)")
_MERGE = sa.text("select app.merge_clients(:kept, :merged, cast(:seen as jsonb))")
_UNDO = sa.text("select app.undo_merge(:merge)")


class ClientMerges(Frame):
    """One row per merge, the latest first. `rows_moved` counts the rows that moved."""

    id: Text
    created_at: Instant
    merged_by_name: Text = nullable
    merged_name: Text
    merged_client_id: Text
    kept_id: Text
    kept_name: Text
    rows_moved: Count
    undone_at: Instant = nullable
    undone_by_name: Text = nullable


@dataclass(frozen=True)
class ClientAliases:
    """Clients by what merged clients were called: their kept client's id.

    `client_ids` by the external id and `ids` by the former id of a merged client; `names` by its
    name, without names of merged clients that were merged into different ones. An alias counts
    where no client is called so now.
    """

    client_ids: Mapping[str, str]
    names: Mapping[str, str]
    ids: Mapping[str, str]


def preview(identity: Identity, kept_id: str, merged_id: str) -> MergePreview:
    """Return what `merge` would do to both clients.

    Raises InvalidInput (one client, or two currencies), MonthClosed (records that move are dated in
    closed months, all of which are named), NotFound, AccessDenied unless EDITOR.
    """
    with reporting(identity) as connection:
        return _preview(connection, kept_id, merged_id)


def merge(identity: Identity, seen: MergePreview) -> str:
    """Merge clients as the preview `seen` says, whole or not at all; return the id of the merge.

    Raises Conflict with the current preview if anything differs by then, and all that `preview`
    raises.
    """
    parameters = {"kept": seen.kept.id, "merged": seen.merged.id, "seen": seen.contents}
    with scoped(identity) as connection:
        merge_id: str | None = connection.execute(_MERGE, parameters).scalar_one()
        if merge_id is None:
            raise Conflict(
                "Records of these clients have changed in the meantime, so nothing was merged.",
                current=_preview(connection, seen.kept.id, seen.merged.id),
                advice="Look at the preview again, then merge them.",
            )
        return merge_id


def undo(identity: Identity, merge_id: str) -> None:
    """Undo a merge, whole or not at all.

    Raises Conflict (rows that moved have changed since, or the kept client's currency), NotFound
    (no such merge, or the kept client is gone), AlreadyExists (undone already, or another client
    has the external id), MonthClosed, AccessDenied unless EDITOR.
    """
    with scoped(identity) as connection:
        refused = connection.execute(_UNDO, {"merge": merge_id}).scalar_one()
        if refused is not None:
            raise _refusal(refused)


def list_merges(identity: Identity) -> DataFrame[ClientMerges]:
    """Return the tenant's merges, the latest first. Raises AccessDenied for a VIEWER."""
    query = (
        sa.select(
            *(
                client_merges.c[name]
                for name in ("id", "created_at", "merged_by_name", "kept_id")
            ),
            _merged("client_name").label("merged_name"),
            _merged("client_id").label("merged_client_id"),
            sa.func.coalesce(client_kpis.c.client_name, client_merges.c.kept_name).label(
                "kept_name"
            ),
            _row_count().label("rows_moved"),
            client_merges.c.undone_at,
            client_merges.c.undone_by_name,
        )
        .select_from(
            client_merges.outerjoin(
                client_kpis,
                (client_kpis.c.tenant_id == identity.tenant_id)
                & (client_kpis.c.id == client_merges.c.kept_id),
            )
        )
        .where(client_merges.c.tenant_id == identity.tenant_id)
        .order_by(client_merges.c.created_at.desc(), client_merges.c.id.desc())
    )  # fmt: skip
    with reporting(identity) as connection:
        return fetch(connection, query, ClientMerges)


def aliases(connection: Connection, identity: Identity) -> ClientAliases:
    """Return what merged clients were called, with the client that has their records now.

    A client that was merged into one that was merged itself leads to the last one. Merges into a
    client that was deleted lead nowhere.
    """
    query = (
        sa.select(
            client_merges.c.kept_id,
            *(_merged(name).label(name) for name in ("id", "client_id", "client_name")),
        )
        .where(client_merges.c.tenant_id == identity.tenant_id, client_merges.c.undone_at.is_(None))
        .order_by(client_merges.c.created_at, client_merges.c.id)
    )
    merges = connection.execute(query).all()
    current = sa.select(client_kpis.c.id).where(client_kpis.c.tenant_id == identity.tenant_id)
    client_ids = set(connection.execute(current).scalars())
    kept_by_id = {merged.id: merged.kept_id for merged in merges}
    for merged_id in kept_by_id:
        while kept_by_id[merged_id] in kept_by_id:
            kept_by_id[merged_id] = kept_by_id[kept_by_id[merged_id]]
    live = [merged for merged in merges if kept_by_id[merged.id] in client_ids]
    owners: dict[str, set[str]] = {}
    for merged in live:
        owners.setdefault(merged.client_name, set()).add(kept_by_id[merged.id])
    return ClientAliases(
        client_ids={merged.client_id: kept_by_id[merged.id] for merged in live},
        names={name: next(iter(kept)) for name, kept in owners.items() if len(kept) == 1},
        ids={merged.id: kept_by_id[merged.id] for merged in live},
    )


def _preview(connection: Connection, kept_id: str, merged_id: str) -> MergePreview:
    contents = connection.execute(_CONTENTS, {"kept": kept_id, "merged": merged_id}).scalar_one()
    if contents is None:
        raise NotFound("One of these clients no longer exists.")
    return as_preview(contents)


def _merged(name: str) -> sa.ColumnElement[str]:
    """Return a column of the merged client."""
    return sa.func.jsonb_extract_path_text(client_merges.c.merged, name)


def _row_count() -> sa.ColumnElement[int]:
    counts = sa.func.jsonb_each_text(client_merges.c.counts).table_valued("key", "value")
    total = sa.func.sum(sa.cast(counts.c.value, sa.BigInteger))
    return sa.cast(
        sa.func.coalesce(sa.select(total).select_from(counts).scalar_subquery(), 0), sa.BigInteger
    )


def _refusal(refused: Mapping[str, Any]) -> ZixlyError:
    """Return the error for a merge that PostgreSQL did not undo."""
    match refused["problem"]:
        case "GONE":
            return NotFound("This merge no longer exists.")
        case "UNDONE":
            return AlreadyExists(
                "This merge has already been undone.", advice="You do not need to do anything."
            )
        case "KEPT_GONE" if refused["into"]:
            return NotFound(
                f"The client that has its records was itself merged into {refused['into']}, so "
                "nothing was undone.",
                advice="Undo that merge first.",
            )
        case "KEPT_GONE":
            return NotFound(
                "The client that has its records was deleted with them, so nothing was undone.",
                advice="Add the client again.",
            )
        case "CURRENCY":
            return Conflict(
                f"The client that has its records is paid in {refused['currency']} now, so nothing "
                "was undone.",
                current=refused["currency"],
                advice="Change its currency back, then undo the merge.",
            )
        case "EXTERNAL_ID":
            return AlreadyExists(
                f"{refused['name']} has the external ID of the merged client now, so nothing was "
                "undone.",
                advice="Change that external ID, then undo the merge.",
            )
        case "CHANGED":
            counts = refused["counts"]
            have = "has" if sum(counts.values()) == 1 else "have"
            return Conflict(
                f"{count_rows(counts)} of this merge {have} been changed or deleted since, so "
                "nothing was undone.",
                current=counts,
                advice="Change these back yourself, or keep the merge.",
            )
        case _:
            return closed_months(
                refused["months"], "Records that moved are dated there and would move back."
            )
