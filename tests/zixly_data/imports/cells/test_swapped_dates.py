"""Real dates beside texts: an American Excel may have swapped their day and month."""

from __future__ import annotations

from datetime import date

import pytest

from zixly_data.imports.cells.doubtful_dates import date_meanings
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.rows import values

AUSTRALIAN: list[Cell] = [date(2024, 3, 4), "13/04/2024", date(2024, 4, 4), None, "2024-05-06"]
AMERICAN: list[Cell] = [date(2024, 3, 4), "4/13/2024"]


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (AUSTRALIAN, None),
        (AMERICAN, None),
        # A date that an American typed later does not clear the others.
        ([date(2024, 3, 4), "13/04/2024", date(2024, 4, 20)], None),
        # Nor does a text that Excel would have read.
        ([date(2024, 3, 4), "13/04/2024", "3/4/2024"], None),
        # Nothing could have been swapped.
        ([date(2024, 4, 20), "13/04/2024"], "DMY"),
        ([date(2024, 4, 4), "13/04/2024"], "DMY"),
        ([date(2024, 4, 20), "4/13/2024"], "MDY"),
        # No text of the kind that Excel leaves.
        ([date(2024, 3, 4), "1 March 2024", "n/a"], "DMY"),
        ([date(2024, 3, 4), date(2024, 3, 5)], "DMY"),
        # Texts in both orders, as without the date.
        ([date(2024, 3, 4), "13/04/2024", "4/13/2024"], "DMY"),
    ],
)
def test_a_column_is_asked_about_if_its_dates_may_be_swapped(
    cells: list[Cell], order: DateOrder | None
) -> None:
    assert values.date_order(cells) == order


def test_the_question_shows_a_date_with_both_of_its_meanings() -> None:
    assert date_meanings(AUSTRALIAN) == ("4 Mar 2024", {"DMY": "3 Apr 2024", "MDY": "4 Mar 2024"})
    assert date_meanings(AMERICAN) == ("4 Mar 2024", {"DMY": "4 Mar 2024", "MDY": "3 Apr 2024"})


@pytest.mark.parametrize(
    ("cells", "order", "days"),
    [
        (AUSTRALIAN, "DMY", ["2024-04-03", "2024-04-13", "2024-04-04", None, "2024-05-06"]),
        (AUSTRALIAN, "MDY", ["2024-03-04", "2024-04-13", "2024-04-04", None, "2024-05-06"]),
        (AMERICAN, "MDY", ["2024-04-03", "2024-04-13"]),
        (AMERICAN, "DMY", ["2024-03-04", "2024-04-13"]),
        ([date(2024, 3, 4), "13/04/2024", "5/6/2024"], "MDY",
         ["2024-03-04", "2024-04-13", "2024-06-05"]),
        ([date(2024, 4, 20), date(2024, 3, 4), "13/04/2024"], "DMY",
         ["2024-04-20", "2024-04-03", "2024-04-13"]),
    ],
)  # fmt: skip
def test_the_order_of_the_texts_swaps_the_dates_and_the_other_leaves_them(
    cells: list[Cell], order: DateOrder, days: list[str | None]
) -> None:
    read = values.dates(cells, "Date", order)
    assert (read.values, read.problems) == (days, {})


def test_without_an_order_a_date_that_may_be_swapped_is_a_problem() -> None:
    read = values.dates(AUSTRALIAN, "Date", None)
    assert read.values == [None, "2024-04-13", "2024-04-04", None, "2024-05-06"]
    assert read.problems == {
        0: "4 Mar 2024 could be 3 Apr 2024 if its day and month were swapped. Choose whether the "
        "day or the month comes first."
    }
