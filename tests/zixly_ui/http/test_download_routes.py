"""Files by their address: who gets which, and what everybody else reads instead."""

from __future__ import annotations

import csv
import http.client
import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from urllib.parse import quote, urlencode

import openpyxl
import pytest
import sqlalchemy as sa
from starlette.datastructures import QueryParams

from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.access import sessions
from zixly_data.database import administration
from zixly_data.errors import InvalidInput, InvalidPeriod
from zixly_data.exports.csv_file import to_csv
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.record_files import COLUMNS, Rows, Table
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.people.tenants import Tenant
from zixly_data.records import financials
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL, parse
from zixly_ui.http.download_links import AUDIT_TRAIL, Trail, address, read

Answer = tuple[int, dict[str, str], bytes]
Q1 = parse("2024-Q1", date(2026, 11, 22))
TENANT = Tenant("t", "T", None, "Australia/Brisbane", "AUD", 7, False, 1)


# ── the address ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "wanted",
    [
        Rows(Table.CLIENTS),
        Rows(Table.CLIENTS, client_filter=ClientFilter(search="O'Brien & <co> 100%")),
        Rows(Table.FINANCIALS, Q1, ClientFilter(("a", "b"), ("ACTIVE",), ("Law", "Café"))),
        Rows(Table.LEAD_EVENTS, ALL, ClientFilter(("a",)), lead_id="L-1 é"),
        Rows(Table.LEAD_EVENTS, Q1, stage="Contract signed"),
        Rows(Table.CUSTOM_METRICS, Q1, ClientFilter(("a",)), metric_name="On time = 1"),
        Trail(Q1, AuditFilter(("a@b.example", "operator"), ("EXPORT",), ("users",), ("c",))),
        Trail(),
    ],
)
def test_an_address_asks_for_what_was_shown(wanted: Rows | Trail) -> None:
    place, _, query = address(wanted, "Müller & Co.csv").partition("?")
    what = place.removeprefix("/download/").removesuffix(".csv")
    found, name = read(what, list(parts(query)), TENANT)
    assert name == "Müller-Co.csv"
    days = (found.period.start, found.period.end)
    assert days == (wanted.period.start, wanted.period.end)
    assert replace(found, period=wanted.period) == wanted


def parts(query: str) -> Iterator[tuple[str, str]]:
    yield from QueryParams(query).multi_items()


def test_the_names_of_periods_mean_what_they_mean_on_a_page() -> None:
    found, name = read("financials", [("period", "2024-Q1")], TENANT)
    assert (found.period, name) == (Q1, "financials-2024-q1.csv")
    assert read("financials", [], TENANT)[0].period == ALL


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("financials", [("clients", "a")]),
        ("financials", [("stage", "Inquiry")]),
        ("clients", [("period", "2024-Q1")]),
        ("financials", [("period", "2024-Q1"), ("period", "2024-Q2")]),
        ("lead-events", [("q", "x" * 2001)]),
        ("financials", [("client", "a")] * 1001),
        (AUDIT_TRAIL, [("status", "ACTIVE")]),
    ],
)
def test_an_address_that_is_not_understood_never_gives_more(
    what: str, query: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput):
        read(what, query, TENANT)


@pytest.mark.parametrize("query", ["period=2024-Q5", "period=custom&from=2024-02-30&to=2024-03-01"])
def test_a_period_that_cannot_be_is_refused(query: str) -> None:
    with pytest.raises(InvalidPeriod):
        read("financials", list(parts(query)), TENANT)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("evil.exe", "evil.exe.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ('a"\r\nSet-Cookie: x', "a-Set-Cookie-x.csv"),
        (".csv", "zixly.csv"),
        ("ok.csv", "ok.csv"),
    ],
)
def test_whoever_made_the_link_it_is_a_file_of_its_format(asked: str, name: str) -> None:
    assert read("financials", [("name", asked)], TENANT)[1] == name
    as_workbook = read("financials", [("name", asked)], TENANT, FileFormat.XLSX)[1]
    assert as_workbook == f"{name.removesuffix('.csv')}.xlsx"


# ── the server ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def app(live_app: LiveApp, database_of_app: None) -> LiveApp:
    return live_app


def person(app: LiveApp, email: str = COLE) -> Identity:
    return operator.open_session(app.admin_url, email)


