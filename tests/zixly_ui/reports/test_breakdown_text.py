"""A breakdown in words and in figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest

from zixly_data.figures.breakdown import By
from zixly_data.figures.client_moves import ClientMove, Move
from zixly_data.figures.concentration import Concentration
from zixly_ui.charts.style import LOSS, PROFIT
from zixly_ui.reports import breakdown_charts as charts
from zixly_ui.reports import breakdown_text as words


@pytest.mark.parametrize(
    ("by", "key", "name", "label"),
    [
        (By.CLIENT, "ckpi_1", "Harbour", "Harbour"),
        (By.INDUSTRY, "Tourism", "Tourism", "Tourism"),
        (By.INDUSTRY, "", "", "No industry"),
        (By.STATUS, "ACTIVE", "ACTIVE", "Active"),
        (By.MONTH, "2024-03-01", "2024-03-01", "March 2024"),
        (By.QUARTER, "2024-01-01", "2024-01-01", "Q1 2024"),
        (By.FINANCIAL_YEAR, "2023-07-01", "2023-07-01", "FY2024"),
    ],
)
def test_what_a_row_is_called(by: By, key: str, name: str, label: str) -> None:
    assert words.label(by, key, name) == label


def row(label: str, profit: str, **more: Any) -> dict[str, Any]:
    amount = Decimal(profit)
    return {
        "key": label, "label": label, "profit": amount, "revenue": amount + 10,
        "expenses": Decimal(10), "margin": None, "cumulative_profit": amount, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "profits", "said"),
    [
        (By.CLIENT, ("5", "2"), "A had the highest profit, $5.00; B had the lowest, $2.00"),
        (By.CLIENT, ("5", "-2"), "A had the highest profit, $5.00; B had the largest loss, $2.00"),
        (
            By.INDUSTRY,
            ("-5", "-2"),
            "B had the smallest loss, $2.00; A had the largest loss, $5.00",
        ),
        (By.CLIENT, ("5",), "A made a profit of $5.00"),
        (By.MONTH, ("-5",), "A made a loss of $5.00"),
        (By.MONTH, ("5", "7"), "The best month was B, with a profit of $7.00"),
        (
            By.FINANCIAL_YEAR,
            ("-5", "-7"),
            "Every financial year had a loss; A had the smallest, $5.00",
        ),
    ],
)
def test_what_the_rows_show(by: By, profits: tuple[str, ...], said: str) -> None:
    rows = [row(label, profit) for label, profit in zip("ABC", profits, strict=False)]
    assert words.chart_title(by, rows, "AUD") == said


@pytest.mark.parametrize(
    ("move", "now", "before", "said"),
    [
        (
            Move.TURNED_TO_LOSS,
            "-5",
            "7",
            "Bondi made a loss of $5.00, after a profit of $7.00 in May.",
        ),
        (Move.LOSES, "-5", "-7", "Bondi made a loss of $5.00, after a loss of $7.00 in May."),
        (Move.LOSES, "-5", None, "Bondi made a loss of $5.00."),
        (
            Move.TURNED_TO_PROFIT,
            "5",
            "-7",
            "Bondi made a profit of $5.00, after a loss of $7.00 in May.",
        ),
        (Move.SHRINKS, "5", "9", "Revenue from Bondi was $5.00, down from $9.00 in May."),
    ],
)
def test_who_moved(move: Move, now: str, before: str | None, said: str) -> None:
    earlier = None if before is None else Decimal(before)
    mover = ClientMove(move, "ckpi", "Bondi", "AUD", Decimal(now), earlier)
    assert words.describe_move(mover, "May") == said


def test_how_much_depends_on_few() -> None:
    few = Concentration("AUD", 3, "ckpi", "Bondi", Decimal("0.5"), Decimal(1))
    assert words.describe_concentration(few) == "Bondi accounts for 50% of revenue."
    many = Concentration("AUD", 9, "ckpi", "Bondi", Decimal("0.384"), Decimal("0.777"))
    assert words.describe_concentration(many) == (
        "Bondi accounts for 38% of revenue, the three largest clients for 78%."
    )


def test_a_year_before() -> None:
    total = {
        "revenue_so_far": Decimal(90), "revenue_year_before": Decimal(100),
        "profit_so_far": Decimal(20), "profit_year_before": Decimal(10),
    }  # fmt: skip
    assert words.year_before_text(total, "May 2023") == (
        "Year on year: revenue down 10% vs May 2023, profit up 100% vs May 2023."
    )
    nothing = {**total, "revenue_year_before": None, "profit_year_before": None}
    assert words.year_before_text(nothing, "May 2023") == (
        "Year on year: nothing was recorded in May 2023."
    )


def test_bars_are_ranked_and_a_loss_is_red() -> None:
    (bars,) = go.Figure(
        charts.profit_ranked([row("A", "5"), row("B", "-2"), row("C", "9")], "AUD")
    ).data
    assert list(bars.x) == [-2.0, 5.0, 9.0]
    assert bars.marker.color[0] == LOSS
    assert [opened for opened, _ in bars.customdata] == ["B", "A", "C"]
    assert "Profit −$2.00" in bars.customdata[0][1]


def test_time_runs_in_order_and_what_is_not_over_is_pale() -> None:
    rows = [row("March", "5"), row("April", "-2")]
    revenue, _, profit = go.Figure(charts.over_time(rows, "AUD", current="April")).data
    assert list(profit.y) == [5.0, -2.0]
    assert profit.line.color == PROFIT
    assert list(revenue.marker.opacity) == [1.0, 0.45]
    (total,) = go.Figure(charts.cumulative(rows, "AUD")).data
    assert list(total.text) == ["", "−$2"]
    assert [opened for opened, _ in total.customdata] == ["March", "April"]


def test_what_was_not_recorded_is_a_gap_and_no_row() -> None:
    recorded = [row("July 2026", "5", key="2026-07-01"), row("October 2026", "9", key="2026-10-01")]
    time = words.timeline(By.MONTH, recorded)
    assert [each["label"] for each in time] == [
        "July 2026", "August 2026", "September 2026", "October 2026",
    ]  # fmt: skip
    revenue, _, profit = go.Figure(charts.over_time(time, "AUD", current=None)).data
    assert list(profit.y) == [5.0, None, None, 9.0]
    assert list(revenue.marker.opacity) == [1.0] * 4
    (total,) = go.Figure(charts.cumulative(time, "AUD")).data
    assert (list(total.y), total.connectgaps) == ([5.0, None, None, 9.0], True)
    assert list(total.text) == ["", "", "", "$9"]
    years = [row("FY2024", "5", key="2023-02-01"), row("FY2026", "5", key="2025-02-01")]
    assert [each["label"] for each in words.timeline(By.FINANCIAL_YEAR, years)] == [
        "FY2024", "FY2025", "FY2026",
    ]  # fmt: skip
    quarters = [row("Q4 2025", "5", key="2025-10-01"), row("Q2 2026", "5", key="2026-04-01")]
    assert [each["label"] for each in words.timeline(By.QUARTER, quarters)] == [
        "Q4 2025", "Q1 2026", "Q2 2026",
    ]  # fmt: skip


def test_a_phone_has_room_for_every_tick_and_a_year_is_said_once() -> None:
    names = [words.label(By.MONTH, f"{2025 + n // 12}-{n % 12 + 1:02}-01", "") for n in range(24)]
    rows = [row(name, "5") for name in names]
    for chart in (charts.over_time(rows, "AUD"), charts.cumulative(rows, "AUD")):
        figure = go.Figure(chart)
        axis = figure.layout.xaxis
        assert list(axis.tickvals) == names[::3]
        assert list(axis.ticktext[:5]) == ["Jan<br>2025", "Apr", "Jul", "Oct", "Jan<br>2026"]
        assert list(figure.data[0].x) == names
    quarters = go.Figure(charts.over_time([row("Q4 2025", "5"), row("Q1 2026", "5")], "AUD"))
    assert list(quarters.layout.xaxis.ticktext) == ["Q4<br>2025", "Q1<br>2026"]
    years = go.Figure(charts.over_time([row("FY2025", "5"), row("FY2026", "5")], "AUD"))
    assert list(years.layout.xaxis.ticktext) == ["FY2025", "FY2026"]
