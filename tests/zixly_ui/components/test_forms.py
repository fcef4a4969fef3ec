"""Forms: problems beside their fields, nothing typed lost, a second click harmless."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    """A form that records an amount, and keeps what it saved in the session."""
    from datetime import date

    import streamlit as st

    from zixly_data.errors import AlreadyExists, DatabaseUnavailable, MonthClosed, StillWriting
    from zixly_data.values.amounts import parse_money
    from zixly_data.values.names import parse_name
    from zixly_ui.components.forms import EntryForm, show_confirmation

    show_confirmation()
    form = EntryForm("financial", id_prefix="fin", initial={"currency": "NZD"})
    st.session_state.draft_id = form.draft_id
    with form.box():
        form.text("client_name", "Client")
        form.text("revenue", "Revenue")
        form.day("record_date", "Date")
        form.choice("currency", "Currency", ["AUD", "NZD"], str.lower)
        pressed = form.submit("Save")
    if pressed:
        name = form.read("client_name", parse_name)
        revenue = form.read("revenue", parse_money)
        day = form.read_day("record_date")
        if revenue is not None and revenue < 0:
            form.ask("revenue", f"{revenue} is negative. Is this a credit?")
        if form.is_valid:
            with form.problems():
                refusal = st.session_state.get("refusal")
                if refusal == "exists":
                    raise AlreadyExists("“A*B” is already a client.", field="client_name")
                if refusal == "elsewhere":
                    raise AlreadyExists("That exists.", field="client_id", advice="Use another.")
                if refusal == "closed":
                    raise MonthClosed("March 2024 is closed.", month=date(2024, 3, 1))
                if refusal == "crossed":
                    raise StillWriting("Somebody else was faster.", advice="Try again.")
                if refusal == "database":
                    raise DatabaseUnavailable("The database cannot be reached.")
                saved = st.session_state.setdefault("saved", {})
                saved[form.draft_id] = (name, revenue, day, form.value("currency"))
                form.saved(f"Saved: {name}.")


def opened() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def fill(app: AppTest, name: str, revenue: str, day: str | None) -> AppTest:
    app.text_input[0].set_value(name)
    app.text_input[1].set_value(revenue)
    app.text_input[2].set_value("" if day is None else day)
    return app.button[0].click().run()


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.markdown if element.value.startswith(":red[")]


def test_every_problem_shows_at_once_and_nothing_typed_is_lost() -> None:
    app = fill(opened(), "Harbor", "12k5", None)
    assert problems(app) == [
        r":red[:material/error: “12k5” is not an amount. Write it like 1,234.50.]",
        r":red[:material/error: The date is missing. Write it like 1/3/2024.]",
    ]
    assert (app.text_input[0].value, app.text_input[1].value) == ("Harbor", "12k5")
    assert "saved" not in app.session_state


def test_a_year_of_five_digits_is_told_and_stays_to_be_put_right() -> None:
    app = fill(opened(), "Harbor", "5", "1/3/20245")
    (told,) = problems(app)
    assert "has the year 20245" in told
    assert app.text_input[2].value == "1/3/20245"
    assert "saved" not in app.session_state


def test_what_was_saved_is_confirmed_once_and_the_form_is_empty_again() -> None:
    app = opened()
    draft = app.session_state["draft_id"]
    fill(app, "Harbor *Bridge*", "1,200.50", "1/3/2024")
    saved = app.session_state["saved"]
    assert list(saved) == [draft]
    assert [str(element) for element in saved[draft]] == (
        ["Harbor *Bridge*", "1200.50", "2024-03-01", "NZD"]
    )
    assert app.success[0].value == r"Saved\: Harbor \*Bridge\*."
    assert app.text_input[0].value == ""
    assert app.session_state["draft_id"] != draft
    app.run()
    assert len(app.success) == 0


def test_the_draft_keeps_its_id_until_it_is_saved() -> None:
    app = opened()
    draft = app.session_state["draft_id"]
    app.session_state["refusal"] = "database"
    fill(app, "Harbor", "5", "1/3/2024")
    assert len(app.exception) == 1
    del app.session_state["refusal"]
    fill(app, "Harbor", "5", "1/3/2024")
    assert list(app.session_state["saved"]) == [draft]


def test_a_negative_amount_is_saved_only_after_the_question() -> None:
    app = fill(opened(), "Harbor", "-500", "1/3/2024")
    assert "saved" not in app.session_state
    assert app.checkbox[0].label.startswith("-500.00 is negative. Is this a credit?")
    app.checkbox[0].check()
    app.button[0].click().run()
    assert len(app.session_state["saved"]) == 1


def test_a_yes_to_one_amount_is_no_yes_to_another() -> None:
    app = fill(opened(), "Harbor", "-500", "1/3/2024")
    app.checkbox[0].check()
    fill(app, "Harbor", "-5000", "1/3/2024")
    assert "saved" not in app.session_state
    assert app.checkbox[0].label.startswith("-5000.00 is negative.")
    assert not app.checkbox[0].value


def test_what_the_database_refuses_stands_beside_its_field() -> None:
    app = opened()
    app.session_state["refusal"] = "exists"
    fill(app, "A*B", "5", "1/3/2024")
    assert problems(app) == [r":red[:material/error: “A\*B” is already a client.]"]
    assert app.text_input[0].value == "A*B"


def test_a_refusal_without_a_field_stands_above_the_button_with_advice() -> None:
    app = opened()
    app.session_state["refusal"] = "elsewhere"
    fill(app, "A", "5", "1/3/2024")
    assert problems(app) == [":red[:material/error: That exists. Use another.]"]


def test_a_save_that_crossed_another_is_told_and_can_be_sent_again() -> None:
    app = opened()
    draft = app.session_state["draft_id"]
    app.session_state["refusal"] = "crossed"
    fill(app, "Harbor", "5", "1/3/2024")
    assert problems(app) == [":red[:material/error: Somebody else was faster. Try again.]"]
    assert [element.value for element in app.text_input] == ["Harbor", "5", "1/3/2024"]
    del app.session_state["refusal"]
    app.button[0].click().run()
    assert list(app.session_state["saved"]) == [draft]


@pytest.mark.parametrize(("day", "before"), [("31/3/2024", "selectbox"), ("1/4/2024", "button")])
def test_a_closed_month_stands_beside_the_date_that_lies_in_it(day: str, before: str) -> None:
    """Where a record would leave the month, above the button; nothing typed is lost."""
    app = opened()
    app.session_state["refusal"] = "closed"
    fill(app, "Harbor", "5", day)
    told = (
        ":red[:material/error: March 2024 is closed. Choose another date, or ask an "
        "administrator to reopen it on the Close months page.]"
    )
    assert problems(app) == [told]
    drawn = [element for element in app.main if element.type in ("selectbox", "button", "markdown")]
    following = drawn[[getattr(element, "value", "") for element in drawn].index(told) + 1]
    assert following.type == before
    assert [element.value for element in app.text_input] == ["Harbor", "5", day]
    assert "saved" not in app.session_state


def conflict_page() -> None:
    import streamlit as st

    from zixly_ui.components.conflict import conflict

    st.session_state.kept = conflict(
        {"revenue": "1,200.00", "note": "a|b"},
        {"revenue": "1,300.00", "note": "a|b"},
        {"revenue": "Revenue", "note": "Note"},
        key="c",
    )


def test_two_versions_stand_side_by_side_and_one_is_chosen() -> None:
    app = AppTest.from_function(conflict_page, default_timeout=60).run()
    assert app.session_state["kept"] is None
    table = app.markdown[0].value.splitlines()
    assert table[2] == "| Revenue | **1,200.00** | **1,300.00** |"
    assert table[3] == r"| Note | a\|b | a\|b |"
    app.button(key="c-theirs").click().run()
    assert app.session_state["kept"] == "theirs"
    app.button(key="c-mine").click().run()
    assert app.session_state["kept"] == "mine"
