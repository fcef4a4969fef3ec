"""The rejected rows of a proposal: why, and as a file to correct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
from pandera.typing import DataFrame

from zixly_data.exports.csv_file import to_csv
from zixly_data.imports.previews.proposed_rows import frame_of
from zixly_data.imports.proposals import Action, Proposal
from zixly_data.imports.remembering import REASONS
from zixly_data.imports.rows.staged import cell_text
from zixly_data.values.frames import Count, Frame, Text


class RejectionCauses(Frame):
    """One row per cause and column of the file, the most frequent first: the number of rows it
    rejects, and the first of them with its line, value and reason. A row with several problems
    counts for each of their causes."""

    cause: Text
    column: Text
    rows: Count
    line: Count
    value: Text
    reason: Text


class Rejections(Frame):
    """One row per problem: the line of the file, its column, the value there, the reason."""

    line: Count
    column: Text
    value: Text
    reason: Text


def rejection_causes(proposal: Proposal) -> DataFrame[RejectionCauses]:
    """Return the causes for which rows are rejected, with the number of rows of each."""
    causes: dict[tuple[str, str], dict[str, object]] = {}
    rows: Counter[tuple[str, str]] = Counter()
    for row in proposal.rows(Action.REJECTED):
        problems = proposal.problems[row]
        # Each pair once, in the order of the columns.
        rows.update(list(dict.fromkeys((problem.cause, problem.column) for problem in problems)))
        for problem in problems:
            if (problem.cause, problem.column) not in causes:
                causes[problem.cause, problem.column] = {
                    "cause": problem.cause.value, "column": problem.column,
                    "line": proposal.table.lines[row], "value": problem.value,
                    "reason": problem.reason,
                }  # fmt: skip
    counted = [{**causes[key], "rows": count} for key, count in rows.most_common()]
    return frame_of(counted, RejectionCauses)


def rejections(proposal: Proposal, limit: int | None = None) -> DataFrame[Rejections]:
    """Return the problems of at most `limit` rows of the file."""
    return frame_of(
        [
            {
                "line": proposal.table.lines[row], "column": problem.column,
                "value": problem.value, "reason": problem.reason,
            }
            for row in proposal.rows(Action.REJECTED)[:limit]
            for problem in proposal.problems[row]
        ],
        Rejections,
    )  # fmt: skip


def rejected_file(proposal: Proposal) -> bytes:
    """Return the rejected rows as CSV, as they stand in the file, with REASONS as the last columns,
    to be corrected and imported again."""
    table, places = proposal.table, proposal.rows(Action.REJECTED)
    # A file of rejected rows has the columns of REASONS already: they are replaced.
    header = table.header
    if header[-len(REASONS) :] == REASONS:
        header = header[: -len(REASONS)]
    columns: list[Sequence[str | None]] = [
        [cell_text(cells[row], whole=True) or None for row in places]
        for cells in table.columns[: len(header)]
    ]
    reasons = ["; ".join(problem.reason for problem in proposal.problems[row]) for row in places]
    columns += [[str(table.lines[row]) for row in places], reasons]
    arrays = [pa.array(cells, type=pa.string()) for cells in columns]
    return to_csv(pa.table(arrays, names=[*header, *REASONS]), excel_bom=True)
