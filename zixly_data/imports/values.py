"""Cells of one column, read into texts that PostgreSQL takes: exact, or a problem in words.

Nothing is guessed. Where a column could be read in two ways, `decimal_mark` and `date_order` say
None: somebody has to be asked, and until then a doubtful cell is a problem. A workbook's numbers
and dates are what they are and leave no doubt.

Columns are long and their cells repeat, so each distinct text is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data import amounts, names
from zixly_data.csv_file import unguard
from zixly_data.dates import short_date
from zixly_data.errors import InvalidInput
from zixly_data.imports import cell_dates, cell_numbers
from zixly_data.imports.cell_dates import date_order
from zixly_data.imports.cell_numbers import decimal_mark, named_currencies
from zixly_data.imports.mapping import DateOrder, DecimalMark
from zixly_data.imports.table import Cell

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
        return str(cell_numbers.money(text, mark, label))

    def of_number(number: Decimal) -> str:
        return str(amounts.parse_money(format(number, "f"), label))

    return _read(cells, of_text, of_number, f"{label} is an amount. Write it like 1,234.50.",
                 None if mark == "," else cell_numbers.PLAIN_CENTS.fullmatch)  # fmt: skip


def numbers(cells: Sequence[Cell], label: str, decimal_mark: DecimalMark | None) -> Read:
    """Numbers with up to four decimals: `4.8`, and `12.5` for `12.5%`; yes is 1 and no is 0."""
    mark = decimal_mark or cell_numbers.decimal_mark(cells)

    def checked(number: Decimal) -> str:
        fits = amounts.checked_decimal(number, label, LARGEST_DIGITS, DECIMALS)
        return format(fits, "f") if fits else "0"

    def of_text(text: str) -> str:
        return checked(cell_numbers.number(text, mark, label))

    return _read(cells, of_text, checked, f"{label} is a number. Write it like 4.8.",
                 yes_is_one=True)  # fmt: skip


def dates(cells: Sequence[Cell], label: str, order: DateOrder | None) -> Read:
    """Days as `2024-03-01`; a month is its first day, of an instant the day counts as written."""
    reader = cell_dates.Reader(order or cell_dates.date_order(cells), cells, label)
    return _read(cells, reader.of_text, reader.of_number,
                 f"{label} is a date. Write it like 1/3/2024.", of_day=reader.of_day)  # fmt: skip


def texts(cells: Sequence[Cell], label: str, longest: int) -> Read:
    """Names and notes as `names.parse_name` and, where `longest` allows for lines, `parse_note`.

    The apostrophe that guards a formula in a CSV is taken off. A workbook's numbers and dates are
    texts as people see them: `1001`, `2024-03-01`.
    """
    clean = names.parse_note if longest > _ONE_LINE else names.parse_name

    def of_text(text: str) -> str | None:
        bare = unguard(text)
        if any(letter < " " and letter not in "\t\n\r\v\f" for letter in bare):
            raise InvalidInput("This has control characters, which no name or note has.")
        return clean(bare, label, longest) if bare.strip() else None

    def of_number(number: Decimal) -> str | None:
        return of_text(format(number, "f"))

    return _read(cells, of_text, of_number, "", of_day=date.isoformat, yes_no=("TRUE", "FALSE"))


def _read(
    cells: Sequence[Cell],
    of_text: Callable[[str], str | None],
    of_number: Callable[[Decimal], str | None],
    otherwise: str,
    is_done: Callable[[str], object] | None = None,
    *,
    of_day: Callable[[date], str] | None = None,
    yes_no: tuple[str, str] | None = None,
    yes_is_one: bool = False,
) -> Read:
    """Every cell by the function for its type. A text for which `is_done` holds stays as it is."""
    yes_no = ("1", "0") if yes_is_one else yes_no
    values: list[str | None] = []
    problems: dict[int, str] = {}
    known: dict[str | Decimal, str | None] = {}
    bad: dict[str | Decimal, str] = {}
    keep = values.append

    def first_seen(cell: str | Decimal) -> str | None:
        try:
            value = of_text(cell) if isinstance(cell, str) else of_number(cell)
        except InvalidInput as error:
            bad[cell] = str(error)
            value = None
        known[cell] = value
        return value

    for row, cell in enumerate(cells):
        if cell is None:
            keep(None)
        elif isinstance(cell, str | Decimal):
            if is_done is not None and isinstance(cell, str) and is_done(cell):
                keep(cell)
                continue
            value = known[cell] if cell in known else first_seen(cell)
            if value is None and cell in bad:
                problems[row] = bad[cell]
            keep(value)
        elif isinstance(cell, bool):
            if yes_no is None:
                problems[row] = f"“{str(cell).upper()}” cannot stand here: {otherwise}"
            keep(yes_no[not cell] if yes_no else None)
        else:
            value = None
            if of_day is None:
                problems[row] = f"The date {short_date(cell)} cannot stand here: {otherwise}"
            else:
                try:
                    value = of_day(cell)
                except InvalidInput as error:
                    problems[row] = str(error)
            keep(value)
    return Read(values, problems)
