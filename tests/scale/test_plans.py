"""No page and no command looks at rows again and again, whether or not anything was analysed.

The walls between organisations make PostgreSQL expect few rows; nested loops then take rows times
rows, and one index seems as good as another. Counted are the rows that each node of each plan
visits, which no other work on the machine changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.scale.many_records import ManyRecords, fill
from tests.scale.plans import Visit, visits
from tests.support.servers.command_line import Ended
from zixly_data.access.action_permissions import PAGES
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.findings.ranking import most_urgent
from zixly_data.people import tenants
from zixly_data.records.pipeline import lead_states
from zixly_data.values.period import ALL
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES as FOLDER

MOST_VISITS = 50
# Rows that a table which `fill` does not fill may have.
SMALL = 1_000
# Of planning, all but nested loops over whole tables.
WAYS = ("indexscan", "indexonlyscan", "bitmapscan", "hashjoin", "mergejoin", "material", "memoize")
# In the address of a page, so that it shows everything there is.
QUERIES: dict[str, dict[str, str]] = {
    "bridge": {"period": "{month}"},
    "enter_month": {"month": "{month}"},
    "client": {"id": "{client}", "period": "all"},
}
COMMANDS = [
    *(
        ("report", report, "--period", "all")
        for report in ("profitability", "monthly", "breakdown", "business", "funnel")
    ),
    ("report", "bridge", "--period", "last-month"),
    ("report", "contradictions"),
    *(
        ("export", kind)
        for kind in (
            "clients",
            "financials",
            "lead-events",
            "leads",
            "open-leads",
            "custom-metrics",
        )
    ),
    ("month", "list"),
    ("rates", "list"),
    ("imports", "list"),
]
_organisations: dict[str, ManyRecords] = {}
_analysed: set[str] = set()


# By night also with what PostgreSQL knows a day later, when it plans better.
@pytest.fixture(
    scope="module",
    params=["never analysed", pytest.param("analysed", marks=pytest.mark.nightly)],
)
def state(request: pytest.FixtureRequest, database: Database) -> str:
    """First as after the first import, then as a day later."""
    return str(request.param)


@pytest.fixture
def organisation(
    database: Database, admin: sa.Engine, new_team: Callable[[], Team], state: str
) -> ManyRecords:
    """One for all tests of a server: nobody writes in it."""
    key = database.logins.admin_url
    if key not in _organisations:
        team = new_team()
        today = tenants.get(team.viewer).today()
        _organisations[key] = fill(team, admin, today)
    if state == "analysed" and key not in _analysed:
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as operator:
            operator.exec_driver_sql("vacuum analyze")
        _analysed.add(key)
    return _organisations[key]


@contextmanager
def quick(organisation: ManyRecords) -> Iterator[None]:
    """Nothing inside may visit more than 50 times the rows of its table."""
    opened = connection.opened()
    assert opened is not None
    with visits(opened.app) as seen:
        yield
    assert seen, "nothing was read"
    assert too_many(seen, organisation.rows) == []


def too_many(seen: list[Visit], rows: dict[str, int]) -> list[Visit]:
    """The visits of more rows than 50 times those of the table, or, for what is no table's, than 50
    times those of the largest table of the statement."""
    largest_of: dict[str, int] = {}
    for visit in seen:
        if visit.table is not None:
            size = max(largest_of.get(visit.statement, 0), rows.get(visit.table, SMALL))
            largest_of[visit.statement] = size
    return [
        visit
        for visit in seen
        if visit.rows
        > MOST_VISITS
        * (rows.get(visit.table, SMALL) if visit.table else largest_of.get(visit.statement, SMALL))
    ]


@pytest.mark.parametrize("page", [page for page, needed in PAGES.items() if needed])
def test_a_page(organisation: ManyRecords, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    identity = organisation.team.admin
    monkeypatch.setattr(session, "current_secret", lambda: identity.secret)
    # A page by itself knows no others that it could lead to.
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)
    app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=120)
    month = tenants.get(identity).today().strftime("%Y-%m")
    for name, value in QUERIES.get(page, {"period": "all"}).items():
        app.query_params[name] = value.format(client=organisation.client, month=month)
    with quick(organisation):
        app.run()
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command(
    organisation: ManyRecords, zixly: Callable[..., Ended], command: tuple[str, ...]
) -> None:
    with quick(organisation):
        done = zixly(*command, "--as", organisation.team.admin.email)
    assert done.returncode == 0, done.stderr


def test_no_plan_is_compiled(organisation: ManyRecords, admin: sa.Engine) -> None:
    """Whatever the server's setting: our own server compiles none, others may."""
    with connection.reporting(organisation.team.viewer) as scope:
        assert scope.execute(sa.text("show jit")).scalar_one() == "off"
    with admin.connect() as operator:
        settings = "select rolconfig from pg_catalog.pg_roles where rolname = 'zixly_app'"
        assert "jit=off" in operator.execute(sa.text(settings)).scalar_one()


def test_rows_times_rows_would_be_noticed(organisation: ManyRecords) -> None:
    """The control: the same join by nested loops."""
    opened = connection.opened()
    assert opened is not None
    query = sa.text("""
        with few as (select * from lead_events limit 2000)
        select count(*) from few as one join few as other
        on other.tenant_id || '' = one.tenant_id and other.lead_id || '' = one.lead_id
    """)
    with (
        visits(opened.app, without=("hashjoin", "mergejoin", "memoize")) as seen,
        connection.scoped(organisation.team.viewer) as scope,
    ):
        scope.execute(query)
    assert too_many(seen, organisation.rows)


def test_what_is_one_row_for_all_is_read_once(organisation: ManyRecords) -> None:
    """The time zone, also in the worst plan, and the latest rates."""
    identity = organisation.team.admin
    today = tenants.get(identity).today()
    opened = connection.opened()
    assert opened is not None
    with visits(opened.app, without=WAYS) as of_leads:
        lead_states.page(identity, ALL)
    with visits(opened.app) as of_findings:
        most_urgent(identity, today)
    assert scans(of_leads, "tenants") <= 1
    assert scans(of_findings, "tenants") <= 1
    assert scans(of_findings, "exchange_rates") == 1


def scans(seen: list[Visit], table: str) -> int:
    """The largest number of times that a part of a plan reads this table."""
    return max(visit.scans for visit in seen if visit.table == table)
