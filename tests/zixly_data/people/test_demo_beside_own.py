"""The demo leaves an organisation with people of its own, who work in it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.servers.demo_installation import (
    BONDI,
    HARBOR,
    OWN_DAY,
    add_client,
    add_record,
    cole_in,
    counts,
    opened,
    own_admin_in,
    rows,
    seen_by,
)
from tests.support.servers.prepared import COLE, SUPPORT, VERA
from zixly_data.database.connection import Database, scoped
from zixly_data.errors import (
    Conflict,
    MonthClosed,
    NotFound,
    SessionEnded,
    ZixlyError,
)
from zixly_data.identity import Identity, Role
from zixly_data.operations import demo, operator
from zixly_data.people import demo_removal, team, tenants
from zixly_data.records import clients, closed_months, date_notes, exchange_rates, overheads
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.values import ids


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path) as database:
        yield database


@pytest.fixture
def cole(installation: Database) -> Identity:
    return cole_in(installation)


@pytest.fixture
def own_admin(installation: Database) -> Identity:
    return own_admin_in(installation)


# ── what people added stays ─────────────────────────────────────────────────────────────────


def test_with_an_administrator_of_their_own_people_keep_what_they_added(
    installation: Database, cole: Identity, own_admin: Identity
) -> None:
    url = installation.logins.admin_url
    operator.add_user(url, demo.TENANT_ID, "bob@own.example", "Bob", Role.EDITOR)
    bob = operator.open_session(url, "bob@own.example")
    own = add_client(bob)
    add_record(bob, own)
    add_record(bob, HARBOR)
    date_notes.add(bob, NoteDraft(OWN_DAY, "Moved house", BONDI), row_id=ids.new_id("note"))
    exchange_rates.add(bob, RateDraft(OWN_DAY.replace(day=1), "USD", "AUD", Decimal("1.5")),
                       row_id=ids.new_id("rate"))  # fmt: skip
    overheads.add(bob, OverheadDraft(OWN_DAY, "AUD", Decimal(0), Decimal(9)),
                  row_id=ids.new_id("ovh"))  # fmt: skip
    metrics.add(bob, MetricDraft(own, "Billable Hours", OWN_DAY, Decimal(3)),
                row_id=ids.new_id("met"))  # fmt: skip
    contents = seen_by(own_admin)
    assert not contents.is_whole
    assert contents.kept_clients == ("Bondi E-commerce Store", "Harbor Bridge Construction")
    assert (contents.leaving["client_kpis"], contents.leaving["users"]) == (7, 3)

    assert demo_removal.remove(own_admin, contents, "Zixly") is None

    left = counts(installation)
    assert {name: left[name] for name in ("client_kpis", "financials", "date_notes", "users")} == {
        "client_kpis": 3, "financials": 2, "date_notes": 1, "users": 2,
    }  # fmt: skip
    assert (left["exchange_rates"], left["custom_metrics"]) == (1, 1)
    assert metric_definitions.definitions(own_admin)["metric_name"].tolist() == ["Billable Hours"]
    assert "lead_events" not in left
    sums = rows(installation, "select sum(revenue), sum(records) from zixly.financial_months")
    assert sums == [(Decimal("20.00"), Decimal(2))]
    costs = rows(installation, "select sum(expenses), sum(records) from zixly.overhead_months")
    assert costs == [(Decimal("9.00"), Decimal(1))]
    assert left["overheads"] == 1
    assert demo_removal.contents(own_admin) is None
    for person in (COLE, SUPPORT, VERA):
        with pytest.raises(ZixlyError):
            operator.open_session(url, person)
    with pytest.raises(SessionEnded):
        tenants.get(cole)


def test_it_is_on_the_trail_by_whom(installation: Database, own_admin: Identity) -> None:
    demo_removal.remove(own_admin, seen_by(own_admin), "Zixly")
    deleted = rows(
        installation,
        "select user_email, table_name, count(*) from zixly.audit_log where action = 'DELETE'"
        " and table_name in ('client_kpis', 'users') group by 1, 2 order by 2",
    )
    assert deleted == [("ada@own.example", "client_kpis", 9), ("ada@own.example", "users", 3)]


def test_cole_may_remove_himself_when_somebody_else_administers(
    installation: Database, cole: Identity, own_admin: Identity
) -> None:
    assert demo_removal.remove(cole, seen_by(cole), "Zixly") is None
    assert [person["email"] for person in team.members(own_admin).to_dict("records")] == [
        "ada@own.example"
    ]
    with pytest.raises(SessionEnded):
        tenants.get(cole)


def test_a_closed_month_with_nothing_but_the_demo_is_reopened_and_another_stays(
    cole: Identity, own_admin: Identity
) -> None:
    own = add_client(own_admin)
    add_record(own_admin, own, date(2023, 5, 2))
    for month in (date(2023, 5, 1), date(2024, 3, 1)):
        closed_months.close(own_admin, month)
    contents = seen_by(own_admin)
    assert (contents.reopened, contents.blocked) == ((date(2024, 3, 1),), ())
    demo_removal.remove(own_admin, contents, "Zixly")
    assert closed_months.list_closed(own_admin)["month"].tolist() == [date(2023, 5, 1)]


def test_a_closed_month_with_records_of_people_is_not_changed(
    installation: Database, own_admin: Identity
) -> None:
    add_record(own_admin, HARBOR, date(2024, 3, 4))
    closed_months.close(own_admin, date(2024, 3, 1))
    before = counts(installation)
    with pytest.raises(MonthClosed, match="March 2024"):
        demo_removal.remove(own_admin, seen_by(own_admin), "Zixly")
    assert counts(installation) == before
    closed_months.reopen(own_admin, date(2024, 3, 1))
    demo_removal.remove(own_admin, seen_by(own_admin), "Zixly")
    assert counts(installation)["financials"] == 1


def test_a_demo_of_a_version_before_goes_too(installation: Database, cole: Identity) -> None:
    """Rows that people changed since are still the demo's: nobody may write when they came."""
    client = clients.get(cole, HARBOR)
    clients.change(cole, HARBOR, client.version, ClientDraft("X-1", "Renamed"))
    contents = seen_by(cole)
    assert contents.changed == 1
    assert "1 of them was changed since it was loaded." in demo_removal.consequences(contents)
    with pytest.raises(ZixlyError), scoped(cole) as connection:
        connection.execute(sa.text("update client_kpis set created_at = now()"))


