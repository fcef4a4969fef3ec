"""Databases of released versions, upgraded to this one: nothing is lost, and isolation holds.

`dumps/` has a dump per release, created by `tests/support/database/version_dump.py`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.database.structure import structure
from tests.support.database.version_dump import FOLDER, rows, tables
from tests.support.servers.command_line import CommandLine
from tests.zixly_data.database.conftest import NewDatabase
from zixly_data.access import table_permissions
from zixly_data.database import administration, migration
from zixly_data.database.logins import Logins
from zixly_data.records.delivery.metric_targets import near_edge

DUMPS = sorted(FOLDER.glob("*.sql"))
ZIXLY, ABC = "zixly-org-001", "abc-org-001"
each_release = pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
# Written by the migration itself.
OF_THE_MIGRATION = {"app_private.replayed", "app_private.revision"}
# Moved to rows of their own; `test_the_target_of_a_metric_becomes_a_row` finds their values there.
MOVED = {("zixly.metric_definitions", "target")}
# Increased by a migration that fills a new column of the row.
OF_THE_ROW = {"version", "updated_at"}

# Each organisation has a second metric, whose name differs in case; ABC's first is a percentage.
NAMED_ALIKE = """
    set local session_replication_role = replica;
    insert into zixly.metric_definitions (tenant_id, id, metric_name, unit, kind, created_at) values
      ('zixly-org-001', 'mdef_0', 'billable hours', 'hours', 'NUMBER', '2020-01-01'),
      ('abc-org-001', 'mdef_2', 'Billable Hours', '%', 'PERCENT', '2020-01-01'),
      ('abc-org-001', 'mdef_3', 'BILLABLE HOURS', 'hours', 'COUNT', '2021-01-01');
    set local session_replication_role = origin;
"""

Books = dict[str, list[dict[str, Any]]]


@pytest.fixture
def restored(new_database: NewDatabase, dump: Path) -> Logins:
    """The database of a release, as before an upgrade."""
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, dump)
    return books


@each_release
def test_every_row_is_still_there_with_its_figures(restored: Logins) -> None:
    before = contents(restored)
    assert {table for table, stored in before.items() if not stored} == set(), "an empty table"

    migration.migrate(restored)

    assert migration.is_current(restored.admin_url)
    assert lost(before, contents(restored)) == []


@each_release
def test_an_upgraded_database_is_built_as_a_new_one(
    restored: Logins, new_database: NewDatabase
) -> None:
    """Tables, functions, policies and rights; only the order of columns may differ."""
    migration.migrate(restored)
    new = new_database()
    migration.migrate(new)
    assert structure(restored.admin_url) == structure(new.admin_url)


@each_release
def test_a_second_migration_changes_nothing(restored: Logins) -> None:
    migration.migrate(restored)
    before = contents(restored), structure(restored.admin_url)
    assert migration.migrate(restored) == []
    assert (contents(restored), structure(restored.admin_url)) == before


@each_release
def test_functions_and_policies_are_replaced_whole(restored: Logins) -> None:
    """Also if this version has no migration: the replay starts from the dump's."""
    migration.migrate(restored)
    intact = structure(restored.admin_url)
    with administration.admin_engine(restored.admin_url).begin() as superuser:
        superuser.execute(sa.text("update app_private.replayed set fingerprint = 'older'"))
        superuser.execute(
            sa.text('drop policy "rows stay within their tenant" on zixly.financials')
        )
        superuser.execute(sa.text("grant select on zixly.users to zixly_viewer"))
    assert structure(restored.admin_url) != intact

    assert migration.migrate(restored) == ["updated functions and policies to this version"]

    assert structure(restored.admin_url) == intact


@each_release
@pytest.mark.parametrize(
    ("email", "tenant"),
    [("cole@zixly.com.au", ZIXLY), ("sarah@abcconstruction.com.au", ABC)],
)
def test_each_founder_sees_only_their_own_organisation(
    restored: Logins, email: str, tenant: str
) -> None:
    migration.migrate(restored)
    ids = visible(restored, email)
    stored = contents(restored)
    assert len(ids) >= 15
    for table, keys in ids.items():
        key = "id" if table == "tenants" else "tenant_id"
        own = {row["id"] for row in stored[f"zixly.{table}"] if row[key] == tenant}
        assert {tenant_id for tenant_id, _ in keys} <= {tenant}, table
        assert {row_id for _, row_id in keys} == own, table
    hidden = {row["tenant_id"] for row in stored["zixly.financials"]} - {tenant}
    assert ids["financials"]
    assert hidden, "the other organisation's rows are there"


