"""The clients' forms as a person uses them, and what is on record afterwards."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from tests.support.pages import download_button


def open_add(page: Page) -> None:
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_role("dialog").get_by_label("Client name", exact=True)).to_be_visible()


def open_edit(page: Page) -> None:
    page.get_by_role("button", name="Edit client").click()
    expect(page.get_by_role("dialog").get_by_label("Client name", exact=True)).to_be_visible()


def fill(
    page: Page, name: str, client_id: str, industry: str = "Testing", currency: str = "AUD"
) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Client name", exact=True).fill(name)
    dialog.get_by_label("External ID", exact=True).fill(client_id)
    dialog.get_by_label("Industry", exact=True).fill(industry)
    dialog.get_by_label("Currency", exact=True).fill(currency)


def save(page: Page, label: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label).click()


def said(page: Page) -> Locator:
    """The confirmation at the top of the page."""
    return page.get_by_test_id("stMain").get_by_role("status").first


def problem(page: Page, label: str) -> Locator:
    """What stands right below a field of the open form."""
    field = (
        page.get_by_role("dialog")
        .get_by_test_id("stElementContainer")
        .filter(has=page.get_by_label(label, exact=True))
    )
    return field.locator("xpath=following-sibling::*[1]")


def downloaded(page: Page, nth: int = 0) -> list[dict[str, str]]:
    # Buttons are counted once all of them are drawn.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    with page.expect_download() as download:
        download_button(page).nth(nth).click()
    text = Path(download.value.path()).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def on_record(admin: sa.Connection, client_id: str) -> list[tuple[str, ...]]:
    query = sa.text(
        "select tenant_id, client_name, industry, currency, status from zixly.client_kpis"
        " where client_id = :client_id"
    )
    return [tuple(row) for row in admin.execute(query, {"client_id": client_id})]


def forget(admin: sa.Connection, client_id: str) -> None:
    query = sa.text("delete from zixly.client_kpis where client_id = :client_id")
    admin.execute(query, {"client_id": client_id})


def name_on_record(admin: sa.Connection, client: str) -> str | None:
    query = sa.text("select client_name from zixly.client_kpis where id = :id")
    return admin.execute(query, {"id": client}).scalar_one_or_none()


def currency_on_record(admin: sa.Connection, client: str) -> str:
    query = sa.text("select currency from zixly.client_kpis where id = :id")
    return str(admin.execute(query, {"id": client}).scalar_one())


def record_something(admin: sa.Connection, client: str) -> None:
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
