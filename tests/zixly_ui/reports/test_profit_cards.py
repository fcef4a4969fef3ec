"""Profit of a period: in a sentence, in cards and in titles, one currency at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from zixly_data.figures.monthly import MonthlyFinancials
from zixly_data.figures.profitability import ClientProfit, margin_of, totals_of
from zixly_data.values.frames import build
from zixly_data.values.period import ALL
from zixly_ui.reports import profit_cards

Q1 = "Q1 2024 (Jan–Mar)"
HARBOR = ("Harbor Bridge Construction", "AUD", "45000.00", "24000.00")
LAW = ("Sydney Law Firm", "AUD", "25000.00", "12000.00")
BONDI = ("Bondi E-commerce Store", "AUD", "24000.00", "12000.00")
KAURI = ("Kauri Coast Tours", "NZD", "7000.00", "4000.00")
LOSING = ("Newcastle Solar Fitters", "AUD", "5000.00", "6200.50")


def clients(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Rows of client, currency, revenue, expenses; in the order given."""
    money = [(Decimal(revenue), Decimal(expenses)) for _, _, revenue, expenses in rows]
    return build(
        {
            "client_kpi_id": [f"ckpi_{row[0]}" for row in rows],
            "client_id": [f"EXT-{row[0]}" for row in rows],
            "client_name": [row[0] for row in rows],
            "currency": [row[1] for row in rows],
            "revenue": [revenue for revenue, _ in money],
            "expenses": [expenses for _, expenses in money],
            "profit": [revenue - expenses for revenue, expenses in money],
            "margin": [margin_of(revenue - expenses, revenue) for revenue, expenses in money],
        },
        ClientProfit,
    )


def months(*rows: tuple[int, str, str, str]) -> pd.DataFrame:
    """Rows of the month of 2024, currency, revenue, expenses, each of a client of its own."""
    money = [(Decimal(revenue), Decimal(expenses)) for _, _, revenue, expenses in rows]
    return build(
        {
            "month": [date(2024, row[0], 1) for row in rows],
            "client_kpi_id": [f"ckpi_{number}" for number in range(len(rows))],
            "client_id": [f"EXT-{number}" for number in range(len(rows))],
            "client_name": [f"Client {number}" for number in range(len(rows))],
            "currency": [row[1] for row in rows],
            "revenue": [revenue for revenue, _ in money],
            "expenses": [expenses for _, expenses in money],
            "profit": [revenue - expenses for revenue, expenses in money],
            "margin": [margin_of(revenue - expenses, revenue) for revenue, expenses in money],
        },
        MonthlyFinancials,
    )


def answer(*rows: tuple[str, str, str, str], reporting_currency: str = "AUD") -> str:
    return profit_cards.headline_text(totals_of(clients(*rows)), Q1, reporting_currency)


def test_the_first_quarter_of_the_document_has_the_margin_of_its_totals() -> None:
    assert answer(HARBOR, LAW, BONDI) == (
        "Profit from 3 clients was $46,000.00 on $94,000.00 revenue in Q1 2024 (Jan–Mar), "
        "a margin of 48.94%."
    )


def test_all_time_needs_no_name() -> None:
    said = profit_cards.headline_text(totals_of(clients(LAW)), ALL.name, "AUD")
    assert "on $25,000.00 revenue to date, a margin" in said


def test_one_client_is_not_several() -> None:
    assert answer(LAW).startswith("Profit from 1 client was $13,000.00 on $25,000.00 revenue")


def test_a_loss_is_called_what_it_is_and_has_no_margin() -> None:
    assert answer(LOSING) == (
        "The loss from 1 client was $1,200.50 on $5,000.00 revenue in Q1 2024 (Jan–Mar)."
    )


def test_without_revenue_there_is_no_margin() -> None:
    assert answer(("Refund", "AUD", "0", "-10.00")) == (
        "Profit from 1 client was $10.00 on $0.00 revenue in Q1 2024 (Jan–Mar)."
    )


