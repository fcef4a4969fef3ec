"""Contradictions in a browser: found, seen, put away with a reason, and brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, drawn
from tests.support.pages import ZIXLY, dialog, downloaded, own_client, remove_client, sql
from tests.support.servers.live_app import SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser

NAME = "Handshake & Sons"
SAID = (
    f"{NAME} was billed $876,543.21 before its contract was signed on 10 Feb 2023: "
    "1 record from 5 Jan 2023 on."
)
REASON = "Agreed by phone: *before* Christmas"


@pytest.fixture
def early(live_app: LiveApp) -> Iterator[str]:
    """A completed client that was billed before its contract: once, for the most money of all."""
    client = own_client(live_app, NAME)
    money = (
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " values (:t, {}, :client, {}, 0)"
    )
    for statement in (
        "update zixly.client_kpis set status = 'COMPLETED' where id = :client and tenant_id = :t",
        money.format("'fin_early'", "'2023-01-05', 876543.21"),
        money.format("'fin_after'", "'2023-03-01', 1"),
        "insert into zixly.lead_events"
        " (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date)"
        " values (:t, 'lev_early', :client, 'The job', 'Contract signed', 'WON', '2023-02-10')",
    ):
        sql(live_app, statement, client=client, t=ZIXLY)
    yield client
    remove_client(live_app, client)


def card(page: Page) -> Locator:
    return page.locator(".st-key-kind-REVENUE_BEFORE_CONTRACT")


def line(within: Locator) -> Locator:
    return within.locator("[class*='st-key-finding-']").filter(has_text=NAME)


def test_a_contradiction_is_put_away_with_a_reason_and_brought_back(
    visit: Visit, live_app: LiveApp, early: str
) -> None:
    page = visit(SUPPORT, "/contradictions")
    title = page.get_by_role("heading", level=2)
    expect(title).to_have_text(re.compile(r"^\d+ contradictions in the records of \d+ clients\.$"))
    for name in ("Harbor Bridge Construction", "Bondi E-commerce Store"):
        expect(card(page)).to_contain_text(f"{name} was billed")
    expect(line(card(page))).to_contain_text(SAID)

    line(card(page)).get_by_role("button", name="This is fine").click()
    expect(dialog(page)).to_contain_text(SAID)
    expect(dialog(page).get_by_text("1 financial record")).to_be_visible()
    expect(dialog(page).get_by_text("1 lead event")).to_be_visible()
    dialog(page).get_by_role("button", name="Put away").click()
    expect(dialog(page).get_by_text("Say in a few words why this is fine.")).to_be_visible()
    dialog(page).get_by_role("textbox", name="Why is this fine?").fill(REASON)
    dialog(page).get_by_role("button", name="Put away").click()
    expect(dialog(page)).to_have_count(0)
    drawn(page)

    away = page.locator(".st-key-put-away")
    expect(line(away)).to_contain_text(SAID)
    expect(line(away)).to_contain_text(f": {REASON}")
    expect(line(card(page))).to_have_count(0)
    of_file = {row["client_name"]: row for row in downloaded(page, "Download CSV")}
    assert (of_file[NAME]["dismissed"], of_file[NAME]["reason"]) == ("true", REASON)
    assert of_file["Harbor Bridge Construction"]["dismissed"] == "false"

    line(away).get_by_role("button", name="Bring back").click()
    expect(line(card(page))).to_contain_text(SAID)
    drawn(page)
    expect(away).to_have_count(0)
    noted = sql(
        live_app,
        "select action, user_email from zixly.audit_log where table_name = 'finding_dismissals'"
        " and client_kpi_id = :client order by at",
        client=early,
    )
    assert noted == [("INSERT", SUPPORT), ("DELETE", SUPPORT)]


def test_who_only_reads_sees_it_first_on_the_overview_and_opens_its_records(
    visit: Visit, early: str
) -> None:
    page = visit(VERA)
    first = page.locator(".st-key-finding-0")
    expect(first).to_contain_text(SAID)
    first.get_by_role("link", name="Check the dates").click()
    expect(page.get_by_text("Only Handshake & Sons")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_contain_text("$876,543.21")
    expect(page).to_have_url(re.compile(r"period=custom&from=2023-01-05&to=2023-02-09$"))

    page.get_by_role("link", name="Contradictions").click()
    expect(line(card(page))).to_contain_text(SAID)
    drawn(page)
    expect(page.get_by_role("button", name="This is fine")).to_have_count(0)
