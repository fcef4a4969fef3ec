"""Open leads: a bar of the chart chooses a stage, a row opens the lead's client."""

from __future__ import annotations

import pytest
from playwright.sync_api import Position, expect

from tests.browser.conftest import PHONE, Visit
from tests.support.pages import at_rest, downloaded
from tests.support.servers.live_app import VERA

pytestmark = pytest.mark.browser

_FIRST_ROW: Position = {"x": 120, "y": 36 + 17}


def test_a_bar_chooses_a_stage_and_a_row_opens_the_client(visit: Visit) -> None:
    page = visit(VERA, "/pipeline")
    expect(page.get_by_role("heading", name="leads open")).to_be_visible()
    everything = downloaded(page, "Download CSV")
    # No lead is at the first stage.
    box = at_rest(page.locator(".js-plotly-plot .bars .point path").nth(1))
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    chosen = page.get_by_role("radiogroup", name="Show one stage").locator("[aria-checked=true]")
    expect(chosen).to_have_count(1)
    stage = chosen.inner_text()
    expect(page.get_by_role("heading", name=f"open leads at {stage}")).to_be_visible()
    rows = downloaded(page, "Download CSV")
    assert rows == [row for row in everything if row["stage"] == stage]
    assert 0 < len(rows) < len(everything)

    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    at_rest(table)
    # Like a hand: the table takes a moment to notice the pointer.
    table.hover(position=_FIRST_ROW)
    page.wait_for_timeout(200)
    table.click(position=_FIRST_ROW)
    expect(page.get_by_role("heading", level=1, name="Lead funnel")).to_be_visible()
    expect(page.get_by_text(f"Filtered by {rows[0]['client_name']}")).to_be_visible()


@pytest.mark.nightly
def test_the_page_fits_on_a_phone(visit: Visit) -> None:
    page = visit(VERA, "/pipeline", PHONE)
    expect(page.get_by_role("heading", name="leads open")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