# ── somebody works in it meanwhile ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("whole", [True, False])
def test_what_was_added_since_is_shown_first(
    installation: Database, cole: Identity, own_admin: Identity, whole: bool
) -> None:
    if whole:
        team.deactivate(cole, own_admin.user_id)
    contents = seen_by(cole)
    assert contents.is_whole == whole
    add_record(cole, HARBOR)
    before = counts(installation)
    with pytest.raises(Conflict) as moved:
        demo_removal.remove(cole, contents, "Zixly", with_own=True)
    assert moved.value.current == seen_by(cole) != contents
    assert counts(installation) == before


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("commits", [True, False])
def test_a_record_being_saved_is_waited_for(
    installation: Database, cole: Identity, own_admin: Identity, whole: bool, commits: bool
) -> None:
    if whole:
        team.deactivate(cole, own_admin.user_id)
    support = operator.open_session(installation.logins.admin_url, SUPPORT)
    contents = seen_by(cole)
    ended: list[object] = []

    def remove() -> None:
        try:
            ended.append(demo_removal.remove(cole, contents, "Zixly", with_own=True))
        except ZixlyError as error:
            ended.append(error)

    removing = threading.Thread(target=remove)
    with scoped(support) as writing:
        writing.execute(
            sa.text(
                "insert into financials (client_kpi_id, record_date, revenue, expenses)"
                " values (:client, :day, 7, 1)"
            ),
            {"client": HARBOR, "day": OWN_DAY},
        )
        removing.start()
        time.sleep(0.5)
        assert ended == []
        if not commits:
            writing.rollback()
    removing.join(60)
    if commits:
        assert [type(end) for end in ended] == [Conflict]
        assert counts(installation)["financials"] > 100
    else:
        assert not isinstance(ended[0], ZixlyError)
        assert counts(installation).get("financials", 0) == 0


def test_a_record_that_comes_too_late_is_refused_or_whole(
    installation: Database, own_admin: Identity
) -> None:
    demo_removal.remove(own_admin, seen_by(own_admin), "Zixly")
    with pytest.raises(NotFound):
        add_record(own_admin, HARBOR)
    assert "financials" not in counts(installation)


def test_of_two_who_remove_it_at_once_one_does(installation: Database, cole: Identity,
                                               own_admin: Identity) -> None:  # fmt: skip
    contents = seen_by(own_admin)
    ended: list[object] = []

    def remove(person: Identity) -> None:
        try:
            ended.append(demo_removal.remove(person, contents, "Zixly"))
        except ZixlyError as error:
            ended.append(error)

    both = [threading.Thread(target=remove, args=(person,)) for person in (own_admin, cole)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert ended.count(None) == 1, ended
    assert counts(installation)["users"] == 1
