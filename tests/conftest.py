"""The shared fixtures: a real PostgreSQL, two tenants, and the people of the scenario.

    Cole     founder of Zixly, ADMIN         Sarah    founder of ABC Construction, ADMIN
    Support  Zixly's operations, EDITOR      John     ABC's operations, EDITOR
    Vera     Zixly's bookkeeper, VIEWER

Every test that uses the database runs on the embedded server, and again on Debian's PostgreSQL 15
if it is installed (in `make test` only if its outcome may depend on the server's version, see
OF_THE_SERVER). Zixly has the demo scenario, ABC Construction one row of each table; tests leave
both unchanged. A test that writes opens a `new_team()`.
"""

from __future__ import annotations

import itertools
import secrets
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
import sqlalchemy as sa
from streamlit.components.v2 import manifest_scanner

from tests.support import depth, evidence, known_passwords, scheduling
from tests.support.servers import debian_postgres, prepared
from tests.support.servers.commands import loaded, zixly
from tests.support.servers.prepared import SCENARIO_TODAY, Stage
from zixly_data.access import sessions
from zixly_data.database import administration, connection
from zixly_data.database.connection import Database
from zixly_data.identity import Identity, Role
from zixly_data.operations import operator as operators
from zixly_ui.charts import style as chart_style

__all__ = ["SCENARIO_TODAY", "loaded", "zixly"]
SERVERS = [prepared.EMBEDDED, *debian_postgres.installed()]
ABC = "abc-org-001"

# In the background (`make test &`), Ctrl-C is ignored, and processes of a test that sends it would
# inherit this.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Each run of an AppTest searches all installed packages for components, which do not change during
# the tests: half a second for a page that takes a tenth of it.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

_drawn_quickly = chart_style.figure_of


def _looked_up(*traces: Any, **layout: Any) -> chart_style.Figure:
    """A chart as the app draws it; here Plotly validates every property."""
    figure = _drawn_quickly(*traces, **layout)
    go.Figure(figure)
    return figure


vars(chart_style)["figure_of"] = _looked_up


# Tests of what depends most on the server's version, such as its catalogue, its policies and its
# kept plans, run on both servers in `make test` too. Other tests on Debian's server are nightly:
# attacks, migrations and triggers are the same SQL on both.
OF_THE_SERVER = tuple(
    f"tests/zixly_data/database/{name}.py"
    for name in (
        "isolation/test_context_lifetime",
        "isolation/test_isolation",
        "isolation/test_kept_plans",
        "isolation/test_side_channels",
        "isolation/test_sources",
        "test_catalogue",
        "test_permissions",
        "test_pool",
        "test_sqlstates",
        "test_statement_cache",
    )
)


def pytest_configure(config: pytest.Config) -> None:
    depth.begin_run(thorough="not nightly" not in config.option.markexpr)
    known_passwords.begin_run()
    for plugin in (evidence, scheduling):
        config.pluginmanager.register(plugin)
    if not hasattr(config, "workerinput"):
        prepared.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        prepared.end_run()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        of_debian = scheduling.server_of(item.nodeid) not in (None, prepared.EMBEDDED)
        if of_debian and not item.nodeid.startswith(OF_THE_SERVER):
            item.add_marker(pytest.mark.nightly)


@dataclass(frozen=True)
class Team:
    """A fresh tenant with one person of each role and nothing recorded."""

    tenant_id: str
    admin: Identity
    editor: Identity
    viewer: Identity


@pytest.fixture(scope="session", params=SERVERS)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A migrated database with Zixly's scenario and ABC Construction, opened for this process."""
    home = tmp_path_factory.mktemp(request.param)
    with prepared.running(request.param, Stage.SCENARIO, home) as settings:
        opened = connection.open_database(settings)
        try:
            _build_abc(opened.logins.admin_url)
            yield opened
        finally:
            connection.close_database()


@pytest.fixture(scope="session")
def admin(database: Database) -> Iterator[sa.Engine]:
    """The administrator of the server, who sees every row, for positive controls."""
    address = sa.make_url(database.logins.admin_url).set(drivername="postgresql+psycopg")
    # Unlike the product's engine for administrators, it keeps its connections: a new one takes
    # longer than most queries of thousands of tests.
    engine = sa.create_engine(address, connect_args={"prepare_threshold": None})
    sa.event.listen(engine, "reset", _forget_settings)
    yield engine
    engine.dispose()


def _forget_settings(connection: Any, _record: object, _state: object) -> None:
    """Return a connection in its original state: a test may have changed its role."""
    if not connection.closed:
        connection.rollback()
        connection.execute("reset session authorization; reset all; discard temp")
        connection.commit()


@pytest.fixture(scope="session")
def cole(database: Database) -> Identity:
    return _signed_in(database, "cole@zixly.com.au")


@pytest.fixture(scope="session")
def support(database: Database) -> Identity:
    return _signed_in(database, "support@zixly.com.au")


@pytest.fixture(scope="session")
def vera(database: Database) -> Identity:
    return _signed_in(database, "vera@zixly.com.au")


@pytest.fixture(scope="session")
def sarah(database: Database) -> Identity:
    return _signed_in(database, "sarah@abcconstruction.com.au")


@pytest.fixture(scope="session")
def john(database: Database) -> Identity:
    return _signed_in(database, "john@abcconstruction.com.au")


_numbers = itertools.count(1)


@pytest.fixture
def new_team(admin: sa.Engine) -> Callable[[], Team]:
    """Creates a fresh tenant with an admin, an editor and a viewer, each signed in.

    Like `operators`, but over one connection, because hundreds of tests open a team.
    """

    def make() -> Team:
        number = next(_numbers)
        tenant_id = f"team-{number:04}"
        session_secrets = {role: secrets.token_urlsafe(32) for role in Role}
        with admin.begin() as operator:
            operator.execute(_CREATE_TENANT, {"id": tenant_id, "name": f"Team {number}"})
            for role, secret in session_secrets.items():
                email = f"{role.lower()}@team-{number}.example"
                person = {"tenant_id": tenant_id, "email": email, "name": role.label, "role": role}
                operator.execute(_ADD_USER, person)
                operator.execute(_OPEN_SESSION, {"email": email, "secret": secret})
        people = {role: sessions.identify(secret) for role, secret in session_secrets.items()}
        return Team(tenant_id, people[Role.ADMIN], people[Role.EDITOR], people[Role.VIEWER])

    return make


_CREATE_TENANT = sa.text(
    "select app_operator.create_tenant(:id, :name, null, 'Australia/Brisbane', 'AUD')"
)
_ADD_USER = sa.text("select app_operator.add_user(:tenant_id, :email, :name, :role, null)")
_OPEN_SESSION = sa.text("select app_operator.open_session(:email, :secret)")


def _signed_in(database: Database, email: str) -> Identity:
    return operators.open_session(database.logins.admin_url, email)


def _build_abc(operator: str) -> None:
    """ABC Construction: Sarah, John, and one row of every table of a tenant."""
    operators.create_tenant(operator, ABC, "ABC Construction")
    operators.add_user(operator, ABC, "sarah@abcconstruction.com.au", "Sarah", Role.ADMIN)
    operators.add_user(operator, ABC, "john@abcconstruction.com.au", "John", Role.EDITOR)
    engine = administration.admin_engine(operator)
    with engine.begin() as owner:
        administration.run_script(
            owner, (Path(__file__).parent / "support" / "abc_construction.sql").read_text()
        )
    engine.dispose()
