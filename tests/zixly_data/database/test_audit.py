"""The audit trail: every action leaves one entry, and no entry is changed, removed or forged.

Each test reads the audit trail as a superuser. Each refusal is checked together with the entry,
which still exists afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import ABC, Team
from tests.support.database import rows
from tests.support.database.attacks import intruder
from tests.support.database.grants import ROLES
from zixly_data.access import table_permissions
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft
from zixly_data.values import ids

ZIXLY = "zixly-org-001"
BUSINESS = [name for name, rights in table_permissions.TABLES.items() if rights.record]
# Tables that people write which are not records of the books.
NOT_RECORDS = (
    "invitations", "password_resets", "closed_months", "imports", "import_mappings",
    "finding_dismissals", "saved_views", "metric_inputs",
)  # fmt: skip
SECRETS = ("password_hash", "token_hash", "secret", "recovery_hashes", "credentials")
FORGERIES = [
    "update zixly.audit_log set user_email = 'somebody@else.example'",
    "update zixly.audit_log set at = at - interval '1 year'",
    "delete from zixly.audit_log",
    "truncate zixly.audit_log",
    "insert into zixly.audit_log (tenant_id, action, table_name)"
    " values ('{tenant}', 'EXPORT', 'x')",
    "with gone as (delete from zixly.audit_log returning id) select * from gone",
    "merge into zixly.audit_log as a using (select 1) as x on a.tenant_id = '{tenant}'"
    " when matched then delete",
    "insert into zixly.audit_log (tenant_id, id, action, table_name)"
    " select tenant_id, id, action, table_name from zixly.audit_log"
    " on conflict (tenant_id, id) do update set table_name = 'x'",
    "select app_private.note('{tenant}', 'x', 'y', 'SIGN_IN', 'z', 'w')",
    "select app_private.note_own('SIGN_IN', 'z', 'w', null)",
    "alter table zixly.audit_log disable trigger a_keep_trail",
    "drop trigger a_keep_trail on zixly.audit_log",
    "alter table zixly.audit_log disable row level security",
    "set session_replication_role = replica",
    "drop table zixly.audit_log",
]


@pytest.fixture
def trail(admin: sa.Engine) -> Callable[..., list[sa.Row[Any]]]:
    """The entries of a tenant, the oldest first, narrowed by columns."""

    def read(tenant_id: str, **filters: object) -> list[sa.Row[Any]]:
        where = " and ".join(f"{name} = :{name}" for name in ("tenant_id", *filters))
        query = f"select * from zixly.audit_log where {where} order by at, id"
        with admin.connect() as superuser:
            return list(superuser.execute(sa.text(query), {"tenant_id": tenant_id, **filters}))

    return read


@pytest.fixture(scope="module")
def walls(admin: sa.Engine) -> Iterator[None]:
    with rows.everything(admin, ZIXLY):
        yield


# ── nobody changes, removes or forges ───────────────────────────────────────────────────────


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("role", ["", *table_permissions.TEAM])
@pytest.mark.parametrize("person", ["cole", "support", "vera", "sarah"])
def test_a_person_with_any_sql(
    database: Database,
    admin: sa.Engine,
    request: pytest.FixtureRequest,
    person: str,
    role: str,
    forgery: str,
) -> None:
    identity: Identity = request.getfixturevalue(person)
    before = _fingerprint(admin)
    assert before[0] > 0
    become = f"set local role {role}; " if role else ""
    with intruder(database.logins.app_url, identity) as attacker:
        error = attacker.refused(become + forgery.format(tenant=identity.tenant_id))
        attacker.connection.commit()
    assert error.sqlstate in ("42501", "0A000", "42883")
    assert _fingerprint(admin) == before


@pytest.mark.parametrize("forgery", FORGERIES[:8])
@pytest.mark.parametrize("role", [role for role in ROLES if role != "zixly_owner"])
def test_every_role_there_is(admin: sa.Engine, role: str, forgery: str) -> None:
    """None of our roles may change or remove an entry, not even those that nobody can take."""
    if role == "zixly_gatekeeper" and forgery.startswith("insert into") and "do up" not in forgery:
        return  # The gatekeeper's functions write the audit trail.
    with admin.connect() as superuser:
        superuser.exec_driver_sql(f"set local role {role}")
        with pytest.raises(sa.exc.DBAPIError) as refused:
            superuser.exec_driver_sql(forgery.format(tenant=ZIXLY))
        assert refused.value.orig.sqlstate == "42501"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "forgery", ["update zixly.audit_log set user_email = 'x'", "delete from zixly.audit_log"]
)
@pytest.mark.parametrize("role", ["superuser", "zixly_owner"])
def test_not_even_the_owner_of_the_tables(admin: sa.Engine, role: str, forgery: str) -> None:
    """The owner sees no row past the policies; a superuser is stopped by the trigger."""
    with admin.connect() as superuser:
        if role == "superuser":
            with pytest.raises(sa.exc.DBAPIError, match="audit trail cannot be changed"):
                superuser.exec_driver_sql(forgery)
        else:
            superuser.exec_driver_sql("set local role zixly_owner")
            assert superuser.exec_driver_sql(forgery).rowcount == 0


def test_people_can_record_only_their_own_exports(
    database: Database, john: Identity, trail: Callable[..., list[sa.Row[Any]]]
) -> None:
    """The only entry that people write directly: they cannot choose its person or tenant."""
    with intruder(database.logins.app_url, john) as attacker:
        attacker.inject("set local role zixly_admin; select app.note_export('x', 3, '{\"a\": 1}')")
        attacker.connection.commit()
        for lie in ("cole@zixly.com.au|x", f"{ZIXLY}|cole|ADMIN|ses_1|00"):
            forge = f"select set_config('app.context', '{lie}', true)"
            error = attacker.refused(f"{forge}; select app.note_export('y', 1, '{{}}')")
            assert error.sqlstate == "28000"
    (entry,) = trail(ABC, action="EXPORT", user_id=john.user_id, table_name="x")
    assert (entry.user_email, entry.after) == (john.email, {"rows": 3, "filters": {"a": 1}})
    with connection.unscoped() as nobody, pytest.raises(sa.exc.DBAPIError):
        nobody.exec_driver_sql("select app.note_export('z', 1, '{}')")


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize("table", table_permissions.TABLES)
def test_the_history_of_a_record_is_its_readers(
    sarah: Identity, vera: Identity, cole: Identity, table: str
) -> None:
    """Only for records of the books, and only of the reader's tenant."""
    record = rows.row_id(table, ZIXLY)
    of_the_books = table in BUSINESS and table not in NOT_RECORDS
    with rows.undone(cole) as scoped:
        # Positive control: an entry about this row, written as the database writes it.
        if of_the_books:
            column = table_permissions.TABLES[table].columns("update")[0]
            scoped.exec_driver_sql(
                f"update zixly.{table} set {column} = {column} where id = '{record}'"
            )
            history = scoped.execute(_HISTORY, {"table": table, "id": record})
            assert history.rowcount >= 1
    assert audit.history(sarah, table, record).empty
    assert len(audit.history(vera, table, record)) == (1 if of_the_books else 0)


