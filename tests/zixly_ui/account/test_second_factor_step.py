"""The code form of signing in: who is asked, and for how long a right password counts."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

from zixly_data.access.sessions import Account
from zixly_ui.account.second_factor_step import SECONDS, Waiting


def code_form(ago: float) -> AppTest:
    """The sign-in page of a window whose password was right so many seconds ago."""

    def script() -> None:
        import streamlit as st

        from zixly_ui.account import second_factor_step

        if second_factor_step.is_waiting():
            second_factor_step.show_code_form("203.0.113.7")
        else:
            st.title("Email and password")

    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["second-step"] = Waiting(
        Account("tenant", "user"), "vera@example.com", time.monotonic() - ago, ""
    )
    return page


def test_a_right_password_counts_for_five_minutes() -> None:
    assert SECONDS == 300
    page = code_form(SECONDS - 30).run()
    assert page.text_input(key="second-step-code").label == "Code"
    page = code_form(SECONDS + 1).run()
    assert not page.text_input
    assert "timed out after five minutes" in page.info[0].value
    assert "second-step" not in page.session_state


def test_one_may_go_back_and_sign_in_as_somebody_else() -> None:
    page = code_form(1).run()
    assert not page.title
    page.button(key="second-step-back").click().run()
    assert page.title[0].value == "Email and password"


def test_an_empty_code_costs_no_attempt() -> None:
    page = code_form(1).run()
    page.text_input(key="second-step-code").set_value("  ")
    page.button[0].click().run()
    assert "6-digit code" in page.warning[0].value
    assert "second-step" in page.session_state


def test_the_account_is_named_on_the_form_without_becoming_a_link() -> None:
    assert code_form(1).run().text[0].value.endswith("for vera@example.com.")
