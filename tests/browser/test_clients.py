"""Clients, as each role meets them: finding, adding, editing and deleting, by hand and at once.

Every test makes the clients it changes, so that the document's own three stay as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data import migration

pytestmark = pytest.mark.browser

NewClient = Callable[..., str]
_numbers = count(1)


@pytest.fixture
def admin(live_app: LiveApp) -> Iterator[sa.Connection]:
    """The administrator of the server: sees what is really there."""
    engine = migration.admin_engine(live_app.admin_url)
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    engine.dispose()


@pytest.fixture
def new_client(admin: sa.Connection) -> Iterator[NewClient]:
    """Puts a client on record, and takes it away after the test. The answer is our own id."""
    made: list[str] = []

    def make(name: str, tenant_id: str = "zixly-org-001") -> str:
        number = next(_numbers)
        made.append(f"ckpi_test_{number}")
        admin.execute(
            sa.text(
                "insert into zixly.client_kpis (tenant_id, id, client_id, client_name, industry)"
                " values (:tenant_id, :id, :client_id, :name, 'Testing')"
            ),
            {
                "tenant_id": tenant_id,
                "id": made[-1],
                "client_id": f"TEST-{number:03}",
                "name": name,
            },
        )
        return made[-1]

    yield make
    admin.execute(sa.text("delete from zixly.client_kpis where id = any(:ids)"), {"ids": made})


@pytest.fixture
def tidied(admin: sa.Connection) -> Iterator[str]:
    """A beginning for external ids; clients that have it are gone after the test."""
    start = f"TYPED-{next(_numbers):03}"
    yield start
    _forget(admin, start)


def test_everyone_reads_which_client_has_earned_most(page: Page, sign_in: SignIn) -> None:
    sign_in(page, VERA, "/clients")
    answer = page.get_by_role("heading", name="Harbor Bridge Construction has earned most")
    expect(answer).to_contain_text("$245,000.00 to date")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


@pytest.mark.parametrize("email", [COLE, SUPPORT])
def test_editors_and_admins_may_add_edit_and_delete(
    page: Page, sign_in: SignIn, live_app: LiveApp, email: str
) -> None:
    sign_in(page, email, "/clients")
    expect(page.get_by_role("button", name="Add client")).to_be_visible()
    page.goto(f"{live_app.url}/client?id={live_app.client_id('HBC-2024-001')}")
    expect(page.get_by_role("button", name="Edit client")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    expect(page.get_by_role("link", name="Record figures")).to_be_visible()


def test_a_viewer_finds_nothing_to_change_anything_with(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    sign_in(page, VERA, "/clients")
    expect(page.get_by_role("button", name="Download CSV")).to_be_visible()
    expect(page.get_by_role("button", name="Add client")).to_have_count(0)
    page.goto(f"{live_app.url}/client?id={live_app.client_id('HBC-2024-001')}")
    expect(page.get_by_role("link", name="Open in Custom KPIs")).to_be_visible()
    expect(page.get_by_role("button", name="Edit client")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    expect(page.get_by_role("link", name="Record figures")).to_have_count(0)


def test_support_adds_the_melbourne_accounting_firm(
    page: Page, sign_in: SignIn, admin: sa.Connection
) -> None:
    """The document's Workflow 2."""
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    expect(page.get_by_label("Currency", exact=True)).to_have_value("AUD")
    _fill(page, "Melbourne Accounting Firm", "MAF-2024-004", "Professional Services")
    _save(page, "Add client")
    try:
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(_said(page)).to_contain_text("Added: Melbourne Accounting Firm (MAF-2024-004, AUD).")
        assert _on_record(admin, "MAF-2024-004") == [
            ("zixly-org-001", "Melbourne Accounting Firm", "Professional Services", "AUD", "ACTIVE")
        ]
    finally:
        _forget(admin, "MAF-2024-004")


