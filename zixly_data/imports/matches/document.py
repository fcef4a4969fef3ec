"""Documents: the lines of a file, and of the records, that share a number.

A document is one of a client (of an overhead: of a counterparty), in one direction, with a number.
Where numbers start anew each year, one number names a document every year: lines that are more than
`FAR` apart belong to several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from zixly_data.imports.cells.kinds import Kind

FAR = timedelta(days=200)

Item = TypeVar("Item")


class Direction(StrEnum):
    """Whether a line is money in or out."""

    REVENUE = "REVENUE"
    EXPENSE = "EXPENSE"


class Number(NamedTuple):
    """A number, and the client or counterparty that it belongs to; empty without one."""

    party: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line on record. `values` are texts by column, as those of a file."""

    id: str
    version: int
    number: str
    values: Mapping[str, str | None]

    @property
    def day(self) -> date:
        """The date of the line."""
        return parse_day(self.values["record_date"] or "")

    @property
    def direction(self) -> Direction:
        """The direction of its amounts."""
        return direction_of(self.values["revenue"], self.values["expenses"])


@dataclass
class Document:
    """The rows of a file that are one document.

    `rows` are its lines, which replace the `recorded` ones. `voided` rows take them away if it has
    no line. `rejected` are rows that cannot be read. `far` are lines on record of the same number
    with a date far away. `removed` are the recorded lines that no row replaces.
    """

    kind: Kind
    number: Number
    direction: Direction
    rows: list[int] = field(default_factory=list)
    voided: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    recorded: list[Line] = field(default_factory=list)
    far: list[Line] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)


def direction_of(revenue: str | None, expenses: str | None) -> Direction:
    """Return the direction of a line: an expense if it has an expense and no revenue."""
    is_expense = not parse_amount(revenue or "0") and parse_amount(expenses or "0")
    return Direction.EXPENSE if is_expense else Direction.REVENUE


def split_by_date(document: Document, day_of: Callable[[int], date]) -> list[Document]:
    """Return the documents that rows with one number are by their dates, the earliest first."""
    voided = set(document.voided)
    return [
        replace(
            document,
            rows=sorted(row for row in cluster if row not in voided),
            voided=sorted(row for row in cluster if row in voided),
            recorded=[],
            far=[],
            removed=[],
        )
        for cluster in _clusters([*document.rows, *document.voided], day_of)
    ]


def assign_lines(
    documents: Sequence[Document], lines: Sequence[Line], day_of: Callable[[int], date]
) -> None:
    """Give the documents of one number and direction their lines on record: those near in time.

    Lines near to no document are the `far` lines of a document that has none near.
    """
    clusters = _clusters(lines, lambda line: line.day)
    days = [[day_of(row) for row in (*document.rows, *document.voided)] for document in documents]

    def nearest(place: int) -> tuple[timedelta, list[Line]] | None:
        distances = [
            (_distance(days[place], [line.day for line in cluster]), number)
            for number, cluster in enumerate(clusters)
        ]
        if not distances:
            return None
        distance, number = min(distances)
        return distance, clusters[number]

    for place, document in enumerate(documents):
        closest = nearest(place)
        if closest is not None and closest[0] <= FAR:
            document.recorded = closest[1]
            clusters.remove(closest[1])
    for place, document in enumerate(documents):
        closest = nearest(place)
        if closest is not None and document.rows and not document.recorded:
            document.far = closest[1]
            clusters.remove(closest[1])


def _clusters(items: Iterable[Item], day_of: Callable[[Item], date]) -> list[list[Item]]:
    """Split items into groups so that neighbours within one are at most `FAR` apart."""
    clusters: list[list[Item]] = []
    for item in sorted(items, key=day_of):
        if clusters and day_of(item) - day_of(clusters[-1][-1]) <= FAR:
            clusters[-1].append(item)
        else:
            clusters.append([item])
    return clusters


def _distance(days: Sequence[date], others: Sequence[date]) -> timedelta:
    """Return the time between two groups of days; nothing if they overlap."""
    gap = max(min(days) - max(others), min(others) - max(days))
    return max(gap, timedelta(0))


@lru_cache(maxsize=40_000)
def parse_day(text: str) -> date:
    """Return the day of `2024-03-01`."""
    return date.fromisoformat(text)


@lru_cache(maxsize=40_000)
def parse_amount(text: str) -> Decimal:
    """Return an amount of a row or a record."""
    return Decimal(text)
