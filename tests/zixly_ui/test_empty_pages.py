"""What a page says where it has nothing to show: what is missing, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.identity import Identity
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES


@pytest.fixture
def links() -> list[str]:
    return []


@pytest.fixture
def opened(links: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Runs a page for somebody, with these words in its address; its links are kept aside."""
    monkeypatch.setattr("streamlit.page_link", lambda *_, label, **__: links.append(label))

    def run(who: Identity, page: str, **address: Any) -> AppTest:
        monkeypatch.setattr(session, "current_secret", lambda: who.secret)
        links.clear()
        app = AppTest.from_file(str(PAGES / page), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return run


def said(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.subheader, *app.markdown, *app.caption])


def test_values_of_another_period_are_pointed_to_whoever_looks(
    opened: Callable[..., AppTest], new_team: Callable[[], Team]
) -> None:
    team = new_team()
    client = books.client(team)
    first = "A metric is defined first"
    for who in (team.viewer, team.editor):
        assert first in said(opened(who, "custom_kpis.py", period="2020-Q1"))
    books.metric(team, "Velocity")
    assert first in said(opened(team.viewer, "custom_kpis.py", period="2020-Q1"))
    assert "Record the first value" in said(opened(team.editor, "custom_kpis.py"))
    books.measure(team, client, "Velocity", "2024-03-05", "4")
    another = "Choose another period or other clients"
    viewer = said(opened(team.viewer, "custom_kpis.py", period="2020-Q1"))
    assert f"{another}." in viewer
    assert first not in viewer
    editor = said(opened(team.editor, "custom_kpis.py", period="2020-Q1"))
    assert f"{another}, or record a value." in editor


def test_without_a_client_the_lead_funnel_leads_to_the_clients(
    opened: Callable[..., AppTest], new_team: Callable[[], Team], links: list[str]
) -> None:
    team = new_team()
    for who, way in ((team.viewer, []), (team.editor, ["Go to Clients"])):
        app = opened(who, "lead_funnel.py")
        assert "There are no clients yet" in said(app)
        assert "other clients" not in said(app)
        assert "0 events" not in said(app)
        assert not app.selectbox, "nothing to choose from"
        assert links == way
    books.client(team)
    assert "No lead began in" in said(opened(team.viewer, "lead_funnel.py"))


def test_of_all_time_no_period_is_named(
    opened: Callable[..., AppTest], new_team: Callable[[], Team]
) -> None:
    team = new_team()
    books.event(team, books.client(team), "L-1", "Inquiry", "2024-01-31")
    assert "Counted are all leads, with" in said(
        opened(team.viewer, "lead_funnel.py", period="all")
    )
    quarter = said(opened(team.viewer, "lead_funnel.py", period="2024-Q1"))
    assert "Counted are all leads whose first event lies in Q1 2024" in quarter
