"""The two views of the funnel, and an event of a lead with a new name, typed into a list that
accepts new names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import (
    choose,
    dialog,
    downloaded,
    own_client,
    remove_client,
    sql,
    take,
)
from tests.support.servers.live_app import SUPPORT, LiveApp

pytestmark = pytest.mark.browser

NAME = "Funnel Test & Sons"


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    made = own_client(live_app, NAME)
    yield made
    remove_client(live_app, made)


def events_of(live_app: LiveApp, client: str) -> list[tuple[str | None, ...]]:
    query = (
        "select lead_id, stage, event_date::text, value::text, note from zixly.lead_events"
        " where client_kpi_id = :client order by event_date"
    )
    return sql(live_app, query, client=client)


def open_form(page: Page, client_name: str = NAME, lead: str = "L-9") -> None:
    page.get_by_role("button", name="Add an event").click()
    expect(dialog(page)).to_be_visible()
    choose(page, "Client", client_name)
    box = dialog(page).get_by_role("combobox", name="Lead")
    expect(dialog(page).get_by_label("Value in AUD (optional)")).to_be_visible()
    box.fill(lead)
    take(page.get_by_role("option").first)


def test_an_editor_adds_an_event_and_sees_it_everywhere(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, f"/lead-funnel?period=all&client={client}")
    open_form(page, lead="Second pipeline")
    dialog(page).get_by_label("Date").fill("1 March 2024")
    dialog(page).get_by_label("Value in AUD (optional)").fill("$18,000.50")
    dialog(page).get_by_role("button", name="Add event").click()
    expect(page.get_by_role("heading", name="None of 1 lead is decided yet.")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("Added:").first).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="open leads")).to_contain_text("$18,001")
    assert events_of(live_app, client) == [
        ("Second pipeline", "Inquiry", "2024-03-01", "18000.50", None)
    ]
    (row,) = downloaded(page, "Download events")
    assert (row["lead_id"], row["event_date"], row["value"]) == (
        "Second pipeline", "2024-03-01", "18000.50",
    )  # fmt: skip


def test_the_view_is_in_the_link_and_in_the_file(visit: Visit) -> None:
    page = visit(SUPPORT, "/lead-funnel?period=FY2027")
    expect(page.get_by_text("Leads whose first event is in")).to_be_visible()
    began = downloaded(page, "Download funnel")
    page.get_by_text("Leads that moved", exact=True).click()
    expect(page.get_by_text("Leads with an event in")).to_be_visible()
    expect(page).to_have_url(re.compile("view=activity"))
    page.reload()
    expect(page.get_by_text("Leads with an event in")).to_be_visible()
    moved = downloaded(page, "Download funnel")
    assert list(moved[0]) == [
        "stage", "leads", "decided", "won_through", "undecided", "conversion", "median_days",
        "p90_days",
    ]  # fmt: skip
    assert [row["stage"] for row in moved] == [row["stage"] for row in began]
    # Leads that began before the year moved in it.
    assert all(
        int(more["leads"]) >= int(row["leads"]) for more, row in zip(moved, began, strict=True)
    )
    assert moved != began