@each_release
def test_a_report_gives_the_figures_of_the_release(restored: Logins, tmp_path: Path) -> None:
    """The command line prepares nothing: it reads the migrated data."""
    migration.migrate(restored)
    ended = CommandLine(tmp_path / "home")(
        "report", "profitability", "--from", "2024-01-01", "--to", "2024-03-31",
        "--as", "cole@zixly.com.au", "--format", "csv",
        DATABASE_URL=restored.admin_url, DATABASE_APP_URL=restored.app_url,
        DATABASE_AUTH_URL=restored.auth_url,
    )  # fmt: skip
    assert ended.stdout.splitlines()[1:] == [
        "HBC-2024-001,Harbor Bridge Construction,AUD,30000.00,16000.05,13999.95,0.4667",
        "OTG-2024-002,Otago Wines,NZD,999999999999.99,0.01,999999999999.98,1.0000",
    ], ended.stderr


def test_the_metric_named_billable_hours_gets_the_purpose(
    new_database: NewDatabase,
) -> None:
    """The metric of 0.1.0 that its name selected; of several, the one with the most values."""
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, FOLDER / "0.1.0.sql")
        administration.run_script(superuser, NAMED_ALIKE)

    migration.migrate(books)

    assert purposes(books) == {
        (ZIXLY, "Billable Hours"): "BILLABLE_HOURS",
        (ZIXLY, "billable hours"): None,
        (ZIXLY, "Satisfaction"): None,
        (ABC, "Billable Hours"): None,
        (ABC, "BILLABLE HOURS"): "BILLABLE_HOURS",
        (ABC, "Milestones Completed"): None,
    }
    changes = [
        (row["tenant_id"], row["action"], row["user_id"], row["after"]["purpose"])
        for row in contents(books)["zixly.audit_log"]
        if row["table_name"] == "metric_definitions"
    ]
    assert sorted(changes) == [
        (ABC, "UPDATE", None, "BILLABLE_HOURS"),
        (ZIXLY, "UPDATE", None, "BILLABLE_HOURS"),
    ]


def test_hours_add_up_and_other_metrics_keep_their_last_value(new_database: NewDatabase) -> None:
    """Reports added hours up; of all other metrics the last value counted. Symbols come from names,
    and of one name in several cases the oldest metric has it alone."""
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, FOLDER / "0.1.0.sql")
        administration.run_script(superuser, NAMED_ALIKE)

    migration.migrate(books)

    columns = ("adds_up", "over_clients", "symbol", "formula", "is_recorded")
    upgraded = {
        (row["tenant_id"], row["metric_name"]): tuple(row[name] for name in columns)
        for row in contents(books)["zixly.metric_definitions"]
    }
    assert upgraded == {
        (ZIXLY, "Billable Hours"): ("SUM", "SUM", "billable_hours_2", None, True),
        (ZIXLY, "billable hours"): ("LAST", "NONE", "billable_hours", None, True),
        (ZIXLY, "Satisfaction"): ("LAST", "NONE", "satisfaction", None, True),
        (ABC, "Billable Hours"): ("LAST", "NONE", "billable_hours", None, True),
        (ABC, "BILLABLE HOURS"): ("SUM", "SUM", "billable_hours_2", None, True),
        (ABC, "Milestones Completed"): ("LAST", "NONE", "milestones_completed", None, True),
    }