def test_negative_revenue_has_no_margin() -> None:
    assert answer(("Credited", "AUD", "-500", "0")) == (
        "The loss from 1 client was $500.00 on −$500.00 revenue in Q1 2024 (Jan–Mar)."
    )
    assert answer(("Credited", "AUD", "-500", "-600")) == (
        "Profit from 1 client was $100.00 on −$500.00 revenue in Q1 2024 (Jan–Mar)."
    )


@pytest.mark.parametrize(
    ("reporting_currency", "sentence"),
    [
        (
            "AUD",
            "Profit from 2 clients was $33,000.00 on $69,000.00 revenue in Q1 2024 (Jan–Mar), "
            "a margin of 47.83%; in another currency, a profit of NZ$3,000.00.",
        ),
        (
            "NZD",
            "Profit from 1 client was NZ$3,000.00 on NZ$7,000.00 revenue in Q1 2024 (Jan–Mar), "
            "a margin of 42.86%; in another currency, a profit of $33,000.00.",
        ),
    ],
)
def test_the_reporting_currency_comes_first_and_others_are_never_added(
    reporting_currency: str, sentence: str
) -> None:
    assert answer(HARBOR, BONDI, KAURI, reporting_currency=reporting_currency) == sentence


def test_several_other_currencies_are_all_named() -> None:
    singapore = ("Orchard Road", "SGD", "100.00", "40.00")
    assert answer(HARBOR, KAURI, singapore).endswith(
        "; in other currencies, a profit of NZ$3,000.00 and a profit of SGD 60.00."
    )


def test_a_result_in_another_currency_is_called_what_it_is() -> None:
    loss = ("Orchard Road", "NZD", "100.00", "140.00")
    assert answer(LOSING, loss).endswith("; in another currency, a loss of NZ$40.00.")
    assert answer(LOSING, KAURI) == (
        "The loss from 1 client was $1,200.50 on $5,000.00 revenue in Q1 2024 (Jan–Mar); "
        "in another currency, a profit of NZ$3,000.00."
    )


def test_currencies_begin_with_the_reporting_one_even_unused() -> None:
    totals = totals_of(clients(KAURI, LAW))
    assert profit_cards.currencies(totals, "NZD") == ["NZD", "AUD"]
    assert profit_cards.currencies(totals, "AUD") == ["AUD", "NZD"]
    assert profit_cards.currencies(totals, "EUR") == ["AUD", "NZD"]


def test_a_currency_without_records_has_no_row() -> None:
    totals = totals_of(clients(LAW))
    found = profit_cards.in_currency(totals, "AUD")
    assert found is not None
    assert found["profit"] == Decimal("13000.00")
    assert profit_cards.in_currency(totals, "NZD") is None


def test_cards_show_exact_amounts_and_say_which_way_is_welcome() -> None:
    now = profit_cards.in_currency(totals_of(clients(HARBOR)), "AUD")
    before = profit_cards.in_currency(totals_of(clients(LAW)), "AUD")
    revenue, expenses, profit, margin = profit_cards.cards(now, before, "Q4 2023", "AUD")
    assert [card.value for card in (revenue, expenses, profit, margin)] == [
        "$45,000.00", "$24,000.00", "$21,000.00", "46.7%",
    ]  # fmt: skip
    assert [card.good for card in (revenue, expenses, profit, margin)] == [
        "up", "down", "up", "up",
    ]  # fmt: skip
    assert [card.change for card in (revenue, expenses, profit, margin)] == [
        "+80.0%", "+100%", "+61.5%", "-5.3 points",
    ]  # fmt: skip
    assert revenue.against == "vs Q4 2023"


def test_a_margin_that_has_hardly_moved_has_not_changed() -> None:
    changes = []
    for expenses in ("5999.60", "6000.40", "6005.00", "6006.00"):
        now = profit_cards.in_currency(totals_of(clients(("A", "AUD", "10000", expenses))), "AUD")
        before = profit_cards.in_currency(totals_of(clients(("A", "AUD", "10000", "6000"))), "AUD")
        changes.append(profit_cards.cards(now, before, "2023", "AUD")[3].change)
    assert changes == ["no change", "no change", "-0.1 points", "-0.1 points"]