_HISTORY = sa.text("select * from app.history_of(:table, :id)")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("person", ["support", "vera"])
def test_the_whole_trail_is_an_admins(request: pytest.FixtureRequest, person: str) -> None:
    identity: Identity = request.getfixturevalue(person)
    with pytest.raises(AccessDenied), connection.scoped(identity) as scoped:
        scoped.exec_driver_sql("select id from zixly.audit_log")


# ── every change leaves one entry ───────────────────────────────────────────────────────────


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize("table", [name for name in BUSINESS if name != "metric_inputs"])
def test_a_row_recorded_changed_and_deleted(cole: Identity, table: str) -> None:
    """One entry each, in the same transaction: person, address, before and after."""
    rights = table_permissions.TABLES[table]
    if table == "password_resets":
        return  # A link, not a record: `test_audit_people.py` tests its entry.
    new = {
        name: value
        for name, value in {**rows.row(table, ZIXLY), **_OTHERS.get(table, {})}.items()
        if name in rights.columns("insert")
    } | {"id": "audited"}
    with rows.undone(cole) as scoped:
        rows.insert(scoped, table, new)
        where, verbs = "where id = 'audited'", ["INSERT"]
        for column in rights.columns("update")[:1]:
            readable = column if column in (rights.columns("select") or [column]) else "default"
            scoped.exec_driver_sql(f"update zixly.{table} set {column} = {readable} {where}")
            verbs.append("UPDATE")
        if rights.remove:
            scoped.exec_driver_sql(f"delete from zixly.{table} {where}")
            verbs.append("DELETE")
        if table in rows.ONES_OWN:
            verbs = []  # An ADMIN must not read private rows there.
        entries = scoped.execute(sa.text(
            "select * from audit_log where table_name = :t and row_id = 'audited' order by at, id"
        ), {"t": table}).all()  # fmt: skip
    assert [entry.action for entry in entries] == verbs
    for entry in entries:
        assert (entry.tenant_id, entry.user_id) == (ZIXLY, cole.user_id)
        assert (entry.user_email, entry.address) == (cole.email, "command line")
        assert (entry.before is None, entry.after is None) == (
            entry.action == "INSERT", entry.action == "DELETE")  # fmt: skip
        assert (entry.after or entry.before)["id"] == "audited"
        assert not set(SECRETS) & {*(entry.before or {}), *(entry.after or {})}
        client = {"client_kpis": "audited"}.get(table, new.get("client_kpi_id"))
        assert entry.client_kpi_id == client


