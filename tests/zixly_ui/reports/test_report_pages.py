"""The reports of the demo: the document's Workflow 3, figure for figure, and each figure opened."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.records import clients

HARBOR, LAW, BONDI = "Harbor Bridge Construction", "Sydney Law Firm", "Bondi E-commerce Store"
HEADLINE = (
    "Profit from 3 clients was $46,000.00 on $94,000.00 revenue in Q1 2024 (Jan–Mar), "
    "a margin of 48.94%."
)
FIGURES = {
    HARBOR: ("45000.00", "24000.00", "21000.00", "0.4667"),
    LAW: ("25000.00", "12000.00", "13000.00", "0.5200"),
    BONDI: ("24000.00", "12000.00", "12000.00", "0.5000"),
}
PARTS = ("won", "lost", "volume", "price", "revenue", "cost", "currency_effect")


def open_q1(person: Identity, **query: str) -> PageRun:
    return open_page(person, "profitability", period="2024-Q1", **query)


def client_id(identity: Identity, name: str) -> str:
    names = clients.names(identity)
    return str(names["id"][list(names["client_name"]).index(name)])


def bars(page: PageRun) -> dict[str, tuple[float, str]]:
    """The length of each bar of the first chart by client, and the amounts said on hovering."""
    data = page.charts()[0]["data"][0]
    lengths = {}
    for length, (_, hover) in zip(data["x"], data["customdata"], strict=True):
        name, _, amounts = hover.partition("</b><br>")
        lengths[name.removeprefix("<b>")] = (length, amounts.rpartition("<br>Margin")[0])
    return lengths


def test_cole_chooses_the_first_quarter_of_2024_and_reads_who_made_money(cole: Identity) -> None:
    page = open_page(cole, "profitability").choose("Period", "Q1 2024 (Jan–Mar)")
    assert HEADLINE in page.headings
    assert page.address == "/profitability?period=2024-Q1"
    assert page.metrics[:4] == [
        ("Revenue", "$94,000.00"), ("Expenses", "$48,000.00"), ("Profit", "$46,000.00"),
        ("Margin", "48.9%"),
    ]  # fmt: skip
    assert [tuple(row[name] for name in ("label", "revenue", "expenses", "profit", "margin"))
            for row in page.rows()] == [
        (name, *(Decimal(figure) for figure in figures[:3]), Decimal(figures[3]) * 100)
        for name, figures in FIGURES.items()
    ]  # fmt: skip
    assert bars(page) == {
        BONDI: (12000, "Profit $12,000.00<br>Revenue $24,000.00<br>Expenses $12,000.00"),
        LAW: (13000, "Profit $13,000.00<br>Revenue $25,000.00<br>Expenses $12,000.00"),
        HARBOR: (21000, "Profit $21,000.00<br>Revenue $45,000.00<br>Expenses $24,000.00"),
    }


def test_every_role_reads_the_same_report_from_the_same_link(
    cole: Identity, support: Identity, vera: Identity
) -> None:
    for person in (cole, support, vera):
        page = open_q1(person)
        assert HEADLINE in page.headings
        assert {
            row["client_name"]: tuple(
                row[name] for name in ("revenue", "expenses", "profit", "margin")
            )
            for row in page.downloaded()
        } == FIGURES


def test_the_file_is_what_the_page_shows_and_what_the_command_line_prints(
    cole: Identity, zixly: Callable[..., Any]
) -> None:
    page = open_q1(cole)
    lines = page.file().splitlines()
    assert lines[0] == "client_id,client_name,currency,revenue,expenses,profit,margin"
    assert [row["client_name"] for row in page.downloaded()] == [
        row["label"] for row in page.rows()
    ]
    printed = zixly(
        "report", "profitability", "--from", "2024-01-01", "--to", "2024-03-31",
        "--as", cole.email, "--format", "csv",
    )  # fmt: skip
    assert lines == printed.stdout.splitlines()


def test_a_loss_on_negative_revenue_is_shown_and_exported_without_a_margin(
    new_team: Callable[[], Team], zixly: Callable[..., Any]
) -> None:
    team = new_team()
    books.money(team, books.client(team, client_id="EXT-A"), "2024-02-01", "-500")
    page = open_q1(team.viewer)
    assert page.headings[0] == (
        "The loss from 1 client was $500.00 on −$500.00 revenue in Q1 2024 (Jan–Mar)."
    )
    assert page.metrics[:4] == [
        ("Revenue", "−$500.00"), ("Expenses", "$0.00"), ("Profit", "−$500.00"), ("Margin", "–"),
    ]  # fmt: skip
    assert [(row["margin"], row["share"]) for row in page.rows()] == [(None, None)]
    assert "100" not in page.text
    header, line = page.file().splitlines()
    assert line == "EXT-A,Harbour Café,AUD,-500.00,0.00,-500.00,"
    printed = zixly(
        "report", "profitability", "--period", "2024-Q1", "--as", team.viewer.email,
        "--format", "csv",
    )  # fmt: skip
    assert printed.stdout.splitlines() == [header, line]


def test_a_choice_of_clients_stands_in_the_link_and_is_read_from_it(
    cole: Identity, vera: Identity
) -> None:
    law = client_id(cole, LAW)
    page = open_q1(cole).open_popover("Choose clients")
    page.field("Clients").set_value([law])
    page.reload()
    told = (
        "Profit from 1 client was $13,000.00 on $25,000.00 revenue in Q1 2024 (Jan–Mar), "
        "a margin of 52.00%."
    )
    assert told in page.headings
    assert page.address == f"/profitability?period=2024-Q1&client={law}"
    other = open_q1(vera, client=law)
    assert told in other.headings
    assert f"Filtered by {LAW}" in other.text
    assert [row["client_name"] for row in other.downloaded()] == [LAW]


def test_two_currencies_are_never_added_up(cole: Identity) -> None:
    page = open_page(cole, "profitability", period="2025-Q1")
    (headline,) = (heading for heading in page.headings if "in another currency" in heading)
    assert "NZ$" in headline
    assert "Totals by currency" in page.headings
    rows = page.downloaded()
    assert {row["currency"] for row in rows} == {"AUD", "NZD"}
    australian = sum(Decimal(row["profit"]) for row in rows if row["currency"] == "AUD")
    assert f" was ${australian:,} on" in headline


def test_a_quarter_without_records_says_so(vera: Identity) -> None:
    page = open_page(vera, "profitability", period="2019-Q1")
    assert "Nothing was recorded in Q1 2019" in page.text
    assert not page.offers("Download CSV")


def test_another_organisation_sees_none_of_it(new_team: Callable[[], Team], cole: Identity) -> None:
    page = open_q1(new_team().admin)
    assert "No figures yet" in page.text
    assert HARBOR not in page.text
    assert HARBOR in open_q1(cole).text


def test_months_stand_in_the_link_and_each_opens_its_records(vera: Identity) -> None:
    page = open_q1(vera).choose("Group by", "Month")
    assert any(
        heading.startswith("The best month was February 2024, with a profit of $18,000.00")
        for heading in page.headings
    )
    assert page.address == "/profitability?period=2024-Q1&by=month"
    rows = page.downloaded("Download with comparisons")
    assert [(row["month"], row["profit"], row["cumulative_profit"]) for row in rows] == [
        ("2024-01-01", "14500.00", "14500.00"), ("2024-02-01", "18000.00", "32500.00"),
        ("2024-03-01", "13500.00", "46000.00"),
    ]  # fmt: skip
    page.click_row(1)
    assert (page.title, page.address) == ("Financials", "/financials?period=2024-02")
    assert page.headings[0].startswith("Profit from 3 clients was $18,000.00 on")


def test_a_figure_opens_its_formula_and_the_records_that_make_it(vera: Identity) -> None:
    page = open_q1(vera).press_in_menu("Margin")
    for told in (
        "Margin: 48.94%",
        "Total profit divided by total revenue",
        "Calculated from 9 records of 3 clients.",
        "The latest is dated 28 Mar 2024",
    ):
        assert told in page.dialog
    for label in ("Download months", "Download records"):
        rows = page.downloaded(label)
        assert len(rows) == 9
        revenue = sum(Decimal(row["revenue"]) for row in rows)
        profit = sum(Decimal(row["profit"]) for row in rows)
        margin = (profit / revenue).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        assert margin == Decimal("0.4894")


def test_an_industry_opens_its_clients_records(cole: Identity) -> None:
    page = open_q1(cole, by="industry")
    assert any(
        heading.startswith("Construction had the highest profit") for heading in page.headings
    )
    page.click_row(0)
    assert page.address == "/financials?industry=Construction&period=2024-Q1"
    assert page.headings[0].startswith("Profit from 1 client was $21,000.00")


@pytest.mark.parametrize("row", [0, 1])
def test_a_row_opens_its_client(vera: Identity, row: int) -> None:
    page = open_q1(vera).click_row(row)
    name = list(FIGURES)[row]
    assert page.title == name
    assert page.address == f"/client?id={client_id(vera, name)}&period=2024-Q1"


def test_a_quarter_explains_the_client_that_was_lost(vera: Identity) -> None:
    page = open_page(vera, "bridge", period="2024-Q2")
    assert any(
        "−$13,000 from losing one client" in heading and "vs Q1 2024 (Jan–Mar)" in heading
        for heading in page.headings
    )
    assert any(
        heading.startswith("Without losing one client, profit would") for heading in page.headings
    )
    assert "Clients lost" in json.dumps(page.charts()[0])
    for period, profit, records in (
        ("Q1 2024 (Jan–Mar)", "$46,000.00", 9), ("Q2 2024 (Apr–Jun)", "$", 0),
    ):  # fmt: skip
        page.press_in_menu(f"Profit in {period}")
        assert f"Profit: {profit}" in page.dialog
        assert "Revenue minus expenses." in page.dialog
        if records:
            assert f"Calculated from {records} records of 3 clients." in page.dialog
        page.reload()
    page.press_in_menu("Parts of the change")
    assert "Clients lost: −$13,000.00" in page.dialog
    assert "The profit in the earlier period from clients" in page.dialog
    assert "the exact sum of all parts." in page.dialog


def test_a_year_before_stands_in_the_link_and_in_the_file(support: Identity) -> None:
    page = open_page(support, "bridge", period="2025-Q2")
    assert any("vs Q1 2025 (Jan–Mar)" in heading for heading in page.headings)
    page.field("Compared with").set_value("year-before")
    page.reload()
    (told,) = (heading for heading in page.headings if "vs Q2 2024 (Apr–Jun)" in heading)
    assert page.address == "/bridge?period=2025-Q2&against=year-before"
    rows = page.downloaded()
    assert {row["currency"] for row in rows} == {"AUD"}
    for row in rows:
        before, after = Decimal(row["profit_before"]), Decimal(row["profit_after"])
        assert before + sum(Decimal(row[part]) for part in PARTS) == after
        assert after - before == Decimal(row["change"])
    after = sum(Decimal(row["profit_after"]) for row in rows)
    assert f"was ${after:,}" in told
