"""Proposals: the effect of a file on the records, before anything is written.

    opened   = open_file(name, data)
    mapping  = suggest(identity, kind, opened.tables[0])      # adjusted by hand
    proposal = propose(identity, kind, opened, mapping)
    result   = confirming.confirm(identity, proposal)

Each row of the file is new, changed, unchanged, rejected or left out. A proposal writes nothing; it
keeps its inputs, so that `confirm` can detect data that changed in the meantime.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import client_kpis, imports
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import LEAVE_OUT, Mapping
from zixly_data.imports.cells.table import OpenedFile, Table
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.deals import place_deals
from zixly_data.imports.matches.duplicates import Alike, find_duplicates
from zixly_data.imports.matches.matching import Match, match
from zixly_data.imports.matches.recorded_elsewhere import recorded_elsewhere
from zixly_data.imports.matches.targets import TARGETS, TEXT
from zixly_data.imports.recognition import require_columns
from zixly_data.imports.references import (
    ReferenceData,
    ReferencedClient,
    read_reference_data,
)
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.deal_rows import with_entries
from zixly_data.imports.rows.row_rules import stage_rows
from zixly_data.imports.rows.staging import Problem, StagedRows
from zixly_data.records.client_conditions import has_financials, makes_a_client
from zixly_data.tables.clients import PROSPECT, no_prospect
from zixly_data.values.dates import month_name
from zixly_data.values.sources import is_synced, synced_text

_INCOMPLETE = "There is no such record, and the row has too little information for a new one."
_QUESTION_OPEN = "The row cannot be read until the question about the file is answered."


class Action(StrEnum):
    """The effect of a row of the file."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REJECTED = "REJECTED"
    LEFT_OUT = "LEFT_OUT"


@dataclass(frozen=True)
class Proposal:
    """The effect of a file, by the index of the row in `table`: `actions`, the `matches` on record,
    and the `problems` of the rejected rows. `staged` has the values, and the problems of reading
    them. `duplicates` are new financial records with the amounts of another one of their month;
    they stay listed if the mapping leaves them out."""

    kind: Kind
    file_name: str
    checksum: str
    table: Table
    mapping: Mapping
    reference_data: ReferenceData
    staged: StagedRows
    matches: Map[int, Match]
    actions: tuple[Action, ...]
    problems: Map[int, Sequence[Problem]] = field(default_factory=dict)
    duplicates: Map[int, Alike] = field(default_factory=dict)

    @property
    def counts(self) -> Map[Action, int]:
        """The number of rows with each action."""
        counts = Counter(self.actions)
        return {action: counts[action] for action in Action}

    @property
    def clients(self) -> list[ReferencedClient]:
        """The clients on record and those that the file adds."""
        return [*self.reference_data.clients, *self.staged.added.values()]

    @property
    def currencies(self) -> Sequence[str | None]:
        """The currency of the amounts of each row: its own, or that of its client."""
        columns = self.staged.columns
        if self.kind is Kind.OVERHEADS:
            return columns["currency"]
        of_clients = {client.id: client.currency for client in self.clients}
        return [of_clients.get(client or "") for client in columns["client_kpi_id"]]

    @property
    def is_undecided(self) -> bool:
        """Whether a person has yet to decide about the possible duplicates."""
        return bool(self.duplicates) and self.mapping.duplicates is None

    @property
    def changes_anything(self) -> bool:
        """Whether `confirm` would write a row."""
        return bool(self.counts[Action.NEW] or self.counts[Action.CHANGED])

    def rows(self, action: Action) -> list[int]:
        """Return the indexes of the rows with this action."""
        return [row for row, row_action in enumerate(self.actions) if row_action is action]


def propose(
    identity: Identity, kind: Kind, opened: OpenedFile, mapping: Mapping, sheet: int = 0
) -> Proposal:
    """Make the proposal for a sheet of this file, read with this mapping.

    Raises InvalidInput if a required column is not chosen, does not exist, or is chosen for two
    fields; AccessDenied for a VIEWER.
    """
    table = opened.tables[sheet]
    require_columns(kind, table, mapping)
    with scoped(identity) as connection:
        require_editor(connection)
        reference_data = read_reference_data(connection, identity)
        staged = stage_rows(kind, table, mapping, reference_data)
        return evaluate(connection, identity, Proposal(
            kind, opened.name, opened.checksum, with_entries(table, staged), mapping,
            reference_data, staged, {}, (),
        ))  # fmt: skip


