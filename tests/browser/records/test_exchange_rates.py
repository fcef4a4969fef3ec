"""Typing missing exchange rates into the grid of their page loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, sql
from tests.support.servers.live_app import SUPPORT, LiveApp

pytestmark = pytest.mark.browser

RATE = 2
_WIDTHS, _ROW, _KEYS = (95, 75, 150), 33, 60
_RECENT = "tenant_id = :t and month >= '2026-10-01'"


@pytest.fixture
def two_missing(live_app: LiveApp) -> Iterator[None]:
    """The demo's rates without October 2026; restored afterwards."""
    rates = sql(live_app, f"select rate::text from zixly.exchange_rates where {_RECENT}", t=ZIXLY)
    assert len(rates) == 1
    sql(live_app, f"delete from zixly.exchange_rates where {_RECENT}", t=ZIXLY)
    yield
    sql(live_app, f"delete from zixly.exchange_rates where {_RECENT}", t=ZIXLY)
    _put(live_app, "2026-10-01", rates[0][0])


# Every day: the same story without a browser in `test_exchange_rates_page.py`, and typing into such
# a grid in `test_enter_month.py`.
@pytest.mark.nightly
def test_an_editor_enters_missing_rates(visit: Visit, live_app: LiveApp, two_missing: None) -> None:
    page = visit(SUPPORT, "/exchange-rates")
    title = "Rates are missing for NZD in 2 months: Oct 2026 and Nov 2026."
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(_cell(page, 0, 0)).to_have_text("Nov 2026")
    _write(page, 0, "abc")
    _write(page, 1, "1.09")
    expect(page.get_by_text("2 rates entered, not saved yet.")).to_be_visible()
    turned = page.get_by_text("Is 1.0900 what 1 AUD was worth in NZD?")
    expect(turned).to_be_visible()
    page.get_by_role("button", name="Save rates").click()
    message = page.get_by_test_id("stAlert").filter(has_text="Nothing was saved. One cell needs")
    expect(message).to_contain_text("NZD in November 2026: “abc” is not a number.")
    assert _on_file(live_app) == []

    # Another page and back: the values are unchanged. Meanwhile another person enters October.
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Close months").click()
    expect(page.get_by_role("heading", level=1, name="Close months")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Exchange rates").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(_cell(page, RATE, 0)).to_have_text("abc")
    expect(_cell(page, RATE, 1)).to_have_text("1.09")
    _write(page, 0, "0.9140")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    _put(live_app, "2026-10-01", "0.9")
    page.get_by_role("button", name="Save rates").click()
    theirs = page.get_by_test_id("stAlert").filter(has_text="Someone else entered NZD in October")
    expect(theirs).to_contain_text("0.9000 is recorded, and you entered 1.09.")
    expect(page.get_by_role("heading", name="One rate is missing: NZD in Nov")).to_be_visible()
    expect(_cell(page, RATE, 0)).to_have_text("0.9140")
    page.get_by_role("button", name="Save rates").click()
    expect(_confirmation(page)).to_contain_text("Saved: 1 NZD was 0.9140 AUD in November 2026.")
    expect(page.get_by_role("heading", name="All amounts can be converted")).to_be_visible()
    assert _on_file(live_app) == [("2026-10-01", "0.90000000"), ("2026-11-01", "0.91400000")]


def _cell(page: Page, column: int, row: int) -> Locator:
    """A cell of the grid, which comes before the table."""
    return page.locator(f"#glide-cell-{column}-{row}").first


def _write(page: Page, row: int, text: str) -> None:
    """Type into a cell by its position, because the grid is drawn on a canvas."""
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    x, y = sum(_WIDTHS[:RATE]) + 20, _ROW * (row + 1) + _ROW // 2
    grid.hover(position={"x": x, "y": y})
    page.wait_for_timeout(_KEYS * 2)
    grid.click(position={"x": x, "y": y}, delay=_KEYS)
    expect(_cell(page, RATE, row)).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(_KEYS * 2)
    page.keyboard.type(text, delay=_KEYS)
    page.keyboard.press("Enter")
    expect(_cell(page, RATE, row)).to_have_text(text)


def _confirmation(page: Page) -> Locator:
    return page.get_by_test_id("stAlertContentSuccess")


def _put(live_app: LiveApp, month: str, rate: str) -> None:
    sql(
        live_app,
        "insert into zixly.exchange_rates (tenant_id, month, currency, into_currency, rate)"
        " values (:t, cast(:month as date), 'NZD', 'AUD', cast(:rate as numeric))",
        t=ZIXLY, month=month, rate=rate,
    )  # fmt: skip


def _on_file(live_app: LiveApp) -> list[tuple[str, ...]]:
    return sql(
        live_app,
        f"select month::text, rate::text from zixly.exchange_rates where {_RECENT} order by 1",
        t=ZIXLY,
    )
