"""What to do: everything that was found, the most money at stake first, in whatever currency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import SCENARIO_TODAY, Team
from tests.support.records import client, event, money
from zixly_data.findings import attention, contradictions, evidence, ranking
from zixly_data.findings.finding import key_of
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values import ids

TODAY = date(2026, 11, 22)
NewTeam = Callable[[], Team]


def ranked_findings(identity: Identity, today: date = TODAY) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ranking.findings(identity, today).to_dict("records")
    return rows


def signed_late(team: Team, name: str, amount: str, currency: str = "AUD") -> str:
    """A client that was billed so much before it signed."""
    client_id = client(team, name, currency=currency)
    money(team, client_id, "2026-11-01", amount)
    event(team, client_id, "The job", "Contract signed", "2026-11-02")
    return client_id


def rate(team: Team, month: str, currency: str, value: str) -> None:
    draft = RateDraft(date.fromisoformat(f"{month}-01"), currency, "AUD", Decimal(value))
    exchange_rates.add(team.editor, draft, row_id=ids.new_id("rate"))


def test_the_demo(vera: Identity) -> None:
    assert [(row["kind"], row["client_name"]) for row in ranked_findings(vera, SCENARIO_TODAY)] == [
        ("REVENUE_BEFORE_CONTRACT", "Harbor Bridge Construction"),
        ("REVENUE_BEFORE_CONTRACT", "Bondi E-commerce Store"),
        ("SHRINKING", "Toowoomba Dairy Produce"),
        ("LOSS", "Newcastle Solar Fitters"),
    ]


def test_it_is_what_the_two_lists_hold_and_nothing_else(vera: Identity) -> None:
    later = date(2027, 2, 1)
    parts = [
        *contradictions.findings(vera, later).to_dict("records"),
        *attention.findings(vera, later).to_dict("records"),
    ]
    assert len(parts) > 15
    assert {key_of(row) for row in ranked_findings(vera, later)} == {key_of(row) for row in parts}
    assert len(ranked_findings(vera, later)) == len(parts)
    amounts = [row["at_stake"] for row in ranked_findings(vera, later)]
    amounts_at_stake = [amount for amount in amounts if amount is not None]
    assert amounts_at_stake == sorted(amounts_at_stake, reverse=True)
    assert amounts[len(amounts_at_stake) :] == [None] * (len(amounts) - len(amounts_at_stake))


def test_amounts_are_ranked_with_the_latest_rate_on_file(new_team: NewTeam) -> None:
    team = new_team()
    signed_late(team, "Kauri", "1000", "NZD")
    signed_late(team, "Harbour", "950")
    signed_late(team, "Yen", "800", "JPY")
    ranked = [(row["client_name"], row["at_stake"]) for row in ranked_findings(team.viewer)]
    assert ranked == [
        ("Kauri", Decimal("1000.00")), ("Harbour", Decimal("950.00")), ("Yen", Decimal("800.00")),
    ]  # fmt: skip
    rate(team, "2026-09", "NZD", "0.99")
    rate(team, "2026-10", "NZD", "0.91234567")
    rate(team, "2026-10", "USD", "0.0001")
    rows = ranked_findings(team.viewer)
    assert [(row["client_name"], row["at_stake"], row["at_stake_currency"]) for row in rows] == [
        ("Harbour", Decimal("950.00"), "AUD"), ("Kauri", Decimal("912.35"), "AUD"),
        ("Yen", Decimal("800.00"), "JPY"),
    ]  # fmt: skip
    # What is said of each is in its own currency all the same.
    assert [(row["amount"], row["currency"]) for row in rows][1] == (Decimal("1000.00"), "NZD")


# ── one client that makes more than half ────────────────────────────────────────────────────


def concentration(team: Team, today: date = TODAY) -> list[tuple[Any, ...]]:
    return [
        (row["client_name"], row["amount"], row["against"], row["currency"], row["about"])
        for row in attention.findings(team.viewer, today).to_dict("records")
        if row["kind"] == "CONCENTRATION"
    ]


def test_more_than_half_of_the_last_twelve_whole_months(new_team: NewTeam) -> None:
    team = new_team()
    big, others = client(team, "Big"), client(team, "Others")
    money(team, big, "2025-11-01", "50")
    money(team, big, "2026-10-31", "50")
    money(team, others, "2026-05-01", "100", "1")
    # Half is not more than half, and these months do not count.
    money(team, big, "2025-10-31", "9000")
    money(team, big, "2026-11-01", "9000")
    assert concentration(team) == []
    money(team, big, "2026-03-01", "0.01")
    assert concentration(team) == [("Big", Decimal("100.01"), Decimal("200.01"), "AUD", "")]
    (row,) = (r for r in ranked_findings(team.viewer) if r["kind"] == "CONCENTRATION")
    assert len(evidence.evidence(team.viewer, key_of(row), TODAY).financials.frame) == 3


def test_the_only_client_of_a_year_is_no_matter_of_shares(new_team: NewTeam) -> None:
    team = new_team()
    money(team, client(team, "Only"), "2026-03-01", "100")
    other = client(team, "Other")
    money(team, other, "2025-10-31", "5")
    assert concentration(team) == []
    money(team, other, "2026-05-01", "5")
    assert concentration(team) == [("Only", Decimal("100.00"), Decimal("105.00"), "AUD", "")]


def test_several_currencies_are_compared_once_every_rate_is_on_file(new_team: NewTeam) -> None:
    team = new_team()
    home, away = client(team, "Home"), client(team, "Away", currency="NZD")
    money(team, home, "2026-09-01", "100")
    money(team, away, "2026-09-01", "100")
    money(team, away, "2026-10-01", "20.01")
    assert concentration(team) == []
    rate(team, "2026-09", "NZD", "0.5")
    assert concentration(team) == [], "October's rate is missing"
    rate(team, "2026-10", "NZD", "0.5")
    expected = ("Home", Decimal("100.00"), Decimal("160.01"), "AUD", "converted")
    assert concentration(team) == [expected]


def test_one_foreign_currency_alone_needs_no_rate(new_team: NewTeam) -> None:
    team = new_team()
    money(team, client(team, "Away", currency="NZD"), "2026-09-01", "100")
    money(team, client(team, "Afar", currency="NZD"), "2026-09-01", "20")
    expected = ("Away", Decimal("100.00"), Decimal("120.00"), "NZD", "")
    assert concentration(team) == [expected]


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_no_revenue_is_nobody_s(new_team: NewTeam, amount: str) -> None:
    team = new_team()
    for name in ("One", "Two"):
        money(team, client(team, name), "2026-09-01", amount)
    assert concentration(team) == []
