"""Overheads in a browser: a block pasted into the grid, and one assigned to a client by clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.records.test_enter_month import press_save, put_into_grid, type_text
from tests.support.pages import ZIXLY, dialog, own_client, remove_client, sql
from tests.support.servers.live_app import SUPPORT, LiveApp

pytestmark = pytest.mark.browser

NAME = "Assigned Test & Co"
_ROW = 33


@pytest.fixture
def own_months(live_app: LiveApp) -> Iterator[None]:
    """Months of 2022, in which nothing else is recorded."""
    yield
    sql(live_app, "delete from zixly.overheads where record_date < '2023-01-01'")


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    made = own_client(live_app, NAME)
    yield made
    remove_client(live_app, made)


def test_a_block_pasted_from_a_spreadsheet_is_saved_with_what_was_typed_last(
    visit: Visit, live_app: LiveApp, own_months: None
) -> None:
    page = visit(SUPPORT, "/enter-month?month=2022-03&what=overheads")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(page.locator("#glide-cell-0-0")).to_have_text("31/3/2022")
    grid = page.get_by_test_id("stDataFrame")
    grid.scroll_into_view_if_needed()
    grid.hover(position={"x": 20, "y": _ROW + _ROW // 2})
    page.wait_for_timeout(120)
    grid.click(position={"x": 20, "y": _ROW + _ROW // 2}, delay=60)
    expect(page.locator("#glide-cell-0-0")).to_have_attribute("aria-selected", "true")
    block = (
        "1/3/2022\tAUD\tRent\tBrisbane Offices\tOverhead\t\t$2,400.00\tMarch\n"
        "2/3/2022\tnzd\tSoftware\tDesk Tools\tNot yet assigned\t\t89.90\t"
    )
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    page.keyboard.press("Control+v")
    put_into_grid(page)
    expect(page.locator("#glide-cell-6-1")).to_have_text("89.90")
    expect(page.get_by_text("not saved yet")).to_be_visible()
    grid.scroll_into_view_if_needed()
    grid.hover(position={"x": 20, "y": _ROW * 3 + _ROW // 2})
    page.wait_for_timeout(120)
    grid.click(position={"x": 20, "y": _ROW * 3 + _ROW // 2}, delay=60)
    expect(page.locator("#glide-cell-0-2")).to_have_attribute("aria-selected", "true")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#glide-cell-2-2")).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(120)
    type_text(page, "Wages", "Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#glide-cell-6-2")).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(120)
    # Saved at once, with the last typed value.
    type_text(page, "6100.5")
    press_save(page)
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(
        "Saved 3 overheads for March 2022: revenue $0.00, expenses $8,500.50; revenue NZ$0.00, "
        "expenses NZ$89.90."
    )
    assert _recorded(live_app) == [
        ("2022-03-01", "AUD", "2400.00", "OVERHEAD", "Rent", "March"),
        ("2022-03-02", "NZD", "89.90", "UNASSIGNED", "Software", None),
        ("2022-03-31", "AUD", "6100.50", "OVERHEAD", "Wages", None),
    ]


def test_what_is_not_yet_assigned_is_opened_by_its_row_and_assigned(
    visit: Visit, live_app: LiveApp, own_months: None, client: str
) -> None:
    sql(
        live_app,
        "insert into zixly.overheads"
        " (tenant_id, id, record_date, currency, revenue, expenses, kind)"
        " values (:tenant, 'ovh_browser', '2022-05-01', 'AUD', 0, 310, 'UNASSIGNED')",
        tenant=ZIXLY,
    )
    page = visit(SUPPORT, "/overheads?period=2022-Q2&kind=UNASSIGNED")
    expect(page.get_by_role("heading", name="1 record of $310.00 is not yet")).to_be_visible()
    _open_first_row(page)
    dialog(page).get_by_role("button", name="Assign to a client").click()
    page.get_by_role("combobox", name="Client").last.fill(NAME)
    page.get_by_role("option", name=NAME).click()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(f"Assigned to {NAME}")
    expect(dialog(page)).to_have_count(0)
    assert _recorded(live_app) == []
    records = "select expenses::text from zixly.financials where client_kpi_id = :client"
    assert sql(live_app, records, client=client) == [("310.00",)]


def _open_first_row(page: Page) -> None:
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    table.click(position={"x": 80, "y": _ROW + _ROW // 2})
    expect(dialog(page)).to_be_visible()


def _recorded(live_app: LiveApp) -> list[tuple[str | None, ...]]:
    return sql(
        live_app,
        "select record_date::text, currency, expenses::text, kind, account, note"
        " from zixly.overheads where record_date < '2023-01-01' order by record_date",
    )
