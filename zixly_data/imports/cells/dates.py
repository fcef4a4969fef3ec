"""Parses the dates of cells, in the formats that people and programs write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import Cell, Number1904
from zixly_data.values.dates import MONTH_NAMES, parse_date, short_date, within_range

# Days since day 0 of spreadsheets: 1 January 2000 to 31 December 2100.
SERIALS = range(36526, 73416)
_DAY_0 = date(1899, 12, 30)
_DAY_0_1904 = date(1904, 1, 1)
_MIN_SERIALS = 0.6  # of the texts of a column

_TIME = re.compile(
    r"(?:T|,? +)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?: *[ap]\.?m\.?)?(?: *(?:Z|UTC|GMT|AES?T|AEDT|[+-][0-9]{2}:?[0-9]{2}))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.IGNORECASE)
_TWO_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_DIGITS = re.compile(r"(20[0-9]{2}|2100)([0-9]{2})([0-9]{2})")
_DAY_NAME_YEAR = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ /.-]*([a-z]{3,9})\.?,?[ /.-]*([0-9]{4}|[0-9]{2})",
    re.IGNORECASE,
)
_NAME_DAY_YEAR = re.compile(
    r"([a-z]{3,9})\.? +([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})", re.IGNORECASE
)
# A spreadsheet shows March 2024 as `Mar-24`; `Mar 24` could be a day without a year.
_NAME_YEAR = re.compile(r"([a-z]{3,9})\.?(?:[ /-]*([0-9]{4})|[-'’]([0-9]{2}))", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")


def date_order(cells: Sequence[Cell]) -> DateOrder | None:
    """Detect whether the day or the month comes first in a column's dates like 13/1/2024.

    None if all such dates are ambiguous, or if real dates beside them may be swapped (see
    `misread_order`). DMY if there are none, or if some have the day first and some the month: the
    latter are then problems.
    """
    if misread_order(cells):
        return None
    orders = _possible_orders(cells)
    if "DMY" in orders:
        return "DMY"
    if "MDY" in orders:
        return "MDY"
    return None if "either" in orders else "DMY"


def misread_order(cells: Sequence[Cell]) -> DateOrder | None:
    """Return the order of a column's texts if a spreadsheet may have misread its other dates.

    An American Excel that opens an Australian file turns 3/4/2024 into the real date 4 March and
    keeps 13/4/2024, which it cannot read, as a text. So where some texts can be read in one order
    only, the real dates beside them may have been written in that order too, with day and month
    swapped since. None if no real date could be, or if the texts are in both orders.
    """
    if not any(isinstance(cell, date) and could_be_swapped(cell) for cell in cells):
        return None
    orders = _possible_orders(cells)
    if {"DMY", "MDY"} <= orders:
        return None
    if "DMY" in orders:
        return "DMY"
    return "MDY" if "MDY" in orders else None


def could_be_swapped(day: date) -> bool:
    """Return whether the date is another one with its day and month swapped."""
    return day.day <= 12 and day.day != day.month


def swapped(day: date) -> date:
    """Return the date with its day and month swapped: 3 April for 4 March."""
    return day.replace(month=day.day, day=day.month)


def _possible_orders(cells: Sequence[Cell]) -> set[str]:
    """Return the orders in which texts like 13/1/2024 can be read; `either` if one has both."""
    orders = set()
    for text in {cell for cell in cells if isinstance(cell, str)}:
        if match := _TWO_FIRST.fullmatch(_without_time(text)):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                orders.add("DMY")
            elif second > 12 >= first:
                orders.add("MDY")
            elif first != second:
                orders.add("either")
    return orders


class DateReader:
    """Reads the dates of one column. Its methods raise InvalidInput with the column's label.

    Real dates that a spreadsheet may have misread follow `order`: swapped if it is the order of the
    texts, as they are in the other one. The texts keep their own order.
    """

    def __init__(self, order: DateOrder | None, cells: Sequence[Cell], label: str) -> None:
        self._misread = misread_order(cells)
        self._swaps = self._misread is not None and order == self._misread
        self._asks = self._misread is not None and order is None
        self._order = self._misread or order
        self._label = label
        self._serials = _are_serials(cells)

    def read_day(self, day: date) -> str:
        """Read a date of a workbook."""
        if self._asks and could_be_swapped(day):
            raise InvalidInput(
                f"{short_date(day)} could be {short_date(swapped(day))} if its day and month were "
                "swapped. Choose whether the day or the month comes first.",
                field=self._label,
            )
        is_swapped = self._swaps and could_be_swapped(day)
        return within_range(swapped(day) if is_swapped else day, self._label).isoformat()

    def read_number(self, number: Decimal) -> str:
        """Read a number of a workbook: days since its day 0, or the digits of a date."""
        whole = int(number) if number.is_finite() else 0
        if isinstance(number, Number1904):
            whole += (_DAY_0_1904 - _DAY_0).days
        if whole in SERIALS:
            return (_DAY_0 + timedelta(days=whole)).isoformat()
        return self.read_text(format(number, "f"))

    def read_text(self, text: str) -> str:
        """Read a text."""
        bare = _without_time(text)
        if match := _YEAR_FIRST.fullmatch(bare) or _DIGITS.fullmatch(bare):
            return self._parse_parts(bare, match[1], match[2], match[3])
        if match := _TWO_FIRST.fullmatch(bare):
            return self._parse_day_month(bare, match[1], match[2], match[3])
        if match := _DAY_NAME_YEAR.fullmatch(bare):
            return self._parse_named_month(bare, match[3], match[2], match[1])
        if match := _NAME_DAY_YEAR.fullmatch(bare):
            return self._parse_named_month(bare, match[3], match[1], match[2])
        if match := _NAME_YEAR.fullmatch(bare):
            return self._parse_named_month(bare, match[2] or match[3], match[1], "1")
        if match := _YEAR_MONTH.fullmatch(bare):
            return self._parse_parts(bare, match[1], match[2], "1")
        if match := _MONTH_YEAR.fullmatch(bare):
            return self._parse_parts(bare, match[2], match[1], "1")
        if self._serials and (match := _SERIAL.fullmatch(bare)):
            return (_DAY_0 + timedelta(days=int(match[1]))).isoformat()
        return parse_date(bare, self._label).isoformat()

    def _parse_day_month(self, text: str, first: str, second: str, year: str) -> str:
        if self._order == "MDY":
            return self._parse_parts(text, year, first, second)
        if self._order is None and int(first) != int(second) and max(int(first), int(second)) <= 12:
            day_first, month_first = (
                date.fromisoformat(self._parse_parts(text, year, month, day))
                for month, day in ((second, first), (first, second))
            )
            raise InvalidInput(
                f"“{text}” could be {short_date(day_first)} or {short_date(month_first)}. "
                "Choose whether the day or the month comes first.",
                field=self._label,
            )
        return self._parse_parts(text, year, second, first)

    def _parse_named_month(self, text: str, year: str, name: str, day: str) -> str:
        for month, month_name in enumerate(MONTH_NAMES, start=1):
            if month_name.lower().startswith(name.lower()):
                return self._parse_parts(text, year, str(month), day)
        return parse_date(text, self._label).isoformat()

    def _parse_parts(self, text: str, year: str, month: str, day: str) -> str:
        full_year = int(year) if len(year) == 4 else (2000 if int(year) < 80 else 1900) + int(year)
        try:
            return parse_date(f"{full_year}-{month}-{day}", self._label).isoformat()
        except InvalidInput as error:
            quoted, _, rest = str(error).partition("”")
            sentence = f"“{text}”{rest}" if rest and quoted.startswith("“") else str(error)
            if self._order == "MDY":
                sentence = sentence.replace(
                    "Write the day first, like 31/3/2024.", "Write the month first, like 3/31/2024."
                )
            raise InvalidInput(sentence, field=self._label) from None


def is_day(text: str) -> bool:
    """Return whether the text is a date in either order. Digits alone are not."""
    if text.strip().isdigit() or len(text) > 60:
        return False
    for order in get_args(DateOrder):
        try:
            DateReader(order, (), "").read_text(text)
        except InvalidInput:
            continue
        return True
    return False


def is_date(cell: Cell) -> bool:
    """Return whether a cell is a date, as a text in either order."""
    return isinstance(cell, date) or (isinstance(cell, str) and is_day(cell))


def _without_time(text: str) -> str:
    bare = " ".join(text.split())
    if len(bare) <= 10 and bare[:1].isdigit():
        return bare
    if (time := _TIME.search(bare)) and time.end() == len(bare):
        bare = bare[: time.start()]
    if day := _WEEKDAY.match(bare):
        bare = bare[day.end() :]
    return bare


def _are_serials(cells: Sequence[Cell]) -> bool:
    """Return whether texts of a column are serial numbers, which spreadsheets show as dates.

    A text that is a date speaks against it; one such as n/a is a problem of its own cell.
    """
    texts = [cell for cell in cells if isinstance(cell, str)]
    others = [text for text in texts if not _is_serial(text)]
    return len(others) <= len(texts) * (1 - _MIN_SERIALS) and not any(map(is_day, set(others)))


def _is_serial(text: str) -> bool:
    serial = _SERIAL.fullmatch(text.strip())
    return serial is not None and int(serial[1]) in SERIALS
