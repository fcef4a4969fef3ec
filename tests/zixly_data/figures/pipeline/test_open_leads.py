"""The pipeline: what open leads may be worth by the organisation's own history, and their age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.figures.pipeline import open_leads
from zixly_data.figures.pipeline.steps import View
from zixly_data.figures.pipeline.win_rate import win_rates
from zixly_data.findings import attention
from zixly_data.people import tenants
from zixly_data.values.frames import rows
from zixly_data.values.paging import PageRequest

NewTeam = Callable[[], Team]
TODAY = date(2026, 11, 22)


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def stages(team: Team, currency: str | None = None) -> dict[str, dict[str, Any]]:
    frame = open_leads.by_stage(team.viewer)
    return {row["stage"]: row for row in rows(frame) if row["currency"] == currency}


def decided(team: Team, client: str, won: int, lost: int) -> None:
    for number in range(won + lost):
        outcome = "Contract signed" if number < won else "Lost"
        books.event(team, client, f"D-{number}", "Consultation", "2024-01-01", "1000")
        books.event(team, client, f"D-{number}", outcome, "2024-01-05")


def test_below_ten_decided_leads_there_is_no_expected_value(team: Team) -> None:
    client = books.client(team)
    books.event(team, client, "open", "Consultation", "2024-03-01", "1000.01")
    decided(team, client, 3, 6)
    (lead,) = rows(open_leads.page(team.viewer).frame)
    assert (lead["win_share"], lead["expected_value"]) == (None, None)
    row = stages(team, "AUD")["Consultation"]
    assert (row["decided"], row["win_share"], row["expected_value"]) == (9, None, None)
    books.event(team, client, "tenth", "Lost", "2024-01-01")
    # A tenth that was only at the first step adds nothing to the second.
    assert stages(team)["Inquiry"]["win_share"] == Decimal("0.3000")
    assert stages(team)["Consultation"]["win_share"] is None
    books.event(team, client, "tenth", "Consultation", "2023-12-01")
    (lead,) = rows(open_leads.page(team.viewer).frame)
    assert (lead["win_share"], lead["expected_value"]) == (Decimal("0.3000"), Decimal("300.00"))


def test_currencies_stay_apart_and_a_lead_without_a_value_has_no_expected_value(
    team: Team,
) -> None:
    here, there = books.client(team), books.client(team, "Kauri", currency="NZD")
    decided(team, here, 5, 5)
    books.event(team, here, "a", "Consultation", "2024-03-01", "100")
    books.event(team, there, "b", "Consultation", "2024-03-01", "200")
    books.event(team, there, "c", "Consultation", "2024-03-01")
    total = stages(team)["Consultation"]
    assert (total["leads"], total["value"], total["expected_value"]) == (3, None, None)
    nzd, aud = (stages(team, code)["Consultation"] for code in ("NZD", "AUD"))
    assert (aud["value"], aud["expected_value"]) == (100, 50)
    assert (nzd["leads"], nzd["with_value"], nzd["expected_value"]) == (2, 1, 100)
    values = {
        row["lead_id"]: row["expected_value"] for row in rows(open_leads.page(team.viewer).frame)
    }
    assert values == {"a": 50, "b": 100, "c": None}


def test_a_lead_of_the_future_counts_with_an_age_of_zero(team: Team) -> None:
    client = books.client(team, status="PROSPECT")
    ahead = tenants.get(team.viewer).today() + timedelta(days=40)
    books.event(team, client, "ahead", "Inquiry", ahead, "10")
    (lead,) = rows(open_leads.page(team.viewer).frame)
    assert [lead[name] for name in ("days_open", "days_in_stage", "days_quiet")] == [0, 0, 0]
    assert not lead["stalled"]
    assert stages(team)["Inquiry"]["dated_later"] == 1
    assert [row["dated_later"] for row in rows(win_rates(team.viewer, books.ALWAYS))] == [1, 1]
    assert rows(win_rates(team.viewer, books.ALWAYS, None, View.ACTIVITY))[0]["leads"] == 1


def test_stalled_leads_come_first_and_the_list_can_be_sorted(team: Team) -> None:
    client, today = books.client(team), tenants.get(team.viewer).today()
    for lead, days, value in (("new", 1, "5"), ("old", 90, None), ("older", 200, "9")):
        books.event(team, client, lead, "Inquiry", today - timedelta(days=days), value)
    frame = open_leads.page(team.viewer).frame
    assert list(frame["lead_id"]) == ["older", "old", "new"]
    assert list(frame["stalled"]) == [True, True, False]
    by_value = open_leads.page(team.viewer, None, PageRequest(sort="value", descending=True))
    assert list(by_value.frame["lead_id"]) == ["older", "new", "old"]
    assert open_leads.page(team.viewer, stage="Consultation").count == 0
    assert open_leads.page(team.viewer, stage="Inquiry").count == 3


def stalled(team: Team, today: date) -> list[tuple[str, int]]:
    frame = attention.findings(team.viewer, today)
    return [
        (row["about"], (row["until"] - row["since"]).days)
        for row in rows(frame)
        if row["kind"] == "STALE_LEAD"
    ]


@pytest.mark.parametrize(("spent", "limit"), [(5, 14), (7, 14), (8, 16), (40, 80)])
def test_a_stage_with_times_has_its_own_limit(team: Team, spent: int, limit: int) -> None:
    """Twice its median, at least 14 days; another stage without times has 30."""
    client, since = books.client(team), date(2026, 1, 10)
    books.event(team, client, "gone", "Inquiry", since)
    books.event(team, client, "gone", "Lost", since + timedelta(days=spent))
    books.event(team, client, "here", "Inquiry", since)
    books.event(team, client, "there", "Proposal sent", since)
    last, last_without = since + timedelta(days=limit), since + timedelta(days=30)
    assert ("here", limit) not in stalled(team, last)
    assert ("here", limit) in stalled(team, last + timedelta(days=1))
    assert ("there", 30) not in stalled(team, last_without)
    assert ("there", 30) in stalled(team, last_without + timedelta(days=1))
    books.event(team, client, "here", "Inquiry", last)
    assert ("here", limit) not in stalled(team, last + timedelta(days=1))