def test_an_external_id_in_use_is_refused_beside_the_field_and_nothing_is_lost(
    page: Page, sign_in: SignIn, admin: sa.Connection
) -> None:
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    _fill(page, "Harbor Again", "HBC-2024-001", "Construction")
    _save(page, "Add client")
    expect(_problem(page, "External ID")).to_contain_text(
        "Another client has this external ID already."
    )
    expect(page.get_by_label("Client name", exact=True)).to_have_value("Harbor Again")
    expect(page.get_by_label("External ID", exact=True)).to_have_value("HBC-2024-001")
    expect(page.get_by_label("Industry", exact=True)).to_have_value("Construction")
    assert [row[1] for row in _on_record(admin, "HBC-2024-001")] == ["Harbor Bridge Construction"]


def test_all_that_is_wrong_is_said_at_once_each_beside_its_field(
    page: Page, sign_in: SignIn, admin: sa.Connection, tidied: str
) -> None:
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    _fill(page, "x" * 10_000, tidied, "Testing", "DOLLARS")
    _save(page, "Add client")
    expect(_problem(page, "Client name")).to_contain_text(
        "This is too long: 10,000 characters, and 200 fit."
    )
    expect(_problem(page, "Currency")).to_contain_text("“DOLLARS” is not a currency.")
    expect(page.get_by_label("Client name", exact=True)).to_have_value("x" * 10_000)
    assert _on_record(admin, tidied) == []

    _fill(page, "Much shorter", tidied, "Testing", "nzd")
    _save(page, "Add client")
    expect(_said(page)).to_contain_text(f"Added: Much shorter ({tidied}, NZD).")
    assert [row[3] for row in _on_record(admin, tidied)] == ["NZD"]


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
    page: Page, sign_in: SignIn, live_app: LiveApp, admin: sa.Connection, tidied: str, name: str
) -> None:
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    _fill(page, name, tidied)
    _save(page, "Add client")
    expect(_said(page)).to_contain_text(f"Added: {name} (")
    assert [row[1] for row in _on_record(admin, tidied)] == [name]

    page.goto(f"{live_app.url}/client?id={live_app.client_id(tidied)}")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_text("No figures yet")).to_be_visible()
    main = page.get_by_test_id("stMain")
    expect(main.locator("a[href$='/team']")).to_have_count(0)


def test_a_double_click_on_save_adds_one_client(
    page: Page, sign_in: SignIn, admin: sa.Connection, tidied: str
) -> None:
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    _fill(page, "Twice Pressed", tidied)
    page.get_by_role("dialog").get_by_role("button", name="Add client").dblclick()
    expect(_said(page)).to_contain_text("Added: Twice Pressed")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(_on_record(admin, tidied)) == 1


def test_an_industry_is_spelled_as_it_is_elsewhere(
    page: Page, sign_in: SignIn, admin: sa.Connection, tidied: str
) -> None:
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    _fill(page, "Careless Typist", tidied, "professional services")
    _save(page, "Add client")
    expect(_said(page)).to_contain_text("Added: Careless Typist")
    assert [row[2] for row in _on_record(admin, tidied)] == ["Professional Services"]


def test_search_and_filters_stand_in_the_address_and_come_back_from_it(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    sign_in(page, VERA, "/clients?q=sydney")
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


def test_the_file_holds_what_the_table_shows(
    page: Page, sign_in: SignIn, admin: sa.Connection
) -> None:
    sign_in(page, VERA, "/clients?status=COMPLETED")
    expect(page.get_by_text("Only Completed")).to_be_visible()
    rows = _downloaded(page)
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
    }


def test_a_click_on_a_row_opens_the_client(page: Page, sign_in: SignIn, live_app: LiveApp) -> None:
    sign_in(page, VERA, "/clients?q=HBC-2024")
    expect(page.get_by_role("heading", name="1 of ")).to_be_visible()
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("canvas").first).to_be_visible()
    table.click(position={"x": 120, "y": 50})
    expect(
        page.get_by_role("heading", name="Harbor Bridge Construction", exact=True)
    ).to_be_visible()
    client = live_app.client_id("HBC-2024-001")
    expect(page).to_have_url(f"{live_app.url}/client?id={client}&period=all")


