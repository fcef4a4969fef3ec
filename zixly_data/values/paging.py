"""One page of a long list, ordered and cut by PostgreSQL: no list is read whole to show a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, cast

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.values.frames import Model, fetch

PAGE_ROWS = 500

_TEXT = pd.ArrowDtype(pa.string())

Order = Sequence[sa.ColumnElement[Any]]
Sorts = Mapping[str, sa.ColumnElement[Any]]


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
    order: Order,
    sorts: Sorts,
    count: sa.Select[Any] | None = None,
) -> Page[Model]:
    """Return the requested page of the query.

    `order` is the list's own order; it ends with a unique column, and also decides between rows
    that are equal in the column of `sorts` that is asked for. Null comes last. Raises KeyError for
    an order that is not in `sorts`. `count` is a cheaper statement for the number of rows.
    """
    if count is None:
        count = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
    return fetch_cut(
        connection, lambda cut: cut_page(query, cut, order, sorts), model, request, count
    )


def fetch_cut(
    connection: Connection,
    statement: Callable[[PageRequest], sa.Select[Any]],
    model: type[Model],
    request: PageRequest,
    count: sa.Select[Any],
) -> Page[Model]:
    """Return the requested page of a statement that cuts its rows itself, with `cut_page`.

    `count` is the statement for the number of all rows, run only if there are several pages.
    """
    frame = fetch(connection, statement(request), model)
    if 0 < len(frame) < PAGE_ROWS or (frame.empty and not request.number):
        return Page(frame, request.offset + len(frame), request)
    rows = int(connection.execute(count).scalar_one())
    if frame.empty:
        request = replace(request, number=max(0, rows - 1) // PAGE_ROWS)
        frame = fetch(connection, statement(request), model)
    return Page(frame, rows, request)


def cut_page(
    query: sa.Select[Any], request: PageRequest, order: Order, sorts: Sorts
) -> sa.Select[Any]:
    """Return the query in the requested order, with the rows of the requested page."""
    ordered = query.order_by(None).order_by(*sorted_by(request, order, sorts))
    return ordered.limit(PAGE_ROWS).offset(request.offset)


def sorted_by(request: PageRequest, order: Order, sorts: Sorts) -> list[sa.ColumnElement[Any]]:
    """Return the order of a page: the requested column, then the list's own order."""
    if not request.sort:
        return list(order)
    column = sorts[request.sort]
    return [(column.desc() if request.descending else column.asc()).nulls_last(), *order]


def cut_frame(frame: pd.DataFrame, request: PageRequest) -> Page[Any]:
    """Return the requested page of a frame that was computed as a whole.

    For reports with a row per client, month or exchange rate, whose totals need every row.
    """
    if request.sort:
        frame = frame.sort_values(
            request.sort,
            ascending=not request.descending,
            kind="stable",
            na_position="last",
            key=lambda column: column.str.lower() if column.dtype == _TEXT else column,
        )
    last = max(0, len(frame) - 1) // PAGE_ROWS
    request = replace(request, number=min(request.number, last))
    rows = frame.iloc[request.offset : request.offset + PAGE_ROWS].reset_index(drop=True)
    return Page(cast("DataFrame[Any]", rows), len(frame), request)
