"""Contradictions: shown, dismissed with a reason, restored, and opened from the overview."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant

NAME = "Handshake & Sons"
SAID = (
    f"{NAME} was billed $876,543.21 before its contract was signed on 10 Feb 2023: "
    "1 record since 5 Jan 2023."
)
REASON = "Agreed by phone: *before* Christmas"


@pytest.fixture
def early(new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch) -> Team:
    """Two clients that were billed before their contracts, one for the most money of all."""
    monkeypatch.setattr(Tenant, "today", lambda _: date(2026, 11, 22))
    team = new_team()
    for name, amount in ((NAME, "876543.21"), ("Other & Co", "12")):
        client = books.client(team, name, status="COMPLETED")
        books.money(team, client, "2023-01-05", amount)
        books.money(team, client, "2023-03-01", "1")
        books.event(team, client, "The job", "Contract signed", "2023-02-10")
    return team


def card(page: PageRun) -> str:
    return unmarked(page.part("kind-REVENUE_BEFORE_CONTRACT"))


def unmarked(text: str) -> str:
    """A text without its bold type."""
    return text.replace("**", "")


def test_the_contradictions_of_the_demo_are_named(support: Identity) -> None:
    page = open_page(support, "contradictions")
    assert re.match(r"^\d+ contradictions in the records of \d+ clients\.$", page.headings[0])
    for name in ("Harbor Bridge Construction", "Bondi E-commerce Store"):
        assert f"{name} was billed" in card(page)


def test_a_contradiction_is_dismissed_with_a_reason_and_restored(
    early: Team, admin: sa.Engine
) -> None:
    page = open_page(early.editor, "contradictions")
    assert SAID in card(page)
    page.press("Dismiss…")
    for told in (SAID, "1 financial record", "1 lead event"):
        assert told in unmarked(page.dialog)
    page.press("Dismiss")
    assert "Enter a reason." in page.dialog
    page.fill(Reason_for_dismissing=REASON).press("Dismiss")
    assert page.dialog == ""
    away = unmarked(page.part("put-away"))
    assert SAID in away
    assert f": {REASON}" in away
    assert SAID not in card(page)
    of_file = {row["client_name"]: row for row in page.downloaded()}
    assert (of_file[NAME]["dismissed"], of_file[NAME]["reason"]) == ("true", REASON)
    assert of_file["Other & Co"]["dismissed"] == "false"

    page.press("Restore")
    assert SAID in card(page)
    assert page.part("put-away") == ""
    assert statements.run(
        admin,
        "select action, user_email from zixly.audit_log where table_name = 'finding_dismissals'"
        " and tenant_id = :t order by at",
        t=early.tenant_id,
    ) == [("INSERT", early.editor.email), ("DELETE", early.editor.email)]


def test_a_viewer_sees_it_first_on_the_overview_and_opens_its_records(early: Team) -> None:
    page = open_page(early.viewer, "overview")
    assert SAID in unmarked(page.part("finding-0"))
    page.follow("Check the dates")
    assert f"Filtered by {NAME}" in page.text
    assert "$876,543.21" in page.headings[0]
    assert page.address.endswith("period=custom&from=2023-01-05&to=2023-02-09")

    page.go("contradictions")
    assert SAID in card(page)
    assert not page.offers("Dismiss…")
    assert open_page(early.editor, "contradictions").offers("Dismiss…")