# Metrics of 0.1.0 of each kind, and the kind and edges of their targets: near, on target, near.
AIMED = {
    ("NUMBER", "UP", "64", None): ("AT_LEAST", "57.6", "64", None, None),
    ("NUMBER", "UP", "-10", None): ("AT_LEAST", "-11", "-10", None, None),
    ("NUMBER", "DOWN", "-10", None): ("AT_MOST", None, None, "-10", "-9"),
    ("NUMBER", "DOWN", "9999999999.9999", None): (
        "AT_MOST", None, None, "9999999999.9999", "9999999999.9999"),
    ("NUMBER", "UP", "-9999999999.9999", None): (
        "AT_LEAST", "-9999999999.9999", "-9999999999.9999", None, None),
    ("DURATION", "UP", "0.0005", None): ("AT_LEAST", "0.0005", "0.0005", None, None),
    ("DURATION", "DOWN", "0", None): ("AT_MOST", None, None, "0", "0"),
    ("COUNT", "UP", "12", None): ("AT_LEAST", "11", "12", None, None),
    ("COUNT", "DOWN", "12", None): ("AT_MOST", None, None, "12", "13"),
    ("PERCENT", "DOWN", "95", None): ("AT_MOST", None, None, "95", "100"),
    ("PERCENT", "DOWN", "950", None): ("AT_MOST", None, None, "950", "1000"),
    ("RATING", "DOWN", "4.9", "5"): ("AT_MOST", None, None, "4.9", "5"),
    ("YES_NO", "UP", "1", None): ("AT_LEAST", "1", "1", None, None),
    ("YES_NO", "DOWN", "0", None): ("AT_MOST", None, None, "0", "0"),
    ("NUMBER", "UP", None, None): None,
}  # fmt: skip


def test_the_target_of_a_metric_becomes_a_row(new_database: NewDatabase) -> None:
    """Everyone's from the beginning, near as far as the forms propose it."""
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, FOLDER / "0.1.0.sql")
        superuser.exec_driver_sql("set local session_replication_role = replica")
        for number, (kind, direction, target, out_of) in enumerate(AIMED):
            superuser.execute(
                sa.text("""
                    insert into zixly.metric_definitions
                      (tenant_id, id, metric_name, unit, kind, direction, target, out_of)
                    values ('abc-org-001', :id, :id, 'units', :kind, :direction, :target, :out_of)
                """),
                {"id": f"aimed_{number}", "kind": kind, "direction": direction, "target": target,
                 "out_of": out_of},
            )  # fmt: skip

    migration.migrate(books)

    rows_by_metric = {
        (row["tenant_id"], row["metric_id"]): row
        for row in contents(books)["zixly.metric_targets"]
        if row["client_kpi_id"] is None and row["from_month"] == date(2000, 1, 1)
    }
    edges = ("near_low", "low", "high", "near_high")
    for number, ((metric_kind, _, _, out_of), expected) in enumerate(AIMED.items()):
        row = rows_by_metric.get((ABC, f"aimed_{number}"))
        if expected is None:
            assert row is None
            continue
        assert row is not None
        kind, *texts = expected
        values = [None if text is None else Decimal(text) for text in texts]
        assert (row["kind"], *(row[name] for name in edges)) == (kind, *values), metric_kind
        for name in ("low", "high"):
            scale = None if out_of is None else Decimal(out_of)
            if row[name] is not None:
                assert row[f"near_{name}"] == near_edge(row[name], name, metric_kind, scale)
    # Those of the release itself.
    assert rows_by_metric[ZIXLY, "mdef_1"]["low"] == 120
    assert rows_by_metric[ZIXLY, "mdef_2"]["near_low"] == Decimal("4.05")
    assert len(rows_by_metric) == 2 + len(AIMED) - 1


# Further lines of documents of 0.1.0 were counted. Two files, an hour apart: Kea is a client of the
# first one, Bay of both.
COUNTED_LINES = """
    set local session_replication_role = replica;
    insert into zixly.financials
      (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id,
       created_at)
    select 'zixly-org-001', 'fin_doc_' || id, client, '2026-01-05', 1, 0, source, number,
           '2026-01-05 10:00+00'::timestamptz + hour * interval '1 hour'
    from (values
      (1, 'kea', 'file', 'INV-7',         0),
      (2, 'kea', 'file', 'INV-7 (2)',     0),
      (3, 'bay', 'file', 'INV-7 (3)',     0),
      (4, 'kea', 'file', 'INV-7 (4)',     1),
      (5, 'bay', 'file', 'INV-8',         1),
      (6, 'bay', 'file', 'INV-7 (5)',     1),
      (7, 'kea', 'file', 'Lease (2)',     0),
      (8, 'kea', 'xero', 'INV-7 (2)',     0)) as line (id, client, source, number, hour);
    set local session_replication_role = origin;
"""


