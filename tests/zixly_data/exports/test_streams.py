"""What PostgreSQL writes as CSV is what `to_csv` writes of the same rows, whatever is in them."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.permissions.office import EVER
from tests.support.records import ALWAYS, Q1_2024
from tests.zixly_data.exports.test_csv_file import risky_starts
from zixly_data.access import sessions
from zixly_data.database.connection import scoped
from zixly_data.errors import AccessDenied, InvalidInput, SessionEnded, StorageFailed
from zixly_data.exports import csv_copy, record_files, row_batches
from zixly_data.exports.csv_file import guard, to_csv
from zixly_data.exports.exported_file import ExportedFile
from zixly_data.exports.record_files import COLUMNS, Rows, Table
from zixly_data.figures import client_totals
from zixly_data.figures.pipeline import open_leads
from zixly_data.identity import Identity
from zixly_data.imports import Kind, guess_kind, missing_columns, open_file
from zixly_data.imports.recognition import recognise
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.records import financials, overheads
from zixly_data.records.delivery import metrics
from zixly_data.records.pipeline import lead_states, leads
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Flag, Frame, Instant, Money, Text, fetch, nullable
from zixly_data.values.overhead_filter import OverheadFilter

# PostgreSQL stores no null byte and no half of a surrogate pair.
storable = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
texts = st.one_of(
    storable,
    st.builds(str.__add__, risky_starts, storable),
    st.text(st.sampled_from(",\"\r\n'=\\.é\u3000"), max_size=4),
)
patient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
READ = {
    Kind.CLIENTS: ("client_id", "client_name", "industry", "currency", "status", "note", "id"),
    Kind.FINANCIALS: (
        "record_date", "client_id", "client_name", "currency", "revenue", "expenses", "note", "id",
    ),
    Kind.OVERHEADS: (
        "record_date", "kind", "account", "counterparty", "currency", "revenue", "expenses", "note",
        "id",
    ),
    Kind.LEAD_EVENTS: (
        "event_date", "client_id", "client_name", "lead_id", "stage", "value", "currency", "note",
        "event_at", "reason", "id",
    ),
    Kind.CUSTOM_METRICS: (
        "record_date", "client_id", "client_name", "metric_name", "metric_value", "unit", "note",
        "id",
    ),
}  # fmt: skip
# A client's sums come from its records, a lead's status from its stage, a metric from what it is.
WORKED_OUT = {
    "revenue", "expenses", "profit", "margin", "first_record", "last_record", "status", "kind",
    "out_of", "source_system",
}  # fmt: skip
KINDS = {
    Table.CLIENTS: Kind.CLIENTS,
    Table.FINANCIALS: Kind.FINANCIALS,
    Table.OVERHEADS: Kind.OVERHEADS,
    Table.LEAD_EVENTS: Kind.LEAD_EVENTS,
    Table.CUSTOM_METRICS: Kind.CUSTOM_METRICS,
}


class Everything(Frame):
    """One column of each kind of value."""

    text: Text = nullable
    amount: Money = nullable
    at: Instant = nullable
    yes: Flag = nullable
    day: Date = nullable
    number: Count = nullable


def content(file: ExportedFile) -> bytes:
    return b"".join(file.pieces())


def read(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode(), newline="")))


def both(identity: Identity, query: sa.Select[Any], line_end: str) -> tuple[bytes, bytes]:
    """The query's rows as PostgreSQL writes them, and as the frame is written."""
    names = list(query.selected_columns.keys())
    with scoped(identity) as connection, tempfile.TemporaryFile() as file:
        count = csv_copy.copy_rows(connection, query, Everything, names, file, line_end)
        file.seek(0)
        frame = fetch(connection, query, Everything)
        assert count == len(frame)
        return file.read(), to_csv(frame, line_end=line_end)


def everything(rows: list[tuple[Any, ...]]) -> sa.Select[Any]:
    typed = sa.values(
        sa.column("number", sa.Integer()),
        sa.column("text", sa.Text()),
        sa.column("amount", sa.Numeric(14, 2)),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("yes", sa.Boolean()),
        sa.column("day", sa.Date()),
        name="written",
    ).data([(number, *row) for number, row in enumerate(rows)])
    c = typed.c
    casts = {"text": sa.Text(), "amount": sa.Numeric(14, 2), "yes": sa.Boolean(),
             "at": sa.DateTime(timezone=True), "day": sa.Date()}  # fmt: skip
    given = (sa.cast(c[name], casts[name]).label(name) for name in ("text", "amount", "at", "yes"))
    day = sa.cast(c.day, sa.Date()).label("day")
    return sa.select(*given, day, c.number).order_by(c.number)


