"""What changed: from the sentence to the part, from the part to the client behind it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import dialog, downloaded
from tests.support.servers.live_app import SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser

Q2 = "/bridge?period=2024-Q2"
LOST = "one client lost took $13,000"
PARTS = ("won", "lost", "volume", "price", "revenue", "cost", "currency_effect")


def wait_until_drawn(page: Page) -> None:
    """The script has run to its end: a click before that may hit what is drawn anew."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def test_vera_finds_the_client_that_was_lost(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, Q2)
    expect(page.get_by_role("heading", name=LOST)).to_contain_text("against Q1 2024 (Jan–Mar)")
    expect(
        page.get_by_role("heading", name="Had no client been lost, profit would")
    ).to_be_visible()
    expect(page.locator(".js-plotly-plot .ytick")).to_have_text(
        ["ProfitQ1 2024 (Jan–Mar)", "Clients won", "Clients lost", "ProfitQ2 2024 (Apr–Jun)"]
    )

    # Both ends open down to their records, and so do the words between them.
    for period, profit, records in (
        ("Q1 2024 (Jan–Mar)", "$46,000.00", 9),
        ("Q2 2024 (Apr–Jun)", "$", 0),
    ):
        page.get_by_role("button", name=f"Profit in {period}").click()
        expect(dialog(page)).to_contain_text(f"Profit: {profit}")
        expect(dialog(page)).to_contain_text("Revenue minus expenses.")
        if records:
            expect(dialog(page)).to_contain_text(f"Made of {records} records of 3 clients.")
        dialog(page).get_by_role("button", name="Close").click()
        expect(dialog(page)).to_have_count(0)
    page.get_by_role("button", name="The parts").click()
    expect(dialog(page)).to_contain_text("Clients lost: −$13,000.00")
    expect(dialog(page)).to_contain_text("Minus the profit in the earlier period of clients")
    expect(dialog(page)).to_contain_text("all parts added up, to the cent.")
    dialog(page).get_by_role("button", name="Close").click()
    expect(dialog(page)).to_have_count(0)
    wait_until_drawn(page)

    # Profit before, won, lost. What is clicked is a layer of the chart above its bars.
    box = page.locator(".js-plotly-plot .bars .point path").nth(2).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name="Clients lost: −$13,000 from 1 client")).to_be_visible()
    wait_until_drawn(page)
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_have_count(1)
    expect(table.locator("[role=gridcell]", has_text="Sydney Law Firm")).to_be_attached()
    table.click(position={"x": 120, "y": 36 + 17})
    expect(page.get_by_role("heading", name="Sydney Law Firm", exact=True)).to_be_visible()
    expect(page).to_have_url(
        f"{live_app.url}/client?id={live_app.client_id('SLF-2024-003')}&period=2024-Q2"
    )


def test_a_year_before_stands_in_the_link_and_in_the_file(visit: Visit, live_app: LiveApp) -> None:
    page = visit(SUPPORT, "/bridge?period=2025-Q2")
    expect(page.get_by_role("heading", name="against Q1 2025 (Jan–Mar)")).to_be_visible()
    page.get_by_role("radio", name="A year before").or_(
        page.get_by_role("button", name="A year before")
    ).first.click()
    answer = page.get_by_role("heading", name="against Q2 2024 (Apr–Jun)")
    expect(answer).to_be_visible()
    expect(page).to_have_url(f"{live_app.url}/bridge?period=2025-Q2&against=year-before")
    wait_until_drawn(page)

    rows = downloaded(page, "Download CSV")
    assert {row["currency"] for row in rows} == {"AUD"}
    for row in rows:
        before, after = Decimal(row["profit_before"]), Decimal(row["profit_after"])
        assert before + sum(Decimal(row[part]) for part in PARTS) == after
        assert after - before == Decimal(row["change"])
    after = sum(Decimal(row["profit_after"]) for row in rows)
    expect(answer).to_contain_text(f"to ${after:,}")
