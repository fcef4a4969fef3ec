"""A new organisation: from an empty overview to its first chart, step by step."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import drawn, go_in
from tests.browser.records.test_enter_month import REVENUE, at, press_save, type_text
from tests.support.pages import dialog, sql
from tests.support.servers.live_app import LiveApp
from zixly_data.identity import Role
from zixly_data.operations import operator

pytestmark = pytest.mark.browser

TENANT = "new-org-001"
FOUNDER = "nora@new-org.example"
FIVE_MINUTES = 300


@pytest.fixture
def founder(live_app: LiveApp) -> str:
    """The administrator of a new organisation without records."""
    operator.create_tenant(live_app.admin_url, TENANT, "New Organisation")
    operator.add_user(live_app.admin_url, TENANT, FOUNDER, "Nora", Role.ADMIN)
    return FOUNDER


def test_a_founder_gets_from_nothing_to_the_first_chart(
    page: Page, live_app: LiveApp, founder: str
) -> None:
    started = time.monotonic()
    go_in(page, live_app, founder)
    expect(page.get_by_role("heading", name="Three steps to your first chart")).to_be_visible()
    expect(page.get_by_role("link", name="See your first chart")).to_have_count(0)

    page.get_by_role("link", name="Add your first client").click()
    dialog(page).get_by_label("Name", exact=True).fill("Harbor Bridge Construction")
    dialog(page).get_by_label("External ID", exact=True).fill("HBC-1")
    dialog(page).get_by_role("button", name="Add client").click()
    expect(page.locator(".st-key-next-step")).to_contain_text("Step 2 of 3: Enter a month")
    page.goto(live_app.url)
    expect(page.get_by_role("heading", name="1 of 3 steps done")).to_be_visible()
    expect(page.locator(".st-key-first-step-1")).to_contain_text("1 client added.")

    page.get_by_role("link", name="Enter a month", exact=True).last.click()
    expect(page.get_by_role("heading", level=1, name="Enter a month")).to_be_visible()
    drawn(page)
    at(page, REVENUE, 0)
    type_text(page, "15000", "Tab")
    type_text(page, "8000", "Enter")
    press_save(page)
    expect(page.locator(".st-key-next-step")).to_contain_text("Step 3 of 3: See your first chart")
    page.get_by_role("link", name="See your first chart").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(
        re.compile(r"Profit from 1 client was \$7,000\.00 on \$15,000\.00 revenue")
    )
    expect(page.locator(".js-plotly-plot .bars .point").first).to_be_attached()
    assert time.monotonic() - started < FIVE_MINUTES

    # The overview has its own chart, and shows it once a second month has records.
    page.goto(live_app.url)
    expect(page.locator(".js-plotly-plot .bars .point").first).to_be_attached()
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " select :tenant, 'fin_before', id, '2024-01-01', 1, 1 from zixly.client_kpis"
        " where tenant_id = :tenant",
        tenant=TENANT,
    )  # fmt: skip
    page.reload()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    drawn(page)
    expect(page.locator(".st-key-next-step")).to_have_count(0)
