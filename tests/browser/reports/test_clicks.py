"""Clicks on reports: a choice, a bar, a row, a month, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, drawn
from tests.support.pages import at_rest, click_row, downloaded
from tests.support.servers.live_app import COLE, VERA, LiveApp

pytestmark = pytest.mark.browser

Q1 = "/profitability?period=2024-Q1"
LAW, BONDI = "Sydney Law Firm", "Bondi E-commerce Store"
HEADLINE = (
    "Profit from 3 clients was $46,000.00 on $94,000.00 revenue in Q1 2024 (Jan–Mar), "
    "a margin of 48.94%."
)


def test_the_choice_is_in_the_link_and_survives_a_reload(visit: Visit, live_app: LiveApp) -> None:
    page = visit(COLE, Q1)
    page.get_by_role("button", name="Choose clients").click()
    # By keyboard: a click beside the list, which moves while the page's fonts arrive, closes it.
    page.get_by_role("combobox", name="Clients").fill(LAW)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    link = f"{live_app.url}{Q1}&client={live_app.client_id('SLF-2024-003')}"
    # Not before: pressed at the moment of the choice, Escape reverts it.
    expect(page).to_have_url(link)
    for _ in ("the list", "the box around it"):
        page.keyboard.press("Escape")
    answer = (
        "Profit from 1 client was $13,000.00 on $25,000.00 revenue in Q1 2024 (Jan–Mar), "
        "a margin of 52.00%."
    )
    expect(page.get_by_role("heading", name=answer)).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name=answer)).to_be_visible()
    expect(page).to_have_url(link)
    vera_page = visit(VERA, link.removeprefix(live_app.url))
    expect(vera_page.get_by_role("heading", name=answer)).to_be_visible()
    expect(vera_page.get_by_text(f"Filtered by {LAW}")).to_be_visible()
    assert [row["client_name"] for row in downloaded(vera_page, "Download CSV")] == [LAW]


def test_the_menu_opens_where_a_figure_comes_from(visit: Visit) -> None:
    page = visit(VERA, Q1)
    for label, title in (("Revenue", "Revenue: $94,000.00"), ("Margin", "Margin: 48.94%")):
        page.get_by_role("button", name="Where this comes from").click()
        page.get_by_role("menuitem", name=label, exact=True).click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


# Only another version of Streamlit would change these colours.
@pytest.mark.nightly
@pytest.mark.parametrize(("scheme", "readable"), [("light", "#1f5fbf"), ("dark", "#7aa8f0")])
def test_the_open_menu_s_button_can_be_read(visit: Visit, scheme: Any, readable: str) -> None:
    page = visit(VERA, Q1)
    page.emulate_media(color_scheme=scheme)
    page.reload()
    button = page.get_by_role("button", name="Where this comes from")
    red, green, blue = (int(readable[at : at + 2], 16) for at in (1, 3, 5))
    button.hover()
    expect(button).to_have_css("color", f"rgb({red}, {green}, {blue})")
    button.click()
    expect(page.get_by_role("menuitem", name="Revenue")).to_be_visible()
    page.mouse.move(0, 0)
    expect(button).to_have_css("color", f"rgb({red}, {green}, {blue})")


def test_a_click_on_a_bar_or_on_a_row_opens_that_client(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, Q1)
    # The lowest profit is first. The click hits a layer of the chart above its bars.
    box = at_rest(page.locator(".js-plotly-plot .bars .point path").first)
    page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name=BONDI, exact=True)).to_be_visible()
    expect(page).to_have_url(
        f"{live_app.url}/client?id={live_app.client_id('BES-2024-002')}&period=2024-Q1"
    )

    page.go_back()
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible()
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("[role=gridcell]", has_text=LAW)).to_be_attached()
    table.click(position={"x": 120, "y": 36 + 35 + 17})
    expect(page.get_by_role("heading", name=LAW, exact=True)).to_be_visible()
    expect(page).to_have_url(
        f"{live_app.url}/client?id={live_app.client_id('SLF-2024-003')}&period=2024-Q1"
    )


@pytest.mark.nightly
def test_months_are_in_the_link_and_each_opens_its_records(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, Q1)
    page.get_by_role("radio", name="Month", exact=True).click()
    best = page.get_by_role(
        "heading", name="The best month was February 2024, with a profit of $18,000.00"
    )
    expect(best).to_be_visible()
    drawn(page)
    expect(page).to_have_url(f"{live_app.url}{Q1}&by=month")
    # The table stops moving once the charts above it are drawn.
    expect(page.locator(".js-plotly-plot .scatterlayer .point")).to_have_count(6)
    # The library's grey for small text is replaced, on the axes and beside the last point.
    for text in page.locator(
        ".js-plotly-plot :is(.xtick text, .ytick text, .textpoint text)"
    ).all():
        expect(text).to_have_css("fill", "rgb(86, 96, 114)")
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("[role=gridcell]", has_text="February 2024")).to_be_attached()
    click_row(page, table, 1)
    expect(page.get_by_role("heading", name="Financials", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{live_app.url}/financials?period=2024-02")
    expect(
        page.get_by_role("heading", name="Profit from 3 clients was $18,000.00 on")
    ).to_be_visible()


def test_vera_finds_the_client_that_was_lost(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, "/bridge?period=2024-Q2")
    expect(page.get_by_role("heading", name="$13,000 from losing one client")).to_contain_text(
        "vs Q1 2024 (Jan–Mar)"
    )
    expect(
        page.get_by_role("heading", name="Without losing one client, profit would")
    ).to_be_visible()
    expect(page.locator(".js-plotly-plot .ytick")).to_have_text(
        ["ProfitQ1 2024 (Jan–Mar)", "Clients won", "Clients lost", "ProfitQ2 2024 (Apr–Jun)"]
    )

    drawn(page)

    # Profit before, won, lost. The click hits a layer of the chart above its bars.
    box = at_rest(page.locator(".js-plotly-plot .bars .point path").nth(2))
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name="Clients lost: −$13,000 from 1 client")).to_be_visible()
    drawn(page)
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_have_count(1)
    expect(table.locator("[role=gridcell]", has_text="Sydney Law Firm")).to_be_attached()
    table.click(position={"x": 120, "y": 36 + 17})
    expect(page.get_by_role("heading", name="Sydney Law Firm", exact=True)).to_be_visible()
    expect(page).to_have_url(
        f"{live_app.url}/client?id={live_app.client_id('SLF-2024-003')}&period=2024-Q2"
    )
