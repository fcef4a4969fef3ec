"""Making a proposal true: all of it or nothing, and only while it is what it was."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import synced
from tests.support.imports import RECORDS, books_of, counts, did, imported, proposed
from tests.support.permissions.office import EVER
from zixly_data.errors import AlreadyExists, InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import (
    ADD,
    ImportResult,
    Kind,
    Proposal,
    ProposalOutdated,
    confirm,
    confirming,
    list_imports,
    suggest,
    undo,
)
from zixly_data.imports.files.opening import open_file
from zixly_data.people import audit
from zixly_data.records import clients, closed_months, financials
from zixly_data.records.delivery import metric_definitions
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft

NewTeam = Callable[[], Team]
HEAD = "client_name,record_date,revenue,expenses,note\n"
NEW_ROW = HEAD + "Harbour,2024-02-01,5,0,\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    books.client(team, "Harbour", client_id="HC")
    return team


def harbour(team: Team) -> str:
    rows = books_of(team.editor)["client_kpis"].items()
    return next(key for key, row in rows if row["client_id"] == "HC")


def test_what_was_proposed_is_what_happens(team: Team) -> None:
    changed = books.money(team, harbour(team), "2024-01-01", "1", "2")
    proposal = proposed(
        team.editor, Kind.FINANCIALS, NEW_ROW + "Harbour,2024-01-01,3,2,why\n", same_day="CORRECT"
    )
    heard: list[tuple[int, int]] = []

    done = confirm(team.editor, proposal, progress=lambda some, all_: heard.append((some, all_)))

    assert counts(done) == {"NEW": 1, "CHANGED": 1}
    assert heard == [(0, 2), (1, 2), (2, 2)]
    rows = books_of(team.editor)["financials"]
    new = next(row for key, row in rows.items() if key != changed)
    assert (new["revenue"], new["source_system"], new["external_id"]) == (5.0, "file", None)
    row = rows[changed]
    assert (row["revenue"], row["note"], row["version"]) == (3.0, "why", 2)
    assert row["source_system"] == "manual"


def test_an_amount_that_the_file_leaves_empty_stays_as_it_is(team: Team) -> None:
    """Of a record that is there already; a new one has nothing there."""
    there = books.money(team, harbour(team), "2024-01-01", "100", "50")
    text = HEAD + "Harbour,2024-01-01,,60,\nHarbour,2024-02-01,,7,\n"
    imported(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    rows = books_of(team.editor)["financials"]
    assert (rows[there]["revenue"], rows[there]["expenses"]) == (100.0, 60.0)
    new = next(row for key, row in rows.items() if key != there)
    assert (new["revenue"], new["expenses"]) == (0.0, 7.0)


def test_a_file_with_a_rejected_row_is_refused_whole_unless_told_otherwise(team: Team) -> None:
    proposal = proposed(team.editor, Kind.FINANCIALS, NEW_ROW + "Harbour,2024-02-02,x,0,\n")
    with pytest.raises(InvalidInput, match="1 row of the file cannot be imported, so nothing was"):
        confirm(team.editor, proposal)
    assert books_of(team.editor)["financials"] == {}
    assert counts(confirm(team.editor, proposal, skip_rejected=True)) == {"NEW": 1, "REJECTED": 1}


def test_a_stopped_import_leaves_nothing_behind(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "ROWS_AT_ONCE", 2)
    text = HEAD + "".join(f"Kea,2024-01-{day:02},{day},0,\n" for day in range(1, 8))
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    before = books_of(team.editor)

    def stop(done: int, rows: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        confirm(team.editor, proposal, progress=stop)
    assert books_of(team.editor) == before
    assert len(list_imports(team.editor)) == 0
    confirm(team.editor, proposal)
    assert len(books_of(team.editor)["financials"]) == 7


# ── the data moved ──────────────────────────────────────────────────────────────────────────


def edit(team: Team) -> None:
    row = next(iter(books_of(team.editor)["financials"]))
    seen = financials.get(team.admin, row)
    draft = FinancialDraft(seen.client_kpi_id, seen.record_date, Decimal(99), Decimal(0))
    financials.change(team.admin, row, seen.version, draft)


def delete(team: Team) -> None:
    row = next(iter(books_of(team.editor)["financials"]))
    financials.delete(team.admin, row, 1)


def record_the_same(team: Team) -> None:
    books.money(team, harbour(team), "2024-02-01", "5")


def rename(team: Team) -> None:
    clients.change(team.admin, harbour(team), 1, ClientDraft("HC", "Harbour Café"))


def add_client(team: Team) -> None:
    clients.add(team.admin, ClientDraft("KEA", "Kea"), row_id="ckpi_kea")


def close_month(team: Team) -> None:
    closed_months.close(team.admin, date(2024, 2, 1))


MOVES = {
    edit: ("CN", "CN"),
    delete: ("CN", "NN"),
    record_the_same: ("CN", "CU"),
    rename: ("CN", "RR"),
    add_client: ("CN", "CN"),
    close_month: ("CN", "CR"),
}


@pytest.mark.parametrize("move", MOVES)
def test_where_the_data_moved_the_proposal_is_made_again(
    team: Team, move: Callable[[Team], None]
) -> None:
    books.money(team, harbour(team), "2024-01-01", "1")
    text = HEAD + "Harbour,2024-01-01,2,0,\nHarbour,2024-02-01,5,0,\n"
    opened = open_file("file.csv", text.encode())
    proposal = proposed(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    was, is_now = MOVES[move]
    assert did(proposal) == was
    move(team)
    before = books_of(team.editor)

    with pytest.raises(ProposalOutdated) as refused:
        confirm(team.editor, proposal, skip_rejected=True)

    assert books_of(team.editor) == before
    assert len(list_imports(team.editor)) == 0
    again = proposed(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    assert did(again) == is_now
    assert suggest(team.editor, Kind.FINANCIALS, opened.tables[0]).clients == {}
    current = refused.value.current
    if current is not None:
        assert isinstance(current, Proposal)
        assert (did(current), current.matches) == (is_now, again.matches)
        again = current
    # The new proposal goes through.
    if again.changes_anything:
        confirm(team.editor, again, skip_rejected=True)


def test_a_rejected_row_keeps_its_record_from_the_rows_below(team: Team, admin: sa.Engine) -> None:
    """Xero's record would else match the second row where the proposal is evaluated again."""
    values = {"client_kpi_id": harbour(team), "record_date": "2024-02-01"}
    values |= {"revenue": 5, "expenses": 0}
    row_id = synced.write(admin, team, "financials", "fin_xero", external_id=None, **values)
    text = (
        "id,client name,date,revenue,expenses\n"
        f"{row_id},Harbour,2024-02-01,6,0\n"
        ",Harbour,2024-02-01,5,0\n"
    )
    proposal = proposed(team.editor, Kind.FINANCIALS, text, duplicates="KEEP")
    assert did(proposal) == "RN"
    confirm(team.editor, proposal, skip_rejected=True)
    assert did(proposed(team.editor, Kind.FINANCIALS, text, duplicates="KEEP")) == "RU"