def ask(
    app: LiveApp, path: str, who: Identity | None, method: str = "GET", **headers: str
) -> Answer:
    sent = {"Accept": "text/html"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    if who is not None:
        sent["Cookie"] = f"zixly_session={who.secret}"
    asking = http.client.HTTPConnection("localhost", app.port, timeout=60)
    asking.request(method, path, headers=sent)
    answer = asking.getresponse()
    content = answer.read()
    asking.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def exported(admin: Identity) -> int:
    entries = audit.page(admin, ALL, "UTC", AuditFilter(actions=("EXPORT",))).frame
    return len(entries)


def test_a_viewer_gets_exactly_what_the_page_shows(app: LiveApp) -> None:
    vera, cole = person(app, VERA), person(app)
    before = exported(cole)
    client_filter = ClientFilter((app.client_id("HBC-2024-001"),))
    path = address(Rows(Table.FINANCIALS, Q1, client_filter), "Müller-q1.csv")
    status, headers, content = ask(app, path, vera)
    shown = financials.list_records(vera, Q1, client_filter)
    assert len(shown) > 1
    assert status == 200
    assert content == to_csv(shown[list(COLUMNS[Table.FINANCIALS])], excel_bom=True)
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-length"] == str(len(content))
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    named = f"attachment; filename=\"M-ller-q1.csv\"; filename*=utf-8''{quote('Müller-q1.csv')}"
    assert headers["content-disposition"] == named
    assert exported(cole) == before + 1


def test_a_viewer_gets_the_same_rows_as_a_workbook(app: LiveApp) -> None:
    vera, cole = person(app, VERA), person(app)
    before = exported(cole)
    client_filter = ClientFilter((app.client_id("HBC-2024-001"),))
    path = address(Rows(Table.FINANCIALS, Q1, client_filter), "Müller-q1.csv", FileFormat.XLSX)
    status, headers, content = ask(app, path, vera)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    names, *rows = sheet.iter_rows(values_only=True)
    shown = financials.list_records(vera, Q1, client_filter)
    assert (status, names) == (200, COLUMNS[Table.FINANCIALS])
    assert [row[names.index("id")] for row in rows] == list(shown["id"])
    assert headers["content-type"] == FileFormat.XLSX.mime
    assert headers["content-length"] == str(len(content))
    assert quote("Müller-q1.xlsx") in headers["content-disposition"]
    assert exported(cole) == before + 1


def test_nobody_without_a_live_session_gets_a_file(app: LiveApp) -> None:
    cole, leaving = person(app), person(app, SUPPORT)
    paths = [address(Rows(Table.CLIENTS), "clients.csv", ending) for ending in FileFormat]
    for path in paths:
        assert ask(app, path, leaving)[0] == 200, "positive control"
    sessions.end_session(leaving.secret)
    before = exported(cole)
    nobody = (None, leaving, replace(cole, secret="invented"))
    for path, who in product(paths, nobody):
        status, headers, content = ask(app, path, who)
        assert status == 401
        assert headers["content-type"].startswith("text/html")
        assert "content-disposition" not in headers
        assert b"ign in" in content
        assert b"HBC-2024-001" not in content
    assert exported(cole) == before


def test_another_tenant_s_clients_are_nobody(app: LiveApp) -> None:
    theirs = app.client_id("HBC-2024-001")
    path = address(Rows(Table.FINANCIALS, client_filter=ClientFilter((theirs,))), "x.csv")
    assert ask(app, path, person(app))[2].count(b"\r\n") > 1, "positive control"
    status, _, content = ask(app, path, person(app, SARAH))
    header = ",".join(COLUMNS[Table.FINANCIALS])
    assert (status, content) == (200, f"\ufeff{header}\r\n".encode())


def test_the_trail_is_for_administrators(app: LiveApp) -> None:
    path = address(Trail(), "trail.csv")
    status, _, content = ask(app, path, person(app))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert status == 200
    assert len(rows) > 10
    assert list(rows[0])[:3] == ["at", "what_happened", "user_email"]
    for email, ending in product((VERA, SUPPORT), FileFormat):
        path = address(Trail(), "trail.csv", ending)
        status, _, content = ask(app, path, person(app, email))
        assert status == 403
        assert b"Your role does not allow this" in content


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/download/financials.csv?period=2024-Q5", 400),
        ("/download/financials.csv?clients=ckpi_001", 400),
        ("/download/lead-events.csv?lead=%00", 400),
        ("/download/lead-events.csv?lead=%ED%A0%80", 200),  # Read as three unknown characters.
        ("/download/lead-events.csv?" + urlencode({"lead": "' or true --"}), 200),
        ("/download/users.csv", 404),
        ("/download/users.xlsx", 404),
        ("/download/financials.xlsx?period=2024-Q5", 400),
        ("/download/audit-trail.xlsx", 200),
        ("/download/financials.csv?name=" + "x" * 1000, 200),
    ],
)
def test_a_strange_address_is_answered_in_words(app: LiveApp, path: str, status: int) -> None:
    answered, headers, content = ask(app, path, person(app))
    assert answered == status
    if status != 200:
        assert headers["content-type"].startswith("text/html")
        assert b"Go to Zixly" in content
        assert b"<script" not in content


