"""A timesheet from the command line: the metric of its rows, and which of them are billable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.files_of_tools.timesheets import HARVEST
from tests.support.imports import rows_of
from tests.support.servers.command_line import Ended
from zixly_data.imports import Kind

Zixly = Callable[..., Ended]
METRIC = "Billable Hours"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Harbour", client_id="HC")
    books.metric(team, METRIC, unit="hours", purpose="BILLABLE_HOURS")
    return team


@pytest.fixture
def harvest(tmp_path: Path) -> str:
    (tmp_path / "harvest.csv").write_text(HARVEST.text)
    return str(tmp_path / "harvest.csv")


def hours(team: Team) -> list[float]:
    return [row["metric_value"] for row in rows_of(team.editor, Kind.CUSTOM_METRICS).values()]


def test_it_comes_in_without_editing(zixly: Zixly, team: Team, harvest: str) -> None:
    command = ("import", "custom-metrics", harvest, "--as", team.editor.email)
    answers = ("--rows", "Billable?:Yes=count", "--rows", "billable:no=leave-out")
    unnamed = zixly(*command)
    assert unnamed.returncode == 2
    assert unnamed.stderr.splitlines()[:2] == [
        "The file has no column for the metric of its rows.",
        f"Choose one, with --metric in the command: {METRIC}.",
    ]
    unknown = zixly(*command, "--metric", "Speed")
    assert unknown.stderr.startswith("There is no metric “Speed”.")
    assert hours(team) == []

    done = zixly(*command, "--metric", "billable hours", *answers)
    assert done.returncode == 0, done.stderr
    assert hours(team) == [2, 2]
    again = zixly(*command)
    assert again.returncode == 0, "the answers are remembered with the header"
    assert "changes nothing" in again.stderr


def test_a_file_that_names_metrics_takes_no_other(zixly: Zixly, team: Team, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(f"Client,Metric,Value,Date\nHarbour,{METRIC},4,2024-03-14\n")
    command = ("import", "custom-metrics", str(file), "--as", team.editor.email)
    refused = zixly(*command, "--metric", METRIC)
    assert refused.returncode == 2
    assert refused.stderr.startswith("The file has a column of metrics, “Metric”.")
    assert hours(team) == []
    assert zixly(*command, "--metric", METRIC, "--column", "metric_name=").returncode == 0
    assert hours(team) == [4]
