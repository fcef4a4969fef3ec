"""What a form for a new entry begins with: what the person chose, and nothing they did not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.records import clients
from zixly_ui.shell import session
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import PAGES

UNIT = "[km](https://evil.example)"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """Two clients with a lead each, and with values of a metric that both miss."""
    team = new_team()
    books.metric(team, "Speed", unit=UNIT, target="100")
    for name, value in (("Anna", "60"), ("Bert", "10")):
        client = books.client(team, name, client_id=name)
        books.event(team, client, f"Lead of {name}", "Proposal sent", "2024-03-05")
        books.measure(team, client, "Speed", "2024-03-05", value)
    return team


@pytest.fixture
def opened(team: Team, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Runs a page as the editor, with these words in its address, and presses the button."""
    monkeypatch.setattr(session, "current_secret", lambda: team.editor.secret)

    def run(page: str, button: str, **address: Any) -> AppTest:
        app = AppTest.from_file(str(PAGES / page), default_timeout=60)
        for name, value in {"period": "all", **address}.items():
            app.query_params[name] = value
        app.run()
        app.button(key=button).click().run()
        assert not app.exception
        return app

    return run


def chosen(app: AppTest, label: str) -> str | None:
    """What the open form shows as chosen."""
    (box,) = (each for each in app.selectbox if each.label == label)
    value: str | None = box.value
    return value


def ids(team: Team) -> list[str]:
    found = clients.names(team.editor).sort_values("client_name")
    return [str(each) for each in found["id"]]


def test_an_event_is_of_the_one_client_that_was_chosen(
    opened: Callable[..., AppTest], team: Team
) -> None:
    both = ids(team)
    for wanted, starts in (([], None), (both[1:], both[1]), (both, None)):
        app = opened("lead_funnel.py", "add-event", client=wanted)
        assert chosen(app, "Client") == starts


def test_a_value_is_of_the_one_client_that_was_chosen_or_of_the_metric_that_was_clicked(
    opened: Callable[..., AppTest], team: Team
) -> None:
    anna, bert = ids(team)
    for wanted, starts in (([], None), ([anna], anna), ([anna, bert], None)):
        app = opened("custom_kpis.py", "record-value", client=wanted)
        assert (chosen(app, "Client"), chosen(app, "Metric")) == (starts, None)
    app = opened("custom_kpis.py", "record-value", of=anna, metric="Speed")
    assert (chosen(app, "Client"), chosen(app, "Metric")) == (anna, "Speed")


def test_the_unit_of_a_value_is_shown_as_typed(opened: Callable[..., AppTest], team: Team) -> None:
    app = opened("custom_kpis.py", "record-value", of=ids(team)[0], metric="Speed")
    assert f"Value ({plain(UNIT)})" in [each.label for each in app.text_input]
    captions = [each.value for each in app.caption]
    assert plain(f"Any number, in {UNIT}.") in captions
