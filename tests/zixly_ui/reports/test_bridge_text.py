"""Why profit changed, as a person would say it, and as a waterfall that ends where it should."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.figures.bridge import PARTS, ClientBridge, totals_of
from zixly_data.values.frames import arrow_types, build
from zixly_ui.charts import style as chart_style
from zixly_ui.reports import bridge_table, bridge_text
from zixly_ui.reports.bridge_chart import waterfall

Q4, Q1 = "Q4 2023", "Q1 2024"


def total(before: str = "0", wins: int = 0, losses: int = 0, **parts: str) -> dict[str, Any]:
    """Totals in AUD of nine clients: the profit before, how many were won and lost, the parts."""
    amounts = {part: Decimal(parts.get(part, "0")) for part in PARTS}
    change = sum(amounts.values(), Decimal(0))
    return {
        "currency": "AUD", "clients": 9, "clients_won": wins, "clients_lost": losses,
        "profit_before": Decimal(before), "profit_after": Decimal(before) + change,
        **amounts, "change": change,
    }  # fmt: skip


def clients(*rows: dict[str, Any]) -> pd.DataFrame:
    """Clients in AUD that stayed, with what is given."""
    plain: dict[str, Any] = {
        name: Decimal("0.00") for name, kind in arrow_types(ClientBridge).items()
        if "decimal" in str(kind)
    }  # fmt: skip
    made = [
        {
            **plain, "client_kpi_id": f"ckpi_{n}", "client_id": f"EXT-{n}", "client_name": f"C{n}",
            "currency": "AUD", "standing": "STAYED", "months_without_hours": 0, **row,
        }
        for n, row in enumerate(rows)
    ]  # fmt: skip
    return build(
        {name: [row[name] for row in made] for name in arrow_types(ClientBridge)}, ClientBridge
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            total("42800", 2, won="5000", cost="-1800"),
            "Profit in Q1 2024 rose by $3,200 to $46,000 against Q4 2023: two clients won brought "
            "$5,000, higher costs took $1,800.",
        ),
        (
            total("900", 0, 1, lost="-500.55", cost="100"),
            "Profit in Q1 2024 fell by $400.55 to $499.45 against Q4 2023: one client lost took "
            "$500.55, lower costs brought $100.",
        ),
        (
            total("-900", volume="-200", price="300"),
            "The loss in Q1 2024 shrank by $100 to $800 against Q4 2023: revenue per hour brought "
            "$300, hours worked took $200.",
        ),
        (
            total("-900", 1, 1, won="-300", lost="50"),
            "The loss in Q1 2024 grew by $250 to $1,150 against Q4 2023: one client won cost $300, "
            "losing one client saved $50.",
        ),
        (
            total("-900", revenue="1000"),
            "A loss of $900 in Q4 2023 turned into a profit of $100 in Q1 2024: revenue of clients "
            "who stayed brought $1,000.",
        ),
        (
            total("900", revenue="-1000", price="-1"),
            "A profit of $900 in Q4 2023 turned into a loss of $101 in Q1 2024: revenue without "
            "hours on record took $1,000, revenue per hour took $1.",
        ),
        (
            total("900", currency_effect="-1000", cost="1000"),
            "The profit in Q1 2024 is that of Q4 2023, $900: lower costs brought $1,000, exchange "
            "rates took $1,000.",
        ),
        (total("900"), "The profit in Q1 2024 is that of Q4 2023, $900."),
        (
            total("0", 9, won="46000"),
            "Nothing was recorded in Q4 2023, so all of the profit of $46,000 in Q1 2024 came with "
            "nine clients won.",
        ),
        (
            total("50", 0, 9, lost="-50"),
            "Nothing was recorded in Q1 2024; nine clients had brought a profit of $50 in Q4 2023.",
        ),
    ],
)  # fmt: skip
def test_the_answer(found: dict[str, Any], said: str) -> None:
    assert bridge_text.headline_text(found, Q1, Q4) == said


def test_a_long_answer_names_the_three_greatest_parts_and_the_rest() -> None:
    found = total("0", 12, won="1", volume="500", price="-400", revenue="300", cost="-20")
    assert bridge_text.headline_text(found, Q1, Q4).partition(": ")[2] == (
        "hours worked brought $500, revenue per hour took $400, revenue without hours on record "
        "brought $300, the rest took $19."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (total("5", 0, 1, lost="-100", won="20"),
         "Had no client been lost, profit would have risen by $20"),
        (total("5", cost="-100", price="-20"),
         "Had costs not changed, profit would have fallen by $20"),
        (total("5", cost="-100"), "Had costs not changed, profit would not have changed"),
        (total("5", cost="-10", price="10"),
         "Had revenue per hour not changed, profit would have fallen by $10"),
        (total("5"), "Nothing moved profit"),
    ],
)  # fmt: skip
def test_the_title_says_what_would_have_been(found: dict[str, Any], said: str) -> None:
    assert bridge_text.parts_title(found) == said


def test_who_changed_most_and_what_a_part_is_made_of() -> None:
    found = clients(
        {"client_name": "Bondi", "change": Decimal("-80.50"), "cost": Decimal("-80.50")},
        {"client_name": "Harbor", "change": Decimal("50.00"), "price": Decimal("50.00")},
        {"client_name": "Law", "change": Decimal("-90.00"), "cost": Decimal("-90.00")},
    )
    assert bridge_table.clients_title(found) == "Law changed most: down $90"
    costs = bridge_table.clients_of_part(found, "cost")
    assert list(costs["client_name"]) == ["Law", "Bondi"]
    assert bridge_table.clients_title(costs, "cost") == "Costs: −$170.50 from 2 clients"
    assert [column.label for column in bridge_table.columns(found)][2:5] == [
        "Change", "Price", "Costs"
    ]  # fmt: skip
    assert bridge_table.blank_zeros(found)["cost"].isna().tolist() == [False, True, False]


def test_what_hours_would_tell() -> None:
    none = clients({"price": Decimal("5.00")})
    assert bridge_table.missing_hours_text(none) is None
    assert bridge_table.doubtful_hours_text(none) is None
    found = clients(
        {"revenue": Decimal("-5.00")},
        {"revenue": Decimal("7.00")},
        {"price": Decimal("5.00"), "months_without_hours": 1},
    )
    assert bridge_table.missing_hours_text(found) == (
        "$12 of changed revenue cannot be split into volume and price: C0 and C1 have no billable "
        "hours on record in both periods."
    )
    assert bridge_table.doubtful_hours_text(found) == (
        "Take volume and price of C2 with care: 1 month with revenue has no billable hours on "
        "record."
    )


def test_advice_on_hours_names_the_metric_or_says_how_to_choose_one() -> None:
    assert bridge_table.hours_advice("No hours.", "Worked") == "No hours."
    assert bridge_table.hours_link_label("Worked") == "Record “Worked” under Custom KPIs"
    assert bridge_table.hours_advice("No hours.", None) == (
        "No hours. No metric is used for billable hours yet. An editor can define one under "
        "Custom KPIs, or open a metric there and change “Used for”."
    )
    assert "Choose a metric" in bridge_table.hours_link_label(None)


# ── the waterfall ───────────────────────────────────────────────────────────────────────────


def test_the_waterfall_goes_from_one_profit_to_the_other() -> None:
    figure = waterfall(total("42800", 2, won="5000", cost="-1800.50"), Q1, "<b>Q4</b>")
    (bars,) = figure.data
    assert list(bars.y) == ["profit_before", "won", "cost", "profit_after"]
    assert list(bars.measure) == ["absolute", "relative", "relative", "absolute"]
    assert list(bars.text) == ["$42,800", "+$5,000", "−$1,801", "$46,000"]
    assert bars.increasing.marker.color == chart_style.PROFIT
    assert bars.decreasing.marker.color == chart_style.LOSS
    assert [point[0] for point in bars.customdata] == list(bars.y)
    assert bars.customdata[2][1] == "Costs <b>−$1,800.50</b>"
    assert "<b>Q4" not in figure.to_json()


cents = st.integers(-(10**8), 10**8).map(lambda n: str(Decimal(n).scaleb(-2)))


@given(before=cents, amounts=st.lists(cents, min_size=len(PARTS), max_size=len(PARTS)))
def test_every_waterfall_arrives(before: str, amounts: list[str]) -> None:
    found = total(before, **dict(zip(PARTS, amounts, strict=True)))
    figure = waterfall(found, Q1, Q4)
    (bars,) = figure.data
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1], abs=0.005)
    low, high = figure.layout.xaxis.range
    level = 0.0
    for step in bars.x[:-1]:
        level += step
        assert low <= level <= high


def test_totals_of_nothing_are_empty() -> None:
    assert totals_of(clients()).empty
