"""Defining a computed metric: its fields, its preview before it is saved, and its mistakes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.delivery import metric_definitions
from zixly_data.values.dates import add_months
from zixly_data.values.frames import rows
from zixly_ui.records.delivery.formula_forms import FORMULA, RATIO
from zixly_ui.shell import session

Open = Callable[..., AppTest]


def form_page() -> None:
    """The form of the metric in the session state, or of a new one."""
    import streamlit as st

    from zixly_data.records.delivery import metric_definitions
    from zixly_ui.components.forms import show_confirmation
    from zixly_ui.records.delivery import metric_definition_forms
    from zixly_ui.shell.session import require_identity

    identity = require_identity()
    definitions = metric_definitions.definitions(identity)
    show_confirmation()
    row_id = st.session_state.get("row_id")
    if row_id is None:
        metric_definition_forms.define_dialog(identity, definitions)
    else:
        metric_definition_forms.change_definition(identity, definitions, [row_id])


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """A team with a client that has 8 hours and 1,000 of revenue in the last month."""
    team = new_team()
    client = books.client(team, "Harbour")
    books.metric(team, "Hours", unit="hours", adds_up="SUM", over_clients="SUM")
    books.metric(team, "Score", adds_up="AVERAGE")
    month = last_month(team.viewer)
    books.measure(team, client, "Hours", month, "8")
    books.measure(team, client, "Score", month, "3")
    books.money(team, client, month, "1000")
    return team


@pytest.fixture
def opened(team: Team, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the form as the editor: of a metric, or for a new one from `source`."""
    monkeypatch.setattr(session, "current_secret", lambda: team.editor.secret)

    def run(source: str | None = None, row_id: str | None = None) -> AppTest:
        app = AppTest.from_function(form_page, default_timeout=60)
        app.session_state["row_id"] = row_id
        app.run()
        if source is not None:
            box(app, "Values").set_value(source)
            app.run()
        return app

    return run


def last_month(identity: Identity) -> date:
    return add_months(tenants.get(identity).today().replace(day=1), -1)


def box(app: AppTest, label: str) -> object:
    return next(box for box in app.selectbox if box.label == label)


def fill(app: AppTest, button: str, **fields: str) -> AppTest:
    """Fill in texts and choices by label, with spaces as `_`, and press the button."""
    for name, text in fields.items():
        label = name.replace("_", " ")
        widgets = [*app.text_input, *app.selectbox]
        next(widget for widget in widgets if widget.label == label).set_value(text)
    app = next(field for field in app.button if field.label == button).click().run()
    assert not app.exception
    return app


def problems(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if text.value.startswith(":red[")]


def stored(identity: Identity) -> dict[str, tuple[str, str | None]]:
    definitions = rows(metric_definitions.definitions(identity))
    return {row["metric_name"]: (row["adds_up"], row["formula"]) for row in definitions}


def last_row(app: AppTest) -> tuple[str, ...]:
    """Month, value and clients of the last month in the preview."""
    (table,) = app.dataframe
    assert len(table.value) == 12
    row = table.value.iloc[-1]
    return tuple(str(row[name]) for name in ("value_text", "note"))


def test_a_formula_is_previewed_and_then_saved(opened: Open, team: Team) -> None:
    app = fill(opened(FORMULA), "Preview", Name="Rate", Formula="Revenue ÷ Hours", Unit="per hour")
    assert last_row(app) == ("125 per hour", "1 client")
    assert "Rate" not in stored(team.viewer)
    app = fill(app, "Define metric")
    assert stored(team.viewer)["Rate"] == (FORMULA, "revenue / hours")
    assert "Rate." in app.success[0].value
    assert "record its values" not in app.success[0].value


def test_a_ratio_is_chosen_from_lists(opened: Open, team: Team) -> None:
    app = opened(RATIO)
    divide = box(app, "Divide")
    assert divide.options == [  # type: ignore[attr-defined]
        "Revenue, from Financials", "Expenses, from Financials", "Profit, from Financials",
        "Hours, hours", "Score, points",
    ]  # fmt: skip
    app = fill(app, "Preview")
    assert len(problems(app)) == 2
    fill(app, "Define metric", Name="Rate", Unit="per hour", Divide="revenue", By="hours")
    assert stored(team.viewer)["Rate"] == (RATIO, "revenue / hours")


def test_a_client_is_previewed_where_all_have_no_value(opened: Open, team: Team) -> None:
    app = fill(opened(FORMULA), "Preview", Name="Twice", Formula="score * 2", Unit="points")
    assert not app.dataframe
    assert "does not add up over clients" in app.info[0].value
    (client,) = [option for option in box(app, "Preview for").options if option != "All clients"]  # type: ignore[attr-defined]
    assert client == "Harbour"
    box(app, "Preview for").select_index(1)  # type: ignore[attr-defined]
    app = fill(app, "Preview")
    assert last_row(app) == ("6 points", "")


def test_the_preview_says_why_there_is_no_value(opened: Open, team: Team) -> None:
    app = fill(opened(FORMULA), "Preview", Name="None", Formula="hours / (hours - hours)", Unit="x")
    assert last_row(app) == ("–", "No value: it would divide by zero")
    first = app.dataframe[0].value.iloc[0]
    assert first["note"] == "No value: something it uses has none"


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("", "Enter a formula, such as revenue / billable_hours."),
        ("revenue / elsewhere", "There is no “elsewhere” to use in formulas."),
        ("rate * 2", "“rate” is this metric, and a metric cannot be computed from itself."),
        ("(revenue", "The formula has a parenthesis that is never closed."),
        ("x" * 10_000, "The formula has 10,000 characters. It can have up to 500."),
    ],
)
@pytest.mark.parametrize("button", ["Preview", "Define metric"])
def test_a_mistake_is_said_and_nothing_lost(
    opened: Open, team: Team, button: str, formula: str, sentence: str
) -> None:
    before = stored(team.viewer)
    app = fill(opened(FORMULA), button, Name="Rate", Formula=formula, Unit="per hour")
    (problem,) = problems(app)
    assert sentence.replace("_", "\\_").replace("(", "\\(") in problem
    texts = {field.label: field.value for field in app.text_input}
    assert (texts["Name"], texts["Formula"]) == ("Rate", formula)
    assert stored(team.viewer) == before
    fill(app, "Define metric", Formula="hours * 2")
    assert stored(team.viewer)["Rate"] == (FORMULA, "hours * 2")


def test_a_saved_formula_opens_with_its_preview(opened: Open, team: Team) -> None:
    rate = books.metric(team, "Rate", adds_up="FORMULA", formula="revenue / hours")
    app = opened(row_id=rate)
    assert last_row(app)[0] == "125 points"
    assert not [field for field in app.selectbox if field.label == "Values"]
    app = fill(app, "Save changes", Formula="profit / hours")
    assert stored(team.viewer)["Rate"] == (FORMULA, "profit / hours")


def test_a_recorded_metric_names_its_symbol(opened: Open, team: Team) -> None:
    (hours,) = [
        row["id"]
        for row in rows(metric_definitions.definitions(team.viewer))
        if row["metric_name"] == "Hours"
    ]
    app = opened(row_id=hours)
    assert "In formulas: `hours`" in [caption.value for caption in app.caption]
    books.metric(team, "Rate", adds_up="FORMULA", formula="revenue / hours")
    app = next(button for button in app.button if button.label == ":red[Delete permanently]")
    app = app.click().run()  # type: ignore[assignment]
    assert "“Rate” is computed from this metric, so it cannot be deleted." in app.error[0].value  # type: ignore[attr-defined]
