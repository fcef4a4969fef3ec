"""Clients that come and go with a test, so that the document's own three stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
import sqlalchemy as sa

from tests.support.client_forms import forget
from tests.support.servers.live_app import LiveApp
from zixly_data.database import administration

NewClient = Callable[..., str]
_numbers = count(1)


@pytest.fixture
def admin(live_app: LiveApp) -> Iterator[sa.Connection]:
    """The administrator of the server: sees what is really there."""
    engine = administration.admin_engine(live_app.admin_url)
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    engine.dispose()


@pytest.fixture
def new_client(admin: sa.Connection) -> Iterator[NewClient]:
    """Puts a client on record, and takes it away after the test. The answer is our own id."""
    made: list[str] = []

    def make(name: str, tenant_id: str = "zixly-org-001") -> str:
        number = next(_numbers)
        made.append(f"ckpi_test_{number}")
        admin.execute(
            sa.text(
                "insert into zixly.client_kpis (tenant_id, id, client_id, client_name, industry)"
                " values (:tenant_id, :id, :client_id, :name, 'Testing')"
            ),
            {
                "tenant_id": tenant_id,
                "id": made[-1],
                "client_id": f"TEST-{number:03}",
                "name": name,
            },
        )
        return made[-1]

    yield make
    admin.execute(sa.text("delete from zixly.client_kpis where id = any(:ids)"), {"ids": made})


@pytest.fixture
def tidied(admin: sa.Connection) -> Iterator[str]:
    """A beginning for external ids; clients that have it are gone after the test."""
    start = f"TYPED-{next(_numbers):03}"
    yield start
    forget(admin, start)
