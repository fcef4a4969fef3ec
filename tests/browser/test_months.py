"""Closing months in a browser: by an ADMIN alone, and what everybody else is then told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, choose, click_row, dialog, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser

CLIENT = "Months & Sons"


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    """A client with figures in January 2023, before all others; afterwards every month is open."""
    row_id = own_client(live_app, CLIENT)
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " values (:tenant, 'fin_months', :client, '2023-01-31', 1000, 0)",
        tenant=ZIXLY, client=row_id,
    )  # fmt: skip
    yield row_id
    _reopen_all(live_app)
    remove_client(live_app, row_id)


def test_the_last_month_that_is_over_is_closed_and_reopened(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(COLE, "/months")
    expect(page.get_by_text("No month is closed")).to_be_visible()
    page.get_by_role("button", name="Close October 2026").click()
    expect(dialog(page).get_by_text("Nobody can add, change or delete")).to_be_visible()
    expect(dialog(page).get_by_text("from January 2023 on.")).to_be_visible()
    dialog(page).get_by_role("button", name="Close October 2026").click()
    expect(page.get_by_text("October 2026 is closed.").first).to_be_visible()
    assert _closed(live_app) == ["2026-10-01"]
    table = page.get_by_test_id("stDataFrame").first
    click_row(page, table, 1)
    expect(dialog(page).get_by_text("Closed by Cole")).to_be_visible()
    expect(dialog(page).get_by_text("Figures that were final can change again")).to_be_visible()
    dialog(page).get_by_role("button", name="Reopen October 2026").click()
    expect(page.get_by_text("October 2026 is open").first).to_be_visible()
    assert _closed(live_app) == []


def test_everything_up_to_a_month_is_closed_at_once(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(COLE, "/months")
    page.get_by_role("button", name="Close October 2026").click()
    dialog(page).get_by_role("button", name="Close everything up to October 2026").click()
    expect(page.get_by_role("heading", name="Everything up to October 2026")).to_be_visible()
    closed = _closed(live_app)
    assert (len(closed), closed[0], closed[-1]) == (46, "2023-01-01", "2026-10-01")
    expect(page.get_by_text("Show all 47 months since January 2023")).to_be_visible()


@pytest.mark.parametrize("email", [SUPPORT, VERA])
def test_others_read_it_and_cannot_close(
    visit: Visit, live_app: LiveApp, client: str, email: str
) -> None:
    _close(live_app, "2026-10-01")
    page = visit(email, "/months")
    expect(page.get_by_role("heading", name="1 month is closed")).to_be_visible()
    expect(page.get_by_text("An administrator closes and reopens months.")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="lose")).to_have_count(0)


def test_figures_of_a_closed_month_are_refused_in_words_and_nothing_typed_is_lost(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    _close(live_app, "2023-01-01")
    page = visit(SUPPORT, f"/financials?period=all&client={client}")
    page.get_by_role("button", name="Record figures").click()
    choose(page, "Client", f"{CLIENT} (AUD)")
    for label, text in (("Date", "15/1/2023"), ("Revenue", "1,234.50"), ("Expenses", "20")):
        dialog(page).get_by_label(label, exact=True).fill(text)
    dialog(page).get_by_label("Note (optional)").fill("from the drawer")
    dialog(page).get_by_role("button", name="Save").click()
    told = dialog(page).get_by_text("January 2023 is closed. Choose another date, or ask an ")
    expect(told).to_be_visible()
    for label, text in (("Date", "15/1/2023"), ("Revenue", "1,234.50"), ("Expenses", "20"),
                        ("Note (optional)", "from the drawer")):  # fmt: skip
        expect(dialog(page).get_by_label(label, exact=True)).to_have_value(text)
    dialog(page).get_by_label("Date", exact=True).fill("15/2/2023")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: ").first).to_be_visible()
    assert sql(live_app, "select record_date::text, revenue::text from zixly.financials"
               " where client_kpi_id = :c order by 1", c=client) == [
        ("2023-01-31", "1000.00"), ("2023-02-15", "1234.50")]  # fmt: skip


def test_a_record_of_a_closed_month_is_neither_moved_nor_deleted(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    _close(live_app, "2023-01-01")
    page = visit(SUPPORT, f"/financials?period=all&client={client}")
    click_row(page, page.get_by_test_id("stDataFrame").last, 0)
    dialog(page).get_by_label("Date", exact=True).fill("1/2/2023")
    dialog(page).get_by_role("button", name="Save changes").click()
    expect(dialog(page).get_by_text("January 2023 is closed. Choose another")).to_be_visible()
    dialog(page).get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("January 2023 is closed. Nothing dated in it")).to_be_visible()
    assert _dates(live_app, client) == ["2023-01-31"]


def test_a_client_with_figures_in_a_closed_month_is_not_deleted(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    _close(live_app, "2023-01-01")
    page = visit(SUPPORT, f"/client?id={client}")
    page.get_by_role("button", name="Edit client").click()
    _currency(page).fill("NZD")
    dialog(page).get_by_role("button", name="Save changes").click()
    dialog(page).get_by_text("Tick here, then save again").click()
    dialog(page).get_by_role("button", name="Save changes").click()
    expect(dialog(page).get_by_text("so its currency stays.")).to_be_visible()
    expect(_currency(page)).to_have_value("NZD")
    page.keyboard.press("Escape")
    page.get_by_test_id("stMain").get_by_role("button", name="Delete").click()
    dialog(page).get_by_label("To go ahead").fill(CLIENT)
    dialog(page).get_by_role("button", name="Delete for good").click()
    expect(dialog(page).get_by_text("which would be deleted too.")).to_be_visible()
    expect(dialog(page).get_by_label("To go ahead")).to_have_value(CLIENT)
    assert _dates(live_app, client) == ["2023-01-31"]


def _currency(page: Page) -> Locator:
    return dialog(page).get_by_label("Currency", exact=True)


def _dates(live_app: LiveApp, client: str) -> list[str]:
    query = "select record_date::text from zixly.financials where client_kpi_id = :c order by 1"
    return [row[0] for row in sql(live_app, query, c=client)]


def _close(live_app: LiveApp, month: str) -> None:
    sql(
        live_app,
        "insert into zixly.closed_months (tenant_id, month) values (:t, cast(:m as date))",
        t=ZIXLY, m=month,
    )  # fmt: skip


def _reopen_all(live_app: LiveApp) -> None:
    sql(live_app, "delete from zixly.closed_months where tenant_id = :t", t=ZIXLY)


def _closed(live_app: LiveApp) -> list[str]:
    query = "select month::text from zixly.closed_months where tenant_id = :t order by 1"
    return [row[0] for row in sql(live_app, query, t=ZIXLY)]
