"""Frames: exactly these columns, of these types, with every digit; anything else raises."""

from __future__ import annotations

import pkgutil
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module

import pandas as pd
import pyarrow as pa
import pytest
from pandera.errors import SchemaError

import zixly_data
from zixly_data.values.frames import (
    Count,
    Date,
    Days,
    Flag,
    Frame,
    Instant,
    Money,
    Ratio,
    Text,
    arrow_types,
    build,
    nullable,
    rows,
)


class Everything(Frame):
    text: Text
    day: Date
    instant: Instant
    count: Count
    amount: Money
    days: Days
    flag: Flag = nullable
    margin: Ratio = nullable


ROW = {
    "text": ["Zoë 🌉"],
    "day": [date(2024, 2, 29)],
    "instant": [datetime(2024, 2, 29, 13, 5, tzinfo=UTC)],
    "count": [3],
    "amount": [Decimal("45000")],
    "days": [Decimal("2.5")],
    "flag": [True],
    "margin": [Decimal("0.4667")],
}


def test_values_come_out_as_they_went_in() -> None:
    frame = build(ROW, Everything)
    assert frame.to_dict("list") == ROW
    assert str(frame["amount"].iloc[0]) == "45000.00"
    assert frame["amount"].dtype == pd.ArrowDtype(pa.decimal128(20, 2))
    assert list(frame.columns) == list(arrow_types(Everything)) == list(ROW)


def test_an_empty_frame_has_the_columns_and_types_of_a_full_one() -> None:
    assert dict(build({}, Everything).dtypes) == dict(build(ROW, Everything).dtypes)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", Decimal("0.005")),
        ("amount", Decimal(10) ** 18),
        ("amount", Decimal("NaN")),
        ("amount", "a lot"),
        ("margin", Decimal("0.46666")),
        ("days", Decimal("2.25")),
        ("count", 2.5),
        ("count", "3"),
        ("day", "2024-02-29"),
        ("text", 7),
        ("flag", "YES"),
    ],
)
def test_a_value_that_would_lose_something_raises(column: str, value: object) -> None:
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        build({**ROW, column: [value]}, Everything)


def test_a_missing_value_is_allowed_where_the_model_says_so_and_nowhere_else() -> None:
    frame = build({**ROW, "margin": [None], "flag": [None]}, Everything)
    assert frame["margin"].isna().all()
    assert frame["flag"].isna().all()
    for column in ("text", "day", "instant", "count", "amount", "days"):
        with pytest.raises(SchemaError, match=column):
            build({**ROW, column: [None]}, Everything)


def test_a_missing_column_raises() -> None:
    with pytest.raises(ValueError, match="same length"):
        build({name: values for name, values in ROW.items() if name != "amount"}, Everything)


def test_a_margin_of_a_loss_over_one_cent_of_revenue_fits() -> None:
    margin = Decimal("-99999999999900.0000")
    assert list(build({**ROW, "margin": [margin]}, Everything)["margin"]) == [margin]


def test_each_nullable_column_keeps_its_own_name_and_type() -> None:
    assert arrow_types(Everything)["flag"] == pa.bool_()
    assert arrow_types(Everything)["margin"] == pa.decimal128(24, 4)


def test_a_frame_with_missing_values_is_refused_even_after_a_complete_one() -> None:
    build(ROW, Everything)
    build(ROW | {"margin": [None]}, Everything)
    for name in ("text", "day", "count", "amount"):
        with pytest.raises(SchemaError):
            build(ROW | {name: [None]}, Everything)
    with pytest.raises(SchemaError):
        build(ROW | {"amount": [None], "margin": [None]}, Everything)


def test_models_check_only_names_types_and_missing_values() -> None:
    """Otherwise `build` would have to validate each frame with pandera again."""
    for module in pkgutil.walk_packages(zixly_data.__path__, "zixly_data."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    models = [model for model in _below(Frame) if model.__module__.startswith("zixly_data.")]
    assert len(models) > 20
    for model in models:
        schema = model.to_schema()
        columns = schema.columns.values()
        assert (schema.strict, schema.ordered, schema.coerce) == (True, True, False)
        assert not [*schema.checks, *(schema.unique or [])]
        assert not any(column.checks or column.unique or column.coerce for column in columns)


def _below(model: type[Frame]) -> list[type[Frame]]:
    return [below for child in model.__subclasses__() for below in (child, *_below(child))]


def test_rows_are_plain_values_and_nothing_is_none() -> None:
    empty = ROW | {"flag": [None], "margin": [None]}
    assert rows(build(empty, Everything)) == [{name: value for name, (value,) in empty.items()}]
    assert rows(build({}, Everything)) == []
