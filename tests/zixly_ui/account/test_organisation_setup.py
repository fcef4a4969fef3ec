"""The link of a new installation: it makes one organisation and its first administrator, once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.servers import own_database, prepared
from tests.support.servers.prepared import Stage
from zixly_data.access import one_time_links, sessions
from zixly_data.access.one_time_links import LinkState, OrganisationSetup
from zixly_data.database import administration, migration
from zixly_data.database.connection import Database
from zixly_data.errors import AlreadyExists, InvalidInput, LinkClosed, ZixlyError
from zixly_data.identity import Role
from zixly_data.operations import operator as operators
from zixly_data.people import tenants
from zixly_data.settings import Settings
from zixly_data.tables.tenants import OrganisationDraft
from zixly_data.values import time_zones

HERE = "203.0.113.7"
FOUNDING = OrganisationSetup(
    OrganisationDraft("Harbour Books", "Bookkeeping", "Australia/Perth", "NZD", 4),
    email="Faye@harbour.example",
    full_name="Faye Founder",
    password="a pass phrase of mine",
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database of its own, opened for this process in place of the stories' one."""
    home = tmp_path_factory.mktemp("installation")
    prepared.copy(Stage.EMPTY, home)
    with own_database.opened(Settings(home=home)) as database:
        migration.migrate(database.logins)
        yield database


@pytest.fixture
def operator(installation: Database) -> Iterator[sa.Engine]:
    """The operator of a database with nobody in it, which is emptied again afterwards."""
    engine = administration.admin_engine(installation.logins.admin_url)
    yield engine
    with engine.begin() as superuser:
        administration.run_script(
            superuser, "truncate zixly.tenants, app_private.set_up_links cascade"
        )
    engine.dispose()


@pytest.fixture
def token(installation: Database, operator: sa.Engine) -> str:
    opened = one_time_links.open_set_up(installation.logins.admin_url)
    assert opened is not None
    return opened


def organisations(installation: Database) -> list[str]:
    return list(operators.list_tenants(installation.logins.admin_url)["name"])


def test_the_founder_is_in_as_administrator_of_what_they_named(token: str) -> None:
    assert one_time_links.set_up_link(token) is LinkState.OPEN
    account = one_time_links.set_up(token, FOUNDING, HERE)
    secret = sessions.redeem_ticket(sessions.issue_ticket(account, HERE), HERE, "a browser")
    founder = sessions.identify(secret)
    assert (founder.role, founder.full_name) == (Role.ADMIN, "Faye Founder")
    tenant = tenants.get(founder)
    assert (tenant.name, tenant.industry) == ("Harbour Books", "Bookkeeping")
    assert tenant.time_zone == "Australia/Perth"
    assert (tenant.reporting_currency, tenant.financial_year_start_month) == ("NZD", 4)


def test_the_link_dies_when_it_is_used(installation: Database, token: str) -> None:
    one_time_links.set_up(token, FOUNDING, HERE)
    assert one_time_links.set_up_link(token) is LinkState.USED
    with pytest.raises(LinkClosed):
        one_time_links.set_up(token, replace(FOUNDING, email="eve@evil.example"), HERE)
    assert one_time_links.open_set_up(installation.logins.admin_url) is None, (
        "there is nothing to set up"
    )
    assert organisations(installation) == ["Harbour Books"]


def test_it_dies_too_when_an_organisation_is_made_otherwise(
    installation: Database, token: str
) -> None:
    operators.create_tenant(installation.logins.admin_url, "by-hand", "By hand")
    assert one_time_links.set_up_link(token) is LinkState.USED
    with pytest.raises(LinkClosed):
        one_time_links.set_up(token, FOUNDING, HERE)


def test_of_four_who_use_it_at_once_one_founds(installation: Database, token: str) -> None:
    together = Barrier(4)

    def set_up(number: int) -> bool:
        together.wait(timeout=60)
        try:
            named = OrganisationDraft(f"Founder {number}")
            one_time_links.set_up(token, replace(FOUNDING, organisation=named), HERE)
        except LinkClosed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        founded = list(pool.map(set_up, range(4)))
    assert organisations(installation) == [f"Founder {founded.index(True)}"]
    assert sum(founded) == 1


def test_an_expired_link_founds_nothing_and_a_later_one_replaces_it(
    installation: Database, operator: sa.Engine, token: str
) -> None:
    with operator.begin() as superuser:
        administration.run_script(
            superuser, "update app_private.set_up_links set expires_at = now() - interval '1 hour'"
        )
    assert one_time_links.set_up_link(token) is LinkState.EXPIRED
    with pytest.raises(LinkClosed):
        one_time_links.set_up(token, FOUNDING, HERE)
    later = one_time_links.open_set_up(installation.logins.admin_url)
    assert later is not None
    assert one_time_links.set_up_link(token) is LinkState.UNKNOWN
    assert one_time_links.set_up_link(later) is LinkState.OPEN
    assert organisations(installation) == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"organisation": OrganisationDraft("  ")}, InvalidInput),
        ({"organisation": OrganisationDraft("A", "x" * 201)}, InvalidInput),
        ({"organisation": OrganisationDraft("A", time_zone="Australia/Atlantis")}, InvalidInput),
        ({"organisation": OrganisationDraft("A", reporting_currency="ZZZ")}, InvalidInput),
        ({"organisation": OrganisationDraft("A", financial_year_start_month=13)}, InvalidInput),
        ({"email": "no address"}, InvalidInput),
        ({"full_name": ""}, InvalidInput),
        ({"password": "passwordpassword"}, InvalidInput),
        ({"password": "faye@harbour.example"}, InvalidInput),
    ],
)
def test_what_cannot_be_is_said_and_uses_nothing_up(
    installation: Database, token: str, changed: dict[str, Any], error: type[ZixlyError]
) -> None:
    with pytest.raises(error):
        one_time_links.set_up(token, replace(FOUNDING, **changed), HERE)
    assert one_time_links.set_up_link(token) is LinkState.OPEN
    assert organisations(installation) == []


def test_every_time_zone_on_offer_is_one_the_database_knows(operator: sa.Engine) -> None:
    with operator.connect() as superuser:
        of_postgres = superuser.execute(sa.text("select name from pg_timezone_names")).scalars()
        assert set(time_zones.names()) <= set(of_postgres)
    assert time_zones.names()[0].startswith("Australia/")
    assert time_zones.DEFAULT in time_zones.names()


def test_an_address_is_one_person_s(installation: Database, token: str) -> None:
    one_time_links.set_up(token, FOUNDING, HERE)
    with pytest.raises(AlreadyExists):
        operators.add_user(
            installation.logins.admin_url,
            "zixly-org-001",
            FOUNDING.email.lower(),
            "Other",
            Role.VIEWER,
        )