def test_a_record_changed_in_the_last_instant_moves_too(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the proposal was weighed again, before its rows are written."""
    books.money(team, harbour(team), "2024-01-01", "1")
    text = NEW_ROW + "Harbour,2024-01-01,2,0,\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    unmoved = confirming._require_unmoved

    def then_edit(*arguments: object) -> None:
        unmoved(*arguments)  # type: ignore[arg-type]
        edit(team)

    monkeypatch.setattr(confirming, "_require_unmoved", then_edit)
    with pytest.raises(ProposalOutdated):
        confirm(team.editor, proposal)
    assert [row["revenue"] for row in books_of(team.editor)["financials"].values()] == [99.0]


def test_a_client_added_in_the_last_instant_is_no_error_of_ours(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + "Kea,2024-01-01,2,0,\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    unmoved = confirming._require_unmoved

    def then_add(*arguments: object) -> None:
        unmoved(*arguments)  # type: ignore[arg-type]
        add_client(team)

    monkeypatch.setattr(confirming, "_require_unmoved", then_add)
    with pytest.raises(AlreadyExists):
        confirm(team.editor, proposal)
    assert books_of(team.editor)["financials"] == {}


# ── two at once ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [NEW_ROW, HEAD + "Kea,2024-01-01,1,0,\nKea,2024-01-01,1,0,\n"])
def test_two_people_who_confirm_the_same_file_at_once_end_with_one_set_of_rows(
    team: Team, text: str
) -> None:
    ready = Barrier(2)

    def one(person: Identity) -> ImportResult | ProposalOutdated:
        proposal = proposed(person, Kind.FINANCIALS, text, clients={"Kea": ADD}, duplicates="KEEP")
        ready.wait(60)
        try:
            return confirm(person, proposal)
        except ProposalOutdated as moved:
            return moved

    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(one, [team.editor, team.admin]))

    assert sorted(type(ending).__name__ for ending in ended) == ["ImportResult", "ProposalOutdated"]
    assert len(books_of(team.editor)["financials"]) == text.count("2024")
    assert len(list_imports(team.editor)) == 1
    assert set(did(proposed(team.editor, Kind.FINANCIALS, text))) == {"U"}


def test_another_organisation_imports_at_the_same_time(team: Team, new_team: NewTeam) -> None:
    """The lock that lets one import in at a time is each organisation's own."""
    other = new_team()
    books.client(other, "Harbour")
    theirs = proposed(other.editor, Kind.FINANCIALS, NEW_ROW)

    def meanwhile(done: int, rows: int) -> None:
        if not done:
            confirm(other.editor, theirs)

    confirm(team.editor, proposed(team.editor, Kind.FINANCIALS, NEW_ROW), progress=meanwhile)
    assert len(books_of(other.editor)["financials"]) == 1
    assert len(books_of(team.editor)["financials"]) == 1


# ── what stays behind ───────────────────────────────────────────────────────────────────────


def test_the_mapping_is_remembered_for_the_organisation_alone(
    team: Team, new_team: NewTeam
) -> None:
    other = new_team()
    books.client(other, "Harbour")
    text = "Who,When,In,Out\nHarbour,1/2/2024,5,1\n"
    table = open_file("x.csv", text.encode()).tables[0]
    columns = {"client_name": 0, "date": 1, "revenue": 2, "expenses": 3}
    settled = proposed(team.editor, Kind.FINANCIALS, text, columns=columns, date_order="DMY")
    assert suggest(team.admin, Kind.FINANCIALS, table).columns != columns

    confirm(team.editor, settled)

    suggested = suggest(team.admin, Kind.FINANCIALS, table)
    assert (suggested.columns, suggested.date_order) == (columns, "DMY")
    assert suggest(other.admin, Kind.FINANCIALS, table).columns != columns
    assert suggest(team.admin, Kind.LEAD_EVENTS, table).columns != columns
    # Other columns are another file.
    wider = open_file("x.csv", text.replace("Out", "Out,More").encode()).tables[0]
    assert suggest(team.admin, Kind.FINANCIALS, wider).columns != columns


def test_more_mapped_clients_than_can_be_remembered_are_no_obstacle(team: Team) -> None:
    ours = harbour(team)
    names = [f"{'Name 😀' * 30} {number}" for number in range(600)]
    text = HEAD + "".join(f"{name},2024-01-01,{n},0,\n" for n, name in enumerate(names))
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients=dict.fromkeys(names, ours))
    assert counts(confirm(team.editor, proposal)) == {"NEW": 600}
    suggested = suggest(team.editor, Kind.FINANCIALS, proposal.table).clients
    assert 200 < len(suggested) < 600
    assert set(suggested.values()) == {ours}


