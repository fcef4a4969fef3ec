"""The import page with a timesheet: the metric of all its rows is asked for once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.files_of_tools.timesheets import API, HARVEST
from tests.support.imports import rows_of
from tests.support.page_runs import PageRun, open_page
from zixly_data.imports import Kind
from zixly_data.records.delivery import metric_definitions
from zixly_data.tables.metric_definitions import MetricDefinitionDraft

NewTeam = Callable[[], Team]
QUESTION = "Which metric are all rows?"
HEAD = "Client,Project,User,Start date,Duration\n"
MARCH = HEAD + "Harbour,Site,Ann,2024-03-14,1:30\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    books.client(team, "Harbour")
    return team


def given(team: Team, content: str, name: str = "time.csv") -> PageRun:
    return open_page(team.editor, "import_file").give(name, content)


def hours(team: Team) -> list[tuple[str, float]]:
    recorded = rows_of(team.editor, Kind.CUSTOM_METRICS).values()
    return sorted((row["metric_name"], row["metric_value"]) for row in recorded)


def test_the_metric_is_chosen_and_remembered(team: Team) -> None:
    books.metric(team, "Hours worked", unit="hours", adds_up="SUM")
    books.metric(team, "Twice", adds_up="FORMULA", formula="hours_worked * 2")
    page = given(team, MARCH)
    assert page.chosen("What is in the file?") == "Custom metrics"
    assert page.chosen(QUESTION) is None
    assert "Choose the metric to see what the file would change." in page.text
    assert page.field(QUESTION).options == ["Hours worked"]
    page.choose(QUESTION, "Hours worked")
    assert "1 row is new." in page.headings
    page.press("Import 1 new row")
    assert hours(team) == [("Hours worked", 1.5)]

    again = given(team, MARCH.replace("1:30", "2:45").replace("-14", "-15"))
    assert again.chosen(QUESTION) == "Hours worked"
    assert "1 row is new." in again.headings


def test_the_metric_of_billable_hours_is_suggested_for_a_timesheet_alone(team: Team) -> None:
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    assert given(team, MARCH).chosen(QUESTION) == "Billable Hours"
    assert given(team, "Client,Date,Hours\nHarbour,2024-03-14,2\n").chosen(QUESTION) is None


def test_a_metric_that_was_renamed_is_asked_for_again(team: Team) -> None:
    metric = books.metric(team, "Hours worked", unit="hours", adds_up="SUM")
    given(team, MARCH).choose(QUESTION, "Hours worked").press("Import 1 new row")
    draft = MetricDefinitionDraft("Hours", "hours", adds_up="SUM")
    metric_definitions.redefine(team.editor, metric, 1, draft)
    page = given(team, HEAD + "Harbour,Site,Ann,2024-03-15,2:00\n")
    assert page.chosen(QUESTION) is None
    page.choose(QUESTION, "Hours").press("Import 1 new row")
    assert hours(team) == [("Hours", 1.5), ("Hours", 2.0)]


def test_without_any_metric_the_page_says_to_define_one(team: Team) -> None:
    page = given(team, MARCH)
    assert "Define a metric on Custom metrics first" in page.alerts
    assert not page.offers("Import 1 new row")
    # That of billable hours takes one click.
    page.press("Define Billable Hours, in hours")
    assert page.chosen(QUESTION) == "Billable Hours"
    page.press("Import 1 new row")
    assert hours(team) == [("Billable Hours", 1.5)]


def test_a_file_with_a_column_of_metrics_asks_nothing(team: Team) -> None:
    books.metric(team, "Rating", kind="RATING", out_of="5")
    page = given(team, "Client,Metric,Value,Date\nHarbour,Rating,4,2024-03-14\n")
    assert QUESTION not in page.text
    assert "1 row is new." in page.headings


def test_a_timesheet_asks_what_is_billable_and_takes_the_rest_out(team: Team) -> None:
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    page = given(team, HARVEST.text)
    assert page.chosen("Yes: meaning") == "Count"
    assert page.field("No: meaning").options == ["Count", "Leave out"]
    assert not page.offers("Import 2 new rows")
    page.press("Use these meanings")
    assert "2 rows are new and 2 are left out." in page.headings
    assert "Internal" not in page.alerts
    page.press("Import 2 new rows")
    assert hours(team) == [("Billable Hours", 2.0), ("Billable Hours", 2.0)]

    again = given(team, HARVEST.text)
    assert "2 are already recorded and 2 are left out" in " ".join(again.headings).replace(
        "2 rows are", "2 are"
    )


def test_the_page_says_in_which_time_zone_the_days_are(team: Team) -> None:
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    page = given(team, API.text).press("Use these meanings")
    assert "“begin” has times with a time zone. Their days are those in Australia/Brisbane" in (
        page.text
    )
