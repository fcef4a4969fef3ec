"""Why profit changed, as a person would say it, and as a waterfall that ends where it should."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go
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
    ("totals", "said"),
    [
        (
            total("42800", 2, won="5000", cost="-1800"),
            "Profit in Q1 2024 was $46,000, up $3,200 vs Q4 2023: +$5,000 from winning two clients "
            "and −$1,800 from higher costs.",
        ),
        (
            total("900", 0, 1, lost="-500.55", cost="100"),
            "Profit in Q1 2024 was $499.45, down $400.55 vs Q4 2023: −$500.55 from losing one "
            "client and +$100 from lower costs.",
        ),
        (
            total("-900", volume="-200", price="300"),
            "The loss in Q1 2024 was $800, $100 smaller than in Q4 2023: +$300 from revenue per "
            "hour and −$200 from hours worked.",
        ),
        (
            total("-900", 1, 1, won="-300", lost="50"),
            "The loss in Q1 2024 was $1,150, $250 larger than in Q4 2023: −$300 from winning one "
            "client and +$50 from losing one client.",
        ),
        (
            total("-900", revenue="1000"),
            "A loss of $900 in Q4 2023 turned into a profit of $100 in Q1 2024: +$1,000 from "
            "revenue of existing clients.",
        ),
        (
            total("900", revenue="-1000", price="-1"),
            "A profit of $900 in Q4 2023 turned into a loss of $101 in Q1 2024: −$1,000 from "
            "revenue without hours and −$1 from revenue per hour.",
        ),
        (
            total("900", currency_effect="-1000", cost="1000"),
            "The profit in Q1 2024 was $900, the same as in Q4 2023: +$1,000 from lower costs and "
            "−$1,000 from exchange rates.",
        ),
        (total("900"), "The profit in Q1 2024 was $900, the same as in Q4 2023."),
        (
            total("0", 9, won="46000"),
            "Nothing was recorded in Q4 2023. The entire profit of $46,000 in Q1 2024 came from "
            "winning nine clients.",
        ),
        (
            total("50", 0, 9, lost="-50"),
            "Nothing was recorded in Q1 2024. In Q4 2023, nine clients had made a profit of $50.",
        ),
    ],
)  # fmt: skip
def test_the_headline_names_the_change_and_its_reasons(totals: dict[str, Any], said: str) -> None:
    assert bridge_text.headline_text(totals, Q1, Q4) == said


def test_a_long_headline_names_the_three_largest_parts_and_the_rest() -> None:
    totals = total("0", 12, won="1", volume="500", price="-400", revenue="300", cost="-20")
    assert bridge_text.headline_text(totals, Q1, Q4).partition(": ")[2] == (
        "+$500 from hours worked, −$400 from revenue per hour, +$300 from revenue without hours "
        "and −$19 from everything else."
    )


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        (total("5", 0, 1, lost="-100", won="20"),
         "Without losing one client, profit would have risen by $20"),
        (total("5", cost="-100", price="-20"),
         "Without the change in costs, profit would have fallen by $20"),
        (total("5", cost="-100"), "Without the change in costs, profit would not have changed"),
        (total("5", cost="-10", price="10"),
         "Without the change in revenue per hour, profit would have fallen by $10"),
        (total("5"), "Profit did not change"),
    ],
)  # fmt: skip
def test_the_title_gives_the_change_without_its_main_part(
    totals: dict[str, Any], said: str
) -> None:
    assert bridge_text.parts_title(totals) == said


def test_who_changed_most_and_what_a_part_is_made_of() -> None:
    shown_clients = clients(
        {"client_name": "Bondi", "change": Decimal("-80.50"), "cost": Decimal("-80.50")},
        {"client_name": "Harbor", "change": Decimal("50.00"), "price": Decimal("50.00")},
        {"client_name": "Law", "change": Decimal("-90.00"), "cost": Decimal("-90.00")},
    )
    assert bridge_table.clients_title(shown_clients) == "Largest change: Law, down $90"
    costs = bridge_table.clients_of_part(shown_clients, "cost")
    assert list(costs["client_name"]) == ["Law", "Bondi"]
    assert bridge_table.clients_title(costs, "cost") == "Costs: −$170.50 from 2 clients"
    assert [column.label for column in bridge_table.columns(shown_clients)][2:5] == [
        "Change", "Price", "Costs"
    ]  # fmt: skip
    assert bridge_table.blank_zeros(shown_clients)["cost"].isna().tolist() == [False, True, False]


def test_missing_hours_are_explained() -> None:
    none = clients({"price": Decimal("5.00")})
    assert bridge_table.missing_hours_text(none) is None
    assert bridge_table.doubtful_hours_text(none) is None
    shown_clients = clients(
        {"revenue": Decimal("-5.00")},
        {"revenue": Decimal("7.00")},
        {"price": Decimal("5.00"), "months_without_hours": 1},
    )
    assert bridge_table.missing_hours_text(shown_clients) == (
        "$12 of the change in revenue cannot be split into volume and price: C0 and C1 do not have "
        "billable hours in both periods."
    )
    assert bridge_table.doubtful_hours_text(shown_clients) == (
        "Volume and price may be inaccurate for C2: 1 month with revenue has no billable hours."
    )


def test_advice_on_hours_names_the_metric_or_says_how_to_choose_one() -> None:
    assert bridge_table.hours_advice("No hours.", "Worked") == "No hours."
    assert bridge_table.hours_link_label("Worked") == "Record “Worked” in Custom metrics"
    assert bridge_table.hours_advice("No hours.", None) == (
        "No hours. No metric is used for billable hours yet. An editor can add one under "
        "Custom metrics, or change “Used for” of an existing metric."
    )
    assert "Choose a metric" in bridge_table.hours_link_label(None)


# ── the waterfall ───────────────────────────────────────────────────────────────────────────


def test_the_waterfall_goes_from_one_profit_to_the_other() -> None:
    figure = go.Figure(waterfall(total("42800", 2, won="5000", cost="-1800.50"), Q1, "<b>Q4</b>"))
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
    totals = total(before, **dict(zip(PARTS, amounts, strict=True)))
    figure = go.Figure(waterfall(totals, Q1, Q4))
    (bars,) = figure.data
    assert sum(bars.x[:-1]) == pytest.approx(bars.x[-1], abs=0.005)
    low, high = figure.layout.xaxis.range
    level = 0.0
    for step in bars.x[:-1]:
        level += step
        assert low <= level <= high


def test_totals_of_nothing_are_empty() -> None:
    assert totals_of(clients()).empty
