"""One client, as each role meets it: reading, editing, deleting, by hand and at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.browser.clients.conftest import NewClient
from tests.browser.conftest import Visit
from tests.support.client_forms import (
    currency_on_record,
    downloaded,
    fill,
    name_on_record,
    on_record,
    open_add,
    open_edit,
    record_something,
    said,
    save,
)
from tests.support.pages import download_button
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser


def test_one_client_s_quarter_as_the_document_has_it(visit: Visit, live_app: LiveApp) -> None:
    client = live_app.client_id("HBC-2024-001")
    page = visit(VERA, f"/client?id={client}&period=2024-Q1")
    expect(page.get_by_role("heading", name="Harbor Bridge Construction brought")).to_contain_text(
        "$21,000.00 profit on $45,000.00 revenue in Q1 2024 (Jan–Mar), a margin of 46.67%."
    )
    expect(page.get_by_text("HBC-2024-001 · Active · Construction · AUD")).to_be_visible()
    expect(page.get_by_role("heading", name="Financial records · 3")).to_be_visible()
    expect(page.get_by_role("heading", name="Lead events · 2")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Client Satisfaction")).to_contain_text(
        "4.8 / 5"
    )
    rows = downloaded(page, nth=0)
    assert [(row["record_date"], row["revenue"], row["expenses"]) for row in rows] == [
        ("2024-03-01", "15000.00", "8000.00"),
        ("2024-02-01", "15000.00", "8000.00"),
        ("2024-01-01", "15000.00", "8000.00"),
    ]
    expect(download_button(page)).to_have_count(3)


def test_the_way_to_the_forms_keeps_client_and_period(visit: Visit, live_app: LiveApp) -> None:
    client = live_app.client_id("HBC-2024-001")
    page = visit(SUPPORT, f"/client?id={client}&period=2024-Q1")
    page.get_by_role("link", name="Record figures").click()
    expect(page.get_by_text("Only Harbor Bridge Construction")).to_be_visible()
    expect(page.get_by_role("heading", name="1 client brought")).to_contain_text("Q1 2024")
    expect(page).to_have_url(f"{live_app.url}/financials?client={client}&period=2024-Q1")


@pytest.mark.parametrize("of", ["nobody", "sarah", "missing", "rubbish"])
def test_a_link_to_no_client_of_ours_leads_calmly_back(
    visit: Visit, live_app: LiveApp, new_client: NewClient, of: str
) -> None:
    secret = new_client("Harbour Secret Works", tenant_id="abc-org-001")
    links = {
        "nobody": "/client?id=ckpi_nobody",
        "sarah": f"/client?id={secret}",
        "missing": "/client",
        "rubbish": "/client?id=%00%27%20or%201%3D1",
    }
    page = visit(COLE, links[of])
    expect(page.get_by_role("heading", name="This client is not here")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbour Secret")
    page.get_by_role("link", name="See all clients").click()
    expect(page.get_by_role("heading", name="has earned most")).to_be_visible()


def test_the_same_link_works_for_the_tenant_it_belongs_to(
    visit: Visit, new_client: NewClient
) -> None:
    secret = new_client("Harbour Secret Works", tenant_id="abc-org-001")
    page = visit(SARAH, f"/client?id={secret}")
    expect(page.get_by_role("heading", name="Harbour Secret Works", exact=True)).to_be_visible()


def test_an_edit_is_saved_and_said(
    visit: Visit, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Before Renaming")
    page = visit(SUPPORT, f"/client?id={client}")
    open_edit(page)
    expect(page.get_by_label("Industry", exact=True)).to_have_value("Testing")
    page.get_by_label("Client name", exact=True).fill("After Renaming")
    save(page, "Save changes")
    expect(said(page)).to_contain_text("Saved: After Renaming")
    expect(page.get_by_role("heading", name="After Renaming", exact=True)).to_be_visible()
    assert name_on_record(admin, client) == "After Renaming"


@pytest.mark.parametrize("choice", ["Keep mine", "Take theirs"])
def test_the_second_of_two_editors_sees_both_versions_and_chooses(
    visit: Visit,
    admin: sa.Connection,
    new_client: NewClient,
    choice: str,
) -> None:
    client = new_client("Neutral Name")
    page = visit(SUPPORT, f"/client?id={client}")
    theirs = visit(COLE, f"/client?id={client}")
    open_edit(page)
    open_edit(theirs)
    theirs.get_by_label("Client name", exact=True).fill("Name by Cole")
    save(theirs, "Save changes")
    expect(said(theirs)).to_contain_text("Saved: Name by Cole")

    page.get_by_label("Client name", exact=True).fill("Name by Support")
    save(page, "Save changes")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Someone else saved this record while you were editing it.")
    expect(dialog.get_by_role("table")).to_contain_text("Name by Support")
    expect(dialog.get_by_role("table")).to_contain_text("Name by Cole")
    assert name_on_record(admin, client) == "Name by Cole"

    dialog.get_by_role("button", name=choice).click()
    kept = "Name by Support" if choice == "Keep mine" else "Name by Cole"
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name=kept, exact=True)).to_be_visible()
    assert name_on_record(admin, client) == kept


def test_a_new_currency_for_recorded_amounts_wants_a_yes(
    visit: Visit, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Moving Abroad")
    record_something(admin, client)
    page = visit(SUPPORT, f"/client?id={client}")
    open_edit(page)
    page.get_by_label("Currency", exact=True).fill("NZD")
    save(page, "Save changes")
    question = page.get_by_text("2 recorded amounts would be read as NZD instead of AUD")
    expect(question).to_be_visible()
    assert currency_on_record(admin, client) == "AUD"
    question.click()
    save(page, "Save changes")
    expect(said(page)).to_contain_text("Saved: Moving Abroad")
    assert currency_on_record(admin, client) == "NZD"


def test_deleting_says_what_goes_and_wants_the_name_typed(
    visit: Visit, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Soon Gone Pty Ltd")
    record_something(admin, client)
    page = visit(SUPPORT, f"/client?id={client}")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 financial records, 1 lead event and 1 custom metric value")
    expect(dialog).to_contain_text("It cannot be undone.")

    dialog.get_by_role("textbox").fill("Soon Gone")
    save(page, "Delete for good")
    expect(dialog).to_contain_text("The name you typed is not the name of this client.")
    assert name_on_record(admin, client) == "Soon Gone Pty Ltd"

    dialog.get_by_role("textbox").fill("Soon Gone Pty Ltd")
    save(page, "Delete for good")
    expect(said(page)).to_contain_text("Deleted: Soon Gone Pty Ltd, with 2")
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    assert name_on_record(admin, client) is None
    left = admin.execute(
        sa.text("select count(*) from zixly.financials where client_kpi_id = :id"), {"id": client}
    )
    assert left.scalar_one() == 0


def test_saving_or_deleting_what_someone_else_deleted_says_so(
    visit: Visit, live_app: LiveApp, admin: sa.Connection, new_client: NewClient
) -> None:
    client = new_client("Deleted Meanwhile")
    page = visit(SUPPORT, f"/client?id={client}")
    open_edit(page)
    page.get_by_label("Client name", exact=True).fill("Too Late")
    admin.execute(sa.text("delete from zixly.client_kpis where id = :id"), {"id": client})
    save(page, "Save changes")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This client is not there any more.")
    expect(page.get_by_label("Client name", exact=True)).to_have_value("Too Late")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="This client is not here")).to_be_visible()


def test_a_revoked_right_counts_at_the_next_press(
    visit: Visit, admin: sa.Connection, tidied: str
) -> None:
    page = visit(SUPPORT, "/clients")
    open_add(page)
    fill(page, "Not Any More", tidied)
    demote = sa.text("update zixly.users set role = :role where email = :email")
    admin.execute(demote, {"role": "VIEWER", "email": SUPPORT})
    try:
        save(page, "Add client")
        expect(page.get_by_role("dialog")).to_contain_text("Your role does not allow this.")
        assert on_record(admin, tidied) == []
    finally:
        admin.execute(demote, {"role": "EDITOR", "email": SUPPORT})