def test_where_nothing_was_recorded_cards_compare_nothing() -> None:
    for card in profit_cards.cards(None, None, "Q4 2023", "AUD"):
        assert (card.value, card.change) == ("–", "no comparison")


def test_small_charts_add_up_a_currency_month_by_month() -> None:
    recorded = months(
        (2, "AUD", "100", "40"), (1, "AUD", "10", "20"), (2, "AUD", "50", "20"),
        (2, "NZD", "9999", "1"),
    )  # fmt: skip
    revenue, expenses, profit, margin = profit_cards.cards(None, None, "", "AUD", recorded)
    assert list(revenue.trend) == [10.0, 150.0]
    assert list(expenses.trend) == [20.0, 60.0]
    assert list(profit.trend) == [-10.0, 90.0]
    assert list(margin.trend) == [-1.0, 0.6]


def test_titles_name_the_best_and_the_worst_client() -> None:
    assert profit_cards.best_and_worst(clients(HARBOR, LAW, BONDI), "AUD") == (
        "Harbor Bridge Construction had the highest profit, $21,000.00; "
        "Bondi E-commerce Store had the lowest, $12,000.00"
    )
    assert profit_cards.best_and_worst(clients(HARBOR, LOSING), "AUD").endswith(
        "Newcastle Solar Fitters had the largest loss, $1,200.50"
    )
    assert (
        profit_cards.best_and_worst(clients(LAW), "AUD")
        == "Sydney Law Firm made a profit of $13,000.00"
    )


def test_where_every_client_makes_a_loss_the_smallest_and_largest_are_named() -> None:
    worse = ("Deep Pit", "AUD", "0", "9000.00")
    assert profit_cards.best_and_worst(clients(LOSING, worse), "AUD") == (
        "Newcastle Solar Fitters had the smallest loss, $1,200.50; "
        "Deep Pit had the largest loss, $9,000.00"
    )
    assert profit_cards.best_and_worst(clients(LOSING), "AUD") == (
        "Newcastle Solar Fitters made a loss of $1,200.50"
    )


def test_titles_name_the_best_month_over_all_clients() -> None:
    recorded = months(
        (1, "AUD", "100", "0"), (2, "AUD", "80", "0"), (2, "AUD", "80", "0"), (3, "NZD", "999", "0")
    )  # fmt: skip
    assert profit_cards.best_month(recorded, "AUD") == (
        "The best month was February 2024, with a profit of $160.00"
    )
    assert profit_cards.best_month(recorded, "NZD") == "March 2024 had a profit of NZ$999.00"


def test_where_all_are_alike_none_is_best() -> None:
    twin = ("Twin", "AUD", "25000.00", "12000.00")
    assert (
        profit_cards.best_and_worst(clients(LAW, twin), "AUD")
        == "Each client made a profit of $13,000.00"
    )
    same = [(month, "AUD", "100", "40") for month in (1, 2, 3)]
    assert profit_cards.best_month(months(*same), "AUD") == "Every month had a profit of $60.00"
    assert profit_cards.best_month(months(*same, (4, "AUD", "10", "0")), "AUD") == (
        "January 2024 and 2 other months had the highest profit, $60.00 each"
    )
    losses = [(month, "AUD", "0", "40") for month in (1, 2)]
    assert profit_cards.best_month(months(*losses), "AUD") == "Every month had a loss of $40.00"


def test_a_month_with_a_loss_is_not_called_profitable() -> None:
    assert (
        profit_cards.best_month(months((1, "AUD", "0", "40")), "AUD")
        == "January 2024 had a loss of $40.00"
    )
    both = months((1, "AUD", "0", "40"), (2, "AUD", "0", "30"))
    assert profit_cards.best_month(both, "AUD") == (
        "Every month had a loss; February 2024 had the smallest, $30.00"
    )
