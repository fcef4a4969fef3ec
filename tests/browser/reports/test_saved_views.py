"""Saved views, which are private, and notes on dates, which everyone sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, dialog, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.browser

NAME = "Viewed Test Pty Ltd"


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    """A client for this test with figures of January and March 2024. Returns its id."""
    row_id = own_client(live_app, NAME)
    for day in ("2024-01-05", "2024-03-05"):
        sql(
            live_app,
            "insert into zixly.financials"
            " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
            " values (:tenant, :id, :client, :day, 1200, 400)",
            tenant=ZIXLY, id=new_id("fin"), client=row_id, day=day,
        )  # fmt: skip
    yield row_id
    remove_client(live_app, row_id)
    sql(live_app, "delete from zixly.saved_views")


def test_a_view_is_saved_opens_automatically_and_outlives_its_client(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    link = f"/financials?period=2024-Q1&client={client}"
    page = visit(VERA, link)
    _views(page, "Views").click()
    page.get_by_label("Save this view as").fill("First *quarter*")
    page.get_by_text("Make this my default view").click()
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved: the view First *quarter*")
    expect(_views(page, "First *quarter*")).to_be_visible()

    # The menu opens the default view; a link opens the view in the link.
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Clients").click()
    expect(page.get_by_role("heading", level=1, name="Clients")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Financials").click()
    expect(page).to_have_url(f"{live_app.url}{link}")
    expect(page.get_by_text(f"Filtered by {NAME}")).to_be_visible()
    vera_page = visit(VERA, "/financials?period=2024-Q2")
    expect(vera_page.get_by_role("heading", level=2)).to_contain_text("in Q2 2024 (Apr–Jun)")
    expect(_views(vera_page, "Views")).to_be_visible()

    # A view chosen from the list applies, and a colleague does not see it.
    _views(vera_page, "Views").click()
    vera_page.get_by_role("button", name="First *quarter*").click()
    expect(vera_page).to_have_url(f"{live_app.url}{link}")
    expect(_views(vera_page, "First *quarter*")).to_be_visible()
    colleague = visit(COLE, "/financials")
    expect(_views(colleague, "Views")).to_be_visible()
    expect(colleague).to_have_url(f"{live_app.url}/financials")

    _views(vera_page, "First *quarter*").click()
    vera_page.get_by_role("button", name="Change", exact=True).click()
    dialog(vera_page).get_by_label("Name").fill("Q1")
    dialog(vera_page).get_by_role("button", name="Save changes").click()
    expect(_views(vera_page, "Q1")).to_be_visible()
    expect(dialog(vera_page)).to_have_count(0)

    remove_client(live_app, client)
    page.goto(f"{live_app.url}/financials")
    note = "some selected values no longer exist and are ignored."
    expect(page.get_by_text(note)).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_contain_text("in Q1 2024 (Jan–Mar)")

    _views(page, "Views").click()
    page.get_by_role("button", name="Change", exact=True).click()
    dialog(page).get_by_text("Delete…").click()
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_role("status").first).to_contain_text("Deleted: the view Q1.")
    assert sql(live_app, "select name from zixly.saved_views") == []


@pytest.mark.nightly
def test_everyone_sees_a_note_on_the_chart_and_below_it(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    link = f"/financials?period=2024-Q1&client={client}"
    page = visit(SUPPORT, link)
    page.get_by_role("button", name="Add a note to a date").click()
    dialog(page).get_by_label("Date", exact=True).fill("30/2/2024")
    dialog(page).get_by_label("Note", exact=True).fill("Prices up <b>10%</b>")
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_text("February 2024 has 29 days.")).to_be_visible()
    expect(dialog(page).get_by_label("Note", exact=True)).to_have_value("Prices up <b>10%</b>")
    dialog(page).get_by_label("Date", exact=True).fill("15/3/2024")
    dialog(page).get_by_role("button", name="Save").click()
    message = "Saved: the note on 15 Mar 2024, “Prices up <b>10%</b>”."
    expect(page.get_by_role("status").first).to_contain_text(message)

    over_time = f"/profitability?period=2024-Q1&client={client}&by=month"
    for path in (link, f"/client?id={client}&period=2024-Q1", over_time):
        reader = visit(VERA, path)
        mark = reader.locator(".js-plotly-plot .annotation", has_text="◆")
        expect(mark).to_have_count(1)
        mark.locator("text").hover(force=True)
        hover_text = reader.locator(".hoverlayer .hovertext")
        expect(hover_text).to_contain_text(f"15 Mar 2024, {NAME}: Prices up <b>10%</b>")
        expect(reader.get_by_role("heading", name="Notes")).to_be_visible()
        expect(reader.locator("[role=gridcell]", has_text="Prices up")).to_be_attached()
        expect(reader.get_by_role("button", name="Add a note to a date")).to_have_count(0)


def _views(page: Page, label: str) -> Locator:
    """The button of the control, which names the current view."""
    return page.locator("[class*=st-key-views-]").get_by_role("button", name=label)
