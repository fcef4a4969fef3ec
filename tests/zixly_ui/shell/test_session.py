"""The guard in the first line of every page, and what a person sees when something fails."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from zixly_data.access import sessions
from zixly_data.errors import DatabaseUnavailable, NotFound, TookTooLong
from zixly_data.identity import Identity
from zixly_ui.shell import retrying, session


def page_for(role: str) -> AppTest:
    """A page that only people with this role may read."""

    def script(role: str) -> None:
        import streamlit as st

        from zixly_data.identity import Role
        from zixly_ui.shell.session import require_identity

        identity = require_identity(Role(role))
        st.title(f"The books of {identity.full_name}")

    return AppTest.from_function(script, args=(role,), default_timeout=60)


def present(monkeypatch: pytest.MonkeyPatch, secret: str | None) -> None:
    monkeypatch.setattr(session, "current_secret", lambda: secret)


@pytest.fixture(scope="session")
def people(cole: Identity, support: Identity, vera: Identity) -> dict[str, Identity]:
    return {"cole": cole, "support": support, "vera": vera}


@pytest.mark.parametrize(
    ("person", "role", "opens"),
    [
        ("vera", "VIEWER", True),
        ("vera", "EDITOR", False),
        ("support", "EDITOR", True),
        ("support", "ADMIN", False),
        ("cole", "ADMIN", True),
    ],
)
def test_a_page_opens_for_its_role_and_above(
    monkeypatch: pytest.MonkeyPatch,
    people: dict[str, Identity],
    person: str,
    role: str,
    opens: bool,
) -> None:
    identity = people[person]
    present(monkeypatch, identity.secret)
    page = page_for(role).run()
    if opens:
        assert page.title[0].value == f"The books of {identity.full_name}"
    else:
        assert not page.title
        assert page.header[0].value == "You do not have access to this page"
    assert not page.exception


@pytest.mark.parametrize("secret", [None, "", "invented"])
def test_a_page_stays_closed_without_a_session(
    monkeypatch: pytest.MonkeyPatch, cole: Identity, secret: str | None
) -> None:
    present(monkeypatch, secret)
    page = page_for("VIEWER").run()
    assert not page.title
    assert page.header[0].value == "Your session has ended"


def test_nothing_in_the_session_state_makes_anybody_someone(
    monkeypatch: pytest.MonkeyPatch, cole: Identity
) -> None:
    present(monkeypatch, None)
    page = page_for("VIEWER")
    for name in ("authentication_status", "username", "zixly_session", "identity"):
        page.session_state[name] = cole.email
    assert not page.run().title


def test_the_secret_comes_from_the_cookie_and_nowhere_else(cole: Identity) -> None:
    page = page_for("VIEWER")
    page.session_state["zixly_session"] = cole.secret
    page.query_params["zixly_session"] = cole.secret
    assert not page.run().title
    assert sessions.identify(cole.secret).email == cole.email, (
        "positive control: the secret is good"
    )


def failing(kind: str) -> AppTest:
    def script(kind: str) -> None:
        import streamlit as st

        from tests.zixly_ui.shell.test_session import FAILURES
        from zixly_ui.shell.errors import handle_errors

        with handle_errors():
            st.text_input("Typed", key="typed")
            raise FAILURES[kind]

    return AppTest.from_function(script, args=(kind,), default_timeout=60)


FAILURES: dict[str, Exception] = {
    "known": NotFound("The client **Harbor** ![](https://evil.example/x.png) is gone."),
    "unknown": KeyError("select password_hash from users"),
    "away": DatabaseUnavailable("The database cannot be reached."),
}


def test_a_known_failure_is_one_sentence_with_advice_and_no_markup() -> None:
    page = failing("known").run()
    assert "is gone." in page.error[0].value
    assert "Go back to the list" in page.error[0].value
    assert "![](" not in page.error[0].value
    assert not page.exception


def test_an_unknown_failure_gets_a_number_that_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = failing("unknown").run()
    shown = page.error[0].value
    assert "password_hash" not in shown
    number = shown.split("**")[1]
    assert f"Incident {number}" in caplog.text
    assert "password_hash" in caplog.text
    assert not page.exception


def test_what_took_too_long_is_not_tried_again() -> None:
    """Every second for ten minutes, as a database is that has gone away."""
    tries = []

    def ask() -> None:
        tries.append(1)
        raise TookTooLong("The database took too long to answer.")

    for patient in (lambda: retrying.retry(ask), lambda: retrying.run_page(ask, ask)):
        with pytest.raises(TookTooLong):
            patient()
    assert len(tries) == 2


def test_an_absent_database_is_a_calm_page_that_keeps_what_was_typed() -> None:
    page = failing("away").run()
    page.text_input(key="typed").set_value("half a sentence").run()
    assert page.header[0].value == "The database cannot be reached"
    assert page.button(key="error-try-again").label == "Try again"
    assert page.text_input(key="typed").value == "half a sentence"
    assert not page.exception
