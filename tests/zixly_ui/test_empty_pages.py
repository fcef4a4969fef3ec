"""What a page says where it has nothing to show: what is missing, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import open_page


def test_values_of_another_period_are_pointed_to_whoever_looks(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    client = books.client(team)
    first = "Metrics are defined first"
    for who in (team.viewer, team.editor):
        assert first in open_page(who, "custom_kpis", period="2020-Q1").text
    books.metric(team, "Velocity")
    assert first in open_page(team.viewer, "custom_kpis", period="2020-Q1").text
    assert "Record the first value" in open_page(team.editor, "custom_kpis").text
    books.measure(team, client, "Velocity", "2024-03-05", "4")
    another = "Choose another period or other clients"
    viewer = open_page(team.viewer, "custom_kpis", period="2020-Q1").text
    assert f"{another}." in viewer
    assert first not in viewer
    editor = open_page(team.editor, "custom_kpis", period="2020-Q1").text
    assert f"{another}, or record a value." in editor


def test_without_a_client_the_lead_funnel_leads_to_the_clients(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    for who, way in ((team.viewer, []), (team.editor, ["Go to Clients"])):
        page = open_page(who, "lead_funnel")
        assert "No clients yet" in page.text
        assert "other clients" not in page.text
        assert "0 events" not in page.text
        assert not page.app.selectbox, "nothing to choose from"
        assert list(page.links) == way
    books.client(team)
    assert "No leads began in" in open_page(team.viewer, "lead_funnel").text


def test_of_all_time_no_period_is_named(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    books.event(team, books.client(team), "L-1", "Inquiry", "2024-01-31")
    assert "All leads, in their" in open_page(team.viewer, "lead_funnel", period="all").text
    quarter = open_page(team.viewer, "lead_funnel", period="2024-Q1").text
    assert "Leads whose first event is in Q1 2024" in quarter
