"""Questions about rows beside the records: each with an example of what the answers would do."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zixly_data.imports.matches.document import Document, parse_day
from zixly_data.imports.matches.documents_in_file import Columns
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.rows.questions import Question
from zixly_data.values.dates import short_date

_FIGURES = ("revenue", "expenses", "metric_value")
# What several values of a metric are on one day, by how it adds up over time.
_OF_A_DAY = {
    "SUM": "{total} in all",
    "AVERAGE": "{mean} on average",
    "LAST": "of which the last, {last}, counts",
}


def ask_about_same_day(
    column: str, who: str, columns: Columns, row: int, match: Match, adds_up: str
) -> Question:
    """Return the question whether rows are further records of their day or correct those there.

    The example is this row of `who`, which has the key of a record; `adds_up` says how its values
    add up over time.
    """
    example = f"{who}, {short_date(parse_day(columns['record_date'][row] or ''))}"
    name = next((name for name in _FIGURES if name in match.current), None)
    if name is None:
        return Question("same_day", column, example, {
            "ADD": "two records", "CORRECT": "one record, with the details of the file",
        })  # fmt: skip
    before, after = Decimal(match.current[name] or 0), Decimal(columns[name][row] or 0)
    decimals = 4 if name == "metric_value" else 2
    figures = [_figure(figure, decimals) for figure in (before, after, before + after)]
    of_day = _OF_A_DAY.get(adds_up, _OF_A_DAY["LAST"]).format(
        total=figures[2], mean=_figure((before + after) / 2, decimals), last=figures[1]
    )
    noun = "" if name == "metric_value" else f"{name} of "
    return Question("same_day", column, example, {
        "ADD": f"{noun}{figures[0]} and {figures[1]}, {of_day}",
        "CORRECT": f"{noun}{figures[1]} instead of {figures[0]}",
    })  # fmt: skip


def ask_about_numbers(column: str, document: Document, columns: Columns) -> Question:
    """Return the question whether a number with a date far away is the same document."""
    days: Sequence[str | None] = columns["record_date"]
    recorded = short_date(min(line.day for line in document.far))
    in_file = short_date(min(parse_day(days[row] or "") for row in document.rows))
    return Question("reused_numbers", column, document.number.external_id, {
        "SAME": f"the document of {recorded}, now of {in_file}",
        "NEW": f"a document of {in_file}, beside the one of {recorded}",
    })  # fmt: skip


def _figure(figure: Decimal, decimals: int) -> str:
    """Return an amount to the cent, or a value of a metric without zeros behind it."""
    text = f"{figure:,.{decimals}f}"
    return text if decimals == 2 else text.rstrip("0").rstrip(".")
