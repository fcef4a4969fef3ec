"""The controls of a long list: what is shown of how many, in which order, and the way on."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import pandas as pd
    import streamlit as st

    from zixly_data.values.paging import PAGE_ROWS, Page
    from zixly_ui.components import paging
    from zixly_ui.components.paging import Sort

    sorts = (Sort("Newest first"), Sort("Highest revenue first", "revenue", descending=True))
    count = st.session_state.count
    request = paging.requested("rows", sorts, st.session_state.filter)
    last = max(0, count - 1) // PAGE_ROWS
    if request.number > last:
        request = type(request)(last, request.sort, request.descending)
    rows = pd.DataFrame({"n": range(request.offset, min(count, request.offset + PAGE_ROWS))})
    paging.controls("rows", sorts, Page(rows, count, request))
    st.text(f"{request.number} {request.sort} {request.descending}")


def shown(count: int) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["count"], app.session_state["filter"] = count, "one"
    return app.run()


def test_one_page_has_no_controls() -> None:
    app = shown(500)
    assert not app.exception
    assert not app.button
    assert not app.caption
    assert not app.selectbox


def test_the_buttons_turn_the_pages() -> None:
    app = shown(1_234)
    assert app.caption[0].value == (
        "Showing 1–500 of 1,234, newest first. The download has all of them."
    )
    previous, following = app.button
    assert previous.disabled
    following.click().run()
    app.button(key="next-of-rows").click().run()
    assert app.caption[0].value.startswith("Showing 1,001–1,234 of 1,234")
    assert app.button(key="next-of-rows").disabled
    app.button(key="previous-of-rows").click().run()
    assert app.text[0].value == "1  False"


def test_another_order_begins_at_the_first_page_and_stays_for_the_next() -> None:
    app = shown(1_234)
    app.button(key="next-of-rows").click().run()
    app.selectbox[0].select_index(1).run()
    assert app.text[0].value == "0 revenue True"
    assert "highest revenue first" in app.caption[0].value
    app.button(key="next-of-rows").click().run()
    assert app.text[0].value == "1 revenue True"


def test_another_filter_begins_again() -> None:
    app = shown(1_234)
    app.selectbox[0].select_index(1).run()
    app.button(key="next-of-rows").click().run()
    app.session_state["filter"] = "two"
    app.run()
    assert app.text[0].value == "0  False"


def test_a_list_that_became_shorter_shows_its_last_page() -> None:
    app = shown(1_234)
    app.button(key="next-of-rows").click().run()
    app.button(key="next-of-rows").click().run()
    app.session_state["count"] = 600
    app.run()
    assert app.caption[0].value.startswith("Showing 501–600 of 600")
