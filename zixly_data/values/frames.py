"""Validated frames built from query results.

Every frame that leaves `zixly_data` has Arrow column types and is checked by the strict pandera
model beside its query. An empty frame has the same columns and types as a full one.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, TypeVar, cast

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

Text = Annotated[pd.ArrowDtype, pa.string()]
Date = Annotated[pd.ArrowDtype, pa.date32()]
Instant = Annotated[pd.ArrowDtype, pa.timestamp("us", tz="UTC")]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Count = Annotated[pd.ArrowDtype, pa.int64()]
# An exact amount in a currency; wide enough for any sum of numeric(14, 2).
Money = Annotated[pd.ArrowDtype, pa.decimal128(20, 2)]
# An exact fraction: a margin of 0.4667, a conversion of 0.5000. Wide enough for the margin of a
# large loss on one cent of revenue.
Ratio = Annotated[pd.ArrowDtype, pa.decimal128(24, 4)]
# An exact value of a custom metric, in the metric's unit; wide enough for sums of many.
Measure = Annotated[pd.ArrowDtype, pa.decimal128(24, 4)]
# Several exact values of one metric, oldest first.
Measures = Annotated[pd.ArrowDtype, pa.list_(pa.decimal128(24, 4))]
# An exact exchange rate: one unit of a currency in another.
Rate = Annotated[pd.ArrowDtype, pa.decimal128(20, 8)]
# An exact number of days, halves included: a median.
Days = Annotated[pd.ArrowDtype, pa.decimal128(12, 1)]


class _Nullable:
    """Marks a column as nullable with a pandera field of its own, as fields cannot be shared."""

    def __set_name__(self, owner: type, name: str) -> None:
        field = pandera.Field(nullable=True)
        field.__set_name__(owner, name)
        setattr(owner, name, field)


nullable: Any = _Nullable()


class Frame(pandera.DataFrameModel):
    """Base of every model: exactly its columns, in their order, with their types."""

    class Config:
        strict = True
        ordered = True
        coerce = False


Model = TypeVar("Model", bound=Frame)

_accepted_shapes: set[tuple[type[Frame], tuple[str, ...]]] = set()


def fetch(
    connection: Connection, query: sa.sql.expression.Executable, model: type[Model]
) -> DataFrame[Model]:
    """Run the query and return its rows as a validated frame of `model`.

    Columns are matched by name. A missing column, or a value that does not fit its column
    exactly, is a programming error and raises.
    """
    result = connection.execute(query)
    names = list(result.keys())
    columns = list(zip(*result.fetchall(), strict=True))
    return build(dict(zip(names, columns, strict=True)) if columns else {}, model)


def build(columns: dict[str, Any], model: type[Model]) -> DataFrame[Model]:
    """Return a validated frame of `model` from plain Python columns; none mean an empty frame."""
    arrays = {
        name: _build_array(columns.get(name, ()) if columns else (), kind)
        for name, kind in arrow_types(model).items()
    }
    frame = pd.DataFrame(
        {name: pd.arrays.ArrowExtensionArray(array) for name, array in arrays.items()}, copy=False
    )
    # Models constrain column names, types and nullability, never single values (`test_frames.py`).
    # Names and types come from the model here, so one validation covers all frames with nulls in
    # the same columns.
    shape = model, tuple(name for name, array in arrays.items() if array.null_count)
    if shape in _accepted_shapes:
        return cast("DataFrame[Model]", frame)
    validated = model.validate(frame)
    _accepted_shapes.add(shape)
    return validated


def table_of(frame: pd.DataFrame) -> pa.Table:
    """Return the frame as an Arrow table: the same columns, without the index."""
    # `items()` builds a series for each column, which takes ten times as long.
    columns = zip(frame.columns, frame._iter_column_arrays(), strict=True)  # type: ignore[operator]
    return pa.table({name: _column_array(column) for name, column in columns})


def _column_array(column: Any) -> Any:
    # __arrow_array__ takes a third of the time of pa.array, which inspects the column first.
    if isinstance(column, pd.arrays.ArrowExtensionArray):
        return column.__arrow_array__()
    return pa.array(column, from_pandas=True)


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values: Decimal, date, str, int, and None for null."""
    records: list[dict[str, Any]] = table_of(frame).to_pylist()
    return records


def _build_array(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_integer(kind) and not all(type(value) in (int, type(None)) for value in values):
        # Arrow would truncate 2.5 to 2.
        raise pa.ArrowTypeError("a count is a whole number")
    return pa.array(values, type=kind)


@cache
def arrow_types(model: type[Frame]) -> dict[str, pa.DataType]:
    """Return the Arrow type of each column by name, in the order of the model."""
    return {
        name: cast("pd.ArrowDtype", column.dtype.type).pyarrow_dtype
        for name, column in model.to_schema().columns.items()
    }
