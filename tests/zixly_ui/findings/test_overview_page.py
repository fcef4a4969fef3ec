"""The overview: how the business is doing, what loses most, and how a new organisation begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import open_page
from zixly_data.people.tenants import Tenant

NAME = "Overlooked Test Pty Ltd"


@pytest.fixture
def loss(new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch) -> tuple[Team, str]:
    """On 22 November 2026, a client that in October cost 987,654.31 more than it brought, and one
    with 10.00 New Zealand dollars."""
    monkeypatch.setattr(Tenant, "today", lambda _: date(2026, 11, 22))
    team = new_team()
    client = books.client(team, NAME)
    books.money(team, client, "2026-10-05", "0.01", "987654.32")
    books.money(team, books.client(team, "Kiwi", currency="NZD"), "2026-10-06", "10", "4")
    return team, client


@pytest.mark.parametrize("role", ["admin", "editor", "viewer"])
def test_last_month_reads_as_in_the_report_for_that_month(
    loss: tuple[Team, str], role: str
) -> None:
    person = getattr(loss[0], role)
    report = open_page(person, "profitability", period="2026-10")
    (row,) = (row for row in report.downloaded() if row["currency"] == "AUD")
    assert (row["revenue"], row["expenses"], row["profit"]) == ("0.01", "987654.32", "-987654.31")
    page = open_page(person, "overview")
    assert page.headings[0].startswith(
        "The loss from 1 client was $987,654.31 on $0.01 revenue in October 2026"
    )
    cards = page.part("cards-last-month")
    for label, amount in (
        ("Revenue", "$0.01"), ("Expenses", "$987,654.32"), ("Profit", "−$987,654.31"),
    ):  # fmt: skip
        assert f"{label}\n{amount}" in cards
    sections = ["November 2026 so far", "October 2026", "FY2027 (Jul 2026 – Jun 2027) so far"]
    assert [heading for heading in page.headings if heading in sections] == sections


def test_what_loses_most_comes_first_and_leads_to_its_records(loss: tuple[Team, str]) -> None:
    team, client = loss
    page = open_page(team.viewer, "overview")
    told = f"Expenses for {NAME} exceeded revenue by $987,654.31 over the last three full months."
    assert told in page.part("finding-0").replace("**", "")
    page.follow("Check the costs")
    assert f"Filtered by {NAME}" in page.text
    assert page.address.startswith(f"/financials?client={client}&period=custom&from=")
    assert "loss from 1 client was $987,654.31" in page.headings[0]


def test_a_currency_is_chosen_and_stands_in_the_link(loss: tuple[Team, str]) -> None:
    page = open_page(loss[0].viewer, "overview")
    assert any(NAME in heading for heading in page.headings)
    assert page.metrics[4] == ("Revenue", "$0.01")
    page.choose("Currency", "NZD")
    assert page.address == "/?currency=NZD"
    assert page.metrics[4] == ("Revenue", "NZ$10.00")
    assert not any(NAME in heading for heading in page.headings[1:])
    again = open_page(loss[0].viewer, "overview", currency="NZD")
    assert again.metrics[4] == ("Revenue", "NZ$10.00")


def test_an_organisation_without_figures_is_told_how_to_begin(
    new_team: Callable[[], Team],
) -> None:
    page = open_page(new_team().admin, "overview")
    assert "Three steps to your first chart" in page.text
    assert "Add your first client" in page.links
    assert page.metrics == []
