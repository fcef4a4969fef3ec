"""One cell that is a date, as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import Cell
from zixly_data.values.dates import MONTH_NAMES, parse_date, short_date, within_range

# Days since the spreadsheets' day 0: 1 January 2000 to 31 December 2100.
SERIALS = range(36526, 73416)
_DAY_0 = date(1899, 12, 30)

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
# `Mar-24` is how a spreadsheet shows March 2024; `Mar 24` could be a day without a year.
_NAME_YEAR = re.compile(r"([a-z]{3,9})\.?(?:[ /-]*([0-9]{4})|[-'’]([0-9]{2}))", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")


def date_order(cells: Sequence[Cell]) -> DateOrder | None:
    """Whether the day or the month stands first in a column's dates like 13/1/2024.

    None where there are such dates and each could be either; DMY where there are none, and where
    some speak for the one and some for the other: those are then problems.
    """
    doubtful = month_first = False
    for text in {cell for cell in cells if isinstance(cell, str)}:
        if found := _TWO_FIRST.fullmatch(_without_time(text)):
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                return "DMY"
            month_first = month_first or second > 12 >= first
            doubtful = doubtful or first != second
    if month_first:
        return "MDY"
    return None if doubtful else "DMY"


class Reader:
    """Reads the dates of one column. Each method raises InvalidInput naming the column's label."""

    def __init__(self, order: DateOrder | None, cells: Sequence[Cell], label: str) -> None:
        self._order = order
        self._label = label
        self._serials = _are_serials(cells)

    def of_day(self, day: date) -> str:
        """A date of a workbook."""
        return within_range(day, self._label).isoformat()

    def of_number(self, number: Decimal) -> str:
        """A number of a workbook: days since its day 0, or the digits of a date."""
        whole = int(number) if number.is_finite() else 0
        if whole in SERIALS:
            return (_DAY_0 + timedelta(days=whole)).isoformat()
        return self.of_text(format(number, "f"))

    def of_text(self, text: str) -> str:
        """A text."""
        wanted = _without_time(text)
        if found := _YEAR_FIRST.fullmatch(wanted) or _DIGITS.fullmatch(wanted):
            return self._checked(wanted, found[1], found[2], found[3])
        if found := _TWO_FIRST.fullmatch(wanted):
            return self._two_first(wanted, found[1], found[2], found[3])
        if found := _DAY_NAME_YEAR.fullmatch(wanted):
            return self._named(wanted, found[3], found[2], found[1])
        if found := _NAME_DAY_YEAR.fullmatch(wanted):
            return self._named(wanted, found[3], found[1], found[2])
        if found := _NAME_YEAR.fullmatch(wanted):
            return self._named(wanted, found[2] or found[3], found[1], "1")
        if found := _YEAR_MONTH.fullmatch(wanted):
            return self._checked(wanted, found[1], found[2], "1")
        if found := _MONTH_YEAR.fullmatch(wanted):
            return self._checked(wanted, found[2], found[1], "1")
        if self._serials and (found := _SERIAL.fullmatch(wanted)):
            return (_DAY_0 + timedelta(days=int(found[1]))).isoformat()
        return parse_date(wanted, self._label).isoformat()

    def _two_first(self, wanted: str, first: str, second: str, year: str) -> str:
        if self._order == "MDY":
            return self._checked(wanted, year, first, second)
        if self._order is None and int(first) != int(second) and max(int(first), int(second)) <= 12:
            one, other = (
                date.fromisoformat(self._checked(wanted, year, month, day))
                for month, day in ((second, first), (first, second))
            )
            raise InvalidInput(
                f"“{wanted}” could be {short_date(one)} or {short_date(other)}. Say whether the "
                "day or the month comes first.",
                field=self._label,
            )
        return self._checked(wanted, year, second, first)

    def _named(self, wanted: str, year: str, name: str, day: str) -> str:
        for month, full in enumerate(MONTH_NAMES, start=1):
            if full.lower().startswith(name.lower()):
                return self._checked(wanted, year, str(month), day)
        return parse_date(wanted, self._label).isoformat()

    def _checked(self, wanted: str, year: str, month: str, day: str) -> str:
        whole_year = int(year) if len(year) == 4 else (2000 if int(year) < 80 else 1900) + int(year)
        try:
            return parse_date(f"{whole_year}-{month}-{day}", self._label).isoformat()
        except InvalidInput as error:
            quoted, _, rest = str(error).partition("”")
            sentence = f"“{wanted}”{rest}" if rest and quoted.startswith("“") else str(error)
            if self._order == "MDY":
                sentence = sentence.replace(
                    "Write the day first, like 31/3/2024.", "Write the month first, like 3/31/2024."
                )
            raise InvalidInput(sentence, field=self._label) from None


def is_day(text: str) -> bool:
    """Whether this is a day, whichever of its parts comes first. Mere digits are none."""
    if text.strip().isdigit() or len(text) > 60:
        return False
    for order in get_args(DateOrder):
        try:
            Reader(order, (), "").of_text(text)
        except InvalidInput:
            continue
        return True
    return False


def _without_time(text: str) -> str:
    wanted = " ".join(text.split())
    if len(wanted) <= 10 and wanted[:1].isdigit():
        return wanted
    if (time := _TIME.search(wanted)) and time.end() == len(wanted):
        wanted = wanted[: time.start()]
    if day := _WEEKDAY.match(wanted):
        wanted = wanted[day.end() :]
    return wanted


def _are_serials(cells: Sequence[Cell]) -> bool:
    """Whether each text of a column is a number that a spreadsheet would show as a date."""
    return all(
        (serial := _SERIAL.fullmatch(cell.strip())) and int(serial[1]) in SERIALS
        for cell in cells
        if isinstance(cell, str)
    )
