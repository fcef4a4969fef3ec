"""Durations of files: exact hours from whatever people and programs write, or a reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed, reasons, rows_of
from zixly_data.errors import InvalidInput
from zixly_data.imports import Kind
from zixly_data.imports.cells.durations import (
    DurationUnits,
    duration_text,
    heading_seconds,
    in_unit,
    parse_duration,
    unit_seconds,
)
from zixly_data.imports.cells.mapping import DecimalMark

NewTeam = Callable[[], Team]
HOURS = DurationUnits(3600, 3600)
HEAD = "client,metric_name,metric_value,date\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    books.client(team, "Harbour")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    return team


def values(team: Team) -> list[float]:
    recorded = rows_of(team.editor, Kind.CUSTOM_METRICS).values()
    return [row["metric_value"] for row in sorted(recorded, key=lambda row: row["record_date"])]


@pytest.mark.parametrize(
    ("text", "mark", "hours"),
    [
        ("01:30:00", ".", "1.5"), ("1:30", ".", "1.5"), ("8:00", ".", "8"), ("8h", ".", "8"),
        ("2h 15m", ".", "2.25"), ("2h15m", ".", "2.25"), ("1h30", ".", "1.5"),
        ("90 min", ".", "1.5"), ("90 Minuten", ".", "1.5"), ("1,5 Std.", ",", "1.5"),
        ("1,5 Std.", ".", "1.5"), ("1 Std. 30 Min.", ",", "1.5"), ("PT1H30M", ".", "1.5"),
        ("PT45S", ".", "0.0125"), ("P1DT2H", ".", "26"), ("1.5", ".", "1.5"), ("1,5", ",", "1.5"),
        ("2 hours and 15 minutes", ".", "2.25"), ("2 Stunden und 15 Minuten", ",", "2.25"),
        ("30:00:00", ".", "30"), ("160:30", ".", "160.5"), ("1:30 h", ".", "1.5"),
        ("0:20", ".", "0.3333"), ("0:40", ".", "0.6667"), ("0:00:01", ".", "0.0003"),
        ("3600 s", ".", "1"), (" 1:30 ", ".", "1.5"), ("00:00:00", ".", "0"),
    ],
)  # fmt: skip
def test_it_is_so_many_hours(text: str, mark: DecimalMark, hours: str) -> None:
    number = in_unit(parse_duration(text, mark, HOURS, "Value"), HOURS.metric)
    assert format(number.normalize(), "f") == hours


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1:75", "“1:75” has 75 minutes beside larger units."),
        ("1:30:61", "“1:30:61” has 61 seconds beside larger units."),
        ("2h 75m", "“2h 75m” has 75 m beside larger units."),
        ("-1:30", "“-1:30” is below zero."),
        ("(2h)", "“(2h)” is below zero."),
        ("2 days", "“2 days” counts days or weeks, which may be working time."),
        ("1d 2h", "“1d 2h” counts days or weeks, which may be working time."),
        ("15m 2h", "“15m 2h” is not a duration."),
        ("1h 2h", "“1h 2h” is not a duration."),
        ("1:30 pm", "“1:30 pm” is not a duration."),
        ("yes", "“yes” is not a duration."),
        ("12%", "“12%” is not a duration."),
        ("PT", "“PT” is not a duration."),
        ("half an hour", "“half an hour” is not a duration."),
    ],
)
def test_it_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_duration(text, ".", HOURS, "Value")
    assert str(refused.value).startswith(reason)


def test_a_metric_in_minutes_asks_for_all_three_parts() -> None:
    minutes = DurationUnits(60, 60)
    with pytest.raises(InvalidInput, match="hours and minutes, or minutes and seconds"):
        parse_duration("5:30", ".", minutes, "Value")
    assert in_unit(parse_duration("0:05:30", ".", minutes, "Value"), 60) == Fraction(11, 2)
    assert (
        in_unit(parse_duration("2 days", ".", DurationUnits(86_400, 86_400), "Value"), 86_400) == 2
    )


@pytest.mark.parametrize(
    ("heading", "seconds"),
    [
        ("Duration (h)", 3600), ("Hours", 3600), ("Dauer (Stunden)", 3600), ("Minutes", 60),
        ("Duration (min)", 60), ("duration_seconds", 1), ("Duration", None), ("Amount (m)", None),
        ("Dauer (dezimal)", None),
    ],
)  # fmt: skip
def test_a_heading_names_the_unit_of_its_numbers(heading: str, seconds: int | None) -> None:
    assert heading_seconds(heading) == seconds


def test_a_unit_of_a_metric_is_one_of_time() -> None:
    named = {unit: unit_seconds(unit) for unit in ("Hours", "hrs", "Std.", "min", "days", "points")}
    assert named == {
        "Hours": 3600, "hrs": 3600, "Std.": 3600, "min": 60, "days": 86_400, "points": None,
    }  # fmt: skip


@given(st.integers(0, 10_000 * 3600))
def test_each_way_of_writing_it_is_the_same_duration(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    texts = [
        f"{hours}:{minutes:02}:{rest:02}", f"{hours}h {minutes}m {rest}s",
        f"{hours} Std. {minutes} Min. {rest} Sek.", f"PT{hours}H{minutes}M{rest}S", f"{seconds}s",
    ]  # fmt: skip
    assert {parse_duration(text, ".", HOURS, "Value") for text in texts} == {seconds}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [("5400.0", "1:30:00"), ("108000", "30:00:00"), ("26099.999712", "7:15:00"),
     ("1199.88", "0:19:59.880"), ("-60", "-0:01:00"), ("59.9999", "0:01:00")],
)  # fmt: skip
def test_a_fraction_of_a_day_is_a_time(seconds: str, text: str) -> None:
    assert duration_text(Decimal(seconds)) == text


def test_durations_of_a_csv_are_hours(team: Team) -> None:
    text = HEAD + (
        "Harbour,Billable Hours,01:30:00,2024-05-03\n"
        "Harbour,Billable Hours,2h 15m,2024-05-04\n"
        "Harbour,Billable Hours,8:00,2024-05-05\n"
    )
    imported(team.editor, Kind.CUSTOM_METRICS, text)
    assert values(team) == [1.5, 2.25, 8]
    assert did(proposed(team.editor, Kind.CUSTOM_METRICS, text)) == "UUU"


def test_durations_of_a_workbook_are_hours(team: Team) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["client", "metric_name", "metric_value", "date"])
    cells = [
        (timedelta(hours=1, minutes=30), "[h]:mm"), (timedelta(hours=30), "[h]:mm"),
        (time(7, 15), "h:mm"), (1.25, "h:mm"), (0.30208333, "[h]:mm:ss"), (2.5, "General"),
    ]  # fmt: skip
    for day, (value, shown) in enumerate(cells, start=1):
        sheet.append(["Harbour", "Billable Hours", value, date(2024, 6, day)])
        sheet.cell(day + 1, 3).number_format = shown
    content = io.BytesIO()
    book.save(content)
    imported_file = proposed(
        team.editor, Kind.CUSTOM_METRICS, content.getvalue(), name="hours.xlsx"
    )
    figures = imported_file.staged.columns["metric_value"]
    assert figures == ["1.5", "30", "7.25", "30", "7.25", "2.5"]
    assert did(imported_file) == "NNNNNN"


def test_a_day_of_a_workbook_stays_a_day(team: Team) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["client", "metric_name", "metric_value", "date"])
    sheet.append(["Harbour", "Billable Hours", 1, datetime(2024, 6, 1, 9, 30)])
    sheet.append(["Harbour", "Billable Hours", datetime(2024, 6, 1, 9, 30), date(2024, 6, 1)])
    content = io.BytesIO()
    book.save(content)
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, content.getvalue(), name="hours.xlsx")
    assert proposal.staged.columns["record_date"] == ["2024-06-01", "2024-06-01"]
    assert reasons(proposal) == [
        "The date 1 Jun 2024 is not valid here. Use a duration, like 1:30."
    ]


def test_what_is_rounded_is_said(team: Team) -> None:
    thirds = HEAD + "Harbour,Billable Hours,0:20,2024-05-03\n"
    (note,) = proposed(team.editor, Kind.CUSTOM_METRICS, thirds).staged.notes
    assert note == "Durations have four decimals: 0:20 is 0.3333."
    halves = thirds.replace("0:20", "0:30")
    assert proposed(team.editor, Kind.CUSTOM_METRICS, halves).staged.notes == []


def test_each_metric_has_durations_in_its_own_unit(team: Team) -> None:
    books.metric(team, "Reply", "DURATION", unit="minutes")
    books.metric(team, "Turnaround", "DURATION", unit="days")
    books.metric(team, "Retention", "DURATION", unit="months")
    books.metric(team, "Rating", "RATING", unit="points", out_of="5")
    text = HEAD + (
        "Harbour,Billable Hours,1:30,2024-05-01\nHarbour,Reply,1:30:00,2024-05-02\n"
        "Harbour,Reply,12,2024-05-03\nHarbour,Turnaround,36:00:00,2024-05-04\n"
        "Harbour,Rating,4.5,2024-05-05\nHarbour,Retention,1:30,2024-05-06\n"
        "Harbour,Rating,1:30,2024-05-07\nHarbour,Billable Hours,-1:30,2024-05-08\n"
        "Harbour,Reply,-5,2024-05-09\n"
    )
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text)
    figures = proposal.staged.columns["metric_value"]
    assert figures[:5] == ["1.5", "90", "12", "1.5", "4.5"]
    assert did(proposal) == "NNNNNRRRR"
    assert reasons(proposal) == [
        "“1:30” is not a number. Write it like 4.8.",
        "“1:30” is not a number. Write it like 4.8.",
        "“-1:30” is below zero. A duration must be 0 or more.",
        "A duration must be 0 or more.",
    ]


def test_a_column_in_minutes_says_so_in_its_heading(team: Team) -> None:
    text = "Date,Client,User,Project,Duration (min)\n2024-05-03,Harbour,Ann,Site,90\n"
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric="Billable Hours")
    assert proposal.staged.columns["metric_value"] == ["1.5"]


def test_an_entry_of_a_tracker_longer_than_a_day_is_no_entry_in_hours(team: Team) -> None:
    text = "Date,From,To,Duration,User,Customer\n2024-05-03,09:00,11:01,7260,Ann,Harbour\n"
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric="Billable Hours")
    (reason,) = reasons(proposal)
    assert reason.startswith("An entry of this many hours is longer than a day.")
    of_a_month = text.replace("7260", "160.5")
    assert (
        did(proposed(team.editor, Kind.CUSTOM_METRICS, of_a_month, metric="Billable Hours")) == "N"
    )
    named = text.replace("Duration", "Duration (sec)")
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, named, metric="Billable Hours")
    assert proposal.staged.columns["metric_value"] == ["2.0167"]