row = st.tuples(
    st.none() | texts,
    st.none() | st.decimals(-(10**11), 10**11, places=2),
    st.none()
    | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
    | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    ),
    st.none() | st.booleans(),
    st.none() | st.dates(),
)


@patient
@given(rows=st.lists(row, min_size=1, max_size=8), line_end=st.sampled_from(["\r\n", "\n"]))
def test_any_row_is_written_as_the_frame_is(
    cole: Identity, rows: list[tuple[Any, ...]], line_end: str
) -> None:
    written, expected = both(cole, everything(rows), line_end)
    assert written == expected


def test_every_first_character_is_guarded_alike(cole: Identity) -> None:
    """All of Unicode but what nothing stores, each alone and before what could be a formula."""
    points = [n for n in range(1, 0x3000 + 0x100) if not 0xD800 <= n <= 0xDFFF]
    points += range(0xFE00, 0x10000 - 1)
    for ending in ("", "x", "=1", "'-1"):
        query = sa.select(
            sa.column("n", sa.Integer),
            csv_copy.guard_column(sa.func.chr(sa.column("n")).op("||")(ending)).label("made"),
        ).select_from(sa.func.unnest(sa.cast(points, sa.ARRAY(sa.Integer))).alias("n"))
        with scoped(cole) as connection:
            made = connection.execute(query).all()
        assert len(made) == len(points)
        wrong = [hex(n) for n, text in made if text != guard(chr(n) + ending)]
        assert wrong == []


def test_a_server_that_writes_dates_otherwise_changes_nothing(cole: Identity) -> None:
    moment = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    query = everything([("x", None, moment, True, moment.date())])
    with scoped(cole) as connection, tempfile.TemporaryFile() as file:
        connection.execute(sa.text("set local datestyle = 'German'"))
        csv_copy.copy_rows(connection, query, Everything, ["day", "at", "yes"], file)
        file.seek(0)
        assert file.read() == b"day,at,yes\r\n2024-03-01,2024-03-01T09:30:00Z,true\r\n"


def frames(
    identity: Identity, client_filter: ClientFilter | None = None
) -> dict[Table, pd.DataFrame]:
    """What the pages show of the same rows."""
    return {
        Table.CLIENTS: client_totals.list_clients(identity, client_filter),
        Table.FINANCIALS: financials.list_records(identity, ALWAYS, client_filter),
        # They have no client, so no filter of clients.
        Table.OVERHEADS: overheads.list_records(identity, ALWAYS),
        Table.LEAD_EVENTS: leads.events(identity, ALWAYS, client_filter),
        Table.LEADS: lead_states.page(identity, ALWAYS, client_filter).frame,
        Table.OPEN_LEADS: open_leads.page(identity, client_filter).frame,
        Table.CUSTOM_METRICS: metrics.list_records(identity, ALWAYS, client_filter),
    }


@pytest.mark.parametrize("table", Table)
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_the_demo_leaves_as_the_pages_show_it(cole: Identity, table: Table, line_end: str) -> None:
    shown = frames(cole)[table][list(COLUMNS[table])]
    file = record_files.write(cole, Rows(table), line_end=line_end)
    # Other tables have rows in every month of the demo.
    assert file.rows == len(shown) >= {Table.OVERHEADS: 0, Table.OPEN_LEADS: 1}.get(table, 4)
    written = content(file)
    assert written == to_csv(shown, line_end=line_end)
    assert file.size == len(written)


@pytest.mark.parametrize("table", Table)
def test_nothing_recorded_is_a_header(new_team: Callable[[], Team], table: Table) -> None:
    file = record_files.write(new_team().viewer, Rows(table))
    assert file.rows == 0
    assert content(file) == (",".join(COLUMNS[table]) + "\r\n").encode()


def test_a_client_without_records_has_zeros_to_the_cent(new_team: Callable[[], Team]) -> None:
    team = new_team()
    books.client(team, "=1+1")
    (client,) = read(content(record_files.write(team.viewer, Rows(Table.CLIENTS))))
    assert (client["client_name"], client["revenue"], client["profit"], client["margin"]) == (
        "'=1+1", "0.00", "0.00", "",
    )  # fmt: skip


