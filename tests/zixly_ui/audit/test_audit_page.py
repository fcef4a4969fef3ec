"""The audit trail as an administrator reads it, and the history of a record as everybody does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import open_page

RENAMED = "Editor changed the name of the client Fine Trail, from Faint Trail to Fine Trail."


@pytest.fixture
def renamed(new_team: Callable[[], Team]) -> tuple[Team, str]:
    """A client whose name the editor has just changed."""
    team = new_team()
    client = books.client(team, "Faint Trail")
    page = open_page(team.editor, "client", id=client).press("Edit client")
    assert "Saved: Fine Trail" in page.fill(Name="Fine Trail").press("Save changes").alerts
    return team, client


def test_a_change_is_read_filtered_opened_and_downloaded_by_an_admin(
    renamed: tuple[Team, str], admin: sa.Engine
) -> None:
    team, client = renamed
    page = open_page(team.admin, "audit", client=client, action="UPDATE", period="all")
    assert "Filtered by Changed · Fine Trail" in page.text
    assert "1 entry, by 1 person." in page.headings
    page.click_row(0)
    assert RENAMED in page.headings
    (row,) = page.downloaded()
    assert (row["what_happened"], row["user_email"]) == (RENAMED, team.editor.email)
    noted = statements.run(
        admin,
        "select user_email, after ->> 'rows' from zixly.audit_log where action = 'EXPORT'"
        " and table_name = 'audit_log' and tenant_id = :t",
        t=team.tenant_id,
    )
    assert noted == [(team.admin.email, "1")]


def test_a_viewer_reads_the_history_on_the_record_and_not_the_trail(
    renamed: tuple[Team, str],
) -> None:
    team, client = renamed
    page = open_page(team.viewer, "client", id=client)
    assert "History · 2 entries" in page.text
    assert RENAMED in page.text
    page.go("audit")
    assert "You do not have access to this page" in page.text
    assert "Fine Trail" not in page.text
