"""What goes over the wire: one statement at a time, and no value in a statement's text.

libpq's own trace shows the messages. `tests/attacks/test_contexts.py` reads `pg_stat_activity`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import pq

from tests.conftest import Team
from tests.support.database.attacks import run_in_one_message
from tests.support.permissions.actions import do
from tests.support.permissions.office import furnish
from zixly_data.access import sessions
from zixly_data.access.action_permissions import ACTIONS
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.database.pool import _RESET
from zixly_data.errors import ZixlyError
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import profitability
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

# What the driver sends by itself: constants, and names that SQLAlchemy gives to cursors.
OF_THE_DRIVER = re.compile(
    r"BEGIN( ISOLATION LEVEL (REPEATABLE READ|READ COMMITTED))?|COMMIT|ROLLBACK|DEALLOCATE ALL"
    r'|FETCH FORWARD \d+ FROM "c_\w+"|CLOSE "c_\w+"'
)
MARKED = Period("marked", date(2019, 3, 7), date(2019, 3, 9), "marked")
FILTER = ClientFilter(("mark of id",), (), ("mark of industry",), "mark of search%(x)s", ("XTS",))
TWO = "select 1; select 2"


class Wire:
    """The messages from this process to its server."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def texts(self, message: str) -> list[str]:
        """The texts of all messages of a kind, `Query` or `Parse`."""
        pattern = re.compile(
            rf'^F\t\d+\t{message}\t (?:"\w*" )?"(.*?)"(?: \d+)*\n(?=[FB]\t|\Z)', re.M | re.S
        )
        return pattern.findall(self._path.read_text(errors="replace"))

    def sent(self, value: str) -> bool:
        return value in self._path.read_text(errors="replace")


@pytest.fixture
def wire(database: Database, tmp_path: Path) -> Iterator[Wire]:
    """Traces every connection of the two pools."""
    pools = (database.app, database.auth)
    with (tmp_path / "trace").open("wb") as file:

        def trace(driver: psycopg.Connection[Any], _record: object, _proxy: object) -> None:
            driver.pgconn.trace(file.fileno())
            driver.pgconn.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)

        for pool in pools:
            pool.dispose()
            sa.event.listen(pool, "checkout", trace)
        try:
            yield Wire(tmp_path / "trace")
        finally:
            for pool in pools:
                sa.event.remove(pool, "checkout", trace)
                pool.dispose()


def test_whatever_people_do_is_sent_one_statement_at_a_time_and_without_its_values(
    new_team: Callable[[], Team], wire: Wire, tmp_path: Path
) -> None:
    """Every action of the permission matrix, signing in, and reports over several queries."""
    team = new_team()
    office = furnish(team, tmp_path)
    with connection.snapshot(team.admin):
        profitability.profitability(team.admin, MARKED)
    sessions.credentials("nobody@team.example", "192.0.2.1")
    for action in ACTIONS:
        with suppress(ZixlyError):
            do(action, team.admin, office)

    by_simple_protocol = set(wire.texts("Query"))
    assert {text for text in by_simple_protocol if not OF_THE_DRIVER.fullmatch(text)} == {_RESET}
    statements = wire.texts("Parse")
    assert len(statements) > 100
    values = (
        team.admin.secret, team.tenant_id, team.admin.user_id, team.admin.email, office.client,
        office.invitation, "HBC-1", "Harbor", "Prices raised", "nobody@team.example", "192.0.2.1",
    )  # fmt: skip
    for value in values:
        assert wire.sent(value)
        assert [text for text in statements if value in text] == []


@pytest.mark.parametrize("table", Table)
def test_an_exports_filter_is_not_in_its_statement(
    new_team: Callable[[], Team], wire: Wire, table: Table
) -> None:
    """Other sessions of the login can read the text of a statement."""
    team = new_team()
    rows = Rows(table, MARKED, FILTER, "mark of stage", "mark of lead", "mark of metric")

    record_files.write(team.admin, rows).content.close()

    (copied,) = [text for text in wire.texts("Parse") if text.startswith("copy (")]
    assert wire.sent("mark of search")
    for value in ("mark of", "2019-03", "XTS", team.tenant_id):
        assert value not in copied


def test_a_second_statement_is_refused_wherever_sql_is_sent(cole: Identity) -> None:
    def cursor(open_one: sa.Connection) -> psycopg.Cursor[Any]:
        driver = open_one.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        return driver.cursor()

    ways: tuple[Callable[[sa.Connection, str], object], ...] = (
        lambda on, sql: on.execute(sa.text(sql)),
        lambda on, sql: on.exec_driver_sql(sql),
        lambda on, sql: on.exec_driver_sql(sql, execution_options={"no_parameters": True}),
        lambda on, sql: on.execute(sa.text(sql + " where 1 = :one"), {"one": 1}),
        lambda on, sql: cursor(on).execute(sql),
        lambda on, sql: cursor(on).executemany(sql, [(), ()]),
        lambda on, sql: cursor(on).copy("copy (select 1) to stdout; " + sql).__enter__(),
    )
    transactions = (
        lambda: connection.scoped(cole), lambda: connection.reporting(cole),
        lambda: connection.present(cole.secret), connection.unscoped,
        connection.sign_in_connection,
    )  # fmt: skip
    for transaction in transactions:
        for send in ways:
            with pytest.raises(ZixlyError, match="code 42601"), transaction() as opened:
                send(opened[0] if isinstance(opened, tuple) else opened, TWO)
        with transaction() as opened:
            run_in_one_message(opened[0] if isinstance(opened, tuple) else opened, TWO)
