"""What needs attention is found, and nothing is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.conftest import Team
from tests.support.records import client, event, money
from zixly_data.findings import attention

TODAY = date(2026, 11, 22)
NewTeam = Callable[[], Team]


def kinds_and_clients(team: Team) -> list[tuple[str, str]]:
    frame = attention.findings(team.viewer, TODAY)
    return list(zip(frame["kind"], frame["client_name"], strict=True))


def bystanders(team: Team) -> None:
    """Two clients of which nothing is to be said, so that nobody else makes half the revenue."""
    for name in ("One", "Two"):
        money(team, client(team, name), date(2026, 2, 1), "90000", "50")


def test_a_loss_is_measured_over_the_last_three_whole_months(new_team: NewTeam) -> None:
    team = new_team()
    bystanders(team)
    losing, turned = client(team, "Losing"), client(team, "Turned")
    money(team, losing, date(2026, 8, 1), "1000", "1500")
    money(team, losing, date(2026, 10, 31), "1000", "700")
    # A loss before August, and one in the month that is not over, do not count.
    money(team, turned, date(2026, 7, 31), "0", "9000")
    money(team, turned, date(2026, 10, 1), "100", "50")
    money(team, turned, date(2026, 11, 1), "0", "9000")
    frame = attention.findings(team.viewer, TODAY)
    assert kinds_and_clients(team) == [("LOSS", "Losing")]
    assert list(frame["amount"]) == [Decimal("200.00")]


def test_a_client_shrinks_against_the_same_months_a_year_before(new_team: NewTeam) -> None:
    team = new_team()
    bystanders(team)
    shrinking, seasonal = client(team, "Shrinking"), client(team, "Seasonal")
    money(team, shrinking, date(2025, 10, 1), "4000", "0")
    money(team, shrinking, date(2026, 10, 1), "3000", "0")
    # High in winter, low in spring, but as every year.
    for year in (2025, 2026):
        money(team, seasonal, date(year, 6, 1), "9000", "0")
        money(team, seasonal, date(year, 10, 1), "100", "0")
    frame = attention.findings(team.viewer, TODAY)
    assert kinds_and_clients(team) == [("SHRINKING", "Shrinking")]
    assert list(frame["amount"]) == [Decimal("1000.00")]
    assert list(frame["against"]) == [Decimal("4000.00")]


def test_an_open_lead_that_has_not_moved_for_longer_than_its_limit(new_team: NewTeam) -> None:
    team = new_team()
    name = client(team, "Client")
    money(team, name, date(2026, 11, 1), "100", "50")
    event(team, name, "stale", "Inquiry", date(2026, 9, 1))
    event(team, name, "fresh", "Inquiry", date(2026, 10, 3))
    event(team, name, "fresh", "Proposal sent", date(2026, 10, 23))
    event(team, name, "won", "Contract signed", date(2026, 9, 1))
    event(team, name, "lost", "Lost", date(2026, 9, 1))
    frame = attention.findings(team.viewer, TODAY)
    assert list(frame["about"]) == ["stale"]
    assert list(frame["since"]) == [date(2026, 9, 1)]
    # Twice the 20 days of the lead that moved on.
    assert list(frame["until"]) == [date(2026, 10, 11)]


def test_a_lead_is_worth_its_latest_known_value_and_stands_at_its_latest_stage(
    new_team: NewTeam,
) -> None:
    team = new_team()
    client_id = client(team, "Client")
    event(team, client_id, "stale", "Inquiry", date(2026, 9, 1), "700")
    event(team, client_id, "stale", "Proposal sent", date(2026, 9, 2))
    # On one date the later stage counts, whichever was recorded first.
    event(team, client_id, "won", "Contract signed", date(2026, 9, 1))
    event(team, client_id, "won", "Inquiry", date(2026, 9, 1))
    frame = attention.findings(team.viewer, TODAY)
    assert list(frame["about"]) == ["stale"]
    assert list(frame["amount"]) == [Decimal("700.00")]
    assert list(frame["records"]) == [2]


def test_an_empty_organisation_has_nothing_to_attend_to(new_team: NewTeam) -> None:
    assert kinds_and_clients(new_team()) == []
