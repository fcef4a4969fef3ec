"""The list of clients, as each role meets it: finding, adding, opening, downloading."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.support.client_forms import (
    downloaded,
    fill,
    forget,
    on_record,
    open_add,
    problem,
    said,
    save,
)
from tests.support.pages import download_button
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser


def test_everyone_reads_which_client_has_earned_most(visit: Visit) -> None:
    page = visit(VERA, "/clients")
    answer = page.get_by_role("heading", name="Harbor Bridge Construction has earned most")
    expect(answer).to_contain_text("$245,000.00 to date")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


@pytest.mark.parametrize("email", [COLE, SUPPORT])
def test_editors_and_admins_may_add_edit_and_delete(
    visit: Visit, live_app: LiveApp, email: str
) -> None:
    page = visit(email, "/clients")
    expect(page.get_by_role("button", name="Add client")).to_be_visible()
    page.goto(f"{live_app.url}/client?id={live_app.client_id('HBC-2024-001')}")
    expect(page.get_by_role("button", name="Edit client")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    expect(page.get_by_role("link", name="Record figures")).to_be_visible()


def test_a_viewer_finds_nothing_to_change_anything_with(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, "/clients")
    expect(download_button(page)).to_be_visible()
    expect(page.get_by_role("button", name="Add client")).to_have_count(0)
    page.goto(f"{live_app.url}/client?id={live_app.client_id('HBC-2024-001')}")
    expect(page.get_by_role("link", name="Open in Custom KPIs")).to_be_visible()
    expect(page.get_by_role("button", name="Edit client")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    expect(page.get_by_role("link", name="Record figures")).to_have_count(0)


def test_support_adds_the_melbourne_accounting_firm(visit: Visit, admin: sa.Connection) -> None:
    """The document's Workflow 2."""
    page = visit(SUPPORT, "/clients")
    open_add(page)
    expect(page.get_by_label("Currency", exact=True)).to_have_value("AUD")
    fill(page, "Melbourne Accounting Firm", "MAF-2024-004", "Professional Services")
    save(page, "Add client")
    try:
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(said(page)).to_contain_text("Added: Melbourne Accounting Firm (MAF-2024-004, AUD).")
        assert on_record(admin, "MAF-2024-004") == [
            ("zixly-org-001", "Melbourne Accounting Firm", "Professional Services", "AUD", "ACTIVE")
        ]
    finally:
        forget(admin, "MAF-2024-004")


def test_an_external_id_in_use_is_refused_beside_the_field_and_nothing_is_lost(
    visit: Visit, admin: sa.Connection
) -> None:
    page = visit(SUPPORT, "/clients")
    open_add(page)
    fill(page, "Harbor Again", "HBC-2024-001", "Construction")
    save(page, "Add client")
    expect(problem(page, "External ID")).to_contain_text(
        "Another client has this external ID already."
    )
    expect(page.get_by_label("Client name", exact=True)).to_have_value("Harbor Again")
    expect(page.get_by_label("External ID", exact=True)).to_have_value("HBC-2024-001")
    expect(page.get_by_label("Industry", exact=True)).to_have_value("Construction")
    assert [row[1] for row in on_record(admin, "HBC-2024-001")] == ["Harbor Bridge Construction"]


def test_all_that_is_wrong_is_said_at_once_each_beside_its_field(
    visit: Visit, admin: sa.Connection, tidied: str
) -> None:
    page = visit(SUPPORT, "/clients")
    open_add(page)
    fill(page, "x" * 10_000, tidied, "Testing", "DOLLARS")
    save(page, "Add client")
    expect(problem(page, "Client name")).to_contain_text(
        "This is too long: 10,000 characters, and 200 fit."
    )
    expect(problem(page, "Currency")).to_contain_text("“DOLLARS” is not a currency.")
    expect(page.get_by_label("Client name", exact=True)).to_have_value("x" * 10_000)
    assert on_record(admin, tidied) == []

    fill(page, "Much shorter", tidied, "Testing", "nzd")
    save(page, "Add client")
    expect(said(page)).to_contain_text(f"Added: Much shorter ({tidied}, NZD).")
    assert [row[3] for row in on_record(admin, tidied)] == ["NZD"]


