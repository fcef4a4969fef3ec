"""Metrics by pages: a metric beyond the first page, and histories that do not grow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.figures.delivery import metric_history
from zixly_data.records.delivery import metrics
from zixly_data.values import paging
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows as plain
from zixly_data.values.paging import PageRequest

NewTeam = Callable[[], Team]


def test_a_metric_on_another_page_is_found_and_a_history_ends_with_the_last_values(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    ours = [books.client(team, name) for name in ("Ada", "Bob", "Cy")]
    books.metric(team, "Hours")
    for client in ours:
        for day in ("2024-01-01", "2024-01-02", "2024-01-03"):
            books.measure(team, client, "Hours", day, day[-1])
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    second = metric_history.page(team.viewer, None, None, PageRequest(1))
    assert (second.count, list(second.frame["client_name"])) == (3, ["Cy"])
    assert next(iter(second.frame["trend"])) == [1, 2, 3]
    (found,) = plain(metric_history.of_series(team.viewer, None, None, ours[0], "Hours"))
    assert (found["client_name"], found["metric_value"]) == ("Ada", 3)
    only_bob = ClientFilter((ours[1],))
    assert metric_history.of_series(team.viewer, None, only_bob, ours[0], "Hours").empty
    of_bob = metrics.page(team.viewer, books.Q1_2024, only_bob, metric_name="Hours")
    assert (of_bob.count, list(of_bob.frame["metric_value"])) == (3, [3, 2])
    monkeypatch.setattr(metric_history, "HISTORY_POINTS", 2)
    assert list(metric_history.history(team.viewer, ours[0], "Hours")["metric_value"]) == [2, 3]


def test_whether_there_is_any_value(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    books.metric(team, "Hours")
    books.measure(team, books.client(team), "Hours", "2024-01-01", "1")
    assert metrics.has_values(team.viewer)
    assert not metrics.has_values(others.viewer)
