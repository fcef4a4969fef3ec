"""The profit of the business on the pages: four lines that add up, and what stays out of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from tests.support.records import overhead
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.dates import add_months, month_name

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """Clients made 600 in Q1 2024; overheads cost 250, and 50 are not assigned."""
    team = new_team()
    client = books.client(team, "Harbour")
    books.money(team, client, "2024-02-01", "1000", "400")
    books.money(team, client, "2023-11-01", "900", "400")
    overhead(team, "2024-02-10", "250", account="Rent")
    overhead(team, "2024-03-31", "50", kind="UNASSIGNED")
    return team


def tables(page: PageRun) -> list[list[list[str]]]:
    """The tables in Markdown: the cells of their rows, without the ruler."""
    texts = [
        element.value.replace("\\", "").replace("**", "")
        for element in page.app.markdown
        if element.value.startswith("| ")
    ]
    return [
        [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if "---:" not in line
        ]
        for text in texts
    ]


def open_q1(person: Identity, **query: str) -> PageRun:
    return open_page(person, "profitability", period="2024-Q1", **query)


def test_the_report_says_what_the_business_made(team: Team) -> None:
    page = open_q1(team.viewer)
    assert (
        "In Q1 2024 (Jan–Mar) the business made $300.00, a margin of 30.00%: $600.00 from 1 "
        "client, less $250.00 of overheads, less $50.00 not yet assigned."
    ) in page.headings
    assert tables(page) == [
        [
            ["", "Revenue", "Expenses", "Profit", "vs Q4 2023 (Oct–Dec)"],
            ["Clients", "$1,000.00", "$400.00", "$600.00", "+$100.00"],
            ["Not yet assigned", "$0.00", "$50.00", "−$50.00", "–"],
            ["Overheads", "$0.00", "$250.00", "−$250.00", "–"],
            ["The business", "$1,000.00", "$700.00", "$300.00", "–"],
        ]
    ]
    assert page.metrics == [
        ("Revenue from clients", "$1,000.00"), ("Expenses of clients", "$400.00"),
        ("Profit from clients", "$600.00"), ("Contribution margin", "60.0%"),
    ]  # fmt: skip
    for told in (
        "Business margin 30.0%. Contribution margin of clients 60.0%: it leaves out costs of no",
        "the business is not compared with Q4 2023 (Oct–Dec)",
        "$50.00 of expenses are not yet assigned.",
    ):
        assert told in page.text
    assert [row["line"] for row in page.downloaded("Download business lines")] == [
        "clients", "unassigned", "overheads", "business",
    ]  # fmt: skip
    assert [row["client_name"] for row in page.downloaded()] == ["Harbour"]


def test_both_periods_with_records_are_compared(team: Team) -> None:
    overhead(team, "2023-12-31", "100")
    (table,) = tables(open_q1(team.viewer))
    assert [row[-1] for row in table[1:]] == ["+$100.00", "−$50.00", "−$150.00", "−$100.00"]
    assert "Business margin 30.0% (44.4% in Q4 2023 (Oct–Dec))." in open_q1(team.viewer).text


def test_months_have_columns_of_the_business_and_a_file(team: Team) -> None:
    page = open_q1(team.viewer, by="month")
    assert (
        "The best month was February 2024, with a profit of $350.00, overheads included"
    ) in page.headings
    assert [
        tuple(row[name] for name in ("label", "profit", "unassigned", "overheads",
                                     "business_profit", "business_margin"))
        for row in page.rows()
    ] == [
        ("February 2024", 600, 0, -250, 350, 35), ("March 2024", 0, -50, 0, -50, None),
    ]  # fmt: skip
    first, second = page.downloaded("Download with comparisons")
    assert (first["overheads"], first["business_profit"]) == ("-250.00", "350.00")
    assert (second["clients"], second["profit"], second["business_profit"]) == (
        "0", "0.00", "-50.00",
    )  # fmt: skip
    (chart, *_) = page.charts()
    assert [trace["name"] for trace in chart["data"]] == [
        "Revenue from clients", "Expenses of clients", "Profit from clients",
        "Profit of the business",
    ]  # fmt: skip
    for by in ("industry", "status"):
        other = open_q1(team.viewer, by=by)
        assert "business_profit" not in other.rows()[0]
        assert "business_profit" not in other.downloaded("Download with comparisons")[0]


def test_filtered_clients_leave_the_lines_out_and_say_why(team: Team) -> None:
    for page in (
        open_q1(team.viewer, status="ACTIVE"),
        open_page(team.viewer, "bridge", period="2024-Q1", status="ACTIVE"),
    ):
        assert "The profit of the business is not shown" in page.text
        assert tables(page) == []
        assert not page.offers("Download business lines")
        assert "business" not in page.headings[0]


def test_clients_without_costs_are_said_to_have_no_true_margins(team: Team) -> None:
    assert "leave out most costs" not in open_q1(team.editor).text
    overhead(team, "2024-01-01", "5000")
    told = (
        "Client margins leave out most costs: $400.00 of $5,700.00 expenses are recorded with a "
        "client."
    )
    page = open_q1(team.editor)
    assert told in page.text
    assert {"Record expenses of a client", "Import expenses with their clients"} <= set(page.links)
    viewed = open_q1(team.viewer)
    assert told in viewed.text
    assert "Record expenses of a client" not in viewed.links


def test_every_line_opens_to_its_months_and_records(team: Team) -> None:
    page = open_q1(team.viewer)
    for option, told in (
        ("Not yet assigned", "Not yet assigned: −$50.00"),
        ("Overheads", "Overheads: −$250.00"),
        ("Profit of the business", "Profit of the business: $300.00"),
        ("Business margin", "Business margin: 30.00%"),
        ("Profit from clients", "Profit: $600.00"),
        ("Contribution margin", "Margin: 60.00%"),
    ):
        page.press_in_menu(option)
        assert page.dialog.startswith(told)
        assert "Calculated from" in page.dialog
        if option == "Overheads":
            assert "Calculated from 1 record. The latest is dated 10 Feb 2024." in page.dialog
            (month,) = page.downloaded("Download months")
            assert (month["month"], month["profit"]) == ("2024-02-01", "-250.00")
            (record,) = page.downloaded("Download records without a client")
            assert (record["record_date"], record["account"]) == ("2024-02-10", "Rent")
        if option == "Profit of the business":
            months = page.downloaded("Download months")
            assert sum(Decimal(month["profit"]) for month in months) == 300
            assert len(page.downloaded("Download records of clients")) == 1
        page.reload()


def test_the_bridge_has_one_bar_and_closes(team: Team) -> None:
    page = open_page(team.viewer, "bridge", period="2024-Q1")
    assert page.headings[0] == (
        "Profit of the business in Q1 2024 (Jan–Mar) was $300, down $200 vs Q4 2023 (Oct–Dec): "
        "−$300 from higher costs of no client and +$100 from revenue of existing clients."
    )
    assert tables(page) == [
        [
            ["", "Q4 2023 (Oct–Dec)", "Q1 2024 (Jan–Mar)", "Change"],
            ["Clients", "$500.00", "$600.00", "+$100.00"],
            ["Not yet assigned", "$0.00", "−$50.00", "−$50.00"],
            ["Overheads", "$0.00", "−$250.00", "−$250.00"],
            ["The business", "$500.00", "$300.00", "−$200.00"],
        ]
    ]
    assert "No costs without a client are recorded in Q4 2023 (Oct–Dec)." in page.text
    (chart,) = page.charts()
    bars = dict(zip(chart["data"][0]["y"], chart["data"][0]["x"], strict=True))
    assert bars == {
        "profit_before": 500, "revenue": 100, "no_client": -300, "profit_after": 300,
    }  # fmt: skip
    assert [row["client_name"] for row in page.downloaded()] == ["Harbour"]
    assert [row["change"] for row in page.downloaded("Download business lines")] == [
        "100.00", "-50.00", "-250.00", "-200.00",
    ]  # fmt: skip
    page.press_in_menu("Profit of the business in Q1 2024 (Jan–Mar)")
    assert page.dialog.startswith("Profit of the business: $300.00")
    page.press_in_menu("Parts of the change")
    assert "Costs of no client: −$300.00" in page.dialog


def test_a_currency_of_overheads_alone_is_shown_and_can_be_converted(team: Team) -> None:
    overhead(team, "2024-02-10", "7", currency="USD")
    page = open_q1(team.viewer)
    assert "; in another currency, a loss of US$7.00." in page.headings[0]
    assert "The business made a loss of US$7.00" in page.headings
    converted = open_q1(team.viewer, currency="all")
    assert "There is no exchange rate into AUD for USD in Feb 2024." in converted.text
    drafts = [RateDraft(books.Q1_2024.start.replace(month=2), "USD", "AUD", Decimal("1.5"))]
    exchange_rates.put_all(team.editor, drafts)
    converted = open_q1(team.viewer, currency="all")
    assert "less $260.50 of overheads" in converted.headings[0]
    bridge = open_page(team.viewer, "bridge", period="2024-Q1", currency="USD")
    assert (
        "The loss of the business" in bridge.headings[0]
        or "turned into a loss" in (bridge.headings[0])
    )


def test_an_organisation_without_overheads_sees_todays_page(vera: Identity) -> None:
    for page in (open_q1(vera, by="month"), open_page(vera, "bridge", period="2024-Q2")):
        assert tables(page) == []
        assert not page.offers("Download business lines")
        assert "business" not in page.text.replace("Business", "")


def test_the_overview_says_what_the_business_made(new_team: NewTeam) -> None:
    team = new_team()
    first = tenants.get(team.viewer).today().replace(day=1)
    month, before = (add_months(first, -count) for count in (1, 2))
    client = books.client(team)
    for day, revenue in ((month, "1000"), (before, "900")):
        books.money(team, client, day, revenue, "400")
        overhead(team, str(day), "250")
    overhead(team, str(month), "50", kind="UNASSIGNED")
    page = open_page(team.viewer, "overview")
    assert page.headings[0] == (
        f"In {month_name(month)} the business made $300.00, a margin of 30.00%: $600.00 from 1 "
        "client, less $250.00 of overheads, less $50.00 not yet assigned."
    )
    *_, of_last_month, of_this_year = tables(page)
    assert of_last_month == [
        ["", "Revenue", "Expenses", "Profit", f"vs {month_name(before)}"],
        ["Clients", "$1,000.00", "$400.00", "$600.00", "+$100.00"],
        ["Not yet assigned", "$0.00", "$50.00", "−$50.00", "−$50.00"],
        ["Overheads", "$0.00", "$250.00", "−$250.00", "no change"],
        ["The business", "$1,000.00", "$700.00", "$300.00", "+$50.00"],
    ]
    amounts = [Decimal(re.sub(r"[$,]", "", row[3]).replace("−", "-")) for row in of_this_year[1:]]
    assert sum(amounts[:3]) == amounts[3]
    assert ("Contribution margin", "60.0%") in page.metrics
    assert "$50.00 of expenses are not yet assigned." in page.text
    page.press_in_menu("Overheads")
    assert page.dialog.startswith("Overheads: ")


def test_the_overview_without_overheads_is_todays(new_team: NewTeam) -> None:
    team = new_team()
    first = tenants.get(team.viewer).today().replace(day=1)
    books.money(team, books.client(team), add_months(first, -1), "1000", "400")
    overhead(team, "2020-01-01", "50")
    page = open_page(team.viewer, "overview")
    assert page.headings[0].startswith("Profit from 1 client was $600.00 on $1,000.00 revenue in")
    assert tables(page) == []
    assert ("Profit", "$600.00") in page.metrics
