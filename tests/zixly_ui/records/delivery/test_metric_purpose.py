"""The choice of what a metric is used for, in the form of its definition and on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.identity import Identity
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.values.frames import rows
from zixly_ui.records.delivery import metric_definition_forms
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES

Open = Callable[..., AppTest]
TAKEN = "Billable hours currently come from “Worked”, and only one metric can be used."


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
    return new_team()


@pytest.fixture
def opened(team: Team, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the form as the editor: of a metric, or for a new one."""
    monkeypatch.setattr(session, "current_secret", lambda: team.editor.secret)

    def run(row_id: str | None = None) -> AppTest:
        app = AppTest.from_function(form_page, default_timeout=60)
        app.session_state["row_id"] = row_id
        return app.run()

    return run


def submit(app: AppTest, button: str, **fields: str) -> AppTest:
    """Fill in texts by label, `use` in "Used for", and press the button."""
    use = fields.pop("use", None)
    if use is not None:
        next(box for box in app.selectbox if box.label == "Used for").set_value(use)
    for label, text in fields.items():
        next(field for field in app.text_input if field.label == label).set_value(text)
    app = next(field for field in app.button if field.label == button).click().run()
    assert not app.exception
    return app


def problems(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if text.value.startswith(":red[")]


def purposes(identity: Identity) -> dict[str, str | None]:
    definitions = rows(metric_definitions.definitions(identity))
    return {row["metric_name"]: row["purpose"] for row in definitions}


def test_an_editor_defines_a_metric_for_billable_hours(opened: Open, team: Team) -> None:
    app = opened()
    (use,) = (box for box in app.selectbox if box.label == "Used for")
    assert use.value == "none"
    assert use.options == [
        "Nothing else",
        "Billable hours: hourly rates, and volume and price in What changed",
    ]
    submit(app, "Define metric", Name="Worked", Unit="hours", use=BILLABLE_HOURS)
    assert purposes(team.viewer) == {"Worked": BILLABLE_HOURS}


def test_the_choice_is_kept_by_a_rename_and_can_be_taken_back(opened: Open, team: Team) -> None:
    row_id = books.metric(team, "Worked", unit="hours", purpose=BILLABLE_HOURS)
    submit(opened(row_id), "Save changes", Name="Invoiced")
    assert purposes(team.viewer) == {"Invoiced": BILLABLE_HOURS}
    submit(opened(row_id), "Save changes", use="none")
    assert purposes(team.viewer) == {"Invoiced": None}


def test_the_metric_that_is_used_already_is_named(opened: Open, team: Team) -> None:
    row_id = books.metric(team, "Worked", unit="hours", purpose=BILLABLE_HOURS)
    app = opened()
    assert any(TAKEN in caption.value for caption in app.caption)
    app = submit(app, "Define metric", Name="Invoiced", Unit="hours", use=BILLABLE_HOURS)
    (problem,) = problems(app)
    assert "“Worked” is already used for this, and only one metric can be" in problem
    assert purposes(team.viewer) == {"Worked": BILLABLE_HOURS}
    own = opened(row_id)
    assert not any(TAKEN in caption.value for caption in own.caption)


@pytest.mark.parametrize("unit", ["hours", "Hrs", "h"])
def test_a_unit_of_hours_is_taken_as_it_is(opened: Open, team: Team, unit: str) -> None:
    submit(opened(), "Define metric", Name="Worked", Unit=unit, use=BILLABLE_HOURS)
    assert purposes(team.viewer) == {"Worked": BILLABLE_HOURS}


def test_another_unit_is_asked_about(opened: Open, team: Team) -> None:
    app = submit(opened(), "Define metric", Name="Worked", Unit="minutes", use=BILLABLE_HOURS)
    (question,) = (box for box in app.checkbox if "minutes" in box.label)
    assert "will count as hours" in question.label
    assert purposes(team.viewer) == {}
    question.check()
    submit(app, "Define metric")
    assert purposes(team.viewer) == {"Worked": BILLABLE_HOURS}


def test_a_percentage_is_no_source_of_hours(opened: Open, team: Team) -> None:
    app = opened()
    next(box for box in app.selectbox if box.label == "Type").select("PERCENT").run()
    app = submit(app, "Define metric", Name="Worked", use=BILLABLE_HOURS)
    (problem,) = problems(app)
    assert "Billable hours must be a number, a count or a duration." in problem
    assert purposes(team.viewer) == {}


def test_only_those_who_may_change_metrics_see_their_use(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.metric(team, "Worked", unit="hours", purpose=BILLABLE_HOURS)
    books.metric(team, "Velocity")
    monkeypatch.setattr("streamlit.page_link", lambda *_, **__: None)
    for identity, has_table in ((team.editor, True), (team.viewer, False)):
        monkeypatch.setattr(session, "current_secret", lambda who=identity: who.secret)
        app = AppTest.from_file(str(PAGES / "custom_kpis.py"), default_timeout=60).run()
        assert not app.exception
        labels = [button.label for button in app.button]
        assert ("Define a metric" in labels) == has_table
        tables = [table.value for table in app.dataframe if "purpose_text" in table.value.columns]
        assert [list(table["purpose_text"]) for table in tables] == (
            [["", "Billable hours"]] if has_table else []
        )
    assert "Used for" in [column.label for column in metric_definition_forms.COLUMNS]
