"""Totals, rankings and summaries that PostgreSQL adds up agree with the rows they stand for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.scale.many_records import fill
from tests.support import records as books
from zixly_data.figures import client_totals, monthly, profitability
from zixly_data.figures.ranked_clients import BEST, WORST, ranked_clients
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL

TODAY = date(2024, 6, 30)
FILTERS = [None, ClientFilter(industries=("Industry 3",)), ClientFilter(search="client 1")]


@pytest.fixture
def team(new_team: Callable[[], Team], admin: sa.Engine) -> Team:
    team = new_team()
    fill(team, admin, TODAY, clients=30, records=300, events=4, values=0)
    kauri = books.client(team, "Kauri", currency="NZD")
    books.money(team, kauri, "2024-03-01", "100", "40")
    books.client(team, "Silent")
    return team


@pytest.mark.parametrize("client_filter", FILTERS)
def test_months_are_the_sums_of_their_clients(
    team: Team, client_filter: ClientFilter | None
) -> None:
    sums: dict[tuple[date, str], list[Decimal]] = {}
    for row in monthly.monthly(team.viewer, ALL, client_filter).to_dict("records"):
        total = sums.setdefault((row["month"], row["currency"]), [Decimal(0)] * 3)
        for place, name in enumerate(("revenue", "expenses", "profit")):
            total[place] += row[name]
    totals = monthly.by_month(team.viewer, ALL, client_filter).to_dict("records")
    assert {
        (row["month"], row["currency"]): [row["revenue"], row["expenses"], row["profit"]]
        for row in totals
    } == sums
    assert totals


def test_the_ends_of_the_ranking_are_the_best_and_the_worst(team: Team) -> None:
    clients = profitability.profitability(team.viewer, ALL).clients
    everyone = list(clients[clients["currency"] == "AUD"]["client_kpi_id"])
    ends = ranked_clients(team.viewer, ALL)
    aud, nzd = (ends[ends["currency"] == code] for code in ("AUD", "NZD"))
    assert list(aud["client_kpi_id"]) == everyone[:BEST] + everyone[-WORST:]
    assert set(aud["ranked"]) == {30}
    assert list(nzd["ranked"]) == [1]


@pytest.mark.parametrize("client_filter", FILTERS)
def test_the_summary_is_that_of_the_list(team: Team, client_filter: ClientFilter | None) -> None:
    listed = client_totals.list_clients(team.viewer, client_filter)
    summary = client_totals.summary(team.viewer, client_filter, "AUD")
    recorded = listed[listed["last_record"].notna()]
    assert (summary.clients, summary.active) == (len(listed), (listed["status"] == "ACTIVE").sum())
    assert (summary.recorded, summary.currencies) == (
        len(recorded), recorded["currency"].nunique(),
    )  # fmt: skip
    assert summary.best_profit == recorded[recorded["currency"] == "AUD"]["profit"].max()
    dates = client_totals.recorded(team.viewer, client_filter)
    assert (dates.clients, dates.first_record, dates.last_record) == (
        len(listed), recorded["first_record"].min(), recorded["last_record"].max(),
    )  # fmt: skip


def test_clients_of_another_currency_are_named_if_no_other_has_figures(team: Team) -> None:
    kauri = ClientFilter(currencies=("NZD",))
    summary = client_totals.summary(team.viewer, kauri, "AUD")
    assert (summary.best_name, summary.best_currency) == ("Kauri", "NZD")


def test_without_clients_there_is_nothing_to_sum_up(new_team: Callable[[], Team]) -> None:
    viewer = new_team().viewer
    assert client_totals.summary(viewer, None, "AUD") == client_totals.Summary(0, 0, 0, 0)
    assert client_totals.recorded(viewer) == client_totals.Recorded(0, None, None)
    assert ranked_clients(viewer, ALL).empty
    assert monthly.by_month(viewer, ALL).empty
