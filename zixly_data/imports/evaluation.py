"""Evaluates a proposal against the rows on record: the effect of each row of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Mapping as Map
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import client_kpis, metric_definitions
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import LEAVE_OUT
from zixly_data.imports.comparison import Comparison, closed_month, compare, settle_documents
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.deals import place_deals
from zixly_data.imports.matches.duplicates import Alike, find_duplicates
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.matches.record_questions import ask_about_same_day
from zixly_data.imports.matches.targets import TARGETS, TEXT
from zixly_data.imports.proposals import Action, Proposal
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import Problem, StagedRows
from zixly_data.imports.timesheets import is_timesheet
from zixly_data.records.client_conditions import has_financials, makes_a_client
from zixly_data.tables.clients import PROSPECT, no_prospect
from zixly_data.values.dates import month_name
from zixly_data.values.sources import is_synced, synced_text

_INCOMPLETE = "There is no such record, and the row has too little information for a new one."
_QUESTION_OPEN = "The row cannot be read until the question about the file is answered."
_OF_DOCUMENTS = (Kind.FINANCIALS, Kind.OVERHEADS)
# An event of a lead at a stage on a day is that event, and a client's id that client.
_ASKED_ABOUT_SAME_DAY = (Kind.FINANCIALS, Kind.OVERHEADS, Kind.CUSTOM_METRICS)

Problems = dict[int, list[Problem]]


def evaluate(connection: Connection, identity: Identity, proposal: Proposal) -> Proposal:
    """Return a copy of the proposal, evaluated against the current rows on record.

    Evaluating the copy again does the same: a row that is rejected here keeps its match, so that
    no other row takes it.
    """
    placed = place_deals(connection, identity, proposal.staged, proposal.reference_data)
    staged = placed.staged
    proposal = replace(proposal, staged=staged)
    compared = compare(connection, identity, proposal, placed.matches)
    matches = compared.matches
    problems = {row: list(row_problems) for row, row_problems in staged.problems.items()}
    for row, sentence in _clients_as_prospects(connection, identity, proposal, matches).items():
        problems.setdefault(row, []).append(Problem(Cause.INVALID_STATUS, "", PROSPECT, sentence))
    for row, sentence in compared.elsewhere.items():
        problems.setdefault(row, []).append(Problem(Cause.RECORDED_ELSEWHERE, "", "", sentence))
    incomplete = _incomplete_rows(proposal, matches)
    for row in staged.ready:
        if row not in problems:
            problem = _problem_of(proposal, row, matches.get(row), compared, incomplete)
            if problem is not None:
                problems[row] = [problem]
    same_day = [row for row in _on_a_day_with_a_record(proposal, matches) if row not in problems]
    problems |= {row: [Problem(Cause.OPEN_QUESTION, "", "", _QUESTION_OPEN)] for row in same_day}
    removed, kept = settle_documents(proposal, compared, problems)
    actions = [
        _action_of(proposal, row, matches.get(row), problems, kept) for row in range(staged.count)
    ]
    _join_entries(staged, actions, problems)
    duplicates: Map[int, Alike] = {}
    if proposal.kind is Kind.FINANCIALS:
        new = [row for row, action in enumerate(actions)
               if action is Action.NEW and proposal.kind_of(row) is Kind.FINANCIALS]  # fmt: skip
        duplicates = find_duplicates(
            connection, identity, staged.columns, new,
            {row: partner for row, partner in matches.items()
             if proposal.kind_of(row) is Kind.FINANCIALS},
            [line.line.id for line in removed], is_bank=proposal.table.is_bank,
            lists_once=proposal.table.is_bank or is_timesheet(proposal.table),
        )  # fmt: skip
        if proposal.mapping.duplicates == LEAVE_OUT:
            for row in duplicates:
                actions[row] = Action.LEFT_OUT
    if same_day:
        compared.questions.append(
            _question_about_day(connection, identity, proposal, same_day[0], matches)
        )
    return replace(
        proposal,
        matches={row: partner for row, partner in matches.items() if row not in problems},
        actions=tuple(actions),
        problems=problems,
        duplicates=duplicates,
        removed=tuple(removed),
        questions=tuple(compared.questions),
    )


def _incomplete_rows(proposal: Proposal, matches: Map[int, Match]) -> set[int]:
    """Return the rows that have too little for a new record, and match none."""
    incomplete = set()
    for kind in proposal.kinds:
        for name in TARGETS[kind].required:
            for row, value in enumerate(proposal.staged.columns[name]):
                if value is None and row not in matches and proposal.kind_of(row) is kind:
                    incomplete.add(row)
    return incomplete


def _problem_of(
    proposal: Proposal,
    row: int,
    partner: Match | None,
    compared: Comparison,
    incomplete: Collection[int],
) -> Problem | None:
    """Return the problem of a row that can be read, if it has one beside the records."""
    staged = proposal.staged
    if row in incomplete:
        if staged.is_open:
            return Problem(Cause.OPEN_QUESTION, "", "", _QUESTION_OPEN)
        return Problem(Cause.INCOMPLETE, "", "", _INCOMPLETE)
    if row in compared.open:
        return Problem(Cause.OPEN_QUESTION, "", "", _QUESTION_OPEN)
    if partner is not None and partner.current and is_synced(partner.source_system or "manual"):
        return Problem(Cause.FROM_SOURCE, "", "", synced_text(partner.source_system or ""))
    if row in staged.retired and (partner is None or "stage" in partner.current):
        return staged.retired[row]
    date_column = TARGETS[proposal.kind_of(row)].date_column
    if date_column and (partner is None or partner.current):
        days = [staged.columns[date_column][row]]
        if partner is not None and date_column in partner.current:
            days.append(partner.current[date_column])
        month = closed_month(proposal, days)
        if month:
            return Problem(Cause.CLOSED_MONTH, "", "", f"{month_name(month)} is closed.")
    return None


def _action_of(
    proposal: Proposal,
    row: int,
    partner: Match | None,
    problems: Collection[int],
    kept: Collection[int],
) -> Action:
    if row in proposal.staged.left_out and row not in kept:
        return Action.LEFT_OUT
    if row in problems:
        return Action.REJECTED
    if partner is None:
        return Action.NEW
    return Action.CHANGED if partner.current else Action.UNCHANGED


def _join_entries(staged: StagedRows, actions: list[Action], problems: Problems) -> None:
    """Let both events of a deal be written or neither. The deal alone is rejected: the file has one
    row for it."""
    for deal, entry in staged.deals.entries.items() if staged.deals else ():
        if actions[entry] is Action.REJECTED and actions[deal] is not Action.REJECTED:
            problems[deal] = problems[entry]
            actions[deal] = Action.REJECTED
        if actions[deal] in (Action.REJECTED, Action.LEFT_OUT):
            problems.pop(entry, None)
            actions[entry] = Action.LEFT_OUT


def _on_a_day_with_a_record(proposal: Proposal, matches: Map[int, Match]) -> Iterable[int]:
    """Return the rows that may be a further record or correct that of their day, which nobody has
    said yet."""
    if proposal.kind not in _ASKED_ABOUT_SAME_DAY or proposal.mapping.same_day is not None:
        return []
    return sorted(row for row, partner in matches.items() if partner.by_key and partner.current)


def _question_about_day(
    connection: Connection,
    identity: Identity,
    proposal: Proposal,
    row: int,
    matches: Map[int, Match],
) -> Question:
    columns = proposal.staged.columns
    names = {client.id: client.client_name for client in proposal.clients}
    name = next(
        (value for key in ("client_kpi_id", "counterparty", "account")
         if (value := columns[key][row] if key in columns else None)),
        "An overhead",
    )  # fmt: skip
    adds_up = "SUM"
    if proposal.kind is Kind.CUSTOM_METRICS:
        metric = columns["metric_name"][row]
        definition = sa.select(metric_definitions.c.adds_up).where(
            metric_definitions.c.tenant_id == identity.tenant_id,
            metric_definitions.c.metric_name == metric,
        )
        adds_up = connection.execute(definition).scalar_one()
        name = f"{metric} of {names[name]}"
    heading = proposal.table.header[proposal.mapping.columns["date"]]
    return ask_about_same_day(heading, names.get(name, name), columns, row, matches[row], adds_up)


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
