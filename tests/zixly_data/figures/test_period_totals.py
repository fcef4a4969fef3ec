"""Totals of several periods at once are those of each period's own report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import SCENARIO_TODAY, Team
from tests.support import records as books
from zixly_data.figures.period_totals import period_totals
from zixly_data.figures.profitability import CurrencyTotal, profitability
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period, parse

KEYS = ("this-month", "last-month", "this-fy", "last-12-months", "all", "2024-Q1")
PERIODS = [
    *(parse(key, SCENARIO_TODAY) for key in KEYS),
    Period("custom", date(2024, 1, 15), date(2024, 3, 10), "Parts of three months"),
    Period("custom", date(2024, 2, 3), date(2024, 2, 9), "A week"),
    Period("custom", date(1999, 1, 1), date(1999, 12, 31), "A year without records"),
]


@pytest.mark.parametrize(
    "client_filter",
    [None, ClientFilter(statuses=("ACTIVE",)), ClientFilter(currencies=("AUD",))],
    ids=["all", "active", "AUD"],
)
def test_they_equal_the_reports(vera: Identity, client_filter: ClientFilter | None) -> None:
    totals = period_totals(vera, [*PERIODS, PERIODS[0]], client_filter)
    assert list(totals) == PERIODS
    for period, frame in totals.items():
        report = profitability(vera, period, client_filter)
        assert frame.to_dict("records") == report.totals.to_dict("records"), period.name
        assert list(frame.columns) == list(CurrencyTotal.to_schema().columns)
    assert totals[PERIODS[-1]].empty
    assert not totals[PERIODS[4]].empty


def test_currencies_are_never_added(new_team: Callable[[], Team]) -> None:
    team = new_team()
    for currency, revenue in (("NZD", "20.10"), ("AUD", "0"), ("AUD", "10.05")):
        client = books.client(team, f"{currency} {revenue}", currency=currency)
        books.money(team, client, "2024-02-01", revenue, "1.00")
        books.money(team, client, "2024-03-01", "1.00", "0")
    (frame,) = period_totals(team.viewer, [books.Q1_2024]).values()
    assert list(frame["currency"]) == ["AUD", "NZD"]
    assert list(frame["clients"]) == [2, 1]
    assert [str(amount) for amount in frame["revenue"]] == ["12.05", "21.10"]


def test_it_reads_the_own_organisation_alone(vera: Identity, new_team: Callable[[], Team]) -> None:
    people = (vera, new_team().viewer)
    (ours,), (theirs,) = (period_totals(person, [books.ALWAYS]).values() for person in people)
    assert theirs.empty
    assert not ours.empty
