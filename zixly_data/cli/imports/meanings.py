"""What the rows of a file mean, as options of `import`: those given, and those to add."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from zixly_data.cli import tables, terminal
from zixly_data.errors import InvalidInput
from zixly_data.imports import Proposal
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.table import Table
from zixly_data.imports.meanings.asked import AskedColumn, AskedValue
from zixly_data.imports.meanings.meaning import Meaning

_CHOICES = "|".join(meaning.option for meaning in Meaning)
_PLAIN_IN_QUOTES = frozenset('"$`\\!\n')
_MOST_OPTIONS = 8


def show_meanings(proposal: Proposal) -> None:
    """Print a line for each column whose values have answers: `Type: Bill = expense`."""
    for column in proposal.staged.meanings:
        answers = [
            f"{value.value or '(empty)'} = {value.answer.option}"
            for value in column.values
            if value.answer is not None
        ]
        if answers:
            terminal.result(tables.printable(f"{column.heading}: {', '.join(answers)}"))


def missing_options(proposal: Proposal) -> dict[str, str]:
    """Return the option to add for each value without an answer, with its rows and their sum. An
    option has the suggested meaning, or all meanings to choose from."""
    return {
        _option(column, value, value.suggestion): _describe(value)
        for column in proposal.staged.meanings
        for value in column.unanswered
    }


def require_meanings(proposal: Proposal) -> None:
    """Raise InvalidInput, with the options to add, if a value has no answer yet."""
    options = list(missing_options(proposal))
    if not options:
        return
    rest = len(options) - _MOST_OPTIONS
    more = f" and {rest} more, which --propose shows" if rest > 0 else ""
    raise InvalidInput(
        "What the rows of the file mean is not answered, so nothing was imported.",
        advice=tables.printable(f"Add {' '.join(options[:_MOST_OPTIONS])}{more}."),
    )


def require_columns(table: Table, keys: Iterable[str]) -> None:
    """Raise InvalidInput if the file has no column for one of the keys of `Mapping.meanings`."""
    names = {normalise_heading(heading) for heading in table.header}
    for key in keys:
        if key not in names:
            raise InvalidInput(
                f"The file has no column “{key}” for --rows.",
                advice=tables.printable(
                    f"Its columns are {', '.join(f'“{heading}”' for heading in table.header)}."
                ),
            )


def _option(column: AskedColumn, value: AskedValue, meaning: Meaning | None) -> str:
    answer = _CHOICES if meaning is None else meaning.option
    text = f"{column.heading.replace(':', ' ')}:{value.value}={answer}"
    quoted = shlex.quote(text) if _PLAIN_IN_QUOTES & set(text) else f'"{text}"'
    return f"--rows {quoted}"


def _describe(value: AskedValue) -> str:
    rows = "1 row" if value.rows == 1 else f"{value.rows:,} rows"
    return rows if value.amount is None else f"{rows}, {value.amount:,.2f}"
