"""What a form for a new entry begins with: what the person chose, and nothing they did not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import clients
from zixly_ui.shell.markdown import plain

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


def opened(team: Team, page: str, button: str, **query: Any) -> PageRun:
    """A page as the editor sees it, with these words in its address, and its form open."""
    return open_page(team.editor, page, **{"period": "all", **query}).press(button)


def ids(team: Team) -> list[str]:
    names = clients.names(team.editor).sort_values("client_name")
    return [str(item) for item in names["id"]]


def test_an_event_is_of_the_one_client_that_was_chosen(
    team: Team,
) -> None:
    both = ids(team)
    for wanted, starts in (([], None), (both[1:], both[1]), (both, None)):
        page = opened(team, "lead_funnel", "Add an event", client=wanted)
        assert page.typed("Client") == (starts,)


def test_a_value_is_of_the_one_client_that_was_chosen_or_of_the_metric_that_was_clicked(
    team: Team,
) -> None:
    anna, bert = ids(team)
    for wanted, starts in (([], None), ([anna], anna), ([anna, bert], None)):
        page = opened(team, "custom_kpis", "Record a value", client=wanted)
        assert page.typed("Client", "Metric") == (starts, None)
    page = opened(team, "custom_kpis", "Record a value", of=anna, metric="Speed")
    assert page.typed("Client", "Metric") == (anna, "Speed")


def test_the_unit_of_a_value_is_shown_as_typed(team: Team) -> None:
    page = opened(team, "custom_kpis", "Record a value", of=ids(team)[0], metric="Speed")
    assert f"Value ({plain(UNIT)})" in [item.label for item in page.app.text_input]
    captions = [item.value for item in page.app.caption]
    assert plain(f"Any number, in {UNIT}.") in captions
