"""Moments with a time zone become days of the organisation's time zone, and it is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed
from zixly_data.imports import Kind
from zixly_data.imports.cells.times import local_days

NewTeam = Callable[[], Team]
BRISBANE = "Australia/Brisbane"
HEAD = "client,date,revenue\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """With one client, in Brisbane (UTC+10)."""
    team = new_team()
    books.client(team, "Harbour")
    return team


@pytest.mark.parametrize(
    ("cell", "zone", "day"),
    [
        ("2024-03-04T22:30:00Z", BRISBANE, "2024-03-05"),
        ("2024-03-04T22:30Z", BRISBANE, "2024-03-05"),
        ("2024-03-04 22:30:00 UTC", BRISBANE, "2024-03-05"),
        ("2024-03-04T22:30:00.123+00:00", BRISBANE, "2024-03-05"),
        ("2024-03-04T13:59:59Z", BRISBANE, "2024-03-04"),
        ("2024-03-05T08:30:00+10:00", "UTC", "2024-03-04"),
        ("2024-03-04T20:00:00-0500", BRISBANE, "2024-03-05"),
        ("2024-03-31T22:30:00Z", "Europe/Berlin", "2024-04-01"),
        ("2024-03-10T02:30:00Z", "America/New_York", "2024-03-09"),
    ],
)
def test_a_moment_is_a_day_in_our_zone(cell: str, zone: str, day: str) -> None:
    days, (sentence,) = local_days([cell, None], zone, "Start")
    assert list(days) == [day, None]
    assert sentence.startswith(
        f"“Start” has times with a time zone. Their days are those in {zone}:"
    )


@pytest.mark.parametrize(
    "cell",
    ["2024-03-04", "2024-03-04T22:30:00", "2024-03-04 22:30", "4/3/2024 10:30 pm", "22:30Z",
     "2024-13-04T22:30:00Z", "2024-03-04T22:30:00+99:00"],
)  # fmt: skip
def test_a_day_or_a_time_without_zone_stays_as_written(cell: str) -> None:
    assert local_days([cell], BRISBANE, "Start") == ([cell], [])


def test_a_column_of_midnights_has_days(team: Team) -> None:
    midnights = ["2024-03-04T00:00:00Z", "2024-03-05T00:00:00.000Z"]
    assert local_days(midnights, "America/New_York", "Date") == (midnights, [])
    text = HEAD + "Harbour,2024-03-04T00:00:00Z,5\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, text)
    assert proposal.staged.columns["record_date"] == ["2024-03-04"]


@pytest.mark.parametrize("kind", [Kind.FINANCIALS, Kind.LEAD_EVENTS, Kind.OVERHEADS])
def test_every_kind_has_days_of_our_zone(team: Team, kind: Kind) -> None:
    text = {
        Kind.FINANCIALS: "client,date,revenue\nHarbour,2024-03-04T22:30:00Z,5\n",
        Kind.OVERHEADS: "supplier,date,amount\nRent,2024-03-04T22:30:00Z,5\n",
        Kind.LEAD_EVENTS: "client,date,lead_id,stage\nHarbour,2024-03-04T22:30:00Z,L,Inquiry\n",
    }[kind]
    proposal = proposed(team.editor, kind, text, currency="AUD")
    name = "event_date" if kind is Kind.LEAD_EVENTS else "record_date"
    assert proposal.staged.columns[name] == ["2024-03-05"]
    assert proposal.staged.notes == [
        f"“date” has times with a time zone. Their days are those in {BRISBANE}: "
        "2024-03-04T22:30:00Z is 5 Mar 2024."
    ]


def test_the_same_moments_again_change_nothing(team: Team) -> None:
    text = HEAD + "Harbour,2024-03-04T22:30:00Z,5\nHarbour,2024-03-05T01:00:00Z,7\n"
    imported(team.editor, Kind.FINANCIALS, text)
    assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "UU"
    days = HEAD + "Harbour,2024-03-05,5\nHarbour,2024-03-05,7\n"
    assert did(proposed(team.editor, Kind.FINANCIALS, days)) == "UU"
