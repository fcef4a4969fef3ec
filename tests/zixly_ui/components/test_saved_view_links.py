"""What of an address a view keeps, and when a default applies: always by the page's own filters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from zixly_ui.components import saved_views

NAMES = st.sampled_from([*saved_views.PARAMETERS["financials"], "id", "new", "utm_source", "embed"])


@given(asked=st.dictionaries(NAMES, st.lists(st.text(min_size=1, max_size=30), max_size=4)))
def test_what_is_kept_of_an_address_comes_back_and_nothing_else(
    asked: dict[str, list[str]],
) -> None:
    kept = saved_views.query("financials", asked)
    known = saved_views.PARAMETERS["financials"]
    assert saved_views.parts("financials", kept) == {
        name: values for name, values in asked.items() if values and name in known
    }
    # One view has one text, in whatever order its address was.
    assert saved_views.query("financials", dict(reversed(asked.items()))) == kept


def test_what_a_page_does_not_know_is_left_out_of_a_view_of_another_one() -> None:
    saved = "period=2024-Q1&q=harbor&stage=Won&id=ckpi_1&javascript:alert(1)"
    assert saved_views.parts("clients", saved) == {"q": ["harbor"]}
    assert saved_views.parts("financials", saved) == {"period": ["2024-Q1"]}
    assert saved_views.parts("financials", "&".join(["client=x"] * 300)) == {}


def test_a_view_is_said_in_words() -> None:
    for filters, words in (
        ("", "no filters"),
        ("period=last-quarter&client=a&client=b", "last quarter, 2 clients"),
        ("period=2024-Q1&status=ACTIVE&currency=NZD", "2024-Q1, active, currency NZD"),
        ("period=custom&from=2024-01-01&to=2024-02-02", "custom, from 2024-01-01, to 2024-02-02"),
    ):
        assert saved_views.describe("financials", filters) == words


def page() -> None:
    """A page with one filter and a default view, as `financials` has them."""
    import datetime
    from unittest.mock import patch

    import pandas as pd
    import streamlit as st

    from zixly_ui.components import saved_views
    from zixly_ui.components.filters import period_filter

    view = {
        "id": "view_1", "page": "financials", "name": "First quarter", "is_default": True,
        "filters": "period=2024-Q1", "version": 1,
    }  # fmt: skip
    with (
        patch.object(saved_views.views, "list_views", lambda *_: pd.DataFrame([view])),
        saved_views.saved_views(st.session_state.get("identity"), page="financials"),  # type: ignore[arg-type]
    ):
        st.session_state.period = period_filter(datetime.date(2026, 11, 22), 7)


def period_of(app: AppTest) -> str:
    assert not app.exception
    key: str = app.session_state["period"].key
    return key


def test_the_default_opens_a_page_without_filters_and_a_link_wins() -> None:
    app = AppTest.from_function(page, default_timeout=20).run()
    assert period_of(app) == "2024-Q1"
    assert app.query_params["period"] == "2024-Q1"
    link = AppTest.from_function(page, default_timeout=20)
    link.query_params["period"] = "last-month"
    assert period_of(link.run()) == "last-month"


def test_a_person_who_chooses_what_the_page_shows_by_itself_gets_it() -> None:
    app = AppTest.from_function(page, default_timeout=20).run()
    app.selectbox[0].select("this-fy").run()
    assert period_of(app) == "this-fy"
    assert "period" not in app.query_params
    assert period_of(app.run()) == "this-fy"
    app.session_state["views-financials-0"] = True  # open, which draws its buttons
    app.run().button("open-view_1").click().run()
    assert period_of(app) == "2024-Q1"


def test_the_menu_brings_the_default_back() -> None:
    app = AppTest.from_function(page, default_timeout=20).run()
    app.selectbox[0].select("last-month").run()
    del app.query_params["period"]
    assert period_of(app.run()) == "2024-Q1"


def late_page() -> None:
    """A page with one filter beside the control and one further down, as the lead funnel has."""
    import datetime
    from unittest.mock import patch

    import pandas as pd
    import streamlit as st

    from zixly_ui.components import saved_views
    from zixly_ui.components.filters import period_filter, stage_choice

    view = {
        "id": "view_1", "page": "lead-funnel", "name": "Proposals", "is_default": False,
        "filters": "period=2024-Q1&stage=Proposal", "version": 1,
    }  # fmt: skip
    with patch.object(saved_views.views, "list_views", lambda *_: pd.DataFrame([view])):
        show = saved_views.views_before(st.session_state.get("identity"), page="lead-funnel")  # type: ignore[arg-type]
    period_filter(datetime.date(2026, 11, 22), 7)
    stage_choice(["Contact", "Proposal"], [])
    show()


def test_the_control_says_at_once_which_view_a_filter_further_down_makes() -> None:
    app = AppTest.from_function(late_page, default_timeout=20)
    app.query_params["period"] = "2024-Q1"
    app.run()
    assert control(app) == "Views"
    app.pills[0].set_value("Proposal").run()
    assert control(app) == "Proposals"
    app.pills[0].set_value("Contact").run()
    assert control(app) == "Views"
    # And it stands before the filters all the same.
    assert [each.type for each in app.main.children.values()][:1] == ["flex_container"]


def control(app: AppTest) -> str:
    assert not app.exception
    (popover,) = app.get("popover")
    label: str = popover.proto.popover.label
    return label