def test_each_condition_narrows_the_file(new_team: Callable[[], Team]) -> None:
    team = new_team()
    harbour, quay = books.client(team, "Harbour"), books.client(team, "Quay")
    books.money(team, harbour, "2024-02-01", "1.00")
    books.money(team, harbour, "2024-07-01", "2.00")
    books.money(team, quay, "2024-02-01", "3.00")
    books.overhead(team, "2024-02-01", "9", account="Rent", counterparty="Brisbane Offices")
    books.overhead(team, "2024-03-31", "9", currency="USD", note="New offices")
    books.overhead(team, "2024-04-01", "9", kind="UNASSIGNED")
    for client, lead in ((harbour, "L-1"), (harbour, "L-2"), (quay, "L-1")):
        books.event(team, client, lead, "Inquiry", "2024-02-01")
    books.event(team, harbour, "L-1", "Contract signed", "2024-03-01", "9")
    for name in ("Calls", "Letters"):
        books.metric(team, name)
        books.measure(team, harbour, name, "2024-02-01", "1")
    only = ClientFilter((harbour,))
    counts = {
        Rows(Table.FINANCIALS): 3,
        Rows(Table.FINANCIALS, Q1_2024): 2,
        Rows(Table.FINANCIALS, Q1_2024, only): 1,
        Rows(Table.FINANCIALS, client_filter=ClientFilter(search="quay")): 1,
        Rows(Table.OVERHEADS): 3,
        Rows(Table.OVERHEADS, Q1_2024): 2,
        Rows(Table.OVERHEADS, overhead_filter=OverheadFilter(kinds=("UNASSIGNED",))): 1,
        Rows(Table.OVERHEADS, overhead_filter=OverheadFilter(currencies=("USD",))): 1,
        Rows(Table.OVERHEADS, overhead_filter=OverheadFilter(search="OFFICES")): 2,
        Rows(Table.CLIENTS, client_filter=only): 1,
        Rows(Table.LEAD_EVENTS): 4,
        Rows(Table.LEAD_EVENTS, stage="Inquiry"): 3,
        Rows(Table.LEAD_EVENTS, client_filter=only, lead_id="L-1"): 2,
        Rows(Table.LEADS): 3,
        Rows(Table.LEADS, stage="Contract signed"): 1,
        Rows(Table.LEADS, client_filter=only, stage="Inquiry"): 2,
        Rows(Table.CUSTOM_METRICS): 2,
        Rows(Table.CUSTOM_METRICS, client_filter=only, metric_name="Letters"): 1,
    }
    for rows, count in counts.items():
        assert record_files.write(team.viewer, rows).rows == count, rows


