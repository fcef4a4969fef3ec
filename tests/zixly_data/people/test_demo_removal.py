"""The demo leaves: what it is, and all of it going."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.support.servers.demo_installation import (
    add_client,
    add_record,
    cole_in,
    counts,
    opened,
    rows,
    seen_by,
)
from tests.support.servers.prepared import SUPPORT, VERA
from zixly_data.access import one_time_links, sessions
from zixly_data.access.one_time_links import LinkState
from zixly_data.database.connection import Database
from zixly_data.errors import (
    AccessDenied,
    InvalidInput,
    NotConfirmed,
    NotFound,
    SessionEnded,
)
from zixly_data.identity import Identity, Role
from zixly_data.operations import demo, operator
from zixly_data.people import demo_removal, tenants
from zixly_data.people.demo_removal import DemoContents
from zixly_data.records import (
    clients,
    closed_months,
)
from zixly_data.tables.tenants import OrganisationDraft


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path) as database:
        yield database


@pytest.fixture
def cole(installation: Database) -> Identity:
    return cole_in(installation)


# ── what the demo is ────────────────────────────────────────────────────────────────────────


def test_the_list_of_tables_is_what_loading_writes(installation: Database) -> None:
    listed = {
        name for (name,) in rows(installation, "select of_table from app_private.demo_tables()")
    }
    written = set(counts(installation))
    # Its people, what every organisation has, and what follows from these.
    others = {"tenants", "users", "sessions", "lead_stages", "audit_log"}
    others |= {"financial_months", "overhead_months"}
    assert written - others == listed


def test_a_client_stays_for_every_table_that_people_fill_about_it(installation: Database) -> None:
    (needed,) = rows(
        installation,
        "select needed from app_private.demo_tables() where of_table = 'client_kpis'",
    )[0]
    referring = rows(
        installation,
        "select conrelid::regclass::text from pg_constraint where contype = 'f'"
        " and confrelid = 'zixly.client_kpis'::regclass",
    )
    # Sums follow from records, and a dismissal goes with its finding.
    about = {str(name) for (name,) in referring}
    about -= {"zixly.financial_months", "zixly.finding_dismissals"}
    assert all(f"from {table} as" in str(needed) for table in about), about


def test_it_is_counted_by_table(cole: Identity, installation: Database) -> None:
    contents = seen_by(cole)
    present = counts(installation)
    assert contents.leaving == {
        table: present[table]
        for table in ("users", "client_kpis", "financials", "overheads", "lead_events",
                      "custom_metrics", "metric_targets", "metric_definitions",
                      "exchange_rates")
    }  # fmt: skip
    assert contents.is_whole
    assert not any(contents.own.values())
    assert demo.contents(installation.logins.admin_url) == contents


def test_an_organisation_that_was_set_up_has_no_demo(
    installation: Database, cole: Identity
) -> None:
    token = demo_removal.remove(cole, seen_by(cole), "Zixly")
    assert token is not None
    founder = found(token)
    client = add_client(founder)
    add_record(founder, client)
    # A second administrator, so that nobody counts as the demo's.
    url = installation.logins.admin_url
    operator.add_user(url, demo.TENANT_ID, "eve@own.example", "Eve", Role.ADMIN)
    assert demo_removal.contents(founder) is None
    assert demo.contents(url) is None
    with pytest.raises(NotFound):
        demo.remove(url, _anything(), "Own Books")
    assert clients.get(founder, client).client_name == "Own Client"


def _anything() -> DemoContents:
    return DemoContents("Own Books", False, {}, {}, 0, (), (), (), '{"is_whole": false}')


def found(token: str) -> Identity:
    """Faye, who sets up her organisation with the link."""
    founding = one_time_links.OrganisationSetup(
        OrganisationDraft("Own Books"),
        email="faye@own.example", full_name="Faye", password="a pass phrase of mine",
    )  # fmt: skip
    account = one_time_links.set_up(token, founding, "203.0.113.7")
    ticket = sessions.issue_ticket(account, "203.0.113.7")
    return sessions.identify(sessions.redeem_ticket(ticket, "203.0.113.7", "a browser"))


# ── all of it goes ──────────────────────────────────────────────────────────────────────────


def test_a_demo_that_nobody_used_goes_whole_and_leaves_an_empty_installation(
    installation: Database, cole: Identity
) -> None:
    before = counts(installation)
    assert before["financials"] > 100
    token = demo_removal.remove(cole, seen_by(cole), " Zixly ")
    assert counts(installation) == {}
    assert token is not None
    assert one_time_links.set_up_link(token) is LinkState.OPEN
    with pytest.raises(SessionEnded):
        tenants.get(cole)
    assert tenants.get(found(token)).name == "Own Books"


@pytest.mark.parametrize("typed", ["", "zixly", "Zixly Pty Ltd"])
def test_only_with_the_name_typed(installation: Database, cole: Identity, typed: str) -> None:
    before = counts(installation)
    with pytest.raises(NotConfirmed):
        demo_removal.remove(cole, seen_by(cole), typed)
    assert counts(installation) == before


@pytest.mark.parametrize("email", [SUPPORT, VERA])
def test_only_by_an_administrator(installation: Database, cole: Identity, email: str) -> None:
    person = operator.open_session(installation.logins.admin_url, email)
    contents = seen_by(cole)
    with pytest.raises(AccessDenied):
        demo_removal.contents(person)
    with pytest.raises(AccessDenied):
        demo_removal.remove(person, contents, "Zixly")
    assert seen_by(cole) == contents


def test_what_people_added_does_not_go_with_it_in_silence(
    installation: Database, cole: Identity
) -> None:
    support = operator.open_session(installation.logins.admin_url, SUPPORT)
    add_record(support, add_client(support))
    contents = seen_by(cole)
    assert (contents.own["client_kpis"], contents.own["financials"]) == (1, 1)
    assert "Your team added 1 client and 1 financial record." in " ".join(
        demo_removal.consequences(contents)
    )
    before = counts(installation)
    with pytest.raises(InvalidInput, match="would be deleted"):
        demo_removal.remove(cole, contents, "Zixly")
    assert counts(installation) == before
    assert demo_removal.remove(cole, contents, "Zixly", with_own=True)
    assert counts(installation) == {}


def test_beside_another_organisation_no_link_is_opened(
    installation: Database, cole: Identity
) -> None:
    url = installation.logins.admin_url
    operator.create_tenant(url, "own", "Own")
    operator.add_user(url, "own", "ada@own.example", "Ada", Role.ADMIN)
    ada = operator.open_session(url, "ada@own.example")
    add_record(ada, add_client(ada))
    assert demo_removal.contents(ada) is None
    assert demo.remove(url, seen_by(cole), "Zixly") is None
    left = counts(installation)
    assert (left["tenants"], left["users"], left["financials"]) == (1, 1, 1)


def test_closed_months_do_not_keep_an_organisation_that_goes(
    installation: Database, cole: Identity
) -> None:
    closed_months.close(cole, date(2024, 3, 1))
    assert demo_removal.remove(cole, seen_by(cole), "Zixly")
    assert counts(installation) == {}
