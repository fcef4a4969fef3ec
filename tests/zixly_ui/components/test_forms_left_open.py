"""A form that is open over a page when the page is left, as the browser's Back button does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_ui.shell import session


def contradictions() -> None:
    """Contradictions, or another page."""
    import runpy

    import streamlit as st

    from zixly_ui.shell import url_state
    from zixly_ui.shell.navigation import PAGES

    page = st.session_state.get("page", "contradictions")
    url_state.enter_page(page)
    if page == "contradictions":
        runpy.run_path(str(PAGES / "contradictions.py"))


def records() -> None:
    """A page with one record, its form opened by a click on its row; or another page."""
    import streamlit as st

    from zixly_ui.components import record_dialog
    from zixly_ui.components.forms import EntryForm
    from zixly_ui.shell import url_state

    class Record:
        id, version, revenue = "fin_1", 1, st.session_state.revenue

    def draw(form: EntryForm) -> None:
        form.text("revenue", "Revenue")

    kind = record_dialog.Kind(
        "record", lambda _: Record, lambda *_: None,
        lambda seen: {"revenue": seen.revenue}, draw, lambda _: {}, lambda _: None,
    )  # fmt: skip
    page = st.session_state.get("page", "records")
    url_state.enter_page(page)
    if page == "records":
        record_dialog.open_dialog(kind, ["fin_1"])


def go(app: AppTest, page: str) -> AppTest:
    app.session_state.page = page
    app.run()
    assert not app.exception
    return app


def test_a_finding_is_not_asked_about_unasked_when_its_page_opens_again(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-01-05", "100")
    books.event(team, client, "L-1", "Contract signed", "2024-03-05")
    monkeypatch.setattr(session, "current_secret", lambda: team.editor.secret)
    monkeypatch.setattr("streamlit.page_link", lambda *_, **__: None)
    app = AppTest.from_function(contradictions, default_timeout=60).run()
    app.button(key="fine-0").click().run()
    reason = ["Reason for dismissing"]
    assert [each.label for each in app.text_input] == reason
    assert [each.label for each in app.run().text_input] == reason
    go(app, "overview")
    assert not go(app, "contradictions").text_input


def test_a_record_is_read_anew_when_its_form_opens_at_another_visit() -> None:
    app = AppTest.from_function(records, default_timeout=60)
    app.session_state.revenue = "100.00"
    assert app.run().text_input[0].value == "100.00"
    app.session_state.revenue = "250.00"
    assert app.run().text_input[0].value == "100.00", "it stays while the form is open"
    go(app, "overview")
    assert go(app, "records").text_input[0].value == "250.00"
