"""Closing and reopening months, and what it means for what is dated in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests import books
from tests.conftest import Team
from zixly_data import closed_months, tenants
from zixly_data.dates import add_months
from zixly_data.errors import AccessDenied, AlreadyExists, InvalidInput, MonthClosed, NotFound
from zixly_data.identity import Identity

MARCH = date(2024, 3, 1)


def closed(identity: Identity) -> list[date]:
    return closed_months.list_closed(identity)["month"].to_list()


def test_a_month_is_closed_and_reopened_by_any_of_its_days(new_team: Callable[[], Team]) -> None:
    team = new_team()
    client = books.client(team)
    closed_months.close(team.admin, date(2024, 3, 31))
    (row,) = closed_months.list_closed(team.viewer).to_dict("records")
    assert (row["month"], row["closed_by_name"]) == (MARCH, team.admin.full_name)
    assert closed_months.is_closed(team.viewer, date(2024, 3, 15))
    assert not closed_months.is_closed(team.viewer, date(2024, 4, 1))
    with pytest.raises(MonthClosed, match="March 2024 is closed"):
        books.money(team, client, "2024-03-31", "1")
    books.money(team, client, "2024-02-29", "1")
    books.money(team, client, "2024-04-01", "1")
    closed_months.reopen(team.admin, date(2024, 3, 9))
    assert closed(team.viewer) == []
    books.money(team, client, "2024-03-31", "1")


def test_what_is_refused_is_said_in_words(new_team: Callable[[], Team]) -> None:
    team = new_team()
    closed_months.close(team.admin, MARCH)
    with pytest.raises(AlreadyExists, match="March 2024 is closed already"):
        closed_months.close(team.admin, MARCH)
    with pytest.raises(NotFound, match="April 2024 is not closed"):
        closed_months.reopen(team.admin, date(2024, 4, 1))
    today = tenants.get(team.admin).today()
    with pytest.raises(InvalidInput, match="has not begun"):
        closed_months.close(team.admin, add_months(today, 1))
    with pytest.raises(InvalidInput, match="has not begun"):
        closed_months.close_through(team.admin, add_months(today, 1))
    with pytest.raises(InvalidInput, match="out of range"):
        closed_months.close(team.admin, date(1999, 12, 1))
    assert closed(team.admin) == [MARCH]
    closed_months.close(team.admin, today)
    assert closed_months.is_closed(team.admin, today)


def test_all_months_up_to_one_at_once(new_team: Callable[[], Team]) -> None:
    team, other = new_team(), new_team()
    books.money(other, books.client(other), "2020-01-31", "1")
    client = books.client(team)
    books.event(team, client, "L-1", "Inquiry", "2024-01-31")
    books.money(team, client, "2024-02-10", "1")
    closed_months.close(team.admin, date(2024, 2, 1))
    through = closed_months.close_through(team.admin, date(2024, 4, 30))
    assert through == [date(2024, 1, 1), MARCH, date(2024, 4, 1)]
    assert closed_months.close_through(team.admin, date(2024, 4, 30)) == []
    assert closed(team.admin) == [date(2024, month, 1) for month in (4, 3, 2, 1)]
    assert closed(other.admin) == []


def test_without_records_only_the_month_itself_is_closed(new_team: Callable[[], Team]) -> None:
    team = new_team()
    assert closed_months.close_through(team.admin, MARCH) == [MARCH]


def test_only_an_admin_closes_and_reopens(new_team: Callable[[], Team]) -> None:
    team = new_team()
    closed_months.close(team.admin, MARCH)
    for person in (team.viewer, team.editor):
        for act in (closed_months.close, closed_months.close_through):
            with pytest.raises(AccessDenied):
                act(person, date(2024, 2, 1))
        with pytest.raises(AccessDenied):
            closed_months.reopen(person, MARCH)
    assert closed(team.viewer) == [MARCH]
    closed_months.reopen(team.admin, MARCH)
    closed_months.close(team.admin, date(2024, 2, 1))
