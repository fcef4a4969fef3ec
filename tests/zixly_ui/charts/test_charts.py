"""Figures show what the frames hold: exact in words, in order, and gaps as gaps."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.elements.lib import streamlit_plotly_theme as theirs

import zixly_ui
from zixly_ui import charts
from zixly_ui.charts import style as chart_style
from zixly_ui.shell.navigation import PAGES

MONEY, RATIO = pa.decimal128(20, 2), pa.decimal128(12, 4)


def frame_of(rows: list[dict[str, Any]], types: dict[str, pa.DataType]) -> pd.DataFrame:
    table = pa.table({n: pa.array([r[n] for r in rows], kind) for n, kind in types.items()})
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def months(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    """Rows of month, client, currency, revenue, expenses."""
    return frame_of(
        [
            {
                "month": date.fromisoformat(f"{month}-01"),
                "client_kpi_id": client,
                "client_name": f"Client {client}",
                "currency": currency,
                "revenue": Decimal(revenue),
                "expenses": Decimal(expenses),
                "profit": Decimal(revenue) - Decimal(expenses),
            }
            for month, client, currency, revenue, expenses in rows
        ],
        {
            "month": pa.date32(),
            "client_kpi_id": pa.string(),
            "client_name": pa.string(),
            "currency": pa.string(),
            "revenue": MONEY,
            "expenses": MONEY,
            "profit": MONEY,
        },
    )


def q1_2024(*more: dict[str, Any]) -> pd.DataFrame:
    rows = [
        ("ckpi_001", "Harbor Bridge Construction", "45000", "24000", "0.4667"),
        ("ckpi_002", "Bondi", "24000", "12000", "0.5000"),
        ("ckpi_003", "Sydney Law", "25000", "12000", "0.5200"),
    ]
    types = {
        "client_kpi_id": pa.string(),
        "client_name": pa.string(),
        "currency": pa.string(),
        "revenue": MONEY,
        "expenses": MONEY,
        "profit": MONEY,
        "margin": RATIO,
    }
    full_rows = [
        dict(
            zip(
                types,
                (i, n, "AUD", Decimal(r), Decimal(e), Decimal(r) - Decimal(e), Decimal(m)),
                strict=True,
            )
        )
        for i, n, r, e, m in rows
    ]
    return frame_of([*full_rows, *more], types)


LOSS = {
    "client_kpi_id": "ckpi_004",
    "client_name": "<a href='https://evil.example'>Click</a>",
    "currency": "AUD",
    "revenue": Decimal(0),
    "expenses": Decimal("500.10"),
    "profit": Decimal("-500.10"),
    "margin": None,
}


def trace(figure: chart_style.Figure, name: str) -> Any:
    return next(trace for trace in go.Figure(figure).data if trace.name == name)


def test_two_clients_are_added_up_and_the_hover_is_exact() -> None:
    figure = charts.income_by_month(
        months(
            ("2024-01", "a", "AUD", "0.10", "0"),
            ("2024-01", "b", "AUD", "0.20", "0"),
            ("2024-01", "c", "NZD", "99", "0"),
        ),
        "AUD",
    )
    revenue = trace(figure, "Revenue")
    assert list(revenue.customdata[0]) == [
        "2024-01-01",
        "January 2024<br>Revenue <b>$0.30</b>",
    ]


def test_a_month_without_records_is_a_gap_and_not_a_zero() -> None:
    figure = charts.income_by_month(
        months(("2024-01", "a", "AUD", "5", "1"), ("2024-03", "a", "AUD", "5", "1")), "AUD"
    )
    profit = trace(figure, "Profit")
    assert list(profit.x) == [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
    assert list(profit.y) == [4.0, None, 4.0]


def test_the_month_that_is_not_over_says_so() -> None:
    figure = charts.income_by_month(
        months(("2024-01", "a", "AUD", "5", "1"), ("2024-02", "a", "AUD", "2", "1")),
        "AUD",
        today=date(2024, 2, 10),
    )
    assert list(trace(figure, "Revenue").marker.opacity) == [1.0, 0.45]
    assert "February 2024 so far" in trace(figure, "Profit").customdata[1][1]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["so far"]


def test_clients_are_ranked_with_the_highest_profit_on_top() -> None:
    (bars,) = go.Figure(charts.profit_by_client(q1_2024(LOSS), "AUD")).data
    assert list(bars.y) == ["ckpi_004", "ckpi_002", "ckpi_003", "ckpi_001"]
    assert list(bars.text) == ["−$500", "$12,000", "$13,000", "$21,000"]
    assert list(bars.marker.color)[:2] == [chart_style.LOSS, chart_style.BLUE]
    assert [point[0] for point in bars.customdata] == list(bars.y)
    assert "Margin 46.7%" in bars.customdata[3][1]


def test_a_link_in_a_client_name_is_only_text() -> None:
    for chart in (
        charts.profit_by_client(q1_2024(LOSS), "AUD"),
        charts.funnel(stages(("<b>New</b>", 3, 0, 0, None))),
    ):
        text = go.Figure(chart).to_json()
        assert "<a" not in text
        assert "<b>New</b><" not in text


def test_two_clients_of_one_name_keep_two_bars() -> None:
    twin = {**LOSS, "client_kpi_id": "ckpi_005", "client_name": "Bondi"}
    figure = go.Figure(charts.profit_by_client(q1_2024(twin), "AUD"))
    assert len(set(figure.data[0].y)) == 4
    assert list(figure.layout.yaxis.ticktext).count("Bondi") == 2


def test_a_client_without_revenue_has_no_margin_to_rank() -> None:
    (bars,) = go.Figure(charts.margin_by_client(q1_2024(LOSS))).data
    assert list(bars.y) == ["ckpi_001", "ckpi_002", "ckpi_003"]
    assert list(bars.text) == ["46.7%", "50.0%", "52.0%"]


def stages(*rows: tuple[str, int, int, int, str | None]) -> pd.DataFrame:
    counts = ("leads", "decided", "won_through", "lost", "undecided", "timed")
    return frame_of(
        [
            {
                "stage": stage,
                "leads": leads,
                "decided": decided,
                "won_through": won,
                "lost": decided - won,
                "undecided": leads - decided,
                "conversion": None if conversion is None else Decimal(conversion),
                "timed": won,
                "median_days": Decimal("1.0") if won else None,
            }
            for stage, leads, decided, won, conversion in rows
        ],
        {"stage": pa.string()} | dict.fromkeys(counts, pa.int64())
        | {"conversion": RATIO, "median_days": pa.decimal128(12, 1)},
    )  # fmt: skip


def test_the_funnel_runs_down_and_says_who_is_decided() -> None:
    funnel = charts.funnel(
        stages(("New", 24, 20, 18, "0.9"), ("Met", 18, 10, 5, "0.5"), ("Won", 5, 0, 0, None))
    )
    went_on, lost, undecided, labels = go.Figure(funnel).data
    assert [list(bars.x) for bars in (went_on, lost, undecided)] == [
        [18, 5, 0],
        [2, 5, 0],
        [4, 8, 5],
    ]
    assert list(went_on.y) == [3, 2, 1]
    assert list(funnel["layout"]["yaxis"]["ticktext"]) == ["New", "Met", "Won"]
    assert list(labels.text) == [" 24<br> 90% of 20", " 18<br> 50% of 10", " 5<br> none decided"]
    assert went_on.customdata[0][0] == "New"
    assert went_on.customdata[0][1].endswith(
        "18 of 20 decided went on or were won (90.0%)<br>2 lost here<br>4 still open here"
        "<br>1 day in this stage (median)"
    )


def test_the_pipeline_tells_stalled_leads_apart() -> None:
    names = ("leads", "stalled", "limit_days")
    rows = frame_of(
        [{"stage": "New", "leads": 5, "stalled": 2, "limit_days": 14}],
        {"stage": pa.string()} | dict.fromkeys(names, pa.int64()),
    )
    moving, stalled, labels = go.Figure(charts.pipeline(rows)).data
    assert labels.unselected.textfont.color == chart_style.GREY
    assert (list(moving.x), list(stalled.x), list(labels.text)) == ([3], [2], [" 5<br> 2 stalled"])


def test_a_metric_shows_its_target_and_leaves_gaps_out() -> None:
    history = frame_of(
        [
            {"record_date": date(2024, 2, 1), "metric_value": Decimal("95.2500")},
            {"record_date": date(2024, 1, 1), "metric_value": Decimal("90.0000")},
            {"record_date": date(2024, 3, 1), "metric_value": None},
        ],
        {"record_date": pa.date32(), "metric_value": pa.decimal128(24, 4)},
    )
    steps = [
        (date(2000, 1, 1), "AT_LEAST", Decimal(90), None),
        (date(2024, 2, 1), "BETWEEN", Decimal(95), Decimal(99)),
        (date(2024, 4, 1), "AT_LEAST", Decimal(99), None),
    ]
    targets = frame_of(
        [dict(zip(("from_month", "target_kind", "low", "high"), step, strict=True))
         for step in steps],
        {"from_month": pa.date32(), "target_kind": pa.string(),
         "low": pa.decimal128(18, 4), "high": pa.decimal128(18, 4)},
    )  # fmt: skip
    figure = go.Figure(charts.metric_trend(history, "%", targets))
    assert list(figure.data[0].y) == [90.0, 95.25]
    assert figure.data[0].customdata[1][1] == "1 Feb 2024<br><b>95.25%</b>"
    # Over the months of the values, with a gap where there is no such edge.
    first, february, last = date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 29)
    low, high = figure.data[1:]
    assert (list(low.x), list(low.y)) == ([first, february, february, last], [90, 90, 95, 95])
    assert (list(high.x), list(high.y)) == (list(low.x), [None, None, 99, 99])
    assert [label.text for label in figure.layout.annotations] == ["At least 95%", "At most 99%"]
    assert charts.sparkline(history["metric_value"]) == [95.25, 90.0]


def test_a_trend_goes_from_point_to_point() -> None:
    history = frame_of(
        [
            {"record_date": date(2024, month, 1), "metric_value": Decimal(month)}
            for month in (1, 2, 3)
        ],
        {"record_date": pa.date32(), "metric_value": pa.decimal128(24, 4)},
    )
    figure = go.Figure(charts.metric_trend(history, "hours", by_month=True))
    (line,) = figure.data
    axis = figure.layout.xaxis
    # No month has two ticks.
    assert (axis.tick0, axis.dtick) == (date(2024, 1, 1), "M1")
    assert (line.line.shape, line.mode) == ("linear", "lines+markers")
    assert line.customdata[1][1] == "Feb 2024<br><b>2 hours</b>"


def test_nothing_draws_curves_between_recorded_values() -> None:
    """The lines and areas of a table are curves in Streamlit, those of Plotly if asked for."""
    curves = re.compile(r"LineChartColumn|AreaChartColumn|spline|smoothing")
    sources = [*Path(zixly_ui.__path__[0]).rglob("*.py"), *PAGES.glob("*.py")]
    assert len(sources) > 100
    assert [path.name for path in sources if curves.search(path.read_text())] == []


def test_small_bars_are_shares_of_the_largest() -> None:
    assert charts.small_bars([Decimal(-5), None, Decimal(10)]) == [-0.5, 1.0]
    assert charts.small_bars([Decimal(0)]) == [0.0]
    assert charts.small_bars([]) == []


def test_empty_frames_give_empty_figures() -> None:
    for chart in (
        charts.income_by_month(months(), "AUD", date(2024, 1, 1)),
        charts.profit_trend_by_client(months(), "AUD", {}),
        charts.profit_by_client(q1_2024().iloc[:0], "AUD"),
        charts.margin_by_client(q1_2024().iloc[:0]),
        charts.funnel(stages()),
    ):
        figure = go.Figure(chart)
        assert all(not trace.x for trace in figure.data)
        json.loads(figure.to_json())


def test_a_word_that_plotly_does_not_know_is_found_by_the_tests() -> None:
    for wrong in ({"colour": "red"}, {"orientation": "z"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            chart_style.figure_of([{"type": "bar", "x": [1], **wrong}], height=100)
    with pytest.raises(ValueError, match="tikvals"):
        chart_style.figure_of([], height=100, xaxis={"tikvals": [1]})


def test_a_client_keeps_its_colour_when_others_join() -> None:
    before = charts.client_colours(["ckpi_002", "ckpi_001"])
    after = charts.client_colours(["ckpi_003", "ckpi_001", "ckpi_002"])
    assert after == {**before, "ckpi_003": after["ckpi_003"]}
    assert len(set(after.values())) == 3
    figure = charts.profit_trend_by_client(
        months(("2024-01", "ckpi_002", "AUD", "5", "1")), "AUD", after
    )
    assert figure["data"][0]["line"]["color"] == after["ckpi_002"]


def test_the_colours_are_the_places_streamlit_fills_with_the_theme() -> None:
    ours = (chart_style.BLUE, chart_style.RED, chart_style.PLUM)
    assert ours == (theirs.CATEGORY_0, theirs.CATEGORY_5, theirs.CATEGORY_9)


def test_nothing_is_drawn_with_webgl() -> None:
    figure = charts.income_by_month(
        months(
            *((f"{2000 + n // 12}-{n % 12 + 1:02d}", "a", "AUD", "5", "1") for n in range(1200))
        ),
        "AUD",
    )
    assert {trace["type"] for trace in figure["data"]} == {"bar", "scatter"}


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["0", "30500"], ["$0", "$10k", "$20k", "$30k"]),
        (["-3000", "9000"], ["−$5k", "−$2.5k", "$0", "$2.5k", "$5k", "$7.5k"]),
        (["0"], ["$0"]),
    ],
)
def test_money_axes_have_round_ticks(values: list[str], ticks: list[str]) -> None:
    assert chart_style.money_axis([Decimal(v) for v in values], "AUD")["ticktext"] == ticks


@given(st.lists(st.decimals(Decimal("-1e13"), Decimal("1e13"), places=2), max_size=5))
def test_ticks_are_few_include_zero_and_reach_the_values(values: list[Decimal]) -> None:
    ticks = chart_style.round_ticks(values)
    assert Decimal(0) in ticks
    assert len(ticks) <= 8
    assert ticks[0] <= min([*values, Decimal(0)])
