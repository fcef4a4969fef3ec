"""The overview on a desktop and on a phone: no text below a figure is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, eventually, own_client, remove_client, sql
from tests.support.servers.live_app import VERA, LiveApp
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.browser

NAME = "Overlooked Test Pty Ltd"


def last_month() -> date:
    """The first day of the previous month in Zixly's time zone, Brisbane."""
    today = datetime.now(ZoneInfo("Australia/Brisbane")).date()
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def loss(live_app: LiveApp) -> Iterator[str]:
    """A client whose costs last month were 987,654.31 more than its revenue. Returns its id."""
    client = own_client(live_app, NAME)
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " values (:tenant, :id, :client, :day, 0.01, 987654.32)",
        tenant=ZIXLY, id=new_id("fin"), client=client, day=last_month(),
    )  # fmt: skip
    yield client
    remove_client(live_app, client)


def test_the_comparison_of_a_change_is_not_cut_off(visit: Visit, loss: str) -> None:
    page = visit(VERA)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(
            page.locator(".st-key-cards-this-fy").get_by_test_id("stMetric").last
        ).to_be_visible()
        eventually(lambda: _cut_off(page), [])


def _cut_off(page: Page) -> list[str]:
    """The texts below a figure that are wider than their place."""
    texts: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMetricDeltaDescription] *')]
            .filter(text => text.scrollWidth > text.clientWidth + 1 && text.clientWidth)
            .map(text => text.textContent)"""
    )
    return texts
