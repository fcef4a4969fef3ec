"""Overview: how the business is doing, as each role and an organisation without figures see it.

The page speaks about today; so what is compared with it is asked of the same report for the same
days, and the client whose figures are looked at belongs to the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, downloaded, eventually, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.values.dates import month_name
from zixly_data.values.ids import new_id
from zixly_ui.components.formatting import money

pytestmark = pytest.mark.browser

NAME = "Overlooked Test Pty Ltd"


def last_month() -> date:
    """The first day of the month before this one, where Zixly is: in Brisbane."""
    today = datetime.now(ZoneInfo("Australia/Brisbane")).date()
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def loss(live_app: LiveApp) -> Iterator[str]:
    """A client that last month cost 987,654.31 more than it brought. The answer is its id."""
    client = own_client(live_app, NAME)
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " values (:tenant, :id, :client, :day, 0.01, 987654.32)",
        tenant=ZIXLY, id=new_id("fin"), client=client, day=last_month(),
    )  # fmt: skip
    yield client
    remove_client(live_app, client)


@pytest.mark.parametrize("email", [COLE, SUPPORT, VERA])
def test_last_month_reads_as_in_the_report_for_that_month(
    visit: Visit, loss: str, email: str
) -> None:
    report = visit(email, f"/profitability?period={last_month():%Y-%m}")
    rows = [row for row in downloaded(report, "Download CSV") if row["currency"] == "AUD"]
    revenue, expenses, profit = (
        sum(Decimal(row[name]) for row in rows) for name in ("revenue", "expenses", "profit")
    )
    page = visit(email)
    expect(page.get_by_role("heading", level=2)).to_contain_text(
        f"cost {money(-Decimal(profit), 'AUD')} more than the {money(Decimal(revenue), 'AUD')} "
        f"they brought in {month_name(last_month())}"
    )
    cards = page.locator(".st-key-cards-last-month")
    for label, amount in (("Revenue", revenue), ("Expenses", expenses), ("Profit", profit)):
        card = cards.get_by_test_id("stMetric").filter(has_text=label)
        expect(card.get_by_test_id("stMetricValue")).to_have_text(money(Decimal(amount), "AUD"))
    rows = page.locator("[class*='st-key-cards-']")
    named = "rows => rows.map(row => row.className.match(/st-key-cards-([a-z-]+)/)[1])"
    eventually(lambda: rows.evaluate_all(named), ["this-month", "last-month", "this-fy"])


def test_what_loses_most_comes_first_and_leads_to_its_records(
    visit: Visit, live_app: LiveApp, loss: str
) -> None:
    page = visit(VERA)
    finding = page.locator(".st-key-finding-0")
    expect(finding).to_contain_text(
        f"{NAME} cost $987,654.31 more than it brought over the last three whole months."
    )
    finding.get_by_role("link", name="Check the costs").click()
    expect(page.get_by_text(f"Only {NAME}")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/financials\?client={loss}&period=custom&from="))
    expect(page.get_by_role("heading", level=2)).to_contain_text("cost $987,654.31 more")


def test_a_currency_is_chosen_and_stands_in_the_link(
    visit: Visit, live_app: LiveApp, loss: str
) -> None:
    page = visit(VERA)
    amounts = page.get_by_test_id("stMetricValue")
    expect(amounts.first).to_have_text(re.compile(r"^(−?\$|–)"))
    page.get_by_role("radio", name="NZD").click()
    expect(page).to_have_url(f"{live_app.url}/?currency=NZD")
    expect(amounts.first).to_have_text(re.compile(r"^(−?NZ\$|–)"))
    expect(page.get_by_role("heading", name=NAME)).to_have_count(0)
    page.reload()
    expect(amounts.first).to_have_text(re.compile(r"^(−?NZ\$|–)"))


def test_an_organisation_without_figures_is_told_how_to_begin(visit: Visit) -> None:
    page = visit(SARAH)
    expect(page.get_by_role("heading", name="Three steps to your first chart")).to_be_visible()
    expect(page.get_by_role("link", name="Add your first client")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)


def test_what_a_change_is_measured_against_is_not_cut_off(visit: Visit, loss: str) -> None:
    page = visit(VERA)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(
            page.locator(".st-key-cards-this-fy").get_by_test_id("stMetric").last
        ).to_be_visible()
        eventually(lambda: _cut_off(page), [])


def _cut_off(page: Page) -> list[str]:
    """The texts below a figure that are wider than the place they have."""
    texts: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMetricDeltaDescription] *')]
            .filter(text => text.scrollWidth > text.clientWidth + 1 && text.clientWidth)
            .map(text => text.textContent)"""
    )
    return texts
