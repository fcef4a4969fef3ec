"""One page of a long list, ordered and cut by PostgreSQL: no list is read whole to show a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.values.frames import Model, fetch

PAGE_ROWS = 500


@dataclass(frozen=True)
class PageRequest:
    """Which page of a list, counted from 0, and its order.

    `sort` is the name of a column that the list may be ordered by, empty for its own order.
    """

    number: int = 0
    sort: str = ""
    descending: bool = False

    @property
    def offset(self) -> int:
        """The number of rows before the page."""
        return self.number * PAGE_ROWS


@dataclass(frozen=True)
class Page(Generic[Model]):
    """The rows of one page, and `count`, the number of rows of all pages.

    `request` is the one that was answered: the last page if the list has become shorter.
    """

    frame: DataFrame[Model]
    count: int
    request: PageRequest = PageRequest()


def fetch_page(
    connection: Connection,
    query: sa.Select[Any],
    model: type[Model],
    request: PageRequest,
    order: Sequence[sa.ColumnElement[Any]],
    sorts: Mapping[str, sa.ColumnElement[Any]],
    count: sa.Select[tuple[int]] | None = None,
) -> Page[Model]:
    """Return the requested page of the query, with at most `PAGE_ROWS` rows.

    `order` is the list's own order; it ends with a unique column, and also decides between rows
    that are equal in the column of `sorts` that is asked for. Null comes last. `count` is a cheaper
    statement for the number of rows, run only if there are several pages. Raises KeyError for an
    order that is not in `sorts`.
    """
    ordered = query.order_by(None).order_by(*_sorted(request, sorts), *order).limit(PAGE_ROWS)
    frame = fetch(connection, ordered.offset(request.offset), model)
    if 0 < len(frame) < PAGE_ROWS or (frame.empty and not request.number):
        return Page(frame, request.offset + len(frame), request)
    everything = query.order_by(None).subquery()
    counted = sa.select(sa.func.count()).select_from(everything) if count is None else count
    rows = int(connection.execute(counted).scalar_one())
    if frame.empty:
        request = replace(request, number=max(0, rows - 1) // PAGE_ROWS)
        frame = fetch(connection, ordered.offset(request.offset), model)
    return Page(frame, rows, request)


def _sorted(
    request: PageRequest, sorts: Mapping[str, sa.ColumnElement[Any]]
) -> list[sa.ColumnElement[Any]]:
    if not request.sort:
        return []
    column = sorts[request.sort]
    return [(column.desc() if request.descending else column.asc()).nulls_last()]
