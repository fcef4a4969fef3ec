"""Cells of one column, read into texts that PostgreSQL takes: exact, or a problem in words.

Nothing is guessed. Where a column could be read in two ways, `decimal_mark` and `date_order` say
None: somebody has to be asked, and until then a doubtful cell is a problem. A workbook's numbers
and dates are what they are and leave no doubt.

Columns are long and their cells repeat, so each distinct text is read once; and most are plain, so
what is plain is only recognised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.exports.csv_file import unguard
from zixly_data.imports.cells import dates as cell_dates
from zixly_data.imports.cells import numbers as cell_numbers
from zixly_data.imports.cells.dates import date_order
from zixly_data.imports.cells.mapping import DateOrder, DecimalMark
from zixly_data.imports.cells.numbers import decimal_mark, named_currencies
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.files.workbook_reader import NO_RESULT
from zixly_data.values import amounts, names
from zixly_data.values.dates import short_date

__all__ = [
    "Read",
    "date_order",
    "dates",
    "decimal_mark",
    "money",
    "named_currencies",
    "numbers",
    "texts",
]

LARGEST_DIGITS, DECIMALS = 10, 4  # of a metric's value, as the database keeps it
_ONE_LINE = 200
# Words that no rule for names would change: no apostrophe or # in front, single spaces.
_PLAIN_TEXT = re.compile(r"[!\"$-&(-~]+(?: [!-~]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_ERRORS = frozenset({
    "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#ERROR!", NO_RESULT,
})  # fmt: skip


@dataclass(frozen=True)
class Read:
    """What a column says: a text for each row, None where the cell is empty or has a problem.

    `problems` has a sentence for each row that cannot be read, by its place from 0.
    """

    values: list[str | None]
    problems: dict[int, str]


def money(cells: Sequence[Cell], label: str, decimal_mark: DecimalMark | None) -> Read:
    """Amounts with exactly two decimals: `1234.50`.

    Reads what `amounts.parse_money` reads, and a currency beside the amount (`AUD 5`, `€5`; see
    `named_currencies`), `5 CR` as 5, `5 DR` as −5 and a lone dash, a spreadsheet's zero, as 0.
    """
    mark = decimal_mark or cell_numbers.decimal_mark(cells)

    def of_text(text: str) -> str:
        quick = cell_numbers.quick_cents(text) if mark == "." else None
        return quick or str(cell_numbers.money(text, mark, label))

    def of_number(number: Decimal) -> str:
        text = format(number, "f")
        return cell_numbers.quick_cents(text) or str(amounts.parse_money(text, label))

    plain = None if mark == "," else cell_numbers.PLAIN_CENTS.fullmatch
    return _read(cells, of_text, of_number, plain, f"{label} is an amount, like 1,234.50.")


def numbers(cells: Sequence[Cell], label: str, decimal_mark: DecimalMark | None) -> Read:
    """Numbers with up to four decimals: `4.8`, and `12.5` for `12.5%`; yes is 1 and no is 0."""
    mark = decimal_mark or cell_numbers.decimal_mark(cells)

    def of_text(text: str) -> str:
        return of_number(cell_numbers.number(text, mark, label))

    def of_number(number: Decimal) -> str:
        fits = amounts.validate_decimal(number, label, LARGEST_DIGITS, DECIMALS)
        return format(fits, "f") if fits else "0"

    def of_yes(yes: bool) -> str:
        return "1" if yes else "0"

    return _read(cells, of_text, of_number, None, f"{label} is a number, like 4.8.", of_yes=of_yes)


def dates(cells: Sequence[Cell], label: str, order: DateOrder | None) -> Read:
    """Days as `2024-03-01`; a month is its first day, of an instant the day counts as written."""
    reader = cell_dates.Reader(order or cell_dates.date_order(cells), cells, label)
    expected = f"{label} is a date, like 1/3/2024."
    return _read(cells, reader.of_text, reader.of_number, None, expected, of_day=reader.of_day)


def texts(cells: Sequence[Cell], label: str, longest: int) -> Read:
    """Names and notes as `names.parse_name` and, where `longest` allows for lines, `parse_note`.

    The apostrophe that guards a formula in a CSV is taken off. A workbook's numbers and dates are
    texts as people see them: `1001`, `2024-03-01`, `TRUE`.
    """
    clean = names.parse_note if longest > _ONE_LINE else names.parse_name

    def of_text(text: str) -> str | None:
        bare = unguard(text)
        if _CONTROL.search(bare):
            raise InvalidInput("This has control characters, which no name or note has.")
        return clean(bare, label, longest) if bare.strip() else None

    def is_plain(text: str) -> bool:
        return len(text) <= longest and _PLAIN_TEXT.fullmatch(text) is not None

    def of_yes(yes: bool) -> str:
        return "TRUE" if yes else "FALSE"

    return _read(cells, of_text, lambda number: format(number, "f"), is_plain, "",
                 of_day=date.isoformat, of_yes=of_yes)  # fmt: skip


def _read(
    cells: Sequence[Cell],
    of_text: Callable[[str], str | None],
    of_number: Callable[[Decimal], str],
    is_plain: Callable[[str], object] | None,
    expected: str,
    *,
    of_day: Callable[[date], str] | None = None,
    of_yes: Callable[[bool], str] | None = None,
) -> Read:
    """Every cell by the function for its type; a text for which `is_plain` holds is kept as it is.

    A function raises InvalidInput; without one, the type is a problem, and `expected` says what
    belongs here.
    """
    known: dict[str, str | None] = {}
    bad: dict[str, str] = {}
    problems: dict[int, str] = {}

    def first_seen(text: str) -> str | None:
        value = None
        try:
            if text.strip().upper() in _ERRORS:
                raise InvalidInput(_of_error(text))
            value = of_text(text)
        except InvalidInput as error:
            bad[text] = str(error)
        known[text] = value
        return value

    def typed(row: int, cell: Decimal | date | bool) -> str | None:
        try:
            if isinstance(cell, Decimal):
                return of_number(cell)
            if isinstance(cell, bool):
                if of_yes is None:
                    raise InvalidInput(f"“{str(cell).upper()}” cannot stand here: {expected}")
                return of_yes(cell)
            if of_day is None:
                raise InvalidInput(f"The date {short_date(cell)} cannot stand here: {expected}")
            return of_day(cell)
        except InvalidInput as error:
            problems[row] = str(error)
            return None

    values: list[str | None] = []
    keep = values.append
    for row, cell in enumerate(cells):
        if cell.__class__ is not str:
            keep(None if cell is None else typed(row, cell))  # type: ignore[arg-type]
        elif cell in known:
            keep(known[cell])
            if cell in bad:
                problems[row] = bad[cell]
        elif is_plain is not None and is_plain(cell):
            keep(cell)
        else:
            keep(first_seen(cell))
            if cell in bad:
                problems[row] = bad[cell]
    return Read(values, problems)


def _of_error(text: str) -> str:
    if text == NO_RESULT:
        return (
            "The formula in this cell has no stored result. Open the workbook in Excel, save it, "
            "and import it again."
        )
    return f"“{text.strip()}” is an error of the spreadsheet. Mend the cell there, or empty it."
