"""The question about a record with the amounts of another one: nothing saved, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import financials

HARBOR = "Harbor Bridge *Construction*"
AMOUNTS = "$15,000.00 revenue and $8,000.00 expenses in November 2026"
QUESTION = f"{HARBOR} already has a record of {AMOUNTS}, dated 1 November. Record this one too?"
FIELDS = ("Date", "Revenue", "Expenses", "Note (optional)")
TYPED = ("29/11/2026", "15,000", "8000", "second bill")


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.money(team, books.client(team, HARBOR), "2026-11-01", "15000", "8000")
    return team


def opened(team: Team) -> PageRun:
    return open_page(team.editor, "financials", period="2026-11")


def filled(team: Team) -> PageRun:
    page = opened(team).press("Record figures").choose("Client", f"{HARBOR} (AUD)")
    return page.fill(
        ("Date", TYPED[0]), ("Revenue", TYPED[1]), ("Expenses", TYPED[2]), ("Note", TYPED[3])
    )


def dates(team: Team) -> list[str]:
    return sorted(map(str, financials.list_records(team.viewer, books.ALWAYS)["record_date"]))


def test_nothing_is_saved_before_the_question_is_answered(team: Team) -> None:
    page = filled(team).press("Save")
    assert QUESTION in page.dialog
    assert dates(team) == ["2026-11-01"]
    assert page.typed(*FIELDS) == TYPED
    page.press("Record it too")
    assert f"Saved: {HARBOR}, 29 Nov 2026" in page.alerts
    assert page.dialog == ""
    assert dates(team) == ["2026-11-01", "2026-11-29"]
    assert page.rows("Records")[0]["note"] == "second bill"


def test_cancelling_leaves_the_form_as_it_was_typed(team: Team) -> None:
    page = filled(team).press("Save").press("Cancel")
    assert QUESTION not in page.dialog
    assert page.typed(*FIELDS) == TYPED
    assert not page.offers("Record it too")
    page.fill(Revenue="15001").press("Save")
    assert "revenue $15,001.00" in page.alerts
    assert dates(team) == ["2026-11-01", "2026-11-29"]


def test_a_slip_after_the_question_ends_it(team: Team) -> None:
    page = filled(team).press("Save")
    page.fill(Revenue="much").press("Save")
    assert "“much” is not an amount" in page.dialog
    assert not page.offers("Record it too")
    assert dates(team) == ["2026-11-01"]


def test_a_change_that_makes_a_record_like_another_is_asked_about(team: Team) -> None:
    client = str(financials.list_records(team.viewer, books.ALWAYS)["client_kpi_id"][0])
    books.money(team, client, "2026-11-29", "1", "1")
    page = opened(team).click_row(0, "Records")
    page.fill(Revenue="15000", Expenses="8000").press("Save changes")
    assert QUESTION.replace("Record this", "Save this") in page.dialog
    page.press("Save it too")
    assert "Saved: " in page.alerts
    # It was a duplicate already: a note is no question.
    page = opened(team).click_row(0, "Records").fill(Note="further work").press("Save changes")
    assert "Saved: " in page.alerts
    assert dates(team) == ["2026-11-01", "2026-11-29"]


def test_several_records_are_named_by_their_days(team: Team) -> None:
    client = str(financials.list_records(team.viewer, books.ALWAYS)["client_kpi_id"][0])
    for day in (8, 15):
        books.money(team, client, f"2026-11-{day:02}", "15000", "8000")
    page = filled(team).press("Save")
    assert f"already has 3 records of {AMOUNTS}, dated 1, 8 and 15 November." in page.dialog


def test_a_viewer_has_no_form(team: Team) -> None:
    assert opened(team).offers("Record figures")
    assert not open_page(team.viewer, "financials", period="2026-11").offers("Record figures")
