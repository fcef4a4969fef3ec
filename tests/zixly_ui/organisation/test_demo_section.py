"""Removing the demo on the page: counted, confirmed by name, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.page_runs import PageRun, open_page
from tests.support.servers.demo_installation import cole_in, opened, own_admin_in
from tests.support.servers.prepared import SUPPORT
from zixly_data.database.connection import Database
from zixly_data.identity import Identity
from zixly_data.operations import demo, operator
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft
from zixly_data.values import ids


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path) as database:
        yield database


@pytest.fixture
def cole(installation: Database) -> Identity:
    return cole_in(installation)


def remove(page: PageRun, name: str = "Zixly") -> PageRun:
    page.fill(("To confirm, type the name of the organisation", name))
    return page.press("Remove the demo")


def add_client(person: Identity, name: str) -> None:
    clients.add(person, ClientDraft(name, name), row_id=ids.new_id("ckpi"))


def test_it_leads_from_the_demo_to_one_s_own_organisation(
    installation: Database, cole: Identity
) -> None:
    support = operator.open_session(installation.logins.admin_url, SUPPORT)
    theirs = open_page(support, "clients")
    page = open_page(cole, "organisation")
    assert "The demo" in page.headings
    assert "This deletes what came with the demo: 9 clients and prospects" in page.text
    assert "The name you typed is not the name of this organisation." in remove(page, "zix").alerts
    assert demo.contents(installation.logins.admin_url) is not None

    assert remove(page).send() == "/set-up"
    assert demo.contents(installation.logins.admin_url) is None
    assert "Set up your organisation" in page.go("set_up").headings
    assert "Your session has ended" in theirs.reload().text


def test_what_the_team_added_goes_only_with_a_tick(installation: Database, cole: Identity) -> None:
    add_client(cole, "Kea")
    page = open_page(cole, "organisation")
    assert "Your team added 1 client. They are deleted too." in page.text
    assert "would be deleted with the organisation, so nothing was removed" in remove(page).alerts
    assert page.typed("To confirm, type the name of the organisation") == ("Zixly",)
    page.tick("Also delete what my team added")
    assert remove(page).send() == "/set-up"


def test_what_was_added_since_is_shown_before_it_goes(
    installation: Database, cole: Identity
) -> None:
    page = open_page(cole, "organisation")
    add_client(cole, "Kea")
    assert "Someone changed records in the meantime, so nothing was removed." in remove(page).alerts
    assert "Your team added 1 client." in page.text
    assert demo.contents(installation.logins.admin_url) is not None


def test_an_administrator_of_one_s_own_keeps_the_organisation(installation: Database) -> None:
    ada = own_admin_in(installation)
    add_client(ada, "Kea")
    page = open_page(ada, "organisation")
    assert "What your team added stays: 1 client and 1 person." in page.text
    assert "The demo was removed." in remove(page).alerts
    assert "The demo" not in page.headings
    assert "Kea" in page.go("clients").text


def test_a_person_of_the_demo_who_removes_it_is_signed_out(
    installation: Database, cole: Identity
) -> None:
    own_admin_in(installation)
    page = remove(open_page(cole, "organisation"))
    assert "Sign in as yourself." in page.alerts
    assert page.send() == ""
    assert page.go("organisation").field("Email")
