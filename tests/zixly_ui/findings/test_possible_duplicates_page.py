"""A bill that was recorded twice on Contradictions and Overview: everyone reads it, editors act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.people.tenants import Tenant

NAME = "Harbor Bridge *Construction*"
SAID = (
    f"{NAME} has 2 records with the same amounts in November 2026. If one was recorded twice, "
    "profit changes by $7,000.00 without it."
)


@pytest.fixture
def team(new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch) -> Team:
    monkeypatch.setattr(Tenant, "today", lambda _: date(2026, 11, 30))
    team = new_team()
    client = books.client(team, NAME)
    for day in ("2026-11-01", "2026-11-29"):
        books.money(team, client, day, "15000", "8000")
    return team


def card(page: PageRun) -> str:
    return page.part("kind-POSSIBLE_DUPLICATE").replace("**", "")


def test_everyone_reads_it_and_only_editors_dismiss_it(team: Team) -> None:
    for person in (team.viewer, team.editor, team.admin):
        page = open_page(person, "contradictions")
        assert SAID in card(page)
        assert page.offers("Dismiss…") == (person is not team.viewer)


def test_it_leads_to_the_records_of_its_month(team: Team) -> None:
    page = open_page(team.viewer, "overview")
    assert SAID in page.text.replace("**", "")
    page.follow("Compare the records")
    assert [row["record_date"].day for row in page.rows("Records")] == [29, 1]
    assert not page.offers("Record figures")


def test_it_is_dismissed_with_both_records_in_sight(team: Team) -> None:
    page = open_page(team.editor, "contradictions").press("Dismiss…")
    assert "2 financial records" in page.dialog
    page.fill(Reason_for_dismissing="Two stages of one job").press("Dismiss")
    assert card(page) == ""
    assert SAID in page.part("put-away").replace("**", "")
