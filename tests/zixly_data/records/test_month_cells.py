"""The cells of a month's grids: which day and which value is meant."""

from __future__ import annotations

from datetime import date

import pytest

from zixly_data.errors import InvalidInput
from zixly_data.records.month_cells import default_day, parse_day, parse_metric


@pytest.mark.parametrize(
    ("month", "today", "expected"),
    [
        ("2024-03-01", "2024-04-02", "2024-03-31"),
        ("2024-02-01", "2024-04-02", "2024-02-29"),
        ("2024-04-01", "2024-04-02", "2024-04-02"),
        ("2024-04-01", "2024-04-30", "2024-04-30"),
        ("2024-05-01", "2024-04-30", "2024-05-31"),
    ],
)
def test_a_new_record_gets_the_last_day_of_its_month(month: str, today: str, expected: str) -> None:
    day = default_day(date.fromisoformat(month), date.fromisoformat(today))
    assert day == date.fromisoformat(expected)


@pytest.mark.parametrize("typed", ["29", "29/2/2024", "2024-02-29", "29 Feb 2024"])
def test_a_day_of_the_month_is_read(typed: str) -> None:
    assert parse_day(typed, date(2024, 2, 1), "date") == date(2024, 2, 29)


@pytest.mark.parametrize("typed", ["", "30", "0", "31/1/2024", "1/3/2024", "29/2/2023", "soon"])
def test_a_day_of_another_month_is_none(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_day(typed, date(2024, 2, 1), "date")


@pytest.mark.parametrize(("typed", "kind", "expected"), [
    ("Yes", "YES_NO", 1), ("n", "YES_NO", 0), ("1", "YES_NO", 1), ("85 %", "PERCENT", 85),
])  # fmt: skip
def test_a_value_is_read_as_its_kind_is_written(typed: str, kind: str, expected: int) -> None:
    assert parse_metric(typed, kind, "value") == expected
