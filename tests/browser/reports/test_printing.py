"""Printing: a PDF is a complete document without controls."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Visit, drawn
from tests.support.pages import ZIXLY, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, VERA, LiveApp

pytestmark = pytest.mark.browser

NAME = "Printed Test Pty Ltd"
BUTTONS = ("Download CSV", "Print or save as PDF", "Record figures", "Choose clients", "Views")
A4 = (595, 842)  # in points
TURNED_WIDTH = 1009  # between the margins, in CSS pixels


@pytest.fixture
def long_ledger(live_app: LiveApp) -> Iterator[str]:
    """A client with 130 records in January 2001, all different: more than any screen shows."""
    client = own_client(live_app, NAME)
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " select :tenant, 'fin_printed_' || n, :client, date '2001-01-01' + n % 31,"
        " 7000 + n + 0.07, 2000 from generate_series(1, 130) as n",
        tenant=ZIXLY, client=client,
    )  # fmt: skip
    yield client
    remove_client(live_app, client)


@pytest.mark.nightly
def test_financials_on_paper_have_every_row_and_no_button(
    visit: Visit, live_app: LiveApp, long_ledger: str
) -> None:
    page = visit(COLE, f"/financials?period=2001-Q1&client={long_ledger}")
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    pages = _printed(page).pages
    text = " ".join(pages)
    assert set(re.findall(r"7,\d{3}\.07", text)) == {f"{7000 + n:,}.07" for n in range(1, 131)}
    assert len(pages) > 2
    for number, page_text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page_text
        # The headings of the table are repeated on each of its pages.
        assert number == 1 or "Expenses (AUD)" in page_text
    for heading in ("Zixly", "Financials", "Q1 2001 (Jan–Mar)", f"Filtered by {NAME}", "by Cole"):
        assert heading in pages[0]
    assert re.search(r"Printed on \d{1,2} \w{3} \d{4}, \d\d:\d\d by Cole", pages[0])
    assert [button for button in BUTTONS if button in text] == []
    assert "Team" not in text, "the menu stays on the screen"

    # Afterwards the page is unchanged.
    expect(page.locator(".zixly-letterhead, .zixly-table")).to_have_count(0)
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_visible()

    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Print or save as PDF").click()
    assert page.evaluate("window.printed")


def test_the_report_s_tables_and_charts_fit_the_paper(visit: Visit) -> None:
    page = visit(VERA, "/profitability?period=2024-Q1")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    document = _printed(page)
    text = " ".join(document.pages)
    for figure in ("Harbor Bridge Construction", "45,000.00", "24,000.00", "21,000.00", "46.7%",
                   "Profit from 3 clients was $46,000.00 on $94,000.00 revenue"):  # fmt: skip
        assert figure in text
    for label in ("Harbor Bridge Construct…", "Bondi E-commerce Store", "$21,000", "$20k"):
        assert label in text
    # Wide tables turn the paper; each scaled chart fits between the margins of both orientations.
    assert document.width > max(A4) - 1
    scaled = page.evaluate(
        """() => {
            const charts = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
            const widths = charts.map(each => each.getBoundingClientRect().width);
            window.dispatchEvent(new Event('beforeprint'));
            const found = charts.map((each, n) => each.style.zoom * widths[n]);
            window.dispatchEvent(new Event('afterprint'));
            return found }"""
    )
    assert scaled
    assert max(scaled) <= TURNED_WIDTH


@dataclass
class Printed:
    """The text of each page of a PDF, with single spaces, and the width of the pages."""

    pages: list[str]
    width: float = 0


def _printed(page: Page) -> Printed:
    """The page as PDF, each of its pages A4."""
    drawn(page)
    printed = Printed([])
    for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages:
        sides = sorted((float(sheet.mediabox.width), float(sheet.mediabox.height)))
        assert sides == pytest.approx(A4, abs=1)
        printed.width = float(sheet.mediabox.width)
        printed.pages.append(" ".join(sheet.extract_text().split()))
    return printed
