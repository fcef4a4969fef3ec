"""Filters live in the address: a link applies them, a change rewrites it, nonsense is explained."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period, parse

TODAY = date(2026, 11, 22)


def page() -> None:
    """A page with all filters, which keeps what they answered in the session."""
    import datetime

    import streamlit as st

    from zixly_ui.components.filters import client_filter, filter_bar, period_filter, search_filter

    with filter_bar():
        st.session_state.period = period_filter(datetime.date(2026, 11, 22), 7)
        search = search_filter()
        st.session_state.clients = client_filter(st.session_state.frame, search)


def clients() -> pd.DataFrame:
    table = pa.table(
        {
            "id": ["ckpi_002", "ckpi_001", "ckpi_003"],
            "client_name": ["émile", "Harbor *Bridge*", "Emma"],
            "status": ["ACTIVE", "ACTIVE", "COMPLETED"],
            "industry": ["Legal", "Construction", None],
        }
    )
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def opened(**address: str | list[str]) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["frame"] = clients()
    # The fields are drawn while the popover is open.
    app.session_state["filter-clients"] = True
    for name, value in address.items():
        app.query_params[name.rstrip("_")] = value
    return app.run()


def period_of(app: AppTest) -> Period:
    assert not app.exception
    period: Period = app.session_state["period"]
    return period


def clients_of(app: AppTest) -> ClientFilter:
    assert not app.exception
    chosen: ClientFilter = app.session_state["clients"]
    return chosen


def test_without_a_link_the_page_shows_this_financial_year_and_everyone() -> None:
    app = opened()
    assert period_of(app) == parse("this-fy", TODAY)
    assert clients_of(app) == ClientFilter()
    assert not app.query_params


@pytest.mark.parametrize("key", ["last-month", "2024-Q1", "2024-03", "FY2024", "all"])
def test_a_link_names_the_period(key: str) -> None:
    app = opened(period=key)
    assert period_of(app) == parse(key, TODAY)
    assert app.query_params["period"] == key


def test_a_link_names_days_of_its_own() -> None:
    app = opened(period="custom", from_="2024-02-01", to="2024-02-15")
    assert period_of(app).label == "1–15 Feb 2024"
    assert app.query_params["from"] == "2024-02-01"


def test_a_choice_is_written_into_the_address_by_its_key_and_the_default_is_not() -> None:
    app = opened()
    app.selectbox[0].set_value("2025-Q1").run()
    assert period_of(app).label == "Q1 2025 (Jan–Mar)"
    assert app.query_params["period"] == "2025-Q1"
    app.selectbox[0].set_value("this-fy").run()
    assert "period" not in app.query_params


def test_own_days_start_from_what_was_shown_and_can_be_changed() -> None:
    app = opened(period="2024-Q1")
    app.selectbox[0].set_value("custom").run()
    assert (period_of(app).start, period_of(app).end) == (date(2024, 1, 1), date(2024, 3, 31))
    app.date_input[1].set_value(date(2024, 2, 10)).run()
    assert period_of(app).label == "1 Jan – 10 Feb 2024"
    assert app.query_params["to"] == "2024-02-10"


def test_own_days_in_the_wrong_order_are_explained_and_kept() -> None:
    app = opened(period="custom", from_="2024-02-01", to="2024-02-15")
    app.date_input[0].set_value(date(2024, 3, 1)).run()
    assert period_of(app) == parse("this-fy", TODAY)
    assert "ends before it starts" in app.error[0].value
    assert app.date_input[0].value == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"period": "next-decade"}, "There is no period"),
        ({"period": "20245-Q1"}, "There is no period"),
        ({"period": "custom"}, "Enter the first day"),
        ({"period": "custom", "from_": "20245-01-01", "to": "2024-01-01"}, "year 20245"),
        ({"period": "custom", "from_": "2024-05-01", "to": "2024-01-01"}, "ends before"),
        ({"period": "custom", "from_": "<b>", "to": "\x00"}, "is not a date"),
    ],
)
def test_a_link_with_nonsense_is_explained_and_shows_the_default(
    address: dict[str, str | list[str]], words: str
) -> None:
    app = opened(**address)
    assert period_of(app) == parse("this-fy", TODAY)
    assert words in app.info[0].value
    assert not app.query_params


def test_the_back_button_wins_over_the_widget() -> None:
    app = opened(period="2024-Q1")
    app.selectbox[0].set_value("2025-Q1").run()
    app.query_params["period"] = "2024-Q1"
    app.run()
    assert period_of(app).key == "2024-Q1"
    assert app.selectbox[0].value == "2024-Q1"


def test_a_link_chooses_clients_statuses_industries_and_words() -> None:
    app = opened(client=["ckpi_001", "ckpi_003"], status="ACTIVE", industry="Legal", q=" harbor ")
    assert clients_of(app) == ClientFilter(
        ("ckpi_001", "ckpi_003"), ("ACTIVE",), ("Legal",), "harbor"
    )
    assert app.caption[0].value == r"Filtered by Harbor \*Bridge\* · Emma · Active · Legal"


def test_clients_are_offered_by_name_as_people_sort_them() -> None:
    app = opened()
    assert app.multiselect[0].options == ["émile", "Emma", "Harbor *Bridge*"]


def test_choosing_clients_rewrites_the_address() -> None:
    app = opened()
    app.multiselect[0].set_value(["ckpi_003"]).run()
    app.text_input[0].set_value("em").run()
    assert clients_of(app) == ClientFilter(client_kpi_ids=("ckpi_003",), search="em")
    assert app.query_params["client"] == "ckpi_003"
    assert app.query_params["q"] == "em"


def test_a_closed_popover_keeps_what_was_chosen_in_it() -> None:
    app = opened()
    app.multiselect[0].set_value(["ckpi_003"]).run()
    app.session_state["filter-clients"] = False
    for _ in range(3):
        assert clients_of(app.run()) == ClientFilter(client_kpi_ids=("ckpi_003",))
        assert not app.multiselect
        assert app.query_params["client"] == "ckpi_003"
    app.query_params["client"] = "ckpi_001"
    assert clients_of(app.run()) == ClientFilter(client_kpi_ids=("ckpi_001",))
    app.session_state["filter-clients"] = True
    assert app.run().multiselect[0].value == ["ckpi_001"]
    app.multiselect[0].set_value([]).run()
    assert clients_of(app) == ClientFilter()
    assert "client" not in app.query_params


def test_a_client_that_is_gone_is_left_out_with_a_note() -> None:
    app = opened(client=["ckpi_999", "ckpi_001"], status="FOO")
    assert clients_of(app) == ClientFilter(client_kpi_ids=("ckpi_001",))
    assert app.info[0].value.startswith("Clients and Status: some selected values no longer exist")


def test_a_client_deleted_meanwhile_is_left_out_with_a_note() -> None:
    app = opened(client=["ckpi_003"])
    app.session_state["frame"] = clients().iloc[:2]
    app.run()
    assert clients_of(app) == ClientFilter()
    assert len(app.info) == 1
    app.run()
    assert len(app.info) == 0
