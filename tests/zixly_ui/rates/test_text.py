"""Exchange rates in words and as a figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from zixly_data.figures.conversion import MissingRates
from zixly_data.records.exchange_rates import ExchangeRates
from zixly_data.values.frames import build
from zixly_ui.rates import charts as rate_charts
from zixly_ui.rates import text as rate_text

TODAY = date(2024, 5, 20)


def known(*rates: tuple[str, str, str]) -> pd.DataFrame:
    """Of (month, currency, rate) into AUD, the latest first."""
    return build(
        {
            "id": [f"rate_{n}" for n in range(len(rates))],
            "month": [date.fromisoformat(f"{month}-01") for month, _, _ in rates],
            "currency": [currency for _, currency, _ in rates],
            "into_currency": ["AUD"] * len(rates),
            "rate": [Decimal(rate) for _, _, rate in rates],
            "source_system": ["manual"] * len(rates),
            "version": [1] * len(rates),
        },
        ExchangeRates,
    )


def missing(*months: tuple[str, str]) -> pd.DataFrame:
    return build(
        {
            "currency": [currency for _, currency in months],
            "month": [date.fromisoformat(f"{month}-01") for month, _ in months],
        },
        MissingRates,
    )


@pytest.mark.parametrize(
    ("currencies", "lacking", "rates", "said"),
    [
        (["AUD"], (), (), "All amounts are in AUD, so no rates are needed."),
        ([], (), (), "All amounts are in AUD, so no rates are needed."),
        (["AUD", "NZD"], (), (("2024-03", "NZD", "0.9"),),
         "All amounts can be converted to AUD, with 1 rate recorded for NZD."),
        (["NZD", "USD"], (), (("2024-03", "NZD", "0.9"), ("2024-03", "USD", "1.5")),
         "All amounts can be converted to AUD, with 2 rates recorded for NZD and USD."),
        (["AUD", "NZD"], (("2024-03", "NZD"),), (), "One rate is missing: NZD in March 2024."),
        (["AUD", "NZD"], (("2024-01", "NZD"), ("2024-03", "NZD")), (),
         "Rates are missing for NZD in 2 months: Jan 2024 and Mar 2024."),
        (["AUD", "NZD"], tuple((f"2024-0{n}", "NZD") for n in range(1, 6)), (),
         "Rates are missing for NZD in 5 months."),
        (["AUD", "NZD", "USD"], (("2024-01", "NZD"), ("2024-02", "NZD"), ("2024-02", "USD")), (),
         "Rates are missing for NZD in 2 months and USD in 1 month."),
    ],
)  # fmt: skip
def test_the_answer(currencies: list[str], lacking: Any, rates: Any, said: str) -> None:
    assert rate_text.headline_text(currencies, missing(*lacking), known(*rates), "AUD") == said


def test_the_effect_of_missing_rates() -> None:
    running = missing(("2024-05", "NZD"))
    assert rate_text.missing_rates_text(running, "AUD", TODAY, True) == (
        "Figures for a period with this month cannot be converted to AUD, so each currency is "
        "shown separately. May 2024 is not over yet. Enter a provisional rate now, or the final "
        "rate once the month ends."
    )
    assert "not over" not in rate_text.missing_rates_text(
        missing(("2024-04", "NZD")), "AUD", TODAY, True
    )
    viewer_text = rate_text.missing_rates_text(running, "AUD", TODAY, False)
    assert viewer_text.endswith("An editor of your organisation can enter it.")
    both = missing(("2024-01", "NZD"), ("2024-02", "NZD"), ("2024-02", "USD"))
    assert rate_text.missing_months_text(both) == "NZD: Jan 2024 and Feb 2024. USD: Feb 2024."


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("0.91300000", "0.9130"), ("1", "1.0000"), ("0.12345678", "0.12345678"),
        ("15650.25", "15,650.2500"), ("0.00009", "0.00009"), ("100", "100.0000"),
    ],
)  # fmt: skip
def test_a_rate_is_shown_with_all_its_decimals_four_at_least(rate: str, said: str) -> None:
    assert rate_text.format_figure(Decimal(rate)) == said


@pytest.mark.parametrize(
    ("rate", "doubt"),
    [
        ("0.93", None),
        ("0.80", None),
        ("1.09", "1 NZD was 0.9152 AUD in Mar 2024. Is 1.0900 what 1 AUD was worth in NZD?"),
        ("9.152", "1 NZD was 0.9152 AUD in Mar 2024, far from 9.1520."),
        ("0.5", "1 NZD was 0.9152 AUD in Mar 2024, far from 0.5000."),
    ],
)
def test_a_rate_that_is_probably_a_slip_is_doubted(rate: str, doubt: str | None) -> None:
    others = rate_text.rates_by_key(known(("2024-03", "NZD", "0.9152"), ("2023-01", "NZD", "1.09")))
    key = (date(2024, 4, 1), "NZD", "AUD")
    assert rate_text.describe_doubt(key, Decimal(rate), others) == doubt
    assert rate_text.describe_doubt((key[0], "USD", "AUD"), Decimal(rate), others) is None
    own = {key: Decimal("0.1")}
    assert rate_text.describe_doubt(key, Decimal(rate), own) is None, (
        "a rate is not compared with itself"
    )


def test_a_chart_for_each_pair_with_gaps_where_no_rate_is() -> None:
    rates = known(
        ("2024-03", "NZD", "0.92"), ("2024-01", "USD", "1.5"), ("2024-01", "NZD", "0.9"),
        ("2023-03", "NZD", "1"),
    )  # fmt: skip
    pairs = rate_charts.rates_by_pair(rates)
    assert list(pairs) == [("NZD", "AUD"), ("USD", "AUD")]
    months = pairs["NZD", "AUD"]
    assert rate_charts.chart_title("NZD", "AUD", months) == (
        "1 NZD was 0.9200 AUD in Mar 2024, 8.0% lower than a year earlier"
    )
    assert rate_charts.chart_title("USD", "AUD", pairs["USD", "AUD"]) == (
        "1 USD was 1.5000 AUD in Jan 2024"
    )
    (line,) = go.Figure(rate_charts.rate_by_month("NZD", "AUD", months)).data
    assert len(line.x) == 13
    assert [value for value in line.y if value is not None] == [1.0, 0.9, 0.92]
    assert line.customdata[-1][1] == "March 2024<br>1 NZD = <b>0.9200</b> AUD"
    axis = go.Figure(rate_charts.rate_by_month("NZD", "AUD", months)).layout.yaxis
    assert len(axis.tickvals) >= 2
    assert all(label.endswith(" AUD") for label in axis.ticktext)
    assert axis.range[0] < 0.9 < 1 < axis.range[1]


def test_one_rate_or_two_that_are_equal_have_an_axis_too() -> None:
    for rates in (
        (("2024-03", "NZD", "0.92"),),
        (("2024-03", "JPY", "0.01"), ("2024-02", "JPY", "0.01")),
    ):
        ((pair, months),) = rate_charts.rates_by_pair(known(*rates)).items()
        assert rate_charts.rate_by_month(*pair, months)["layout"]["yaxis"]["tickvals"]


def test_the_table_cuts_no_digit_and_every_point_is_below_another() -> None:
    given = known(("2024-03", "NZD", "0.9"), ("2024-02", "IDR", "0.00009412"),
                  ("2024-01", "KWD", "1000000000"))  # fmt: skip
    assert list(rate_text.table(given)["worth"]) == [
        "0.90000000 AUD", "0.00009412 AUD", "1,000,000,000.00000000 AUD",
    ]  # fmt: skip
    assert list(rate_text.table(known(("2024-03", "NZD", "0.9")))["worth"]) == ["0.9000 AUD"]
    assert rate_text.table(known()).empty
