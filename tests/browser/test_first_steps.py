"""A new organisation: from an empty overview to its first chart, led step by step."""

from __future__ import annotations

import re
import secrets
import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import drawn, enter, patient_page
from tests.browser.test_enter_month import REVENUE, _at, _press_save, _type
from tests.support.pages import dialog, sql
from tests.support.servers.live_app import LiveApp
from zixly_data.identity import Role
from zixly_data.operations import operator

pytestmark = pytest.mark.browser

TENANT = "new-org-001"
FOUNDER, READER = "nora@new-org.example", "rita@new-org.example"
FIVE_MINUTES = 300


@pytest.fixture
def passwords(live_app: LiveApp) -> dict[str, str]:
    """A new organisation with a founder and a viewer, and nothing on record."""
    operator.create_tenant(live_app.admin_url, TENANT, "New Organisation")
    chosen = {}
    for email, role in ((FOUNDER, Role.ADMIN), (READER, Role.VIEWER)):
        operator.add_user(live_app.admin_url, TENANT, email, email[:4].capitalize(), role)
        chosen[email] = secrets.token_urlsafe(12)
        operator.set_password(live_app.admin_url, email, chosen[email])
    return chosen


def test_a_founder_gets_from_nothing_to_the_first_chart(
    context: BrowserContext, live_app: LiveApp, passwords: dict[str, str]
) -> None:
    started = time.monotonic()
    page = patient_page(context)
    _sign_in(page, live_app, FOUNDER, passwords)
    expect(page.get_by_role("heading", name="Three steps to your first chart")).to_be_visible()
    expect(page.get_by_role("link", name="See your first chart")).to_have_count(0)

    page.get_by_role("link", name="Add your first client").click()
    dialog(page).get_by_label("Client name").fill("Harbor Bridge Construction")
    dialog(page).get_by_label("External ID", exact=True).fill("HBC-1")
    dialog(page).get_by_role("button", name="Add client").click()
    expect(page.locator(".st-key-next-step")).to_contain_text("Step 2 of 3: Enter a month")
    page.goto(live_app.url)
    expect(page.get_by_role("heading", name="1 of 3 steps done")).to_be_visible()
    expect(page.locator(".st-key-first-step-1")).to_contain_text("1 client on record.")

    page.get_by_role("link", name="Enter a month", exact=True).last.click()
    expect(page.get_by_role("heading", level=1, name="Enter a month")).to_be_visible()
    drawn(page)
    _at(page, REVENUE, 0)
    _type(page, "15000", "Tab")
    _type(page, "8000", "Enter")
    _press_save(page)
    expect(page.locator(".st-key-next-step")).to_contain_text("Step 3 of 3: See your first chart")
    page.get_by_role("link", name="See your first chart").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(
        re.compile(r"1 client brought \$7,000\.00 profit on \$15,000\.00 revenue")
    )
    expect(page.locator(".js-plotly-plot .bars .point").first).to_be_attached()
    assert time.monotonic() - started < FIVE_MINUTES

    # The overview has its own, and nothing is in the way any more once a second month is there.
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


def _sign_in(page: Page, live_app: LiveApp, email: str, passwords: dict[str, str]) -> None:
    page.goto(live_app.url)
    enter(page, email, passwords[email])
    expect(page.get_by_role("button", name="Sign out")).to_be_attached(timeout=60_000)
    drawn(page)
