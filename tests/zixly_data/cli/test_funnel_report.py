"""`report funnel`: both views as rows, as JSON, and refused where they cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.servers.command_line import Ended
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter

HEADER = "stage,leads,decided,won_through,undecided,conversion,median_days,p90_days"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    client = books.client(team)
    books.event(team, client, "old", "Inquiry", "2023-12-02")
    books.event(team, client, "old", "Contract signed", "2024-01-11")
    books.event(team, client, "new", "Inquiry", "2024-01-05")
    books.event(team, client, "new", "Proposal sent", "2024-01-08")
    return team


def test_each_view_is_one_row_per_stage(zixly: Callable[..., Ended], team: Team) -> None:
    asked = ("report", "funnel", "--period", "2024-Q1", "--as", team.viewer.email)
    cohort = zixly(*asked, "--view", "cohort", "--format", "csv")
    assert cohort.stdout.splitlines() == [
        HEADER,
        "Inquiry,1,1,1,0,1.0000,3.0,3",
        "Consultation,1,1,1,0,1.0000,,",
        "Proposal sent,1,0,0,1,,,",
        "Contract signed,0,0,0,0,,,",
    ]
    activity = zixly(*asked, "--view", "activity", "--format", "csv")
    assert activity.stdout.splitlines() == [
        HEADER,
        "Inquiry,1,1,1,0,1.0000,3.0,3",
        "Consultation,2,2,2,0,1.0000,,",
        "Proposal sent,2,1,1,1,1.0000,,",
        "Contract signed,1,1,1,0,1.0000,,",
    ]
    document = json.loads(zixly(*asked, "--view", "activity", "--format", "json").stdout)
    assert (document["view"], document["period"]["from"]) == ("activity", "2024-01-01")
    assert document["rows"][2]["undecided"] == 1
    table = zixly(*asked)
    assert "Won through" in table.stdout
    exports = audit.page(
        team.admin, books.ALWAYS, "Australia/Brisbane", AuditFilter(tables=("funnel",))
    )
    assert len(exports.frame) == 3


def test_an_unknown_view_and_a_missing_period_are_refused(
    zixly: Callable[..., Ended], team: Team
) -> None:
    unknown = zixly(
        "report", "funnel", "--view", "pie", "--period", "all", "--as", team.viewer.email
    )
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "pie" in unknown.stderr
    missing = zixly("report", "funnel", "--as", team.viewer.email)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "Enter the first day of the period." in missing.stderr


def test_open_leads_are_exported_without_a_period(zixly: Callable[..., Ended], team: Team) -> None:
    asked = ("export", "open-leads", "--as", team.viewer.email)
    header, row = zixly(*asked).stdout.splitlines()
    assert header.startswith("client_id,client_name,lead_id,stage,value,currency,win_share")
    assert ",new,Proposal sent," in row
    refused = zixly(*asked, "--period", "2024-Q1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Open leads have no period." in refused.stderr
