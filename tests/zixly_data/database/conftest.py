"""Separate databases beside that of the scenario."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from zixly_data.database.connection import Database
from zixly_data.database.logins import Logins

NewDatabase = Callable[..., Logins]


@pytest.fixture
def new_database(database: Database, admin: sa.Engine) -> Iterator[NewDatabase]:
    """Makes an empty database on the server, for its administrator or for another owner."""
    made: list[str] = []

    def make(owner: str | None = None, password: str = "") -> Logins:
        name = f"empty_{secrets.token_hex(4)}"
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
            server.execute(sa.text(f"create database {name} {f'owner {owner}' if owner else ''}"))
        made.append(name)

        def at(url: str) -> str:
            return sa.make_url(url).set(database=name).render_as_string(hide_password=False)

        held = database.logins
        as_owner = sa.make_url(at(held.admin_url))
        if owner:
            as_owner = as_owner.set(username=owner, password=password)
        return replace(
            held,
            admin_url=as_owner.render_as_string(hide_password=False),
            app_url=at(held.app_url),
            auth_url=at(held.auth_url),
        )

    yield make
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        for name in made:
            server.execute(sa.text(f"drop database {name} with (force)"))
