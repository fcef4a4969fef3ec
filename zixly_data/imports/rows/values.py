"""Reads the cells of a column into texts for PostgreSQL: exact values, or problems as sentences.

Nothing is guessed. If a column could be read in two ways, `decimal_mark` and `date_order` return
None: a person has to decide, and until then an ambiguous cell is a problem. Numbers and dates of a
workbook are typed, so they are never ambiguous.

Columns are long and their cells repeat, so each distinct text is read once. Most texts are plain,
and a plain text is kept without being parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zixly_data.errors import InvalidInput
from zixly_data.exports.csv_file import unguard
from zixly_data.imports.cells import dates as cell_dates
from zixly_data.imports.cells import durations as cell_durations
from zixly_data.imports.cells import numbers as cell_numbers
from zixly_data.imports.cells.dates import date_order
from zixly_data.imports.cells.durations import DurationUnits
from zixly_data.imports.cells.mapping import DateOrder, DecimalMark
from zixly_data.imports.cells.numbers import decimal_mark, named_currencies
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.files.workbook_reader import NO_RESULT
from zixly_data.values import amounts, names
from zixly_data.values.dates import short_date

__all__ = [
    "ColumnValues",
    "date_order",
    "dates",
    "decimal_mark",
    "durations",
    "money",
    "named_currencies",
    "numbers",
    "texts",
]

LARGEST_DIGITS, DECIMALS = 10, 4  # of a metric's value, as the database keeps it
_ONE_LINE = 200
# Texts that no rule for names changes: no apostrophe or # in front, single spaces.
_PLAIN_TEXT = re.compile(r"[!\"$-&(-~]+(?: [!-~]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_ERRORS = frozenset({
    "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#ERROR!", NO_RESULT,
})  # fmt: skip


@dataclass(frozen=True)
class ColumnValues:
    """The values of a column: a text for each row, None if the cell is empty or has a problem.

    `problems` has a sentence for each row that cannot be read, by its index from 0.
    """

    values: list[str | None]
    problems: dict[int, str]


@dataclass(frozen=True)
class Durations(ColumnValues):
    """Durations. `rounded` are those with more decimals than are kept: `0:20 is 0.3333`."""

    rounded: list[str]


def money(cells: Sequence[Cell], label: str, decimal_mark: DecimalMark | None) -> ColumnValues:
    """Read amounts with exactly two decimals: `1234.50`.

    Accepts the formats of `amounts.parse_money`, and any currency beside the amount (`AUD 5`, `€5`;
    see `named_currencies`).
    """
    mark = decimal_mark or cell_numbers.decimal_mark(cells)

    def read_text(text: str) -> str:
        quick = cell_numbers.quick_cents(text) if mark == "." else None
        return quick or str(cell_numbers.parse_money(text, mark, label))

    def read_number(number: Decimal) -> str:
        text = format(number, "f")
        return cell_numbers.quick_cents(text) or str(amounts.read_amount(text, ".", label))

    plain = None if mark == "," else cell_numbers.PLAIN_CENTS.fullmatch
    return _read_column(cells, read_text, read_number, plain, "Use an amount, like 1,234.50.")


def numbers(cells: Sequence[Cell], label: str, decimal_mark: DecimalMark | None) -> ColumnValues:
    """Read numbers with up to four decimals: `4.8`, `12.5` for `12.5%`, 1 for yes, 0 for no."""
    mark = decimal_mark or cell_numbers.decimal_mark(cells)

    def read_text(text: str) -> str:
        return read_number(cell_numbers.parse_number(text, mark, label))

    def read_number(number: Decimal) -> str:
        fits = amounts.validate_decimal(number, label, LARGEST_DIGITS, DECIMALS)
        return format(fits, "f") if fits else "0"

    def read_yes(yes: bool) -> str:
        return "1" if yes else "0"

    return _read_column(
        cells,
        read_text,
        read_number,
        None,
        "Use a number, like 4.8.",
        read_yes=read_yes,
    )


def durations(
    cells: Sequence[Cell], label: str, decimal_mark: DecimalMark | None, units: DurationUnits
) -> Durations:
    """Read durations in the unit of a metric, with up to four decimals: `1.5` for `1:30`."""
    rounded: list[str] = []

    def measure(seconds: Fraction, text: str) -> str:
        number = cell_durations.in_unit(seconds, units.metric)
        amounts.validate_decimal(number, label, LARGEST_DIGITS, DECIMALS)
        value = format(number.normalize(), "f")
        if Fraction(number) * units.metric != seconds:
            rounded.append(f"{' '.join(text.split())} is {value}")
        return value

    def read_text(text: str) -> str:
        seconds = cell_durations.parse_duration(text, decimal_mark, units, label)
        return measure(seconds, text)

    def read_number(number: Decimal) -> str:
        return measure(Fraction(number) * units.number, format(number, "f"))

    column = _read_column(cells, read_text, read_number, None, "Use a duration, like 1:30.")
    return Durations(column.values, column.problems, rounded)


def dates(cells: Sequence[Cell], label: str, order: DateOrder | None) -> ColumnValues:
    """Read days as `2024-03-01`; a month becomes its first day, an instant its day as written."""
    reader = cell_dates.DateReader(order or cell_dates.date_order(cells), cells, label)
    expected = "Use a date, like 1/3/2024."
    return _read_column(
        cells, reader.read_text, reader.read_number, None, expected, read_day=reader.read_day
    )


def texts(cells: Sequence[Cell], label: str, longest: int) -> ColumnValues:
    """Read names with `names.parse_name`, and notes (`longest` over 200) with `names.parse_note`.

    The apostrophe that guards a formula in a CSV is removed. Numbers and dates of a workbook become
    the texts that people see: `1001`, `2024-03-01`, `TRUE`.
    """
    clean = names.parse_note if longest > _ONE_LINE else names.parse_name

    def read_text(text: str) -> str | None:
        bare = unguard(text)
        if _CONTROL.search(bare):
            raise InvalidInput("This has control characters, which names and notes cannot have.")
        return clean(bare, label, longest) if bare.strip() else None

    def is_plain(text: str) -> bool:
        return len(text) <= longest and _PLAIN_TEXT.fullmatch(text) is not None

    def read_yes(yes: bool) -> str:
        return "TRUE" if yes else "FALSE"

    return _read_column(cells, read_text, lambda number: format(number, "f"), is_plain, "",
                 read_day=date.isoformat, read_yes=read_yes)  # fmt: skip


def _read_column(
    cells: Sequence[Cell],
    read_text: Callable[[str], str | None],
    read_number: Callable[[Decimal], str],
    is_plain: Callable[[str], object] | None,
    expected: str,
    *,
    read_day: Callable[[date], str] | None = None,
    read_yes: Callable[[bool], str] | None = None,
) -> ColumnValues:
    """Read each cell with the function for its type; a text that `is_plain` accepts is kept.

    A function raises InvalidInput for a problem. A type without a function is a problem too;
    `expected` is the sentence about the values that belong here.
    """
    if is_plain is not None and all(
        cell is None or (cell.__class__ is str and is_plain(cell)) for cell in set(cells)
    ):
        return ColumnValues(list(cells), {})  # type: ignore[arg-type]
    values_by_text: dict[str, str | None] = {}
    problems_by_text: dict[str, str] = {}
    problems: dict[int, str] = {}

    def read_new(text: str) -> str | None:
        value = None
        try:
            if text.strip().upper() in _ERRORS:
                raise InvalidInput(_describe_error(text))
            value = read_text(text)
        except InvalidInput as error:
            problems_by_text[text] = str(error)
        values_by_text[text] = value
        return value

    def read_typed(row: int, cell: Decimal | date | bool) -> str | None:
        try:
            if isinstance(cell, Decimal):
                return read_number(cell)
            if isinstance(cell, bool):
                if read_yes is None:
                    raise InvalidInput(f"“{str(cell).upper()}” is not valid here. {expected}")
                return read_yes(cell)
            if read_day is None:
                raise InvalidInput(f"The date {short_date(cell)} is not valid here. {expected}")
            return read_day(cell)
        except InvalidInput as error:
            problems[row] = str(error)
            return None

    values: list[str | None] = []
    append = values.append
    for row, cell in enumerate(cells):
        if cell.__class__ is not str:
            append(None if cell is None else read_typed(row, cell))  # type: ignore[arg-type]
        elif cell in values_by_text:
            append(values_by_text[cell])
            if cell in problems_by_text:
                problems[row] = problems_by_text[cell]
        elif is_plain is not None and is_plain(cell):
            append(cell)
        else:
            append(read_new(cell))
            if cell in problems_by_text:
                problems[row] = problems_by_text[cell]
    return ColumnValues(values, problems)


def _describe_error(text: str) -> str:
    if text == NO_RESULT:
        return (
            "The formula in this cell has no stored result. Open the workbook in Excel, save it "
            "and import it again."
        )
    return f"“{text.strip()}” is a spreadsheet error. Correct or clear the cell there."
