"""Months in words: the list, the answer above it, and what closes along."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from zixly_data.records import closed_months
from zixly_data.values.frames import build
from zixly_ui.month import closing_text
from zixly_ui.month.closing_text import Month

TODAY = date(2024, 5, 20)
AT = datetime(2024, 5, 1, 14, 30, tzinfo=UTC)


def months(recorded: dict[str, int], closed: tuple[str, ...] = ()) -> list[Month]:
    """Months with so many records of $10.00 and $4.00 each, some of them closed by Cole."""
    firsts = [_first(month) for month in recorded]
    figures: dict[str, Any] = {
        "month": firsts, "currency": ["AUD"] * len(firsts), "records": list(recorded.values()),
        "revenue": [Decimal("10.00") * n for n in recorded.values()],
        "expenses": [Decimal("4.00") * n for n in recorded.values()],
        **{name: [0] * len(firsts) for name in ("overheads", "unassigned")},
        **{
            name: [Decimal("0.00")] * len(firsts)
            for name in ("overhead_revenue", "overhead_expenses")
        },
    }  # fmt: skip
    states: dict[str, Any] = {
        "id": list(closed), "month": [_first(month) for month in closed],
        "closed_by_name": ["Cole"] * len(closed), "created_at": [AT] * len(closed),
    }  # fmt: skip
    return closing_text.months(
        build(figures, closed_months.MonthFigures), build(states, closed_months.ClosedMonths), TODAY
    )


def _first(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def test_every_month_from_the_first_to_the_current_one_is_listed() -> None:
    listed = months({"2024-01": 2, "2024-03": 1, "2024-08": 1}, ("2023-12",))
    assert [month.id for month in listed] == [
        "2024-05", "2024-04", "2024-03", "2024-02", "2024-01", "2023-12",
    ]  # fmt: skip
    assert [month.records for month in listed] == [0, 0, 1, 0, 2, 0]
    assert [month.is_closed for month in listed] == [False] * 5 + [True]
    assert listed[4].amounts == {"AUD": (Decimal("20.00"), Decimal("8.00"))}
    assert [month.id for month in months({})] == ["2024-05"]


@pytest.mark.parametrize(
    ("recorded", "closed", "said"),
    [
        ({"2024-01": 1}, (), "No month is closed. Every record can still change."),
        ({"2024-01": 1, "2024-03": 1}, ("2024-01", "2024-03"),
         "Everything up to March 2024 is closed."),
        ({"2024-02": 1, "2024-04": 1}, ("2024-02",), "Everything up to February 2024 is closed."),
        ({"2024-01": 1, "2024-03": 1}, ("2024-03",),
         "1 month is closed, most recently March 2024; "
         "1 earlier month with records is still open."),
    ],
)  # fmt: skip
def test_the_answer(recorded: dict[str, int], closed: tuple[str, ...], said: str) -> None:
    assert closing_text.headline_text(months(recorded, closed)) == said


def test_the_next_to_close_is_over_has_records_and_is_open() -> None:
    listed = months(dict.fromkeys(("2024-01", "2024-02", "2024-03", "2024-05"), 1), ("2024-03",))
    assert closing_text.next_to_close(listed, TODAY) == listed[3]
    assert closing_text.next_to_close(months({"2024-05": 1}), TODAY) is None


def test_what_closes_along_starts_with_the_first_record() -> None:
    listed = months({"2024-01": 1, "2024-04": 1}, ("2023-11", "2024-02"))
    april = listed[1]
    assert [month.id for month in closing_text.open_before(listed, april)] == ["2024-03", "2024-01"]


def test_a_month_in_words_and_in_the_table() -> None:
    listed = months({"2024-04": 2}, ("2024-04",))
    may, april = listed
    assert closing_text.recorded_text(april) == "2 records, revenue $20.00, expenses $8.00."
    assert closing_text.recorded_text(may) == "Nothing is recorded in this month."
    zone = "Australia/Brisbane"
    assert closing_text.closed_text(april, zone) == "Closed by Cole on 2 May 2024, 00:30."
    table = closing_text.table(listed, ["AUD"], zone)
    assert table.astype(object).where(table.notna(), None).to_dict("records") == [
        {"id": "2024-05", "month": date(2024, 5, 1), "state": "Open", "records": 0,
         "closed_by": None, "closed_at": None, "revenue_AUD": None, "expenses_AUD": None},
        {"id": "2024-04", "month": date(2024, 4, 1), "state": "Closed", "records": 2,
         "closed_by": "Cole", "closed_at": "2 May 2024, 00:30", "revenue_AUD": Decimal("20.00"),
         "expenses_AUD": Decimal("8.00")},
    ]  # fmt: skip
    names = [column.name for column in closing_text.columns(["AUD"])]
    assert set(names) == set(table.columns) - {"id"}