def test_the_trail_says_which_import_wrote_what(team: Team, admin: sa.Engine) -> None:
    books.money(team, harbour(team), "2024-01-01", "1")
    text = HEAD + "Harbour,2024-01-01,2,0,\nKea,2024-02-01,5,0,\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD}, same_day="CORRECT")
    with admin.connect() as everything:
        of_import = everything.execute(
            sa.text("select action, table_name from zixly.audit_log where import_id = :id"),
            {"id": done.id},
        ).all()
    assert sorted(tuple(entry) for entry in of_import if entry.table_name in RECORDS) == [
        ("INSERT", "client_kpis"), ("INSERT", "financials"), ("UPDATE", "financials")]  # fmt: skip
    undo(team.admin, done.id)
    entries = audit.page(team.admin, EVER, "UTC").frame
    entries_by_table = {
        (row.user_email, row.action, row.table_name)
        for row in entries.itertuples()
        if row.table_name in ("imports", "financials", "client_kpis")
    }
    editor, admin = team.editor.email, team.admin.email
    assert entries_by_table >= {
        (editor, "INSERT", "imports"), (editor, "INSERT", "client_kpis"),
        (editor, "INSERT", "financials"), (editor, "UPDATE", "financials"),
        (admin, "UPDATE", "imports"), (admin, "DELETE", "client_kpis"),
        (admin, "DELETE", "financials"), (admin, "UPDATE", "financials"),
    }  # fmt: skip


def test_a_metric_defined_meanwhile_is_understood(team: Team) -> None:
    text = "client_name,metric_name,metric_value,record_date\nHarbour,Calls,4,2024-01-01\n"
    assert did(proposed(team.editor, Kind.CUSTOM_METRICS, text)) == "R"
    books.metric(team, "Calls", unit="calls")
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text)
    assert did(proposal) == "N"
    (definition,) = metric_definitions.definitions(team.editor)["id"]
    draft = MetricDefinitionDraft("Calls", "phone calls")
    metric_definitions.redefine(team.editor, definition, 1, draft)
    with pytest.raises(ProposalOutdated):
        confirm(team.editor, proposal)


def test_a_large_file_is_known_again_and_undone_right_away(team: Team) -> None:
    """PostgreSQL knows nothing yet of rows that just came in: comparing each with each, it
    would not be done within the minute that a statement is given."""
    days = [date(2000, 1, 1) + timedelta(days=n % 9000) for n in range(12_000)]
    text = HEAD + "".join(f"Harbour,{day},{n}.00,0,\n" for n, day in enumerate(days))
    done = confirm(team.editor, proposed(team.editor, Kind.FINANCIALS, text))
    assert set(did(proposed(team.editor, Kind.FINANCIALS, text))) == {"U"}
    text = text.replace(".00,0", ".01,0")
    mended = proposed(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    assert set(did(mended)) == {"C"}
    later = confirm(team.editor, mended)
    undo(team.editor, later.id)
    undo(team.editor, done.id)
    assert books_of(team.editor)["financials"] == {}
