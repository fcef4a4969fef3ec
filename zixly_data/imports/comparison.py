"""The rows of a file beside those on record: their matches, their documents, and open questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.engine import Connection

from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.document import Document, parse_day
from zixly_data.imports.matches.document_lines import RemovedLine, pair_lines
from zixly_data.imports.matches.documents_in_file import find_documents
from zixly_data.imports.matches.matching import DOCUMENTS, Match, match
from zixly_data.imports.matches.record_questions import ask_about_numbers
from zixly_data.imports.matches.recorded_elsewhere import recorded_elsewhere
from zixly_data.imports.matches.targets import TARGETS
from zixly_data.imports.proposals import Proposal
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import Problem
from zixly_data.values.dates import month_name


@dataclass
class Comparison:
    """The matches of the rows, and their documents. `elsewhere` are the rows on record in the other
    table of amounts, each with the reason; `open` depend on the answer to a question."""

    matches: dict[int, Match] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    elsewhere: dict[int, str] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)


def compare(
    connection: Connection, identity: Identity, proposal: Proposal, placed: Mapping[int, Match]
) -> Comparison:
    """Match the rows of each kind of record, and those of documents with their lines. The rows that
    are `placed` have their matches already."""
    staged, compared = proposal.staged, Comparison(dict(placed))
    ready = [row for row in staged.ready if row not in placed]
    for kind in proposal.kinds:
        rows = [row for row in ready if proposal.kind_of(row) is kind]
        compared.matches |= match(
            connection, identity, kind, staged.columns, rows,
            pair_left_overs=kind is Kind.CLIENTS
            or not (proposal.mapping.same_day == "ADD" or proposal.table.is_bank),
        )  # fmt: skip
        if TARGETS[kind].table.name in DOCUMENTS and "external_id" in staged.columns:
            _compare_documents(connection, identity, proposal, kind, compared)
    return compared


def _compare_documents(
    connection: Connection,
    identity: Identity,
    proposal: Proposal,
    kind: Kind,
    compared: Comparison,
) -> None:
    staged, currencies = proposal.staged, proposal.currencies
    rows = [row for row in range(staged.count) if proposal.kind_of(row) is kind]
    documents = find_documents(connection, identity, kind, staged, rows, compared.matches)
    compared.documents += documents
    for document in documents:
        if not document.far:
            continue
        if proposal.mapping.reused_numbers == "SAME":
            document.recorded = document.far
        elif proposal.mapping.reused_numbers is None:
            compared.open.update(document.rows)
            if not compared.questions:
                heading = proposal.table.header[proposal.mapping.columns["external_id"]]
                compared.questions.append(ask_about_numbers(heading, document, staged.columns))

    def on_record_elsewhere(rows: Sequence[int]) -> Collection[int]:
        elsewhere = recorded_elsewhere(connection, identity, kind, staged, currencies, rows)
        compared.elsewhere |= elsewhere
        return elsewhere

    whole = [document for document in documents if not document.rejected]
    compared.matches |= pair_lines(whole, staged.columns, on_record_elsewhere)


def settle_documents(
    proposal: Proposal, compared: Comparison, problems: dict[int, list[Problem]]
) -> tuple[list[RemovedLine], set[int]]:
    """Reject documents as a whole that have a rejected row or would lose a line in a closed month.

    Returns the lines that the others lose, and the voided rows that cannot take their document
    away. A part of a document neither comes in nor replaces the whole: the rejected rows, corrected
    and imported again, would then replace the others.
    """
    columns, lines = proposal.staged.columns, proposal.table.lines
    removed, kept = list[RemovedLine](), set[int]()
    for document in compared.documents:
        rejected = document.rejected + [
            row for row in document.rows if row in problems and row not in compared.elsewhere
        ]
        if rejected:
            sentence = (
                f"Line {lines[min(rejected)]} of this document cannot be imported. The lines of a "
                "document are imported together or not at all."
            )
            for row in document.rows:
                number = columns["external_id"][row] or ""
                problems.setdefault(row, [Problem(Cause.REJECTED_DOCUMENT, "", number, sentence)])
            continue
        month = closed_month(proposal, [line.values["record_date"] for line in document.removed])
        if month:
            sentence = (
                f"{month_name(month)} is closed, and a recorded line of this document would be "
                "removed there."
            )
            kept.update(document.voided)
            for row in document.rows or document.voided:
                problems[row] = [Problem(Cause.CLOSED_MONTH, "", "", sentence)]
            continue
        removed += [RemovedLine(document.kind, line) for line in document.removed]
    return removed, kept


def closed_month(proposal: Proposal, days: Sequence[str | None]) -> date | None:
    """Return the earliest closed month of these days; None if they lie in none."""
    closed = proposal.reference_data.closed
    if not closed:
        return None
    months = {parse_day(day).replace(day=1) for day in days if day}
    return min(months.intersection(closed), default=None)
