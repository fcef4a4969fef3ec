"""Tables and cards: exact figures, honest comparisons, downloads that equal the frame."""

from __future__ import annotations

import json
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from zixly_ui.components.cards import comparison_card, margin_card
from zixly_ui.components.downloads import safe_filename


def page() -> None:
    import streamlit as st

    from zixly_ui.components.tables import Column, records_table

    columns = [
        Column("client_name", "Client"),
        Column("currency", "Currency"),
        Column("revenue", "Revenue", "money"),
        Column("margin", "Margin", "percent"),
    ]
    records_table(st.session_state.frame, columns, "records")


def frame(*currencies: str) -> pd.DataFrame:
    table = pa.table(
        {
            "client_kpi_id": [f"ckpi_{n}" for n, _ in enumerate(currencies)],
            "client_name": ["Harbor" for _ in currencies],
            "currency": list(currencies),
            "revenue": pa.array(
                [Decimal("999999999999.99")] * len(currencies), pa.decimal128(20, 2)
            ),
            "margin": pa.array([Decimal("0.4667")] * len(currencies), pa.decimal128(12, 4)),
        }
    )
    result: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return result


def shown(rows: pd.DataFrame) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["frame"] = rows
    app.run()
    assert not app.exception
    return app


def test_one_currency_stands_in_the_heading_and_several_in_a_column() -> None:
    one, several = shown(frame("AUD", "AUD")), shown(frame("AUD", "NZD"))
    assert list(one.dataframe[0].value) == ["client_name", "revenue", "margin"]
    assert '"Revenue (AUD)"' in one.dataframe[0].proto.columns
    assert list(several.dataframe[0].value) == ["client_name", "currency", "revenue", "margin"]
    assert '"Revenue"' in several.dataframe[0].proto.columns


def test_the_browser_gets_exact_decimals_and_percentages() -> None:
    drawn = shown(frame("AUD")).dataframe[0].value
    assert drawn["revenue"].iloc[0] == Decimal("999999999999.99")
    assert drawn["margin"].iloc[0] == Decimal("46.67")


def test_an_empty_frame_is_an_empty_table() -> None:
    assert len(shown(frame()).dataframe[0].value) == 0


def test_a_table_of_more_rows_than_a_page_is_refused() -> None:
    assert len(shown(frame(*["AUD"] * 500)).dataframe[0].value) == 500
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["frame"] = frame(*["AUD"] * 501)
    app.run()
    assert app.exception
    assert not app.dataframe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("financials-2024-q1.csv", "financials-2024-q1.csv"),
        ("Müller & Co/../x.csv", "Müller-Co-..-x.csv"),
        ("///", "zixly.csv"),
    ],
)
def test_a_file_name_holds_nothing_a_file_system_minds(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.parametrize(
    ("current", "previous", "short", "sentence"),
    [
        ("112", "100", "+12.0%", "up 12% vs October"),
        ("300", "100", "+200%", "up 200% vs October"),
        ("96", "100", "-4.0%", "down 4% vs October"),
        ("100", "100", "no change", "the same as October"),
        ("100", None, "no comparison", "no comparison: nothing was recorded in October"),
        ("100", "0", "was zero", "up from zero in October"),
        ("100", "-5", "was a loss", "up from a loss in October"),
        ("-100", "-5", "larger loss", "down from a loss in October"),
        ("-5", "-100", "smaller loss", "up from a loss in October"),
        ("-5", "100", "now a loss", "down to a loss, from a profit in October"),
    ],
)
def test_a_card_compares_honestly(
    current: str, previous: str | None, short: str, sentence: str
) -> None:
    then = None if previous is None else Decimal(previous)
    card = comparison_card("Profit", "$1", Decimal(current), then, "October")
    assert (card.change, card.help) == (short, sentence)


def test_margins_are_compared_in_points() -> None:
    card = margin_card("Margin", Decimal("0.4894"), Decimal("0.5"), "October")
    assert (card.value, card.change, card.against) == ("48.9%", "-1.1 points", "vs October")
    none = margin_card("Margin", Decimal("0.4894"), None, "October")
    assert (none.change, none.help) == (
        "no comparison",
        "No comparison: no revenue above zero in October.",
    )


def rates_page() -> None:
    import pandas as pd

    from zixly_ui.components.tables import Column, records_table

    frame = pd.DataFrame({"of": ["NZD"], "worth": ["0.00009412 AUD"]})
    records_table(frame, [Column("of", "Of"), Column("worth", "Worth", "quantity")], "rates")


def test_a_number_written_out_keeps_its_digits_and_stands_at_the_right() -> None:
    table = AppTest.from_function(rates_page, default_timeout=60).run().dataframe[0]
    config = json.loads(table.proto.columns)
    assert table.value["worth"].iloc[0] == "0.00009412 AUD"
    assert config["worth"]["alignment"] == "right"
    assert not config["of"].get("alignment")
