"""Whoever takes rows away as a file is on the trail, and who may no longer be here takes none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from tests.conftest import Team
from tests.support.permissions.office import EVER, furnish
from tests.support.servers.command_line import Ended
from zixly_data.access import sessions
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.records import financials
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_ui.components.downloads import download


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What the buttons drawn would give out when they are pressed."""
    files: list[Callable[[], bytes]] = []

    def button(label: str, data: Callable[[], bytes], **_: Any) -> None:
        files.append(data)

    monkeypatch.setattr(st, "download_button", button)
    return files


def exported(admin: Identity) -> list[dict[str, Any]]:
    found = audit.page(admin, EVER, "UTC", AuditFilter(actions=("EXPORT",))).frame
    return [dict(each) for each in rows(found)]


def test_a_download_is_noted_when_it_is_taken_and_not_when_it_is_offered(
    new_team: Callable[[], Team], pressed: list[Callable[[], bytes]], tmp_path: Any
) -> None:
    office = furnish(new_team(), tmp_path)
    viewer, admin = office.team.viewer, office.team.admin
    only = ClientFilter(client_kpi_ids=(office.client,))

    def fetch() -> pd.DataFrame:
        return financials.list_records(viewer, EVER, only)

    filters = audit.filters(EVER, only)
    download(viewer, fetch, "x.csv", dataset="financials", filters=filters)
    assert exported(admin) == []
    assert pressed[0]().count(b"\r\n") == 2
    (entry,) = exported(admin)
    assert (entry["user_email"], entry["table_name"]) == (viewer.email, "financials")
    assert '"rows": 1' in entry["after"]
    assert office.client in entry["after"]


def test_a_button_of_somebody_who_was_signed_out_gives_nothing(
    new_team: Callable[[], Team], pressed: list[Callable[[], bytes]]
) -> None:
    team = new_team()
    kept = pd.DataFrame({"revenue": [1]})  # Fetched before, so that only the note refuses.
    download(team.viewer, lambda: kept, "x.csv", dataset="financials", filters={})
    assert pressed[0]()
    sessions.end_session(team.viewer.secret)
    with pytest.raises(SessionEnded):
        pressed[0]()
    assert len(exported(team.admin)) == 1


@pytest.mark.parametrize(
    ("command", "noted"),
    [
        (["export", "financials"], "financials"),
        (["export", "clients"], "client_kpis"),
        (["report", "profitability", "--period", "all", "--format", "csv"], "profitability"),
        (["report", "monthly", "--period", "all", "--format", "json"], "monthly"),
        (["report", "monthly", "--period", "all"], None),
    ],
)
def test_a_command_that_writes_a_file_is_noted(
    new_team: Callable[[], Team],
    zixly: Callable[..., Ended],
    command: list[str],
    noted: str | None,
) -> None:
    team = new_team()
    assert zixly(*command, "--as", team.viewer.email).returncode == 0
    found = [(each["user_email"], each["table_name"]) for each in exported(team.admin)]
    assert found == ([(team.viewer.email, noted)] if noted else [])
