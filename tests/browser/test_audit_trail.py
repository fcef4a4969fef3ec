"""The audit trail as Cole reads it, and the history of a record as everybody does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.support.pages import click_row, downloaded, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser

RENAMED = "Support Team changed the name of the client Fine Trail, from Faint Trail to Fine Trail."


@pytest.fixture
def renamed(visit: Visit, live_app: LiveApp) -> str:
    """A client whose name Support has just changed."""
    client = own_client(live_app, "Faint Trail")
    page = visit(SUPPORT, f"/client?id={client}")
    page.get_by_role("button", name="Edit client").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Client name").fill("Fine Trail")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved: Fine Trail").first).to_be_visible()
    return client


def test_a_change_is_read_filtered_opened_and_downloaded_by_an_admin(
    visit: Visit, live_app: LiveApp, renamed: str
) -> None:
    page = visit(COLE, f"/audit?client={renamed}&action=UPDATE&period=all")
    expect(page.get_by_text("Only Changed · Fine Trail")).to_be_visible()
    expect(page.get_by_role("heading", name="1 entry, by 1 person.")).to_be_visible()
    click_row(page, page.get_by_test_id("stDataFrame").first, 0)
    expect(page.get_by_role("heading", name=RENAMED)).to_be_visible()
    (row,) = downloaded(page, "Download CSV")
    assert (row["what_happened"], row["user_email"]) == (RENAMED, SUPPORT)
    assert row["address"] in ("127.0.0.1", "::1")
    noted = sql(
        live_app,
        "select user_email, after ->> 'rows' from zixly.audit_log"
        " where action = 'EXPORT' and table_name = 'audit_log' order by at desc limit 1",
    )
    assert noted == [(COLE, "1")]
    remove_client(live_app, renamed)


def test_a_viewer_reads_the_history_on_the_record_and_not_the_trail(
    visit: Visit, live_app: LiveApp, renamed: str
) -> None:
    page = visit(VERA, f"/client?id={renamed}")
    page.get_by_text("History · 2 entries").click()
    expect(page.get_by_text(RENAMED)).to_be_visible()
    page.goto(f"{live_app.url}/audit")
    expect(page.get_by_text("This page is for another role")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Fine Trail")
    remove_client(live_app, renamed)
