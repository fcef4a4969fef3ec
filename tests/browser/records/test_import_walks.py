"""From a file as a tool writes it to the right figures, in an organisation that has nothing yet.

Each walk lists what a person does, and nothing else: one more question makes it fail. Without a
browser: tests/zixly_data/imports/real_files, and tests/zixly_ui/imports for the steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import drawn, go_in
from tests.support.import_page import give, import_all, pick, press
from tests.support.organisations import Company, new_company
from tests.support.pages import sql
from tests.support.servers.live_app import LiveApp
from zixly_ui.shell.markdown import plain

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

FILES = Path(__file__).parents[2] / "zixly_data" / "imports" / "real_files" / "files"
MEANINGS, CHOICES = "Use these meanings", "Use these choices"
PROFITABILITY, FUNNEL = "/profitability?period=all", "/lead-funnel?period=all"


@dataclass(frozen=True)
class Walk:
    """What a person does with a file: choices in lists (`label: option`) and buttons, in their
    order, until it is imported; then what a page says."""

    file: str
    steps: tuple[str | tuple[str, str], ...]
    button: str
    page: str
    figures: tuple[str, ...] = field(default=())


WALKS = (
    Walk(
        "xero_sales.csv",
        (MEANINGS, "Add all 2 as new clients"),
        "Import 4 new rows",
        PROFITABILITY,
        ("Profit from 2 clients was $5,500.00 on $5,500.00 revenue",),
    ),
    Walk(
        "xero_bills.csv",
        (MEANINGS, "No clients: count all 2 as overheads"),
        "Import 2 new rows",
        PROFITABILITY,
        ("To date the business lost $1,200.00: nothing from clients",),
    ),
    Walk(
        "months_across.csv",
        ("Add all 2 as new clients",),
        "Import 6 new rows",
        PROFITABILITY,
        ("Profit from 2 clients was $69,000.00 on $69,000.00 revenue",),
    ),
    Walk(
        "bank_au.csv",
        (
            ("PARKING METER 12 BRISBANE · 2 rows", "Leave out its rows"),
            ("TRAIN FARE BRISBANE · 2 rows", "Leave out its rows"),
            ("HARBOUR CAFE INV 22 · 1 row", "Add as a new client"),
            CHOICES,
        ),
        "Import 1 new row",
        PROFITABILITY,
        ("Profit from 1 client was $2,200.00 on $2,200.00 revenue",),
    ),
    Walk(
        "hubspot.csv",
        (
            ("Contract Sent (Sales Pipeline) · 1 row", "Same as Proposal sent"),
            ("Appointment Scheduled (Sales Pipeline) · 1 row", "Same as Consultation"),
            "Use these stages",
            (
                "Kea Group;Kea Holdings · 1 row · several clients in one cell",
                "It is about Kea Group",
            ),
            CHOICES,
            "Add all 2 as new clients",
        ),
        "Import 3 new rows, leave out 1 row",
        FUNNEL,
        ("1 of 1 decided lead became a contract",),
    ),
)


@pytest.fixture
def company(live_app: LiveApp) -> Company:
    return new_company(live_app)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.file)
def test_a_file_becomes_figures(
    page: Page, live_app: LiveApp, company: Company, walk: Walk
) -> None:
    go_in(page, live_app, company.ed, "/import")
    take(page, walk)
    page.goto(live_app.url + walk.page)
    for text in walk.figures:
        expect(page.get_by_text(text).first).to_be_visible()
    if walk.page == FUNNEL:
        won = sql(
            live_app,
            "select event_date from zixly.lead_events where tenant_id = :t and stage = :stage",
            t=company.tenant_id, stage="Contract signed",
        )  # fmt: skip
        assert won == [(date(2024, 3, 14),)]


def test_harvest_s_export_becomes_amounts_and_hours(
    page: Page, live_app: LiveApp, company: Company
) -> None:
    amounts = Walk(
        "harvest_en.csv",
        ("Add Harbour Cafe as a new client", CHOICES),
        "Import 4 new rows",
        PROFITABILITY,
    )
    hours = Walk(
        "harvest_en.csv",
        ("Define Billable Hours, in hours", MEANINGS),
        "Import 2 new rows",
        "/custom-kpis?period=all",
    )
    go_in(page, live_app, company.ed, "/import")
    take(page, amounts, kind="Financials")
    page.goto(live_app.url + PROFITABILITY)
    expect(page.get_by_text("$600.00").first).to_be_visible()
    expect(page.get_by_text("$330.00").first).to_be_visible()
    expect(page.get_by_text("$240.00").first).to_be_visible()
    page.goto(f"{live_app.url}/import")
    take(page, hours)
    page.goto(live_app.url + hours.page)
    expect(page.get_by_text("Billable Hours").first).to_be_visible()
    total = "select sum(metric_value) from zixly.custom_metrics where tenant_id = :t"
    assert sql(live_app, total, t=company.tenant_id) == [(4,)]


def take(page: Page, walk: Walk, kind: str | None = None) -> None:
    """Upload the file of a walk, and do what it says until it is imported."""
    give(page, walk.file, (FILES / walk.file).read_bytes())
    if kind is not None:
        expect(page.get_by_text("What is in the file?")).to_be_visible()
        drawn(page)
        # The menu has a page with this name.
        page.get_by_test_id("stMain").get_by_text(kind, exact=True).last.click()
    for step in walk.steps:
        drawn(page)
        if isinstance(step, str):
            press(page, step)
        else:
            label, option = step
            # A label that is read aloud has the escapes of its Markdown.
            pick(page, plain(label), option)
    import_all(page, walk.button, f"from {walk.file}.")
