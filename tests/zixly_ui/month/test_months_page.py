"""Closing months: by an administrator alone, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import open_page
from zixly_data.people.tenants import Tenant


@dataclass(frozen=True)
class Calendar:
    """A team with figures since January 2023; today is 22 November 2026."""

    team: Team
    admin: sa.Engine

    def closed(self) -> list[str]:
        query = "select month::text from zixly.closed_months where tenant_id = :t order by 1"
        return [row[0] for row in statements.run(self.admin, query, t=self.team.tenant_id)]


@pytest.fixture
def calendar(
    new_team: Callable[[], Team], admin: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> Calendar:
    monkeypatch.setattr(Tenant, "today", lambda _: date(2026, 11, 22))
    team = new_team()
    client = books.client(team)
    for day in ("2023-01-31", "2026-10-05"):
        books.money(team, client, day, "1000")
    return Calendar(team, admin)


def test_the_last_month_that_is_over_is_closed_and_reopened(calendar: Calendar) -> None:
    page = open_page(calendar.team.admin, "months")
    assert "No month is closed" in page.text
    page.press("Close October 2026")
    assert "Nothing dated in a closed month can be" in page.dialog
    assert "earlier months are still open, from January 2023." in page.dialog
    page.press("Close October 2026", nth=-1)
    assert "October 2026 is closed." in page.alerts
    assert calendar.closed() == ["2026-10-01"]
    page.click_row(1)
    assert "Closed by Admin" in page.dialog
    assert "Figures that were final can change again" in page.dialog
    page.press("Reopen October 2026")
    assert "October 2026 is open" in page.alerts
    assert calendar.closed() == []


def test_everything_up_to_a_month_is_closed_at_once(calendar: Calendar) -> None:
    page = open_page(calendar.team.admin, "months").press("Close October 2026")
    page.press("Close everything up to October 2026")
    assert any(heading.startswith("Everything up to October 2026") for heading in page.headings)
    closed = calendar.closed()
    assert (len(closed), closed[0], closed[-1]) == (46, "2023-01-01", "2026-10-01")
    assert "Show all 47 months since January 2023" in page.text


def test_others_read_it_and_cannot_close(calendar: Calendar) -> None:
    statements.run(
        calendar.admin,
        "insert into zixly.closed_months (tenant_id, month) values (:t, '2026-10-01')",
        t=calendar.team.tenant_id,
    )
    for person in (calendar.team.editor, calendar.team.viewer, calendar.team.admin):
        page = open_page(person, "months")
        assert any(heading.startswith("1 month is closed") for heading in page.headings)
        assert page.rows()
        may = person == calendar.team.admin
        assert ("Administrators close and reopen months." in page.text) is not may
        assert any("lose" in button.label for button in page.buttons()) is may
