"""Pages of a list: every row once, in an order that the database keeps, and the count of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.scale.many_records import fill
from zixly_data.figures import client_totals
from zixly_data.records import financials
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.paging import PAGE_ROWS, PageRequest, cut_frame
from zixly_data.values.period import ALL

TEXT = pd.ArrowDtype(pa.string())
ROWS = 2 * PAGE_ROWS + 7
TODAY = date(2024, 6, 30)


@pytest.fixture
def team(new_team: Callable[[], Team], admin: sa.Engine) -> Team:
    team = new_team()
    fill(team, admin, TODAY, clients=3, records=ROWS, events=4, values=0)
    return team


@pytest.mark.parametrize(
    ("sort", "descending"),
    [("", False), ("record_date", False), ("revenue", True), ("client_name", True)],
)
def test_pages_together_are_the_list(team: Team, sort: str, descending: bool) -> None:
    pages = [
        financials.page(team.viewer, ALL, None, PageRequest(number, sort, descending))
        for number in range(3)
    ]
    assert [len(page.frame) for page in pages] == [PAGE_ROWS, PAGE_ROWS, 7]
    assert {page.count for page in pages} == {ROWS}
    shown = [row_id for page in pages for row_id in page.frame["id"]]
    everything = financials.list_records(team.viewer, ALL)
    assert sorted(shown) == sorted(everything["id"])
    if not sort:
        assert shown == list(everything["id"])
    elif sort != "client_name":
        values = [value for page in pages for value in page.frame[sort]]
        assert values == sorted(everything[sort], reverse=descending)


def test_a_page_after_the_last_one_is_the_last(team: Team) -> None:
    page = financials.page(team.viewer, ALL, None, PageRequest(9))
    assert (page.request.number, len(page.frame), page.count) == (2, 7, ROWS)


def test_nothing_is_one_empty_page(team: Team) -> None:
    nobody = ClientFilter(search="no such client")
    for number in (0, 4):
        page = financials.page(team.viewer, ALL, nobody, PageRequest(number))
        assert (page.request.number, len(page.frame), page.count) == (0, 0, 0)


def test_an_order_that_does_not_exist_is_refused(team: Team) -> None:
    with pytest.raises(KeyError):
        financials.page(team.viewer, ALL, None, PageRequest(sort="id; drop table"))


def test_a_frame_computed_as_a_whole_is_sorted_and_cut() -> None:
    names = pd.Series([None, *(f"{'aB'[n % 2]}{n:04}" for n in range(600))], dtype=TEXT)
    frame = pd.DataFrame({"name": names, "n": range(601)})
    first = cut_frame(frame, PageRequest(sort="name"))
    assert (first.count, len(first.frame), first.frame["name"][0]) == (601, PAGE_ROWS, "a0000")
    last = cut_frame(frame, PageRequest(number=7, sort="name"))
    assert last.request.number == 1
    assert last.frame["name"].isna().iloc[-1], "nothing comes last"
    assert list(cut_frame(frame, PageRequest()).frame["n"]) == list(range(PAGE_ROWS))
    falling = cut_frame(frame, PageRequest(sort="n", descending=True))
    assert list(falling.frame["n"])[:2] == [600, 599]
    assert cut_frame(frame.head(0), PageRequest(3)).frame.empty


def test_nothing_is_last_in_both_directions(team: Team) -> None:
    """Clients without records have no last one."""
    for descending in (False, True):
        request = PageRequest(0, "last_record", descending)
        page = client_totals.page(team.viewer, ClientFilter(search="client"), request)
        days = page.frame["last_record"]
        assert list(days.isna()) == sorted(days.isna())
