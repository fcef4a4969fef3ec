"""The lines of documents: rows of financial records and overheads that carry a number."""

from __future__ import annotations

from zixly_data.imports.rows.staging import RowStager

_NOTHING = "0.00"


def settle_lines(stager: RowStager) -> None:
    """Fill in the amount that a line leaves empty. A line replaces one on record as a whole, so an
    empty cell keeps nothing of it, except where the row has an id of ours."""
    columns, problems = stager.staged.columns, stager.staged.problems
    numbers, ids = columns.get("external_id"), columns.get("id")
    if numbers is None:
        return
    for name in ("revenue", "expenses"):
        amounts = columns.get(name, [])
        for row, amount in enumerate(amounts):
            if amount is None and numbers[row] and row not in problems and not (ids and ids[row]):
                amounts[row] = _NOTHING
