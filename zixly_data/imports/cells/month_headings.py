"""Headings that name months, in the formats of spreadsheets and accounting programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import Cell
from zixly_data.values.dates import EARLIEST, LATEST, MONTH_NAMES

_GERMAN = ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september",
           "oktober", "november", "dezember")  # fmt: skip
_OTHER_NAMES = {"sept": 9, "mär": 3, "mrz": 3, "maerz": 3, "okt": 10, "dez": 12, "jänner": 1}
_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)},
    **{name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, start=1)},
    **{name: number for number, name in enumerate(_GERMAN, start=1)},
    **_OTHER_NAMES,
}
_LETTERS = r"([^\W\d_]{3,9})\.?"
_YEAR = r"['’]?(20[0-9]{2}|[0-9]{2})"
_NAME_YEAR = re.compile(rf"{_LETTERS}[ /-]*{_YEAR}")
_YEAR_NAME = re.compile(rf"(20[0-9]{{2}})[ /-]*{_LETTERS}")
_DAY_NAME_YEAR = re.compile(rf"[0-9]{{1,2}}\.?[ /-]*{_LETTERS},?[ /-]*{_YEAR}")
_NAME_DAY_YEAR = re.compile(rf"{_LETTERS} [0-9]{{1,2}},? (20[0-9]{{2}})")
_YEAR_MONTH = re.compile(r"(20[0-9]{2})[/.-]([0-9]{1,2})(?:[/.-][0-9]{1,2})?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-](20[0-9]{2})")
_TWO_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](20[0-9]{2}|[0-9]{2})")
_YEARS = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_FEWEST_BARE = 2
_LONGEST = 30

Months = dict[int, date]


def months_of(cells: Sequence[Cell], titles: Sequence[str] = ()) -> Months:
    """Return the first day of the month that each heading names, by its place.

    The months must be different and in order, forwards or backwards; empty otherwise. Headings such
    as 1/1/2024, 1/2/2024 are empty too, because they could be days of one month. Names without a
    year (`Jan`, `Feb`) are in the only year that the titles name, and are no months without one.
    """
    headings = {
        place: " ".join(cell.split()).lower() if isinstance(cell, str) else cell
        for place, cell in enumerate(cells)
        if (isinstance(cell, str) and len(cell) <= _LONGEST) or isinstance(cell, date)
    }
    readings = [_read(headings, "DMY", None), _read(headings, "MDY", None)]
    longest = max(readings, key=len)
    is_certain = all(months == longest or len(months) < len(longest) for months in readings)
    if longest and is_certain and _are_in_order(longest):
        return longest
    years = {int(year) for title in titles for year in _YEARS.findall(title)}
    if len(years) == 1 and len(bare_months(cells)) >= _FEWEST_BARE:
        months = _read(headings, "DMY", years.pop())
        if list(months.values()) == sorted(set(months.values())):
            return months
    return {}


def bare_months(cells: Sequence[Cell]) -> list[str]:
    """Return the headings that name a month without its year: `Jan`, `February`."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    return [text for text in texts if text.lower().rstrip(".") in _NUMBERS]


def _read(headings: dict[int, str | date], order: DateOrder, year: int | None) -> Months:
    months = {}
    for place, heading in headings.items():
        month = heading if isinstance(heading, date) else _parse(heading, order, year)
        if month is not None and EARLIEST <= month <= LATEST:
            months[place] = month.replace(day=1)
    return months


def _parse(text: str, order: DateOrder, year: int | None) -> date | None:
    for pattern in (_NAME_YEAR, _DAY_NAME_YEAR, _NAME_DAY_YEAR):
        if match := pattern.fullmatch(text):
            return _month(match[2], _NUMBERS.get(match[1]))
    if match := _YEAR_NAME.fullmatch(text):
        return _month(match[1], _NUMBERS.get(match[2]))
    if match := _YEAR_MONTH.fullmatch(text):
        return _month(match[1], int(match[2]))
    if match := _MONTH_YEAR.fullmatch(text):
        return _month(match[2], int(match[1]))
    if match := _TWO_FIRST.fullmatch(text):
        day, month = (match[1], match[2]) if order == "DMY" else (match[2], match[1])
        return _month(match[3], int(month)) if 1 <= int(day) <= 31 else None
    return _month(str(year), _NUMBERS.get(text.rstrip("."))) if year else None


def _month(year: str, month: int | None) -> date | None:
    if month is None or not 1 <= month <= 12:
        return None
    return date(int(year) if len(year) == 4 else 2000 + int(year), month, 1)


def _are_in_order(months: Months) -> bool:
    pairs = list(pairwise(months.values()))
    return all(a < b for a, b in pairs) or all(a > b for a, b in pairs)