def test_a_program_is_answered_as_one(app: LiveApp) -> None:
    path = "/download/financials.csv?period=2024-Q5"
    status, headers, content = ask(app, path, person(app), Accept="*/*")
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert json.loads(content)["status"] == 400


def test_only_a_press_of_our_own_button_takes_a_file(app: LiveApp) -> None:
    cole = person(app)
    path = address(Rows(Table.CLIENTS), "clients.csv")
    before = exported(cole)
    for site in ("cross-site", "same-site"):
        assert ask(app, path, cole, Sec_Fetch_Site=site)[0] == 403
    for method in ("HEAD", "POST", "DELETE"):
        assert ask(app, path, cole, method)[0] == 405
    assert exported(cole) == before
    for site in ("same-origin", "none"):
        assert ask(app, path, cole, Sec_Fetch_Site=site)[0] == 200, "positive control"


def test_whoever_hangs_up_midway_leaves_nothing_open(app: LiveApp) -> None:
    """A pool of one connection and one more: a third file would wait for them in vain."""
    cole, path = person(app), address(Rows(Table.FINANCIALS), "all.csv")
    many(app)
    for _ in range(4):
        asking = http.client.HTTPConnection("localhost", app.port, timeout=60)
        asking.request("GET", path, headers={"Cookie": f"zixly_session={cole.secret}"})
        answer = asking.getresponse()
        assert answer.status == 200
        assert len(answer.read(1000)) == 1000
        asking.close()
    status, headers, content = ask(app, path, cole)
    assert status == 200
    assert len(content) == int(headers["content-length"]) > 5_000_000
    assert eventually_idle(app)


def test_a_reader_who_is_slow_holds_no_transaction(app: LiveApp) -> None:
    cole, path = person(app), address(Rows(Table.FINANCIALS), "all.csv")
    many(app)
    asking = http.client.HTTPConnection("localhost", app.port, timeout=60)
    asking.request("GET", path, headers={"Cookie": f"zixly_session={cole.secret}"})
    answer = asking.getresponse()
    assert len(answer.read(1000)) == 1000
    assert eventually_idle(app)
    rest = answer.read()
    assert len(rest) + 1000 == int(answer.headers["content-length"])
    asking.close()


def test_a_database_that_is_away_is_said_in_words(app: LiveApp) -> None:
    cole, path = person(app), address(Rows(Table.CLIENTS), "clients.csv")
    with app.without_database():
        status, _, content = ask(app, path, cole)
    assert status == 503
    assert b"Try again in a moment" in content
    assert ask(app, path, cole)[0] == 200


def many(app: LiveApp) -> None:
    """More than what sockets keep on their way: 40,000 records of a note of 200 letters."""
    engine = administration.admin_engine(app.admin_url)
    with engine.begin() as admin:
        admin.exec_driver_sql("set local session_replication_role = replica")
        admin.execute(
            sa.text("""
                insert into zixly.financials
                  (tenant_id, id, client_kpi_id, record_date, revenue, expenses, note)
                select tenant_id, 'fin_many' || n, id, '2023-01-01', 1, 1, repeat('x', 200)
                from zixly.client_kpis, generate_series(1, 40000) as n
                where client_id = 'HBC-2024-001'
                on conflict do nothing
            """)
        )
    engine.dispose()


def eventually_idle(app: LiveApp) -> bool:
    """Whether the pages' login soon has no transaction open."""
    engine = administration.admin_engine(app.admin_url)
    query = sa.text(
        "select count(*) from pg_stat_activity where usename like 'zixly_app%'"
        " and state <> 'idle' and datname = current_database()"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not admin.execute(query).scalar_one():
                break
            time.sleep(0.1)
        else:
            return False
    engine.dispose()
    return True
