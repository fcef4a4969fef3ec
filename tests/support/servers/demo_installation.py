"""An installation with the demo of its own, for tests in which it is used and removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from tests.support.servers import own_database, prepared
from tests.support.servers.prepared import COLE, Stage
from zixly_data.database import administration
from zixly_data.database.connection import Database
from zixly_data.identity import Identity, Role
from zixly_data.operations import demo, operator
from zixly_data.people import demo_removal
from zixly_data.people.demo_removal import DemoContents
from zixly_data.records import clients, financials
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values import ids

OWN_DAY = date(2026, 11, 20)
HARBOR, BONDI = "ckpi_001", "ckpi_002"


@contextmanager
def opened(folder: Path) -> Iterator[Database]:
    """An installation with the demo, opened for this process in place of the stories' one."""
    with (
        prepared.running(prepared.EMBEDDED, Stage.SCENARIO, folder) as settings,
        own_database.opened(settings) as database,
    ):
        yield database


def cole_in(installation: Database) -> Identity:
    return operator.open_session(installation.logins.admin_url, COLE)


def own_admin_in(installation: Database) -> Identity:
    """Ada, an administrator who is nobody of the demo."""
    url = installation.logins.admin_url
    operator.add_user(url, demo.TENANT_ID, "ada@own.example", "Ada", Role.ADMIN)
    return operator.open_session(url, "ada@own.example")


def seen_by(identity: Identity) -> DemoContents:
    contents = demo_removal.contents(identity)
    assert contents is not None
    return contents


def add_client(person: Identity) -> str:
    client = ids.new_id("ckpi")
    clients.add(person, ClientDraft("OWN-1", "Own Client"), row_id=client)
    return client


def add_record(person: Identity, client: str, day: date = OWN_DAY) -> None:
    draft = FinancialDraft(client, day, Decimal("10.00"), Decimal("4.00"))
    financials.add(person, draft, row_id=ids.new_id("fin"))


def rows(installation: Database, query: str) -> list[tuple[object, ...]]:
    with administration.admin_engine(installation.logins.admin_url).begin() as admin:
        return [tuple(row) for row in admin.execute(sa.text(query))]


def counts(installation: Database) -> dict[str, int]:
    """Rows by table, of all tables with any."""
    tables = rows(
        installation,
        "select relname from pg_class where relnamespace = 'zixly'::regnamespace and relkind = 'r'",
    )
    counted = {
        str(t): rows(installation, f"select count(*) from zixly.{t}")[0][0] for (t,) in tables
    }
    return {table: int(str(count)) for table, count in counted.items() if count}
