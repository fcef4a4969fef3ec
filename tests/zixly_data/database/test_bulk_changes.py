"""Statements that change many rows, on a connection that has changed single ones before."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database.connection import scoped

MANY = 30_000


def test_many_rows_change_at_once_after_single_ones(new_team: Callable[[], Team]) -> None:
    """PostgreSQL keeps the plan of the audit statement. A plan for one row compares each of
    thirty thousand with each, which takes minutes; looking them up takes a moment."""
    team = new_team()
    client = books.client(team, "Harbour")
    with scoped(team.editor) as connection:
        connection.execute(
            sa.text(
                "insert into financials (client_kpi_id, record_date, revenue, expenses)"
                " select :client, date '2000-01-01' + n % 9000, n, 0"
                " from generate_series(1, :many) as n"
            ),
            {"client": client, "many": MANY},
        )
        first_id = "select id from financials order by id limit 1"
        for _ in range(8):
            changed = connection.execute(
                sa.text(f"update financials set expenses = expenses + 1 where id = ({first_id})")
            )
            assert changed.rowcount == 1
        connection.execute(sa.text("set local statement_timeout = '20s'"))
        changed = connection.execute(sa.text("update financials set expenses = expenses + 1"))
        assert changed.rowcount == MANY
