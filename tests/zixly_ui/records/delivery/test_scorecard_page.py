"""The scorecard as each role reads it: cells in words, their dialogs, the file, empty months."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.values.dates import month_name
from zixly_ui.records.delivery.scorecard_table import TINTS

MONTH = "2024-03"


@pytest.fixture
def team(new_team: Callable[[], Team], admin: sa.Engine) -> Team:
    team = new_team()
    statements.run(
        admin, "delete from zixly.metric_definitions where tenant_id = :t", t=team.tenant_id
    )
    return team


@pytest.fixture
def hours(team: Team) -> dict[str, str]:
    """Four weekly entries of 30 hours, and of 16; the ids of the clients and the metrics."""
    big, small = books.client(team, "Big & Co"), books.client(team, "Small")
    metric = books.metric(
        team, "Hours", unit="hours", adds_up="SUM", over_clients="SUM", target="120"
    )
    books.aim(team, metric, "2024-01-01", small, low="70", near_low="60")
    score = books.metric(team, "Score", "RATING", unit="out of 5", out_of="5", direction="UP")
    for client, value in ((big, "30"), (small, "16")):
        for day in ("01", "08", "15", "22"):
            books.measure(team, client, "Hours", f"{MONTH}-{day}", value)
    books.measure(team, big, "Hours", "2024-02-09", "114")
    books.measure(team, big, "Score", "2023-12-31", "4.4")
    books.measure(team, big, "Score", "2024-01-31", "4.5", "A survey")
    return {"big": big, "small": small, "hours": metric, "score": score}


def click(page: PageRun, row: int, metric_id: str) -> PageRun:
    """Click a cell of the table; the first row is that of all clients."""
    selection = {"rows": [], "columns": [], "cells": [(row, metric_id)]}
    page.app.session_state[page.table().key] = {"selection": selection}
    return page.reload()


def cells(page: PageRun) -> list[list[str]]:
    space = "\N{NO-BREAK SPACE}"
    return [[text.replace(space, " ") for text in row.values()] for row in page.rows()]


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_a_cell_says_the_value_the_band_and_the_change(
    team: Team, hours: dict[str, str], role: str
) -> None:
    page = open_page(getattr(team, role), "scorecard", month=MONTH)
    assert page.headings == [
        "1 of 2 values with a target is on target in March 2024; 1 near."
    ]  # fmt: skip
    assert "1 value without a target. Changes are against February 2024." in page.text
    assert cells(page) == [
        ["All clients", "184 hours · ▲ 70, better", ""],
        ["Big & Co", "120 hours · ✓ On target · ▲ 6, better", "4.5 / 5 · from 31 Jan 2024"],
        ["Small", "64 hours · ≈ Near", ""],
    ]


def test_a_cell_opens_the_values_behind_it(team: Team, hours: dict[str, str]) -> None:
    page = open_page(team.viewer, "scorecard", month=MONTH)
    click(page, 1, hours["hours"])
    assert "Hours for Big & Co" in page.dialog
    assert "120 hours in March 2024 · ✓ On target" in page.dialog
    assert "Target: at least 120 hours. Near: from 108 hours." in page.dialog
    assert "The sum of 4 values in March 2024." in page.dialog
    assert "▲ 6, better than February 2024 (114 hours)." in page.dialog
    assert page.dialog.count("30 hours") == 4
    link = page.app.get("dialog")[0].get("page_link")[0].proto.query_string
    assert f"of={hours['big']}" in link
    page.close()
    assert page.dialog == ""
    click(page, 1, hours["score"])
    assert "The last value, of 31 Jan 2024: 60 days old. None is dated in March" in page.dialog
    assert "A survey" in page.dialog
    assert "No target in this month." in page.dialog
    assert "Twelve months up to March 2024" in page.dialog
    page.close()
    click(page, 2, hours["hours"])
    assert "64 hours in March 2024 · ≈ Near" in page.dialog
    assert "Target: at least 70 hours. Near: from 60 hours." in page.dialog
    page.close()
    click(page, 0, hours["hours"])
    assert "The sum of 2 clients. Targets are for single clients." in page.dialog
    page.close()
    # A cell without a value has nothing behind it.
    click(page, 2, hours["score"])
    assert page.dialog == ""


def test_the_file_has_the_columns_of_the_report(team: Team, hours: dict[str, str]) -> None:
    page = open_page(team.viewer, "scorecard", month=MONTH, metric=hours["hours"])
    rows = list(csv.DictReader(io.StringIO(page.file())))
    assert [tuple(row.values())[1:] for row in rows] == [
        ("Hours", "hours", "120.0000", "120.0000", "ON_TARGET", "9"),
        ("Hours", "hours", "64.0000", "70.0000", "NEAR", "9"),
    ]
    assert next(iter(rows[0])) == "client_id"


def test_filters_come_from_the_address(team: Team, hours: dict[str, str]) -> None:
    page = open_page(team.viewer, "scorecard", month=MONTH, client=hours["small"])
    assert [row[0] for row in cells(page)] == ["All clients", "Small"]
    page = open_page(team.viewer, "scorecard", month=MONTH, metric=hours["score"])
    assert cells(page) == [["Big & Co", "4.5 / 5 · from 31 Jan 2024"]]
    page.press("Previous month")
    assert "month=2024-02" in page.address
    page = open_page(team.viewer, "scorecard", month="2024-13", metric="mdef_gone")
    assert "The month in the link does not exist." in page.alerts
    assert "Some selected metrics no longer exist" in page.alerts


def test_a_month_without_values_names_the_last_one_with_some(
    team: Team, hours: dict[str, str]
) -> None:
    page = open_page(team.viewer, "scorecard", month="2023-05")
    assert "No values or targets in May 2023" in page.text
    assert "The last values of these clients are from March 2024." in page.text
    assert page.links["See March 2024"] == "/scorecard?month=2024-03"
    page.follow("See March 2024")
    assert cells(page)[0][0] == "All clients"


def test_without_metrics_and_without_values(team: Team) -> None:
    for person, sentence in (
        (team.viewer, "once an editor has defined it"), (team.editor, "Define metrics on Custom")
    ):  # fmt: skip
        page = open_page(person, "scorecard")
        assert "No metrics yet" in page.text
        assert sentence in page.text
    books.metric(team, "Velocity")
    page = open_page(team.viewer, "scorecard", month=MONTH)
    assert f"No values or targets in {month_name(date(2024, 3, 1))}" in page.text
    assert "Nothing is recorded for these clients yet." in page.text


def test_another_organisation_sees_nothing_of_it(
    team: Team, hours: dict[str, str], sarah: Identity
) -> None:
    page = open_page(sarah, "scorecard", month=MONTH, client=hours["big"])
    assert "Big & Co" not in page.sent
    assert "Big & Co" in open_page(team.viewer, "scorecard", month=MONTH).sent


def test_every_band_has_a_tint() -> None:
    assert set(TINTS) == {"ON_TARGET", "NEAR", "OFF"}


def test_a_cell_is_opened_by_its_names_too(team: Team, hours: dict[str, str]) -> None:
    page = open_page(team.viewer, "scorecard", month=MONTH)
    page.choose("Client", "Small").choose("Metric", "Hours").press("Show values")
    assert "64 hours in March 2024" in page.dialog
    page.close()
    page.choose("Metric", "Score").press("Show values")
    assert "This cell is empty in March 2024." in page.alerts
    assert not page.dialog
