"""Times of lead events in files: read in the tenant's time zone, and back unchanged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed, reasons
from zixly_data.database.connection import scoped
from zixly_data.errors import InvalidInput
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.imports import Kind, previews
from zixly_data.imports.cells.times import read_time
from zixly_data.imports.proposals import Action
from zixly_data.records.pipeline import lead_states, leads
from zixly_data.values.frames import rows
from zixly_data.values.times import instant, parse_time

NewTeam = Callable[[], Team]
HEAD = "client_name,date,time,lead_id,stage\n"
DAY = date(2026, 11, 20)


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """With one client, in Brisbane (UTC+10)."""
    team = new_team()
    books.client(team, "Harbour")
    return team


def exported(team: Team) -> str:
    file = record_files.write(team.editor, Rows(Table.LEAD_EVENTS))
    return b"".join(file.pieces()).decode()


def test_a_lead_reopened_on_a_day_comes_in_and_goes_out_unchanged(team: Team) -> None:
    text = (
        f"{HEAD}Harbour,2/11/2026,,Website,Proposal sent\n"
        "Harbour,20/11/2026,09:15,Website,Lost\nHarbour,20/11/2026,4.40 pm,Website,Consultation\n"
    )
    imported(team.editor, Kind.LEAD_EVENTS, text)
    (lead,) = rows(lead_states.page(team.viewer, books.ALWAYS).frame)
    assert (lead["stage"], lead["status"]) == ("Consultation", "OPEN")
    file = exported(team)
    assert "2026-11-20T06:40:00Z" in file
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, file)) == "UUU"
    # Without ids, the rows are found by their values.
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, text)) == "UUU"


def test_a_changed_time_zone_changes_nothing_of_our_own_file(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEAD}Harbour,20/11/2026,0:30,Website,Lost\n")
    file = exported(team)
    with scoped(team.admin) as connection:
        connection.execute(sa.text("update tenants set time_zone = 'America/Los_Angeles'"))
    assert exported(team) == file
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, file)) == "U"


def test_a_file_without_times_leaves_them_and_an_empty_cell_clears_them(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEAD}Harbour,20/11/2026,9:15,Website,Lost\n")
    without = "client_name,date,lead_id,stage\nHarbour,20/11/2026,Website,Lost\n"
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, without)) == "U"
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEAD}Harbour,20/11/2026,,Website,Lost\n")
    assert leads.events(team.viewer, books.ALWAYS)["event_at"].isna().all()


def test_the_preview_shows_times_as_people_read_them(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEAD}Harbour,20/11/2026,9:15,Website,Lost\n")
    changed = proposed(
        team.editor,
        Kind.LEAD_EVENTS,
        f"{HEAD}Harbour,20/11/2026,2026-11-20T10:30:00+11:00,Website,Lost\n",
    )
    (change,) = rows(previews.changes(changed))
    assert (change["column"], change["now"], change["file"]) == ("Time", "09:15", "09:30")
    (row,) = rows(previews.rows(changed, Action.CHANGED))
    assert row["event_at"] == "09:30"


def test_a_time_that_cannot_be_read_rejects_its_row(team: Team) -> None:
    text = f"{HEAD}Harbour,20/11/2026,soon,A,Lost\nHarbour,20/11/2026,2026-11-25 10:00,A,Lost\n"
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text)
    assert did(proposal) == "RR"
    assert reasons(proposal) == [
        "“soon” is not a time. Write it like 14:30.",
        "The time is on another day than the date.",
    ]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("14:30", "2026-11-20T04:30:00+00:00"),
        ("2.30 PM", "2026-11-20T04:30:00+00:00"),
        ("12:05 am", "2026-11-19T14:05:00+00:00"),
        ("14:30:05", "2026-11-20T04:30:05+00:00"),
        (Decimal("0.604166666666667"), "2026-11-20T04:30:00+00:00"),
        ("2026-11-20 14:30", "2026-11-20T04:30:00+00:00"),
        ("2026-11-20T04:30:00Z", "2026-11-20T04:30:00+00:00"),
        ("2026-11-20T04:30:00.250000Z", "2026-11-20T04:30:00.250000+00:00"),
        ("2026-11-20T00:30:00-0400", "2026-11-20T04:30:00+00:00"),
        ("2026-11-19T23:30:00Z", "2026-11-19T23:30:00+00:00"),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(cell: str | Decimal, moment: str) -> None:
    assert read_time(cell, DAY, "Australia/Brisbane") == moment


@pytest.mark.parametrize(
    "cell",
    ["25:00", "13:30 pm", "14:60", "1430", "2026-13-20 10:00", "2026-11-20T10:00:00+99:99:99",
     "2026-11-22T00:30:00Z", Decimal(2), True, DAY, "9" * 500],
)  # fmt: skip
def test_no_other_time_is_guessed(cell: str | Decimal | bool | date) -> None:
    with pytest.raises(InvalidInput):
        read_time(cell, DAY, "Australia/Brisbane")


@pytest.mark.parametrize(
    ("day", "clock", "sentence"),
    [
        (date(2026, 10, 4), "02:30", "02:30 on 4 Oct 2026 does not exist, because clocks go forwa"),
        (date(2026, 4, 5), "02:30", "02:30 on 5 Apr 2026 occurs twice, because clocks go back"),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_asked_about(
    day: date, clock: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        instant(day, parse_time(clock), "Australia/Melbourne")
    before = instant(day, parse_time("01:30"), "Australia/Melbourne")
    assert before == datetime(day.year, day.month, day.day - 1, 15 if day.month == 10 else 14, 30,
                              tzinfo=UTC)  # fmt: skip
