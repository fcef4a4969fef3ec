"""What a file adds beside its rows: the clients and stages that its rows need."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import client_kpis
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import NEW_STAGE, Mapping
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.targets import TEXT
from zixly_data.imports.new_stages import insert_stages
from zixly_data.imports.proposals import Action, Proposal
from zixly_data.imports.references import normalise_name
from zixly_data.tables.clients import PROSPECT

# Clients in a statement.
_AT_ONCE = 20_000


def add_clients(connection: Connection, proposal: Proposal) -> None:
    """Insert the new clients of the file that have a row to write.

    A new client with open and lost leads alone is a prospect.
    """
    new = proposal.staged.added.values()
    if not new:
        return
    ids = proposal.staged.columns["client_kpi_id"]
    used_ids = {ids[row] for row in proposal.rows(Action.NEW) + proposal.rows(Action.CHANGED)}
    added = [client for client in new if client.id in used_ids]
    names = ("id", "client_id", "client_name", "currency")
    won = _won_clients(proposal)
    for start in range(0, len(added), _AT_ONCE):
        batch = added[start : start + _AT_ONCE]
        columns = {name: [getattr(client, name) for client in batch] for name in names}
        columns["status"] = [
            "ACTIVE" if won is None or client.id in won else PROSPECT for client in batch
        ]
        file = array_rows(columns, dict.fromkeys(columns, TEXT))
        query = sa.select(*(file.c[name] for name in columns))
        connection.execute(sa.insert(client_kpis).from_select(list(columns), query))


def add_stages(connection: Connection, identity: Identity, proposal: Proposal) -> None:
    """Insert the new stages of the file that have a row to write."""
    if not proposal.staged.new_stages:
        return
    stages = proposal.staged.columns["stage"]
    used = {stages[row] for row in proposal.rows(Action.NEW) + proposal.rows(Action.CHANGED)}
    added = [draft for draft in proposal.staged.new_stages if draft.stage in used]
    if added:
        insert_stages(connection, identity, added)


def final_mapping(proposal: Proposal) -> Mapping:
    """Return the mapping to remember, in which stages that the file added are stages of ours."""
    stages = {
        normalise_name(stage.name): stage.new_name
        for stage in proposal.staged.unknown_stages
        if (stage.decision or "").startswith(NEW_STAGE)
    }
    return replace(proposal.mapping, stages={**proposal.mapping.stages, **stages})


def _won_clients(proposal: Proposal) -> set[str | None] | None:
    """Return the clients with a won stage in a file of leads; None for a file of other records,
    which make every new client a client at once."""
    if proposal.kind is not Kind.LEAD_EVENTS:
        return None
    ids, statuses = (proposal.staged.columns[name] for name in ("client_kpi_id", "status"))
    written = proposal.rows(Action.NEW) + proposal.rows(Action.CHANGED)
    return {ids[row] for row in written if statuses[row] == "WON"}
