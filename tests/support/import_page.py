"""Shared by tests of the import page: an organisation with a client, files, common clicks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import drawn
from tests.support import organisations as companies
from tests.support.organisations import Company
from tests.support.pages import sql, take
from tests.support.servers.live_app import LiveApp
from zixly_data.values.ids import new_id

CAFE = "Harbour Café"
HEAD = "Client,Date,Revenue,Expenses,Note\n"


@dataclass(frozen=True)
class Books:
    """A company with one client, Harbour Café, and one record: 2 April 2024, 100.00 and 40.00."""

    company: Company
    client: str
    record: str


def opened_books(live_app: LiveApp) -> Books:
    company = companies.new_company(live_app)
    books = Books(company, new_id("ckpi"), new_id("fin"))
    sql(
        live_app,
        "insert into zixly.client_kpis (tenant_id, id, client_id, client_name)"
        " values (:tenant, :id, 'HBC-1', :name)",
        tenant=company.tenant_id, id=books.client, name=CAFE,
    )  # fmt: skip
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses, note)"
        " values (:tenant, :id, :client, '2024-04-02', 100, 40, 'as it was')",
        tenant=company.tenant_id, id=books.record, client=books.client,
    )  # fmt: skip
    return books


def figures(live_app: LiveApp, books: Books) -> list[tuple[str, str, str]]:
    """Day, revenue and expenses of every record of the company, by day."""
    return [
        (str(day), str(revenue), str(expenses))
        for day, revenue, expenses in sql(
            live_app,
            "select record_date, revenue, expenses from zixly.financials"
            " where tenant_id = :tenant order by 1, 2",
            tenant=books.company.tenant_id,
        )
    ]


def give(page: Page, name: str, content: str | bytes) -> None:
    """Upload a file on the page."""
    data = content.encode() if isinstance(content, str) else content
    drawn(page)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def pick(page: Page, label: str, option: str) -> None:
    """Choose one option of a list on the page. A previous choice draws the page again, and may
    close a list that has just been opened."""
    for seconds in (2, 4, 12, 12, 12):
        drawn(page)
        page.get_by_role("combobox", name=label).click()
        # Not only after a time: an option that has just gone cannot be scrolled to.
        with suppress(Error):
            take(page.get_by_role("option", name=option, exact=True), timeout=seconds * 1_000)
            return
    raise AssertionError(f"“{option}” cannot be chosen for {label}")


def expect_answer(page: Page, sentence: str) -> None:
    """The proposal shows this text about the file."""
    expect(page.get_by_role("heading", name=sentence, exact=True)).to_be_visible()


def said(page: Page, text: str) -> Locator:
    """The message on the page that contains this text."""
    return page.get_by_test_id("stAlert").filter(has_text=text)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def import_all(page: Page, button: str, done: str) -> None:
    """Confirm the proposal, and wait until it is imported."""
    press(page, button)
    expect(said(page, done)).to_be_visible()
