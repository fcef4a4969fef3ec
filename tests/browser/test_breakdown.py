"""Profitability by month and by industry, a figure opened down to its records."""

from __future__ import annotations

import csv
import io
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, drawn
from tests.support.pages import click_row, dialog, downloaded
from tests.support.servers.live_app import COLE, VERA, LiveApp

pytestmark = pytest.mark.browser

Q1 = "/profitability?period=2024-Q1"


def rows_behind(page: Page, label: str) -> list[dict[str, str]]:
    """The file behind a button or a link of the open dialog."""
    button = dialog(page).get_by_role("button", name=label)
    with page.expect_download() as download:
        button.or_(dialog(page).get_by_role("link", name=label)).click()
    text = Path(download.value.path()).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_months_stand_in_the_link_and_each_opens_its_records(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(VERA, Q1)
    page.get_by_role("radio", name="Month", exact=True).click()
    best = page.get_by_role("heading", name="The best month was February 2024, with $18,000.00")
    expect(best).to_be_visible()
    drawn(page)
    expect(page).to_have_url(f"{live_app.url}{Q1}&by=month")
    rows = downloaded(page, "Download with comparisons")
    assert [(row["month"], row["profit"], row["cumulative_profit"]) for row in rows] == [
        ("2024-01-01", "14500.00", "14500.00"), ("2024-02-01", "18000.00", "32500.00"),
        ("2024-03-01", "13500.00", "46000.00"),
    ]  # fmt: skip
    # The table stands still once the charts above it are drawn.
    expect(page.locator(".js-plotly-plot .scatterlayer .point")).to_have_count(6)
    # The library's grey of small words is replaced, on the axes and beside the last point.
    for text in page.locator(
        ".js-plotly-plot :is(.xtick text, .ytick text, .textpoint text)"
    ).all():
        expect(text).to_have_css("fill", "rgb(86, 96, 114)")
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("[role=gridcell]", has_text="February 2024")).to_be_attached()
    click_row(page, table, 1)
    expect(page.get_by_role("heading", name="Financials", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{live_app.url}/financials?period=2024-02")
    expect(page.get_by_role("heading", name="3 clients brought $18,000.00 profit")).to_be_visible()


def test_a_figure_opens_its_formula_and_the_records_that_make_it(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(VERA, Q1)
    page.locator(".st-key-passport-2024-q1-AUD-margin").get_by_role("button").click()
    opened = dialog(page)
    expect(opened).to_contain_text("Margin: 48.94%")
    expect(opened).to_contain_text("Profit divided by revenue, of the totals.")
    expect(opened).to_contain_text("Made of 9 records of 3 clients.")
    expect(opened).to_contain_text("The newest is dated 28 Mar 2024")
    drawn(page)

    for label in ("Download these months", "Download the records"):
        rows = rows_behind(page, label)
        assert len(rows) == 9
        revenue = sum(Decimal(row["revenue"]) for row in rows)
        profit = sum(Decimal(row["profit"]) for row in rows)
        margin = (profit / revenue).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        assert margin == Decimal("0.4894")


def test_an_industry_opens_its_clients_records(visit: Visit, live_app: LiveApp) -> None:
    page = visit(COLE, f"{Q1}&by=industry")
    expect(page.get_by_role("heading", name="Construction earned most")).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("[role=gridcell]", has_text="Construction")).to_be_attached()
    click_row(page, table, 0)
    expect(page).to_have_url(f"{live_app.url}/financials?industry=Construction&period=2024-Q1")
    expect(page.get_by_role("heading", name="1 client brought $21,000.00")).to_be_visible()