HOSTILE = [
    "' or true --", "'; drop table zixly.financials; --", "\\", "\\'", "%", "%s", "%(p)s", "%%",
    "$1", ":x", '"', "\x01", "é🦘שלום", "$$", "E'\\x'", "{}", "100%",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_condition_is_a_text_like_any_other(
    new_team: Callable[[], Team], text: str
) -> None:
    team = new_team()
    hidden = books.client(team, "Someone else")
    books.event(team, hidden, "L-1", "Inquiry", "2024-02-01")
    assert record_files.write(team.viewer, Rows(Table.LEAD_EVENTS)).rows == 1
    for rows in (
        Rows(Table.LEAD_EVENTS, lead_id=text),
        Rows(Table.LEAD_EVENTS, stage=text),
        Rows(Table.LEAD_EVENTS, client_filter=ClientFilter(search=text)),
        Rows(Table.LEAD_EVENTS, client_filter=ClientFilter((text,), (text,), (text, "x"))),
    ):
        assert record_files.write(team.viewer, rows).rows == 0
    if text != "\x01":
        client = books.client(team, text, client_id=f"EXT {text}")
        books.event(team, client, text, "Inquiry", "2024-02-01")
        for client_filter in (ClientFilter((client,)), ClientFilter(search=text)):
            file = record_files.write(
                team.viewer, Rows(Table.LEAD_EVENTS, client_filter=client_filter, lead_id=text)
            )
            assert [row["lead_id"] for row in read(content(file))] == [guard(text)]


@pytest.mark.parametrize("text", ["null\0byte", "half \ud800 pair"])
def test_a_condition_that_cannot_be_is_refused_in_words(cole: Identity, text: str) -> None:
    with pytest.raises(InvalidInput):
        record_files.write(cole, Rows(Table.LEAD_EVENTS, lead_id=text))
    assert record_files.write(cole, Rows(Table.LEAD_EVENTS)).rows > 0, (
        "and the connection still works"
    )


def test_nothing_of_another_tenant_leaves(cole: Identity, sarah: Identity) -> None:
    theirs = tuple(client_totals.list_clients(sarah)["id"])
    of_abc = OverheadFilter(search="ABC")
    for table in Table:
        chosen = Rows(table, client_filter=ClientFilter(theirs), overhead_filter=of_abc)
        assert record_files.write(sarah, chosen).rows > 0
        assert record_files.write(cole, chosen).rows == 0
        assert b"ABC" not in content(record_files.write(cole, Rows(table)))


def test_the_trail_has_the_count_and_the_choice_or_there_is_no_file(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-02-01", "1.00")
    record_files.write(team.viewer, Rows(Table.FINANCIALS, Q1_2024, ClientFilter((client,))))
    sessions.end_session(team.viewer.secret)
    with pytest.raises(SessionEnded):
        record_files.write(team.viewer, Rows(Table.FINANCIALS))
    with pytest.raises(SessionEnded):
        record_files.write(replace(team.viewer, secret="invented"), Rows(Table.FINANCIALS))
    noted = audit.page(team.admin, EVER, "UTC", AuditFilter(actions=("EXPORT",))).frame
    (entry,) = noted.to_dict("records")
    assert (entry["user_email"], entry["table_name"]) == (team.viewer.email, "financials")
    assert '"rows": 1' in entry["after"]
    assert client in entry["after"]


def test_the_trail_leaves_whole_and_to_administrators_alone(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    client = books.client(team)
    for day in range(1, 8):
        books.money(team, client, f"2024-02-0{day}", "1.00")
    monkeypatch.setattr(row_batches, "_BATCH_SIZE", 3)
    audit_filter = AuditFilter(actions=("INSERT",), tables=("financials",))
    shown = audit.page(team.admin, EVER, "UTC", audit_filter).frame
    file = record_files.write_trail(team.admin, EVER, "UTC", audit_filter, lambda frame: frame)
    assert file.rows == len(shown) == 7
    assert content(file) == to_csv(shown, excel_bom=True)
    with pytest.raises(AccessDenied):
        record_files.write_trail(team.editor, EVER, "UTC", audit_filter, lambda frame: frame)


@pytest.mark.parametrize("table", KINDS)
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_our_own_import_knows_the_header(
    cole: Identity, new_team: Callable[[], Team], table: Table, line_end: str
) -> None:
    """Each column is recognised, or says what Zixly works out or keeps itself."""
    person = cole
    if table is Table.OVERHEADS:
        team = new_team()
        person = team.viewer
        books.overhead(team, "2024-02-01", "9", account="Rent")
    file = content(record_files.write(person, Rows(table), line_end=line_end))
    (found,) = open_file(f"{table}.csv", file).tables
    kind = KINDS[table]
    assert found.header == COLUMNS[table]
    assert guess_kind(found) is kind
    mapping = recognise(found, kind)
    assert missing_columns(kind, mapping) == []
    fields = {found.header[place]: name for name, place in mapping.columns.items()}
    same = {"record_date": "date", "event_date": "date"}
    assert fields == {column: same.get(column, column) for column in READ[kind]}
    assert set(found.header) - set(fields) <= WORKED_OUT


def test_a_large_file_is_not_kept_in_memory(cole: Identity) -> None:
    query = sa.select(
        sa.func.repeat("x", 1000).label("text"), sa.column("number", sa.Integer).label("number")
    ).select_from(sa.func.generate_series(1, 5_000).alias("number"))

    def fill(on: sa.Connection, into: Any) -> int:
        return csv_copy.copy_rows(on, query, Everything, ["text", "number"], into)

    file = ExportedFile.create(cole, "financials", {}, fill)
    assert file.content._rolled  # type: ignore[attr-defined]
    assert (file.rows, sum(map(len, file.pieces()))) == (5_000, file.size)
    assert file.content.closed


def test_a_disk_without_room_is_said_in_words(
    cole: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record_files, "copy_rows", full)
    with pytest.raises(StorageFailed, match="disk is full"):
        record_files.write(cole, Rows(Table.FINANCIALS))
    monkeypatch.undo()
    assert record_files.write(cole, Rows(Table.FINANCIALS)).rows > 0