def test_one_client_s_quarter_as_the_document_has_it(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    client = live_app.client_id("HBC-2024-001")
    sign_in(page, VERA, f"/client?id={client}&period=2024-Q1")
    expect(page.get_by_role("heading", name="Harbor Bridge Construction brought")).to_contain_text(
        "$21,000.00 profit on $45,000.00 revenue in Q1 2024 (Jan–Mar), a margin of 46.67%."
    )
    expect(page.get_by_text("HBC-2024-001 · Active · Construction · AUD")).to_be_visible()
    expect(page.get_by_role("heading", name="Financial records · 3")).to_be_visible()
    expect(page.get_by_role("heading", name="Lead events · 2")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Client Satisfaction")).to_contain_text(
        "4.8 / 5"
    )
    rows = _downloaded(page, nth=0)
    assert [(row["record_date"], row["revenue"], row["expenses"]) for row in rows] == [
        ("2024-03-01", "15000.00", "8000.00"),
        ("2024-02-01", "15000.00", "8000.00"),
        ("2024-01-01", "15000.00", "8000.00"),
    ]
    expect(page.get_by_role("button", name="Download CSV")).to_have_count(3)


def test_the_way_to_the_forms_keeps_client_and_period(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    client = live_app.client_id("HBC-2024-001")
    sign_in(page, SUPPORT, f"/client?id={client}&period=2024-Q1")
    page.get_by_role("link", name="Record figures").click()
    expect(page.get_by_text("Only Harbor Bridge Construction")).to_be_visible()
    expect(page.get_by_role("heading", name="1 client brought")).to_contain_text("Q1 2024")
    expect(page).to_have_url(f"{live_app.url}/financials?client={client}&period=2024-Q1")


@pytest.mark.parametrize("of", ["nobody", "sarah", "missing", "rubbish"])
def test_a_link_to_no_client_of_ours_leads_calmly_back(
    page: Page, sign_in: SignIn, live_app: LiveApp, new_client: NewClient, of: str
) -> None:
    secret = new_client("Harbour Secret Works", tenant_id="abc-org-001")
    links = {
        "nobody": "/client?id=ckpi_nobody",
        "sarah": f"/client?id={secret}",
        "missing": "/client",
        "rubbish": "/client?id=%00%27%20or%201%3D1",
    }
    sign_in(page, COLE, links[of])
    expect(page.get_by_role("heading", name="This client is not here")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbour Secret")
    page.get_by_role("link", name="See all clients").click()
    expect(page.get_by_role("heading", name="has earned most")).to_be_visible()


def test_the_same_link_works_for_the_tenant_it_belongs_to(
    page: Page, sign_in: SignIn, new_client: NewClient
) -> None:
    secret = new_client("Harbour Secret Works", tenant_id="abc-org-001")
    sign_in(page, SARAH, f"/client?id={secret}")
    expect(page.get_by_role("heading", name="Harbour Secret Works", exact=True)).to_be_visible()


def test_an_edit_is_saved_and_said(
    page: Page, sign_in: SignIn, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Before Renaming")
    sign_in(page, SUPPORT, f"/client?id={client}")
    _open_edit(page)
    expect(page.get_by_label("Industry", exact=True)).to_have_value("Testing")
    page.get_by_label("Client name", exact=True).fill("After Renaming")
    _save(page, "Save changes")
    expect(_said(page)).to_contain_text("Saved: After Renaming")
    expect(page.get_by_role("heading", name="After Renaming", exact=True)).to_be_visible()
    assert _name(admin, client) == "After Renaming"


@pytest.mark.parametrize("choice", ["Keep mine", "Take theirs"])
def test_the_second_of_two_editors_sees_both_versions_and_chooses(
    page: Page,
    browser: Browser,
    sign_in: SignIn,
    admin: sa.Connection,
    new_client: NewClient,
    choice: str,
) -> None:
    client = new_client("Neutral Name")
    other = browser.new_context(viewport={"width": 1280, "height": 900})
    theirs = other.new_page()
    sign_in(page, SUPPORT, f"/client?id={client}")
    sign_in(theirs, COLE, f"/client?id={client}")
    _open_edit(page)
    _open_edit(theirs)
    theirs.get_by_label("Client name", exact=True).fill("Name by Cole")
    _save(theirs, "Save changes")
    expect(_said(theirs)).to_contain_text("Saved: Name by Cole")

    page.get_by_label("Client name", exact=True).fill("Name by Support")
    _save(page, "Save changes")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Someone else saved this record while you were editing it.")
    expect(dialog.get_by_role("table")).to_contain_text("Name by Support")
    expect(dialog.get_by_role("table")).to_contain_text("Name by Cole")
    assert _name(admin, client) == "Name by Cole"

    dialog.get_by_role("button", name=choice).click()
    kept = "Name by Support" if choice == "Keep mine" else "Name by Cole"
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name=kept, exact=True)).to_be_visible()
    assert _name(admin, client) == kept
    other.close()


def test_a_new_currency_for_recorded_amounts_wants_a_yes(
    page: Page, sign_in: SignIn, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Moving Abroad")
    _record_something(admin, client)
    sign_in(page, SUPPORT, f"/client?id={client}")
    _open_edit(page)
    page.get_by_label("Currency", exact=True).fill("NZD")
    _save(page, "Save changes")
    question = page.get_by_text("2 recorded amounts would be read as NZD instead of AUD")
    expect(question).to_be_visible()
    assert _currency(admin, client) == "AUD"
    question.click()
    _save(page, "Save changes")
    expect(_said(page)).to_contain_text("Saved: Moving Abroad")
    assert _currency(admin, client) == "NZD"


def test_deleting_says_what_goes_and_wants_the_name_typed(
    page: Page, sign_in: SignIn, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Soon Gone Pty Ltd")
    _record_something(admin, client)
    sign_in(page, SUPPORT, f"/client?id={client}")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 financial records, 1 lead event and 1 custom metric value")
    expect(dialog).to_contain_text("It cannot be undone.")

    dialog.get_by_role("textbox").fill("Soon Gone")
    _save(page, "Delete for good")
    expect(dialog).to_contain_text("The name you typed is not the name of this client.")
    assert _name(admin, client) == "Soon Gone Pty Ltd"

    dialog.get_by_role("textbox").fill("Soon Gone Pty Ltd")
    _save(page, "Delete for good")
    expect(_said(page)).to_contain_text("Deleted: Soon Gone Pty Ltd, with 2")
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    assert _name(admin, client) is None
    left = admin.execute(
        sa.text("select count(*) from zixly.financials where client_kpi_id = :id"), {"id": client}
    )
    assert left.scalar_one() == 0


def test_saving_or_deleting_what_someone_else_deleted_says_so(
    page: Page, sign_in: SignIn, live_app: LiveApp, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Deleted Meanwhile")
    sign_in(page, SUPPORT, f"/client?id={client}")
    _open_edit(page)
    page.get_by_label("Client name", exact=True).fill("Too Late")
    admin.execute(sa.text("delete from zixly.client_kpis where id = :id"), {"id": client})
    _save(page, "Save changes")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This client is not there any more.")
    expect(page.get_by_label("Client name", exact=True)).to_have_value("Too Late")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="This client is not here")).to_be_visible()


def test_a_revoked_right_counts_at_the_next_press(
    page: Page, sign_in: SignIn, admin: sa.Connection, tidied: str
) -> None:
    sign_in(page, SUPPORT, "/clients")
    _open_add(page)
    _fill(page, "Not Any More", tidied)
    demote = sa.text("update zixly.users set role = :role where email = :email")
    admin.execute(demote, {"role": "VIEWER", "email": SUPPORT})
    try:
        _save(page, "Add client")
        expect(page.get_by_role("dialog")).to_contain_text("Your role does not allow this.")
        assert _on_record(admin, tidied) == []
    finally:
        admin.execute(demote, {"role": "EDITOR", "email": SUPPORT})


@pytest.mark.parametrize("path", ["/clients", "/client?id={}&period=all"])
def test_a_phone_shows_the_page_without_scrolling_sideways(
    browser: Browser, sign_in: SignIn, live_app: LiveApp, path: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, SUPPORT, path.format(live_app.client_id("HBC-2024-001")))
    expect(page.get_by_role("button", name="Download CSV").last).to_be_visible()
    overhang = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert overhang <= 0
    context.close()


def _open_add(page: Page) -> None:
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_role("dialog").get_by_label("Client name", exact=True)).to_be_visible()


def _open_edit(page: Page) -> None:
    page.get_by_role("button", name="Edit client").click()
    expect(page.get_by_role("dialog").get_by_label("Client name", exact=True)).to_be_visible()


def _fill(
    page: Page, name: str, client_id: str, industry: str = "Testing", currency: str = "AUD"
) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Client name", exact=True).fill(name)
    dialog.get_by_label("External ID", exact=True).fill(client_id)
    dialog.get_by_label("Industry", exact=True).fill(industry)
    dialog.get_by_label("Currency", exact=True).fill(currency)


def _save(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label).click()


def _said(page: Page) -> Locator:
    """The confirmation at the top of the page."""
    return page.get_by_test_id("stMain").get_by_role("status").first


def _problem(page: Page, label: str) -> Locator:
    """What stands right below a field of the open form."""
    field = (
        page.get_by_role("dialog")
        .get_by_test_id("stElementContainer")
        .filter(has=page.get_by_label(label, exact=True))
    )
    return field.locator("xpath=following-sibling::*[1]")


def _downloaded(page: Page, nth: int = 0) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").nth(nth).click()
    text = Path(download.value.path()).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _on_record(admin: sa.Connection, client_id: str) -> list[tuple[str, ...]]:
    query = sa.text(
        "select tenant_id, client_name, industry, currency, status from zixly.client_kpis"
        " where client_id = :client_id"
    )
    return [tuple(row) for row in admin.execute(query, {"client_id": client_id})]


def _forget(admin: sa.Connection, client_id: str) -> None:
    query = sa.text("delete from zixly.client_kpis where client_id = :client_id")
    admin.execute(query, {"client_id": client_id})


def _name(admin: sa.Connection, client: str) -> str | None:
    query = sa.text("select client_name from zixly.client_kpis where id = :id")
    return admin.execute(query, {"id": client}).scalar_one_or_none()


def _currency(admin: sa.Connection, client: str) -> str:
    query = sa.text("select currency from zixly.client_kpis where id = :id")
    return str(admin.execute(query, {"id": client}).scalar_one())


def _record_something(admin: sa.Connection, client: str) -> None:
    """Two financial records, one lead event and one value of a metric."""
    for statement in (
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " values ('zixly-org-001', :id || '_f1', :id, '2024-05-01', 100, 40),"
        " ('zixly-org-001', :id || '_f2', :id, '2024-06-01', 100, 40)",
        "insert into zixly.lead_events"
        " (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date)"
        " select tenant_id, :id || '_l1', :id, 'L-1', stage, status, '2024-05-01'"
        " from zixly.lead_stages where tenant_id = 'zixly-org-001' and position = 1",
        "insert into zixly.custom_metrics"
        " (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date)"
        " select tenant_id, :id || '_m1', :id, metric_name, 1, unit, '2024-05-01'"
        " from zixly.metric_definitions where tenant_id = 'zixly-org-001'"
        " and metric_name = 'Billable Hours'",
    ):
        admin.execute(sa.text(statement), {"id": client})
