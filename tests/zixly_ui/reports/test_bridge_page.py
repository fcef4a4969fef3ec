"""The page of the margin bridge where something is missing: rates, records, anything before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import exchange_rates
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.records.exchange_rates import parse_month, parse_rate
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.ids import new_id

Open = Callable[..., PageRun]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """One client in AUD, one in NZD, each with a record in two quarters."""
    team = new_team()
    for currency, revenue in (("AUD", "100"), ("NZD", "200")):
        client = books.client(team, f"Client {currency}", currency=currency)
        books.money(team, client, "2024-01-05", "100")
        books.money(team, client, "2024-04-05", revenue)
    return team


@pytest.fixture
def opened(team: Team) -> Open:
    """Opens the page as the viewer, with these words in its address."""

    def run(**address: str) -> PageRun:
        page = open_page(team.viewer, "bridge", **address)
        assert not page.app.error
        return page

    return run


def headlines(page: PageRun) -> list[str]:
    return [header.value.replace("\\", "") for header in page.app.header]


def test_without_rates_each_currency_is_shown_by_itself(opened: Open, team: Team) -> None:
    page = opened(period="2024-Q2", currency="all")
    (warning,) = page.app.warning
    assert (
        "There is no exchange rate into AUD for NZD in Jan 2024 and NZD in Apr 2024"
        in warning.value
    )
    assert "Exchange rates" in warning.value
    assert [line.partition(":")[0] for line in headlines(page)] == [
        "The profit in Q2 2024 (Apr–Jun) was $100, the same as in Q1 2024 (Jan–Mar).",
        "Profit in Q2 2024 (Apr–Jun) was NZ$200, up NZ$100 vs Q1 2024 (Jan–Mar)",
    ]
    for month, value in (("2024-01", "0.5"), ("2024-04", "0.6")):
        draft = RateDraft(parse_month(month), "NZD", "AUD", parse_rate(value))
        exchange_rates.add(team.editor, draft, row_id=new_id("rate"))
    page = opened(period="2024-Q2", currency="all")
    assert not page.app.warning
    assert headlines(page) == [
        "Profit in Q2 2024 (Apr–Jun) was $220, up $70 vs Q1 2024 (Jan–Mar): +$50 from revenue of "
        "existing clients and +$20 from exchange rates."
    ]
    assert any("Converted into AUD" in caption.value for caption in page.app.caption)


def test_both_ends_open_to_what_the_page_shows(opened: Open, team: Team) -> None:
    for month, value in (("2024-01", "0.5"), ("2024-04", "0.6")):
        draft = RateDraft(parse_month(month), "NZD", "AUD", parse_rate(value))
        exchange_rates.add(team.editor, draft, row_id=new_id("rate"))
    for currency, amounts in (
        ("all", ["$150.00", "$220.00"]),
        ("AUD", ["$100.00", "$100.00"]),
        ("NZD", ["NZ$100.00", "NZ$200.00"]),
    ):
        page = opened(period="2024-Q2", currency=currency)
        for period, amount in zip(("Q1 2024 (Jan–Mar)", "Q2 2024 (Apr–Jun)"), amounts, strict=True):
            page.press_in_menu(f"Profit in {period}")
            assert page.dialog.startswith(f"Profit: {amount}\n")
        page.press_in_menu("Parts of the change")
        assert f"Profit in Q1 2024 (Jan–Mar): {amounts[0]}" in page.dialog
        assert f"Profit in Q2 2024 (Apr–Jun): {amounts[1]}" in page.dialog


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2019-Q1", "Nothing was recorded in Q1 2019 (Jan–Mar) or Q4 2018 (Oct–Dec)"),
        ("all", "All time cannot be compared: there is no earlier period."),
    ],
)
def test_where_nothing_can_be_compared_it_says_so(opened: Open, period: str, said: str) -> None:
    page = opened(period=period)
    assert [each.value.replace("\\", "") for each in page.app.subheader] == [said]
    assert not page.app.header


def test_missing_hours_lead_to_the_metric_of_that_purpose(opened: Open, team: Team) -> None:
    without = "No metric is used for billable hours yet."
    books.metric(team, "Billable Hours", unit="hours")
    page = opened(period="2024-Q2", currency="NZD")
    assert without in page.text
    assert "Choose a metric for billable hours in Custom metrics" in page.links
    books.metric(team, "Stunden *für* Kunden", unit="h", purpose=BILLABLE_HOURS)
    page = opened(period="2024-Q2", currency="NZD")
    assert without not in page.text
    assert "Record “Stunden *für* Kunden” in Custom metrics" in page.links


def test_an_unknown_comparison_in_a_link_is_the_period_before(opened: Open) -> None:
    page = opened(period="2024-Q2", against="yesterday")
    assert "against" not in page.app.query_params
    assert "Q1 2024" in headlines(page)[0]