def evaluate(connection: Connection, identity: Identity, proposal: Proposal) -> Proposal:
    """Return a copy of the proposal, evaluated against the current rows on record.

    Evaluating the copy again does the same: a row that is rejected here keeps its match, so that
    no other row takes it.
    """
    placed = place_deals(connection, identity, proposal.staged, proposal.reference_data)
    staged, target = placed.staged, TARGETS[proposal.kind]
    proposal = replace(proposal, staged=staged)
    problems = {row: list(row_problems) for row, row_problems in staged.problems.items()}
    matches = match(
        connection,
        identity,
        proposal.kind,
        staged.columns,
        [row for row in staged.ready if row not in placed.matches],
        same_day_is_new=proposal.mapping.same_day == "ADD",
    )
    matches |= placed.matches
    for row, sentence in _clients_as_prospects(connection, identity, proposal, matches).items():
        problems.setdefault(row, []).append(Problem(Cause.INVALID_STATUS, "", PROSPECT, sentence))
    if proposal.kind in (Kind.FINANCIALS, Kind.OVERHEADS) and "external_id" in staged.columns:
        elsewhere = recorded_elsewhere(
            connection, identity, proposal.kind, staged, proposal.currencies, matches
        )
        for row, sentence in elsewhere.items():
            problems.setdefault(row, []).append(Problem(Cause.RECORDED_ELSEWHERE, "", "", sentence))
    actions = []
    closed = frozenset(proposal.reference_data.closed)
    incomplete = {
        row
        for name in target.required
        for row, value in enumerate(staged.columns[name])
        if value is None and row not in matches
    }
    incomplete_problem = (
        Problem(Cause.OPEN_QUESTION, "", "", _QUESTION_OPEN)
        if staged.is_open
        else Problem(Cause.INCOMPLETE, "", "", _INCOMPLETE)
    )
    for row in range(staged.count):
        partner = matches.get(row)
        if row in staged.left_out:
            actions.append(Action.LEFT_OUT)
            continue
        if row not in problems:
            if row in incomplete:
                problems[row] = [incomplete_problem]
            elif partner is not None and partner.current and _is_synced(partner):
                reason = synced_text(partner.source_system or "")
                problems[row] = [Problem(Cause.FROM_SOURCE, "", "", reason)]
            elif row in staged.retired and (partner is None or "stage" in partner.current):
                problems[row] = [staged.retired[row]]
            elif closed and target.date_column and (partner is None or partner.current):
                month = _closed_month(staged, target.date_column, row, partner, closed)
                if month:
                    problems[row] = [
                        Problem(Cause.CLOSED_MONTH, "", "", f"{month_name(month)} is closed.")
                    ]
        if row in problems:
            actions.append(Action.REJECTED)
        elif partner is None:
            actions.append(Action.NEW)
        else:
            actions.append(Action.CHANGED if partner.current else Action.UNCHANGED)
    _join_entries(staged, actions, problems)
    duplicates: Map[int, Alike] = {}
    if proposal.kind is Kind.FINANCIALS:
        new = [row for row, action in enumerate(actions) if action is Action.NEW]
        duplicates = find_duplicates(connection, identity, staged.columns, new, matches)
        if proposal.mapping.duplicates == LEAVE_OUT:
            for row in duplicates:
                actions[row] = Action.LEFT_OUT
    return replace(
        proposal,
        matches={row: partner for row, partner in matches.items() if row not in problems},
        actions=tuple(actions),
        problems=problems,
        duplicates=duplicates,
    )


def _join_entries(
    staged: StagedRows, actions: list[Action], problems: dict[int, list[Problem]]
) -> None:
    """Let both events of a deal be written or neither. The deal alone is rejected: the file has one
    row for it."""
    for deal, entry in staged.deals.entries.items() if staged.deals else ():
        if actions[entry] is Action.REJECTED and actions[deal] is not Action.REJECTED:
            problems[deal] = problems[entry]
            actions[deal] = Action.REJECTED
        if actions[deal] in (Action.REJECTED, Action.LEFT_OUT):
            problems.pop(entry, None)
            actions[entry] = Action.LEFT_OUT


def _clients_as_prospects(
    connection: Connection, identity: Identity, proposal: Proposal, matches: Map[int, Match]
) -> dict[int, str]:
    """Return the rows that would make a client with records a prospect, each with the reason."""
    statuses = proposal.staged.columns.get("status", [])
    if proposal.kind is not Kind.CLIENTS or PROSPECT not in statuses:
        return {}
    rows = {
        partner.id: row
        for row, partner in matches.items()
        if statuses[row] == PROSPECT and "status" in partner.current
    }
    clients = array_rows({"id": list(rows)}, {"id": TEXT})
    query = sa.select(
        client_kpis.c.id,
        client_kpis.c.client_name,
        has_financials(identity, client_kpis.c.id).label("is_billed"),
    ).where(
        client_kpis.c.tenant_id == identity.tenant_id,
        client_kpis.c.id.in_(sa.select(clients.c.id)),
        makes_a_client(identity, client_kpis.c.id),
    )
    return {
        rows[client.id]: no_prospect(
            f"{client.client_name} has {'financial records' if client.is_billed else 'a won lead'}"
        )
        for client in connection.execute(query)
    }


def require_editor(connection: Connection) -> None:
    """Raise AccessDenied unless the person may import, by a read that only importers may make."""
    connection.execute(sa.select(imports.c.id).limit(0))


def _is_synced(partner: Match) -> bool:
    return partner.source_system is not None and is_synced(partner.source_system)


def _closed_month(
    staged: StagedRows, date_column: str, row: int, partner: Match | None, closed: frozenset[date]
) -> date | None:
    """Return the closed month of the row's new or current date; None if neither month is closed."""
    days = [staged.columns[date_column][row]]
    if partner is not None and date_column in partner.current:
        days.append(partner.current[date_column])
    months = {date.fromisoformat(day).replace(day=1) for day in days if day}
    return min(months & closed, default=None)
