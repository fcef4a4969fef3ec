"""The scorecard in a browser: its cells are drawn on a canvas, clicked, and reached by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import at_rest, dialog, downloaded
from tests.support.servers.live_app import VERA

pytestmark = pytest.mark.browser

_HEADER, _ROW = 36, 76


def click_cell(page: Page, row: int, column: int) -> None:
    """Click a cell by its position; the first row is that of all clients."""
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    at_rest(table)
    x = 75 if column == 0 else 150 + 176 * (column - 1) + 40
    table.click(position={"x": x, "y": _HEADER + _ROW * row + _ROW // 2})


def test_a_cell_opens_by_a_click_and_closes_by_escape(visit: Visit) -> None:
    page = visit(VERA, "/scorecard?month=2024-03")
    expect(page.get_by_role("heading", name="on target in March 2024")).to_be_visible()
    cells = page.get_by_test_id("stDataFrame").first.locator("[role=gridcell]")
    expect(cells.filter(has_text=re.compile("✓.On.target")).first).to_be_attached()
    click_cell(page, 1, 1)
    expect(dialog(page)).to_contain_text("for Bondi E-commerce Store")
    expect(dialog(page)).to_contain_text("Target:")
    expect(dialog(page).get_by_test_id("stPlotlyChart")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    # The same cell opens again.
    click_cell(page, 1, 1)
    expect(dialog(page)).to_contain_text("for Bondi E-commerce Store")
    dialog(page).get_by_role("link", name="Open in Custom metrics").click()
    expect(page.get_by_role("heading", level=1, name="Custom metrics")).to_be_visible()


def test_months_and_the_file(visit: Visit) -> None:
    page = visit(VERA, "/scorecard?month=2024-03")
    rows = downloaded(page, "Download CSV")
    assert list(rows[0]) == [
        "client_id", "metric", "unit", "value", "target", "band", "age_days",
    ]  # fmt: skip
    page.get_by_role("button", name="Previous month").click()
    expect(page.get_by_role("heading", name="in February 2024")).to_be_visible()
    assert "month=2024-02" in page.url


def test_a_cell_opens_on_a_phone(visit: Visit) -> None:
    page = visit(VERA, "/scorecard?month=2024-03")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("heading", name="on target in March 2024")).to_be_visible()
    click_cell(page, 1, 1)
    expect(dialog(page)).to_contain_text("for Bondi E-commerce Store")
    box = dialog(page).bounding_box()
    assert box is not None
    assert box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_cell_opens_by_keys_alone(visit: Visit) -> None:
    page = visit(VERA, "/scorecard?month=2024-03")
    page.locator("summary", has_text="Open a cell").focus()
    page.keyboard.press("Enter")
    # A list closes when the page moves.
    button = page.get_by_role("button", name="Show values")
    button.scroll_into_view_if_needed()
    at_rest(button)
    for label, name in (("Client", "Bondi E-commerce Store"), ("Metric", "Data Sync Accuracy")):
        box = page.get_by_role("combobox", name=label)
        _tab_to(page, box)
        box.fill(name)
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(box).to_have_value(name)
    _tab_to(page, button)
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Data Sync Accuracy for Bondi E-commerce Store")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


def _tab_to(page: Page, target: Locator) -> None:
    for _ in range(10):
        if target.evaluate("target => target === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("ten times Tab do not lead there")