def test_counted_lines_get_the_number_of_their_document(new_database: NewDatabase) -> None:
    """Of the same client, or of another client in the same file. Nobody has changed them."""
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, FOLDER / "0.1.0.sql")
        administration.run_script(superuser, COUNTED_LINES)

    migration.migrate(books)

    with administration.admin_engine(books.admin_url).begin() as superuser:
        numbers = superuser.execute(
            sa.text(
                "select external_id, version from zixly.financials"
                " where id like 'fin\\_doc\\_%' order by id"
            )
        ).all()
        noted = superuser.execute(
            sa.text("select count(*) from zixly.audit_log where row_id like 'fin\\_doc\\_%'")
        ).scalar_one()
    assert [tuple(line) for line in numbers] == [
        ("INV-7", 1), ("INV-7", 1), ("INV-7", 1), ("INV-7", 1), ("INV-8", 1),
        # Whose these are nobody can tell: another file's, another document's, a source's.
        ("INV-7 (5)", 1), ("Lease (2)", 1), ("INV-7 (2)", 1),
    ]  # fmt: skip
    assert noted == 0


def test_a_row_that_is_lost_or_changed_would_be_named() -> None:
    row = {"tenant_id": ZIXLY, "id": "fin_1", "revenue": Decimal("15000.10")}
    before: Books = {"zixly.financials": [row]}
    assert lost(before, {"zixly.financials": [row | {"note": None}]}) == []
    assert lost(before, {}) == ["zixly.financials"]
    assert lost(before, {"zixly.financials": []}) == [f"zixly.financials {ZIXLY} fin_1"]
    rounded = row | {"revenue": Decimal("15000.1")}
    assert lost(before, {"zixly.financials": [rounded]}) == []
    wrong = row | {"revenue": Decimal("15000.11")}
    assert lost(before, {"zixly.financials": [wrong]}) == [
        f"zixly.financials {ZIXLY} fin_1 revenue: 15000.10, now 15000.11"
    ]
    assert lost(before, {"zixly.financials": [{"tenant_id": ZIXLY, "id": "fin_1"}]}) == [
        f"zixly.financials {ZIXLY} fin_1 revenue: 15000.10, now None"
    ]


def contents(books: Logins) -> Books:
    """Each table's rows, as a superuser sees them."""
    with administration.admin_engine(books.admin_url).connect() as superuser:
        return {table: rows(superuser, table) for table in tables(superuser)}


def lost(before: Books, after: Books) -> list[str]:
    """Tables, rows and values of the release that are now missing or different."""
    gone = sorted(before.keys() - after.keys())
    for table in before.keys() & after.keys() - OF_THE_MIGRATION:
        rows_after = {identifying(row): row for row in after[table]}
        for row in before[table]:
            name = " ".join((table, *identifying(row)))
            if identifying(row) not in rows_after:
                gone.append(name)
                continue
            gone += [
                f"{name} {column}: {value}, now {rows_after[identifying(row)].get(column)}"
                for column, value in row.items()
                if column not in OF_THE_ROW
                and (table, column) not in MOVED
                and rows_after[identifying(row)].get(column) != value
            ]
    return gone


def purposes(books: Logins) -> dict[tuple[str, str], str | None]:
    """The purpose of each metric, by tenant and name."""
    definitions = contents(books)["zixly.metric_definitions"]
    return {(row["tenant_id"], row["metric_name"]): row["purpose"] for row in definitions}


def identifying(row: dict[str, Any]) -> tuple[str, ...]:
    """Tenant and id; for a table without them, its first column."""
    named = tuple(str(row[column]) for column in ("tenant_id", "id") if column in row)
    return named or (str(next(iter(row.values()))),)


def visible(books: Logins, email: str) -> dict[str, set[tuple[str, str]]]:
    """Tenant and id of each row that a person's session may read, through the pages' login."""
    secret = "a session for the upgrade"
    with administration.admin_engine(books.admin_url).begin() as superuser:
        opening = sa.text("select app_operator.open_session(:email, :secret)")
        superuser.execute(opening, {"email": email, "secret": secret})
    ids = {}
    with administration.admin_engine(books.app_url).begin() as pages:
        pages.execute(sa.text("select app.present(:secret)"), {"secret": secret})
        pages.execute(sa.text("set local role zixly_admin"))
        for table, rights in table_permissions.TABLES.items():
            if "ADMIN" not in rights.read:
                continue
            key = "id" if table == "tenants" else "tenant_id"
            query = sa.text(f"select {key}, id from zixly.{table}")
            ids[table] = {(str(tenant), str(row)) for tenant, row in pages.execute(query)}
    return ids
