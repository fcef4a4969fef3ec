"""A file that names no metric: all its rows are values of one that a person chooses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed, rows_of
from zixly_data.errors import InvalidInput
from zixly_data.figures.delivery.all_values import value_of
from zixly_data.imports import Kind, Mapping, missing_columns, needs_metric
from zixly_data.values.period import between

NewTeam = Callable[[], Team]
TEXT = "Client,Date,Hours\nHarbour,2024-03-14,1:30\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    books.client(team, "Harbour")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    books.metric(team, "Twice", adds_up="FORMULA", formula="billable_hours * 2")
    return team


def test_it_is_needed_where_no_column_names_it() -> None:
    columns = {"client_name": 0, "date": 1, "metric_value": 2}
    assert needs_metric(Kind.CUSTOM_METRICS, Mapping(columns))
    assert missing_columns(Kind.CUSTOM_METRICS, Mapping(columns)) == []
    assert not needs_metric(Kind.CUSTOM_METRICS, Mapping(columns, metric="Billable Hours"))
    assert not needs_metric(Kind.CUSTOM_METRICS, Mapping({**columns, "metric_name": 3}))
    assert not needs_metric(Kind.FINANCIALS, Mapping(columns))


def test_it_is_matched_without_case_and_remembered(team: Team) -> None:
    imported(team.editor, Kind.CUSTOM_METRICS, TEXT, metric=" billable  HOURS ")
    (row,) = rows_of(team.editor, Kind.CUSTOM_METRICS).values()
    assert (row["metric_name"], row["metric_value"], row["unit"]) == (
        "Billable Hours",
        1.5,
        "hours",
    )
    april = TEXT.replace("-03-", "-04-")
    assert did(proposed(team.editor, Kind.CUSTOM_METRICS, april)) == "N"


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (None, "The file has no column for the metric of its rows."),
        ("Speed", "There is no metric “Speed”."),
        ("Twice", "“Twice” is computed from billable_hours * 2"),
    ],
)
def test_another_one_is_refused_in_words(team: Team, metric: str | None, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        proposed(team.editor, Kind.CUSTOM_METRICS, TEXT, metric=metric)
    assert str(refused.value).startswith(sentence)
    assert refused.value.field == "metric"
    if metric != "Twice":
        assert refused.value.advice.endswith("Billable Hours.")


def test_an_organisation_without_metrics_defines_one_first(new_team: NewTeam) -> None:
    team = new_team()
    with pytest.raises(InvalidInput) as refused:
        proposed(team.editor, Kind.CUSTOM_METRICS, TEXT)
    assert refused.value.advice == "Define the metric on Custom metrics first."


def test_several_values_of_a_day_are_said_where_only_the_last_counts(team: Team) -> None:
    books.metric(team, "Open tickets", "COUNT", unit="tickets")
    text = "Client,Date,Value\n" + "".join(f"Harbour,2024-03-14,{n}\n" for n in (3, 4, 5))
    (note,) = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric="Open tickets").staged.notes
    assert note == (
        "“Open tickets” keeps the last value of a day: 2 earlier values of the same client and day "
        "will not count. If they should add up, change the metric on Custom metrics."
    )
    adding = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric="Billable Hours")
    assert adding.staged.notes == []
    assert did(adding) == "NNN"


def test_entries_of_a_day_add_up(team: Team) -> None:
    harbour = next(iter(rows_of(team.editor, Kind.CLIENTS)))
    hours = books.metric(team, "Hours", adds_up="SUM", over_clients="SUM", unit="h")
    text = "client,metric_name,metric_value,date\n" + "".join(
        f"Harbour,Hours,{value},2024-04-03\n" for value in ("2.5", "3", "1:15")
    )
    imported(team.editor, Kind.CUSTOM_METRICS, text)
    april = value_of(team.viewer, hours, harbour, between("2024-04-01", "2024-04-30"))
    assert april is not None
    assert (april.value, april.records) == (Decimal("6.75"), 3)
