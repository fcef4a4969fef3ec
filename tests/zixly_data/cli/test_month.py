"""Closing and reopening months on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.servers.command_line import Ended


def test_a_month_is_closed_listed_and_reopened(
    zixly: Callable[..., Ended], new_team: Callable[[], Team]
) -> None:
    team = new_team()
    admin = ("--as", team.admin.email)
    books.money(team, books.client(team), "2024-01-31", "1")
    assert zixly("month", "list", "--as", team.viewer.email).stdout == ""
    closed = zixly("month", "close", "2024-03", *admin)
    assert (closed.returncode, closed.stdout, closed.stderr) == (0, "", "March 2024 is closed.\n")
    again = zixly("month", "close", "2024-03", *admin)
    assert (again.returncode, again.stderr.splitlines()[0]) == (
        2, "March 2024 is already closed.")  # fmt: skip
    through = zixly("month", "close", "2024-03", "--through", *admin)
    assert through.stderr.splitlines() == ["January 2024 is closed.", "February 2024 is closed."]
    assert "is already closed" in zixly("month", "close", "2024-3", "--through", *admin).stderr
    listed = zixly("month", "list", "--as", team.viewer.email).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["Month", "2024-03", "2024-02", "2024-01"]
    assert re.search(rf"2024-03 +{team.admin.full_name} +20\d\d-\d\d-\d\d \d\d:\d\d UTC", listed[1])
    assert zixly("month", "reopen", "2024-02", *admin).stderr == "February 2024 is open.\n"
    refused = zixly("month", "reopen", "2024-02", *admin)
    assert (refused.returncode, refused.stderr.splitlines()[0]) == (
        2, "February 2024 is not closed.")  # fmt: skip


@pytest.mark.parametrize("month", ["March", "2024-13", "2024-00", "24-03", "0000-01", "1999-12"])
def test_what_is_no_month_is_refused_in_a_sentence(
    zixly: Callable[..., Ended], new_team: Callable[[], Team], month: str
) -> None:
    refused = zixly("month", "close", month, "--as", new_team().admin.email)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 2