def test_a_change_that_is_rolled_back_never_happened(
    new_team: Callable[[], Team], trail: Callable[..., list[sa.Row[Any]]]
) -> None:
    team = new_team()
    before = len(trail(team.tenant_id))
    with rows.undone(team.editor) as scoped:
        scoped.exec_driver_sql(_CLIENT)
    assert len(trail(team.tenant_id)) == before
    with connection.scoped(team.editor) as scoped:
        scoped.exec_driver_sql(_CLIENT)
    (entry,) = trail(team.tenant_id)[before:]
    assert (entry.user_email, entry.row_id, entry.client_kpi_id) == (team.editor.email, "a", "a")


def test_a_thousand_rows_at_once_and_a_client_that_takes_them_along(
    new_team: Callable[[], Team], trail: Callable[..., list[sa.Row[Any]]]
) -> None:
    team = new_team()
    with connection.scoped(team.editor) as scoped:
        scoped.exec_driver_sql(_CLIENT)
        scoped.exec_driver_sql(
            "insert into zixly.financials (client_kpi_id, record_date, revenue, expenses)"
            " select 'a', date '2024-01-01' + n, n, 1 from generate_series(1, 1000) as n"
        )
    recorded = trail(team.tenant_id, table_name="financials", action="INSERT")
    assert sorted(entry.after["revenue"] for entry in recorded) == list(range(1, 1001))
    clients.delete(team.editor, "a", 1, "Harbor")
    gone = trail(team.tenant_id, table_name="financials", action="DELETE")
    assert {entry.row_id for entry in gone} == {entry.row_id for entry in recorded}
    assert len(gone) == 1000
    assert {(entry.user_email, entry.client_kpi_id) for entry in gone} == {(team.editor.email, "a")}
    assert len(trail(team.tenant_id, table_name="client_kpis", action="DELETE")) == 1


def test_the_trail_goes_with_its_tenant_and_with_nothing_else(
    new_team: Callable[[], Team], admin: sa.Engine, trail: Callable[..., list[sa.Row[Any]]]
) -> None:
    team, other = new_team(), new_team()
    clients.add(team.admin, ClientDraft("HBC", "Harbor"), row_id=ids.new_id("ckpi"))
    entry_count = len(trail(other.tenant_id))
    with admin.begin() as superuser:
        superuser.execute(
            sa.text("delete from zixly.users where id = :id"), {"id": team.viewer.user_id}
        )
    assert any(entry.user_email == team.admin.email for entry in trail(team.tenant_id))
    assert any(entry.user_email == team.viewer.email for entry in trail(team.tenant_id))
    with admin.begin() as superuser:
        superuser.execute(
            sa.text("delete from zixly.tenants where id = :id"), {"id": team.tenant_id}
        )
    assert trail(team.tenant_id) == []
    assert len(trail(other.tenant_id)) == entry_count


def test_no_secret_is_on_the_trail(admin: sa.Engine) -> None:
    """Checks the entries of all previous tests."""
    with admin.connect() as superuser:
        entries = superuser.exec_driver_sql(
            "select before, after from zixly.audit_log where coalesce(before, after) is not null"
        ).all()
    assert entries
    text = json.dumps([list(row) for row in entries])
    assert not [name for name in SECRETS if f'"{name}"' in text]
    assert "$2b$" not in text


def _fingerprint(admin: sa.Engine) -> tuple[Any, ...]:
    """The number and contents of entries of the attackers' organisations, without sign-ins, which
    other tests cause. Those of all organisations are too many to read for each attack."""
    query = sa.text(
        "select count(*), sum(hashtextextended(a::text, 0)) from zixly.audit_log as a"
        " where tenant_id = any (:tenants) and action <> 'SIGN_IN'"
    )
    with admin.connect() as superuser:
        return tuple(superuser.execute(query, {"tenants": [ZIXLY, ABC]}).one())


_CLIENT = (
    "insert into zixly.client_kpis (id, client_id, client_name) values ('a', 'HBC-1', 'Harbor')"
)
_OTHERS: dict[str, dict[str, Any]] = {
    "client_kpis": {"client_id": "AUDITED"},
    "financials": {"external_id": "AUDITED"},
    "overheads": {"external_id": "AUDITED"},
    "lead_stages": {"stage": "Audited"},
    "metric_definitions": {"metric_name": "Audited"},
    "metric_targets": {"from_month": date(2024, 5, 1)},
    "invitations": {"email": "audited@wall.example", "token_hash": b"audited"},
    "closed_months": {"month": date(2001, 3, 1)},
    "import_mappings": {"header": "0" * 64},
    "exchange_rates": {"month": date(2001, 3, 1)},
    "finding_dismissals": {"subject": "audited"},
    "saved_views": {"name": "Audited"},
}