@pytest.mark.parametrize(
    "name",
    [
        "Robert'); DROP TABLE client_kpis;--",
        "Café 🦘 & Söhne <b>bold</b>",
        "שלום עליכם בע״מ",
        "*Stars* and [a link](/team) $5 $6",
    ],
)
def test_names_are_shown_as_they_were_typed(
    visit: Visit, live_app: LiveApp, admin: sa.Connection, tidied: str, name: str
) -> None:
    page = visit(SUPPORT, "/clients")
    open_add(page)
    fill(page, name, tidied)
    save(page, "Add client")
    # What nobody sees keeps Streamlit from making one dash of two hyphens.
    shown = name.replace("--", "-\N{WORD JOINER}-")
    expect(said(page)).to_contain_text(f"Added: {shown} (")
    assert [row[1] for row in on_record(admin, tidied)] == [name]

    page.goto(f"{live_app.url}/client?id={live_app.client_id(tidied)}")
    expect(page.get_by_role("heading", name=shown, exact=True)).to_be_visible()
    expect(page.get_by_text("No figures yet")).to_be_visible()
    main = page.get_by_test_id("stMain")
    expect(main.locator("a[href$='/team']")).to_have_count(0)


def test_a_double_click_on_save_adds_one_client(
    visit: Visit, admin: sa.Connection, tidied: str
) -> None:
    page = visit(SUPPORT, "/clients")
    open_add(page)
    fill(page, "Twice Pressed", tidied)
    page.get_by_role("dialog").get_by_role("button", name="Add client").dblclick()
    expect(said(page)).to_contain_text("Added: Twice Pressed")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(on_record(admin, tidied)) == 1


def test_an_industry_is_spelled_as_it_is_elsewhere(
    visit: Visit, admin: sa.Connection, tidied: str
) -> None:
    page = visit(SUPPORT, "/clients")
    open_add(page)
    fill(page, "Careless Typist", tidied, "professional services")
    save(page, "Add client")
    expect(said(page)).to_contain_text("Added: Careless Typist")
    assert [row[2] for row in on_record(admin, tidied)] == ["Professional Services"]


def test_search_and_filters_stand_in_the_address_and_come_back_from_it(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(VERA, "/clients?q=sydney")
    expect(page.get_by_role("heading", name="1 of ")).to_contain_text(
        "Sydney Law Firm has earned $13,000.00 to date"
    )
    page.get_by_role("textbox", name="Search").fill("no such name")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.get_by_role("heading", name="No client matches")).to_be_visible()
    expect(page).to_have_url(f"{live_app.url}/clients?q=no+such+name")

    page.goto(f"{live_app.url}/clients?status=COMPLETED&industry=Professional+Services")
    expect(page.get_by_text("Only Completed · Professional Services")).to_be_visible()
    expect(page.get_by_role("heading", name="1 of ")).to_contain_text("Sydney Law Firm")


def test_the_file_holds_what_the_table_shows(visit: Visit, admin: sa.Connection) -> None:
    page = visit(VERA, "/clients?status=COMPLETED")
    expect(page.get_by_text("Only Completed")).to_be_visible()
    rows = downloaded(page)
    query = sa.text(
        "select c.client_id, coalesce(sum(f.revenue), 0) - coalesce(sum(f.expenses), 0)"
        " from zixly.client_kpis c left join zixly.financials f on f.client_kpi_id = c.id"
        " where c.tenant_id = 'zixly-org-001' and c.status = 'COMPLETED' group by c.client_id"
    )
    assert {row["client_id"]: Decimal(row["profit"]) for row in rows} == dict(
        admin.execute(query).tuples().all()
    )
    law = next(row for row in rows if row["client_id"] == "SLF-2024-003")
    assert law == {
        "client_id": "SLF-2024-003",
        "client_name": "Sydney Law Firm",
        "industry": "Professional Services",
        "currency": "AUD",
        "status": "COMPLETED",
        "revenue": "25000.00",
        "expenses": "12000.00",
        "profit": "13000.00",
        "margin": "0.5200",
        "first_record": law["first_record"],
        "last_record": law["last_record"],
        "id": law["id"],
    }


def test_a_click_on_a_row_opens_the_client(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, "/clients?q=HBC-2024")
    expect(page.get_by_role("heading", name="1 of ")).to_be_visible()
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("canvas").first).to_be_visible()
    table.click(position={"x": 120, "y": 50})
    expect(
        page.get_by_role("heading", name="Harbor Bridge Construction", exact=True)
    ).to_be_visible()
    client = live_app.client_id("HBC-2024-001")
    expect(page).to_have_url(f"{live_app.url}/client?id={client}&period=all")


@pytest.mark.parametrize("path", ["/clients", "/client?id={}&period=all"])
def test_a_phone_shows_the_page_without_scrolling_sideways(
    visit: Visit, live_app: LiveApp, path: str
) -> None:
    page = visit(SUPPORT, path.format(live_app.client_id("HBC-2024-001")), PHONE)
    expect(download_button(page).last).to_be_visible()
    overhang = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert overhang <= 0
