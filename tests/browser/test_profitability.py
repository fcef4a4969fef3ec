"""Service delivery profitability: the document's Workflow 3, figure for figure."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import Visit, drawn
from tests.support.pages import at_rest, downloaded, eventually, sql, take
from tests.support.servers.live_app import COLE, ROOT, SARAH, SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser

Q1 = "/profitability?period=2024-Q1"
HARBOR, LAW, BONDI = "Harbor Bridge Construction", "Sydney Law Firm", "Bondi E-commerce Store"
HEADLINE = (
    "3 clients brought $46,000.00 profit on $94,000.00 revenue in Q1 2024 (Jan–Mar), "
    "a margin of 48.94%."
)
FIGURES = {
    HARBOR: ("45000.00", "24000.00", "21000.00", "0.4667"),
    LAW: ("25000.00", "12000.00", "13000.00", "0.5200"),
    BONDI: ("24000.00", "12000.00", "12000.00", "0.5000"),
}


def test_cole_chooses_the_first_quarter_of_2024_and_reads_who_made_money(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(COLE, "/profitability")
    page.get_by_role("combobox", name="Period").click()
    take(page.get_by_role("option", name="Q1 2024 (Jan–Mar)"))

    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible()
    expect(page).to_have_url(live_app.url + Q1)
    # Until then the cards of the period before, in two currencies, stand below the new ones.
    drawn(page)
    cards = {"Revenue": "$94,000.00", "Expenses": "$48,000.00", "Profit": "$46,000.00"}
    for label, amount in {**cards, "Margin": "48.9%"}.items():
        card = page.get_by_test_id("stMetric").filter(has_text=label)
        expect(card.get_by_test_id("stMetricValue")).to_have_text(amount)
    eventually(lambda: _table(page), [
        (name, *(Decimal(figure) for figure in figures[:3]), Decimal(figures[3]) * 100)
        for name, figures in FIGURES.items()
    ])  # fmt: skip
    eventually(lambda: _bars(page), {
        BONDI: (12000, "Profit $12,000.00<br>Revenue $24,000.00<br>Expenses $12,000.00"),
        LAW: (13000, "Profit $13,000.00<br>Revenue $25,000.00<br>Expenses $12,000.00"),
        HARBOR: (21000, "Profit $21,000.00<br>Revenue $45,000.00<br>Expenses $24,000.00"),
    })  # fmt: skip


@pytest.mark.parametrize("email", [COLE, SUPPORT, VERA])
def test_every_role_reads_the_same_report_from_the_same_link(visit: Visit, email: str) -> None:
    page = visit(email, Q1)
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible()
    found = downloaded(page, "Download CSV")
    assert {
        row["client_name"]: tuple(row[name] for name in ("revenue", "expenses", "profit", "margin"))
        for row in found
    } == FIGURES


def test_the_file_is_what_the_page_shows_and_what_the_command_line_prints(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(COLE, Q1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename == "profitability-2024-q1.csv"
    lines = Path(download.value.path()).read_text("utf-8").splitlines()

    assert lines[0] == "client_id,client_name,currency,revenue,expenses,profit,margin"
    shown = [row[0] for row in _table(page)]
    assert [row["client_name"] for row in csv.DictReader(io.StringIO("\n".join(lines)))] == shown
    printed = subprocess.run(
        [
            *(sys.executable, "-m", "zixly_data", "report", "profitability"),
            *("--from", "2024-01-01", "--to", "2024-03-31", "--as", COLE, "--format", "csv"),
        ],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "ZIXLY_HOME": str(live_app.home),
        },
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert lines == printed.stdout.splitlines()


def test_the_choice_stands_in_the_link_and_survives_a_reload(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(COLE, Q1)
    page.get_by_role("button", name="Choose clients").click()
    page.get_by_role("combobox", name="Clients").click()
    take(page.get_by_role("option", name=LAW))
    link = f"{live_app.url}{Q1}&client={live_app.client_id('SLF-2024-003')}"
    # Not before: pressed in the very moment of the click, Escape takes the choice back.
    expect(page).to_have_url(link)
    for _ in ("the list", "the box around it"):
        page.keyboard.press("Escape")
    answer = (
        "1 client brought $13,000.00 profit on $25,000.00 revenue in Q1 2024 (Jan–Mar), "
        "a margin of 52.00%."
    )
    expect(page.get_by_role("heading", name=answer)).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name=answer)).to_be_visible()
    expect(page).to_have_url(link)
    other = visit(VERA, link.removeprefix(live_app.url))
    expect(other.get_by_role("heading", name=answer)).to_be_visible()
    expect(other.get_by_text(f"Only {LAW}")).to_be_visible()
    assert [row["client_name"] for row in downloaded(other, "Download CSV")] == [LAW]


def test_a_click_on_a_bar_or_on_a_row_opens_that_client(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, Q1)
    # The lowest profit stands first. What is clicked is a layer of the chart above its bars.
    box = at_rest(page.locator(".js-plotly-plot .bars .point path").first)
    page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name=BONDI, exact=True)).to_be_visible()
    expect(page).to_have_url(
        f"{live_app.url}/client?id={live_app.client_id('BES-2024-002')}&period=2024-Q1"
    )

    page.go_back()
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible()
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("[role=gridcell]", has_text=LAW)).to_be_attached()
    table.click(position={"x": 120, "y": 36 + 35 + 17})
    expect(page.get_by_role("heading", name=LAW, exact=True)).to_be_visible()
    expect(page).to_have_url(
        f"{live_app.url}/client?id={live_app.client_id('SLF-2024-003')}&period=2024-Q1"
    )


def test_two_currencies_are_never_added_up(visit: Visit) -> None:
    page = visit(COLE, "/profitability?period=2025-Q1")
    expect(page.get_by_role("heading", name="in another currency")).to_contain_text("NZ$")
    expect(page.get_by_role("heading", name="Totals per currency")).to_be_visible()
    rows = downloaded(page, "Download CSV")
    assert {row["currency"] for row in rows} == {"AUD", "NZD"}
    australian = sum(Decimal(row["profit"]) for row in rows if row["currency"] == "AUD")
    headline = page.get_by_role("heading", name="in another currency")
    expect(headline).to_contain_text(f"brought ${australian:,} profit")


def test_a_quarter_without_records_says_so(visit: Visit) -> None:
    page = visit(VERA, "/profitability?period=2019-Q1")
    expect(page.get_by_role("heading", name="Nothing was recorded in Q1 2019")).to_be_visible()
    expect(page.get_by_role("button", name="Download CSV")).to_have_count(0)


def test_sarah_sees_none_of_it(visit: Visit) -> None:
    page = visit(SARAH, Q1)
    expect(page.get_by_role("heading", name="There are no figures yet")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text(HARBOR)


def test_a_session_that_has_ended_gets_no_file_and_a_way_back_in(
    visit: Visit, live_app: LiveApp
) -> None:
    leaving = visit(VERA, Q1)
    expect(leaving.get_by_role("heading", name=HEADLINE)).to_be_visible()
    sql(
        live_app,
        "update zixly.sessions set revoked_at = now() where revoked_at is null"
        " and user_id = (select id from zixly.users where email = :email)",
        email=VERA,
    )
    files: list[Download] = []
    leaving.on("download", lambda file: files.append(file))
    leaving.get_by_role("button", name="Download CSV").click()
    expect(leaving.get_by_text("Failed to generate file")).to_be_visible()
    leaving.get_by_role("link", name="Overview").click()
    expect(leaving.get_by_text("Your session has ended")).to_be_visible()
    expect(leaving.get_by_label("Email")).to_be_visible()
    assert files == []


def _table(page: Page) -> list[tuple[Any, ...]]:
    """Client, revenue, expenses, profit and margin (a percentage) of each row of the table."""
    table = page.get_by_test_id("stDataFrame").first
    # The table is drawn on a canvas; inside it stands the same as text, for screen readers.
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    rows = table.evaluate(
        """table => [...table.querySelectorAll('tbody tr')].map(
            row => [...row.querySelectorAll('[role=gridcell]')].map(cell => cell.textContent)
        )"""
    )
    return [
        (name, *(Decimal(figure) for figure in figures[:4])) for name, *figures in filter(len, rows)
    ]


def _bars(page: Page) -> dict[str, tuple[float, str]]:
    """The length of each bar of the first chart by client, and the amounts said on hovering."""
    page.locator(".js-plotly-plot .bars .point").first.wait_for()
    data = page.evaluate("() => document.querySelector('.js-plotly-plot').data[0]")
    found = {}
    for length, (_, hover) in zip(data["x"], data["customdata"], strict=True):
        name, _, amounts = hover.partition("</b><br>")
        found[name.removeprefix("<b>")] = (length, amounts.rpartition("<br>Margin")[0])
    return found
