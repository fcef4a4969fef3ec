"""Saving a grid or a form when the database fails in the middle: nothing half saved or lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import open_page
from zixly_data.database import connection
from zixly_ui.month import editor

ONE, TWO = "Aardvark & Co", "Abacus Test"
FAILURES = {
    "a full disk": ("raise exception 'no space' using errcode = '53100'", "The disk of the"),
    "a damaged page": ("raise exception 'invalid page' using errcode = 'XX001'", "damaged"),
    "out of memory": ("raise exception 'oom' using errcode = '53200'", "out of memory"),
    "read-only": ("raise exception 'read-only' using errcode = '25006'", "read-only"),
    "too slow": ("perform pg_sleep(30)", "took too long to answer"),
}
DAILY = ("a full disk", "too slow")


@contextmanager
def failing_at(admin: sa.Engine, revenue: str, action: str) -> Iterator[None]:
    """The database does this when a record with this revenue is inserted."""
    statements.run(
        admin,
        "create function zixly.fail_here() returns trigger language plpgsql as "
        f"$$ begin if new.revenue = {revenue} then {action}; end if; return new; end $$",
    )
    statements.run(
        admin,
        "create trigger zz_fail_here before insert on zixly.financials "
        "for each row execute function zixly.fail_here()",
    )
    try:
        yield
    finally:
        statements.run(admin, "drop function zixly.fail_here() cascade")


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements of scoped transactions end after a second instead of sixty."""
    limit = ", set_config('statement_timeout', '1s', true)"
    monkeypatch.setattr(connection, "_BEGIN", sa.text(connection._PRESENT.format(more=limit)))
    monkeypatch.setattr(editor, "_SETTLED", 0)


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        pytest.param(*failure, id=name, marks=[] if name in DAILY else pytest.mark.nightly)
        for name, failure in FAILURES.items()
    ],
)
def test_a_grid_keeps_every_entry_and_saves_all_or_nothing(
    new_team: Callable[[], Team], admin: sa.Engine, action: str, sentence: str
) -> None:
    team = new_team()
    for name in (ONE, TWO):
        books.client(team, name)
    saved = "select revenue::text from zixly.financials where tenant_id = :tenant order by 1"
    page = open_page(team.editor, "enter_month", month="2023-03")
    page.edit({0: {"revenue": "111", "expenses": "1"}, 1: {"revenue": "222.22", "expenses": "2"}})
    with failing_at(admin, "222.22", action):
        page.press("Save")
        assert sentence in page.alerts
        assert "Your entries are still in the grid." in page.alerts
        assert "in a moment" not in page.alerts
        assert "4 changed cells, not saved yet." in page.text
        assert statements.run(admin, saved, tenant=team.tenant_id) == []
    page.press("Save")
    assert "Saved 2 records for March 2023" in page.alerts
    assert statements.run(admin, saved, tenant=team.tenant_id) == [("111.00",), ("222.22",)]
