"""Whole files in any order, twice, in parts and over one another end with the figures that stand in
them, show before what they do, and are undone byte for byte.

A file is split between its parts: half a document is another version of it, and of equal lines in
two downloads of a list the longer run counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.imports import books_of, proposed
from tests.support.merges import merged_into
from tests.support.tenant_rows import COUNTED_ON, Contents, contents_of
from tests.support.whole_files.documents import AT_RATE, LINES, TOTALS
from tests.support.whole_files.lists import BANK, HOURS, TIMESHEET
from tests.support.whole_files.parts import (
    Figures,
    FileKind,
    Part,
    Place,
    after,
    figures_of,
    rows_of,
)
from tests.support.whole_files.tables import DEALS, MONTHS
from zixly_data.imports import Action, ImportResult, Kind, Proposal, confirm, previews, undo
from zixly_data.records import client_merges

KINDS = {
    "lines": LINES, "totals": TOTALS, "tax at a rate": AT_RATE, "bank": BANK,
    "timesheet": TIMESHEET, "months": MONTHS, "deals": DEALS,
}  # fmt: skip
RECORDS = ("client_kpis", "financials", "overheads", "lead_events", "custom_metrics", "lead_stages")
# What stays of an import that is undone: that it was there, and the answers.
STAYS = ("imports", "import_mappings", "client_merges")
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
shared = settings(
    max_examples=examples(20),
    suppress_health_check=SHARED,
    deadline=None,
)
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@dataclass(frozen=True)
class Office:
    """A team with two clients, Kea and Harbour, each with records of its own, and a metric."""

    team: Team
    kea: str
    harbour: str


@pytest.fixture
def new_office(new_team: Callable[[], Team]) -> Callable[[], Office]:
    def opened() -> Office:
        team = new_team()
        office = Office(team, books.client(team, "Kea"), books.client(team, "Harbour"))
        books.metric(team, HOURS, "DURATION", unit="hours", purpose="BILLABLE_HOURS")
        for client in (office.kea, office.harbour):
            books.money(team, client, "2024-02-11", "1000", "77")
            books.event(team, client, "L-1", "Inquiry", "2023-02-03", "900")
            books.measure(team, client, HOURS, "2023-03-05", "3")
        books.overhead(team, "2024-03-05", "555", counterparty="Power")
        return office

    return opened


def of(office: Office, kind: FileKind, rows: Sequence[str], **but: Any) -> Proposal:
    return proposed(
        office.team.admin, kind.kind, kind.text(rows), "file.csv", **(but or kind.answers)
    )


def import_(
    office: Office, kind: FileKind, rows: Sequence[str]
) -> tuple[Proposal, ImportResult | None]:
    """Imports what can be read, if that changes anything; nothing is asked."""
    proposal = of(office, kind, rows)
    assert not proposal.is_open
    assert all(client.decision for client in proposal.staged.unknown)
    if not proposal.changes_anything:
        return proposal, None
    return proposal, confirm(office.team.admin, proposal, skip_rejected=True)


def figures(office: Office) -> Figures:
    """The sums on record by client or counterparty, month and side, and the events of leads."""
    tables = books_of(office.team.editor)
    names = {key: row["client_name"] for key, row in tables["client_kpis"].items()}
    sums: Counter[Place] = Counter()
    for table in ("financials", "overheads"):
        for row in tables[table].values():
            party = names.get(row.get("client_kpi_id")) or row["counterparty"]
            for side in ("revenue", "expenses"):
                sums[party, row["record_date"][:7], side] += Decimal(str(row[side]))
    for row in tables["custom_metrics"].values():
        place = names[row["client_kpi_id"]], row["record_date"][:7], row["metric_name"]
        sums[place] += Decimal(str(row["metric_value"]))
    for row in tables["lead_events"].values():
        place = names[row["client_kpi_id"]], row["lead_id"], row["stage"], row["event_date"]
        sums[place] += Decimal(str(row["value"] or 1))
    return {place: total for place, total in sums.items() if total}


def together(start: Figures, parts: Sequence[Part]) -> Figures:
    sums = Counter(start)
    for place, amount in figures_of(parts).items():
        sums[place] += amount
    return {place: total for place, total in sums.items() if total}


# ── order, twice, in parts ──────────────────────────────────────────────────────────────────


@each_kind
@shared
@given(data=st.data())
def test_rows_in_any_order_end_with_the_figures_of_the_file_and_a_second_time_change_nothing(
    new_office: Callable[[], Office], kind: FileKind, data: st.DataObject
) -> None:
    office = new_office()
    start, parts = figures(office), data.draw(kind.parts)
    rows = data.draw(st.permutations(rows_of(parts)))
    first, _ = import_(office, kind, rows)
    assert figures(office) == together(start, parts)
    assert_nothing_is_dropped(first, parts)

    # As the person finds it next: with the answers that were remembered.
    for again in (
        of(office, kind, rows, **({} if first.changes_anything else kind.answers)),
        of(office, kind, data.draw(st.permutations(rows)), **kind.answers),
    ):
        assert not again.is_open
        assert all(client.decision for client in again.staged.unknown)
        assert not again.changes_anything
        assert_nothing_is_dropped(again, parts)


def assert_nothing_is_dropped(proposal: Proposal, parts: Sequence[Part]) -> None:
    """Every row of the file has one action, those of left out and rejected rows said."""
    in_file = len(proposal.table.lines)
    assert len(proposal.actions) >= in_file
    rejected = proposal.rows(Action.REJECTED)
    assert len(rejected) == sum(part.rejected for part in parts)
    assert all(proposal.problems[row] for row in rejected)
    left_out = proposal.rows(Action.LEFT_OUT)
    assert set(left_out) <= proposal.staged.left_out
    repeated = sum(part.repeated for part in parts)
    assert len(left_out) == sum(part.left_out for part in parts) + repeated
    assert not repeated or proposal.staged.notes


@each_kind
@shared
@given(data=st.data())
def test_a_file_in_two_parts_ends_with_the_same_figures(
    new_office: Callable[[], Office], kind: FileKind, data: st.DataObject
) -> None:
    office = new_office()
    start, parts = figures(office), data.draw(kind.parts)
    is_first = [data.draw(st.booleans()) for _ in parts]
    for wanted in (True, False):
        half = [part for part, first in zip(parts, is_first, strict=True) if first is wanted]
        if half:
            import_(office, kind, data.draw(st.permutations(rows_of(half))))
    assert figures(office) == together(start, parts)


# ── a preview, confirming and undoing ───────────────────────────────────────────────────────


# Deals over deals have many states; by day `test_deals.py` has theirs one by one.
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, id=name, marks=[pytest.mark.nightly] * (name == "deals"))
        for name, kind in KINDS.items()
    ],
)
@shared
@given(data=st.data())
def test_a_preview_is_what_confirming_does_and_undoing_restores_every_table(
    new_office: Callable[[], Office], admin: sa.Engine, kind: FileKind, data: st.DataObject
) -> None:
    office = new_office()
    team = office.team
    start, first, second = figures(office), data.draw(kind.parts), data.draw(kind.parts)
    untouched = everything(admin, team)
    _, earlier = import_(office, kind, data.draw(st.permutations(rows_of(first))))
    before, figures_before = everything(admin, team), figures(office)
    proposal = of(office, kind, data.draw(st.permutations(rows_of(second))))
    assert not proposal.is_open
    if not proposal.changes_anything:
        return
    done = confirm(team.admin, proposal, skip_rejected=True)
    if kind is not DEALS:  # which keep the stages they were at
        assert figures(office) == together(start, after(kind, first, second))
    assert_done_as_shown(proposal, before, everything(admin, team))
    if kind.kind is Kind.FINANCIALS:
        assert_sums_as_shown(proposal, figures_before, figures(office))

    if data.draw(st.booleans()):
        merge_id = merged_into(team, office.kea, office.harbour)
        client_merges.undo(team.editor, merge_id)
    undo(team.admin, done.id)
    assert everything(admin, team) == before
    if earlier:
        undo(team.admin, earlier.id)
        assert everything(admin, team) == untouched


def everything(admin: sa.Engine, team: Team) -> Contents:
    contents = contents_of(admin, team.tenant_id, *COUNTED_ON)
    return {table: rows for table, rows in contents.items() if table not in STAYS}


def assert_done_as_shown(proposal: Proposal, before: Contents, now: Contents) -> None:
    """The records that came, changed and went are as many as the preview counts."""
    came = {table: now[table].keys() - before[table].keys() for table in RECORDS}
    gone = {table: before[table].keys() - now[table].keys() for table in RECORDS}
    changed = {
        table: {key for key in before[table].keys() & now[table].keys()
                if before[table][key] != now[table][key]}
        for table in RECORDS
    }  # fmt: skip
    # A client or a stage of rows that are not written is not added.
    clients = proposal.staged.columns["client_kpi_id"]
    new = {client.id for client in proposal.staged.added.values()}
    written = proposal.rows(Action.NEW) + proposal.rows(Action.CHANGED)
    added = len(new & {clients[row] for row in written})
    reached = proposal.staged.columns.get("stage", [])
    used = {reached[row] for row in written} if reached else set()
    stages = sum(draft.stage in used for draft in proposal.staged.new_stages)
    counts = proposal.counts
    assert (len(came["client_kpis"]), len(came["lead_stages"])) == (added, stages)
    assert sum(map(len, came.values())) == counts[Action.NEW] + added + stages
    # A new stage makes room for itself in the order of the others, and a deal won makes a client.
    changed["lead_stages"].clear()
    changed["client_kpis"] = {
        key for key in changed["client_kpis"]
        if {**before["client_kpis"][key], "status": ""} != {**now["client_kpis"][key], "status": ""}
    }  # fmt: skip
    assert sum(map(len, changed.values())) == counts[Action.CHANGED]
    lines = [removed.line.id for removed in proposal.removed]
    assert sorted(key for keys in gone.values() for key in keys) == sorted(lines)
    ids = {match.id for row, match in proposal.matches.items()
           if proposal.actions[row] is Action.CHANGED}  # fmt: skip
    assert {key for keys in changed.values() for key in keys} == ids


def assert_sums_as_shown(proposal: Proposal, before: Figures, now: Figures) -> None:
    """What the preview adds, less what it takes away, is the difference; changes are shown with
    their new amounts, so that only files without any are compared."""
    if proposal.counts[Action.CHANGED]:
        return
    for side in ("revenue", "expenses"):
        shown = Counter[str]()
        for row in previews.sums(proposal):
            shown[str(row["action"])] += Decimal(str(row[side] or 0))
        difference = sum(
            (amount for place, amount in now.items() if place[-1] == side), Decimal(0)
        ) - sum((amount for place, amount in before.items() if place[-1] == side), Decimal(0))
        assert shown["NEW"] - shown["REMOVED"] == difference
