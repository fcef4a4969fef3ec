"""One page of the rows of a grid, and the order of its clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.values.dates import month_end
from zixly_data.values.frames import Model, fetch
from zixly_data.values.period import Period, between

GRID_ROWS = 200


@dataclass(frozen=True)
class GridPage(Generic[Model]):
    """The rows of a page, at most `size`, and the number of rows of all pages.

    `number` counts pages from 0: the last page if the one asked for does not exist.
    """

    frame: DataFrame[Model]
    count: int
    number: int
    size: int


def fetch_page(
    connection: Connection, query: sa.Select[Any], model: type[Model], number: int, size: int
) -> GridPage[Model]:
    """Return a page of `size` rows of the ordered query, counted from 0."""
    everything = query.order_by(None).subquery()
    counted = sa.select(sa.func.count()).select_from(everything)
    count = int(connection.execute(counted).scalar_one())
    number = max(0, min(number, (count - 1) // size))
    frame = fetch(connection, query.limit(size).offset(number * size), model)
    return GridPage(frame, count, number, size)


def people_order(name: Any) -> tuple[Any, Any]:
    """Return the order of names without regard to case and accents; ties keep one order."""
    letters = sa.func.normalize(name, sa.text("NFKD"))
    without_accents = sa.func.regexp_replace(letters, "[\u0300-\u036f]", "", "g")
    return sa.func.lower(without_accents), name


def period_of(month: date) -> Period:
    """Return the days of the month that begins on `month`."""
    return between(month, month_end(month))
