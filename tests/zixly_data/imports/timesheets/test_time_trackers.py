"""Exports of time trackers come in as they are, English and German: the billable hours of a day."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.files_of_tools.timesheets import (
    HARVEST,
    TIMESHEETS,
    TOGGL,
    TOGGL_2,
    YES_NO,
    Timesheet,
)
from tests.support.imports import did, imported, proposed, reasons, rows_of
from zixly_data.errors import InvalidInput
from zixly_data.imports import Kind, confirm, guess_kind
from zixly_data.imports.files.opening import open_file
from zixly_data.imports.recognition import recognise

NewTeam = Callable[[], Team]
METRIC = "Billable Hours"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """In Brisbane (UTC+10), with the client Harbour and a metric of hours that adds up."""
    team = new_team()
    books.client(team, "Harbour", client_id="HBR")
    books.metric(team, METRIC, "DURATION", unit="hours", purpose="BILLABLE_HOURS")
    return team


def settled(sheet: Timesheet) -> dict[str, Any]:
    return {"metric": "billable hours", "meanings": sheet.answers}


def hours(team: Team) -> dict[str, tuple[str, ...]]:
    """The recorded values by day, the smallest first."""
    by_day: dict[str, list[float]] = {}
    for row in rows_of(team.editor, Kind.CUSTOM_METRICS).values():
        assert (row["metric_name"], row["unit"]) == (METRIC, "hours")
        by_day.setdefault(row["record_date"], []).append(row["metric_value"])
    return {
        day: tuple(f"{value:.4f}".rstrip("0").rstrip(".") for value in sorted(values))
        for day, values in by_day.items()
    }


@pytest.mark.parametrize("sheet", TIMESHEETS.values(), ids=TIMESHEETS)
def test_its_columns_are_recognised(sheet: Timesheet) -> None:
    (table,) = open_file("time.csv", sheet.text.encode()).tables
    assert guess_kind(table) is Kind.CUSTOM_METRICS
    columns = recognise(table, Kind.CUSTOM_METRICS).columns
    assert {name: table.header[place] for name, place in columns.items()} == sheet.columns


@pytest.mark.parametrize("sheet", TIMESHEETS.values(), ids=TIMESHEETS)
def test_its_billable_hours_are_recorded_and_a_second_download_changes_nothing(
    team: Team, sheet: Timesheet
) -> None:
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, sheet.text, **settled(sheet))
    assert not proposal.staged.is_open
    assert not proposal.staged.unknown, "nobody is asked about clients of rows left out"
    assert reasons(proposal) == []
    confirm(team.editor, proposal)
    assert hours(team) == sheet.hours

    # The answers were remembered with the header.
    again = proposed(team.editor, Kind.CUSTOM_METRICS, sheet.text)
    assert set(did(again)) <= {"U", "L"}


def test_entries_of_a_day_stay_values_of_their_own(team: Team) -> None:
    imported(team.editor, Kind.CUSTOM_METRICS, HARVEST.text, **settled(HARVEST))
    more = HARVEST.text + (
        "2024-03-14,Harbour,Site,,Design,,2.0,Yes,No,Yes,Cleo,C,,Yes,150,300,60,120,AUD,\n"
    )
    assert did(proposed(team.editor, Kind.CUSTOM_METRICS, more)) == "UULLN"


def test_the_billable_column_is_asked_about_with_its_hours(team: Team) -> None:
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, HARVEST.text, metric=METRIC)
    (column,) = proposal.staged.meanings
    assert (column.heading, column.key) == ("Billable?", "billable")
    asked = {
        value.value: (value.rows, str(value.amount), value.suggestion) for value in column.values
    }
    assert asked == {"Yes": (2, "4", "COUNT"), "No": (2, "5.5", "LEAVE_OUT")}
    assert proposal.staged.is_open
    with pytest.raises(InvalidInput):
        confirm(team.editor, proposal)
    assert hours(team) == {}


def test_a_value_that_is_new_next_month_is_asked_about(team: Team) -> None:
    imported(team.editor, Kind.CUSTOM_METRICS, TOGGL.text, **settled(TOGGL))
    april = TOGGL.text.replace("2024-03", "2024-04").replace(",No,", ",Maybe,")
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, april)
    (column,) = proposal.staged.meanings
    assert [value.value for value in column.unanswered] == ["Maybe"]
    assert column.unanswered[0].suggestion is None
    assert proposal.staged.is_open


def test_an_export_with_billable_entries_alone_asks_nothing(team: Team) -> None:
    text = HARVEST.text.replace(",No,No,", ",Yes,No,").replace(",,Internal", ",Harbour,Internal")
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric=METRIC)
    assert proposal.staged.meanings == []
    assert did(proposal) == "NNNN"


def test_all_entries_count_if_that_is_the_answer(team: Team) -> None:
    everything = {"billable": dict.fromkeys(YES_NO, "COUNT")}
    proposal = proposed(
        team.editor, Kind.CUSTOM_METRICS, HARVEST.text, metric=METRIC, meanings=everything,
        clients={"Internal": "LEAVE_OUT"},
    )  # fmt: skip
    assert did(proposal) == "NNNL"


def test_a_project_is_mapped_to_its_client_and_remembered(team: Team) -> None:
    (harbour,) = rows_of(team.editor, Kind.CLIENTS)
    text = TOGGL_2.text.replace('"Harbour"', '"Site relaunch"')
    answers = settled(TOGGL_2)
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, **answers)
    assert [client.name for client in proposal.staged.unknown] == ["Site relaunch"]
    assert did(proposal) == "RL"
    imported(team.editor, Kind.CUSTOM_METRICS, text, clients={"Site relaunch": harbour}, **answers)
    assert hours(team) == TOGGL_2.hours
    assert did(proposed(team.editor, Kind.CUSTOM_METRICS, text)) == "UL"


def test_an_entry_with_a_dash_for_its_project_names_no_client(team: Team) -> None:
    text = TOGGL_2.text.replace('"No"', '"Yes"')
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric=METRIC)
    assert did(proposal) == "NR"
    assert reasons(proposal) == ["The row has no client."]
    assert proposal.staged.unknown == []


def test_an_entry_without_client_takes_its_project(team: Team) -> None:
    text = TOGGL.text.replace("ann@example.com,Harbour,Site", "ann@example.com,,Harbour")
    imported(team.editor, Kind.CUSTOM_METRICS, text, **settled(TOGGL))
    assert hours(team) == TOGGL.hours


def test_a_bad_cell_of_an_entry_left_out_rejects_nothing(team: Team) -> None:
    text = TOGGL.text.replace("01:00:00", "a while")
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, **settled(TOGGL))
    assert did(proposal) == "NNL"
    assert proposal.problems == {}


def test_harvest_has_amounts_too() -> None:
    (table,) = open_file("harvest.csv", HARVEST.text.encode()).tables
    columns = recognise(table, Kind.FINANCIALS).columns
    named = {name: table.header[place] for name, place in columns.items()}
    assert named == {
        "client_name": "Client", "date": "Date", "revenue": "Billable Amount",
        "expenses": "Cost Amount", "currency": "Currency", "note": "Notes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Date,Client,Hours,Notes", "2024-03-14,Harbour,1:30,Call", Kind.CUSTOM_METRICS),
        ("Date,Client,Project,Task,Hours", "2024-03-14,Harbour,Site,Design,2", Kind.CUSTOM_METRICS),
        (
            "Invoice Number,Date,Client,Project,Task,Hours,Rate,Amount",
            "INV-1,2024-03-14,Harbour,Site,Design,2,90,180",
            Kind.FINANCIALS,
        ),
    ],
)
def test_hours_with_amounts_are_a_list_of_invoices(header: str, row: str, kind: Kind) -> None:
    (table,) = open_file("a.csv", f"{header}\n{row}\n".encode()).tables
    assert guess_kind(table) is kind


def test_the_number_of_an_entry_is_its_own_and_that_of_an_invoice_is_not() -> None:
    header = "Date,Client,User,Task,Hours,{}\n"
    entries = "2024-03-14,Harbour,Ann,Design,1,7\n2024-03-14,Harbour,Ann,Design,1,{}\n"
    for heading, second, is_number in (("Transaction ID", 8, True), ("Invoice ID", 7, False)):
        text = header.format(heading) + entries.format(second)
        (table,) = open_file("a.csv", text.encode()).tables
        columns = recognise(table, Kind.CUSTOM_METRICS).columns
        assert ("external_id" in columns) is is_number


def test_the_amounts_of_harvest_count_whether_hours_are_billable_or_not(team: Team) -> None:
    proposal = proposed(team.editor, Kind.FINANCIALS, HARVEST.text)
    assert not proposal.staged.is_open
    columns, rows = proposal.staged.columns, proposal.staged.ready
    sums = {
        name: sum(Decimal(columns[name][row] or 0) for row in rows)
        for name in ("revenue", "expenses")
    }
    assert sums == {"revenue": 600, "expenses": 330}
