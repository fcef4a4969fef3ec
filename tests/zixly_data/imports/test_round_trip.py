"""What leaves as a file comes back as it was; what a proposal shows is what it does; what is undone
is as it was before: for ledgers that nobody would think of."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.imports import COUNTED_ON, Rows, books_of, did, proposed
from tests.support.ledgers.import_ledgers import METRICS, NAMES, Ledger, exported, ledgers, written
from zixly_data.imports import ADD, LEAVE_OUT, Action, Kind, Proposal, confirm, undo
from zixly_data.imports.cells.kinds import TABLES
from zixly_data.imports.matches.targets import TARGETS
from zixly_data.imports.previews import changes, rows

SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
RECORDS = [Kind.FINANCIALS, Kind.OVERHEADS, Kind.LEAD_EVENTS, Kind.CUSTOM_METRICS]
shared = settings(max_examples=examples(15), suppress_health_check=SHARED, deadline=None)


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    for name in METRICS:
        books.metric(team, name)
    return team


@shared
@given(ledger=ledgers(numbered=True))
def test_an_exported_table_imports_back_with_no_change(
    team: Team, admin: sa.Engine, ledger: Ledger
) -> None:
    written(team, ledger, admin)
    for kind in Kind:
        file = exported(team, kind)
        proposal = proposed(team.editor, kind, file)
        assert not proposal.all_questions
        assert set(did(proposal)) == {"U"}, (kind, file.decode())


@shared
@given(ledger=ledgers(numbered=False))
def test_also_without_our_ids_where_no_other_system_numbered_the_rows(
    team: Team, admin: sa.Engine, ledger: Ledger
) -> None:
    written(team, ledger, admin)
    for kind in Kind:
        table = list(csv.reader(io.StringIO(exported(team, kind).decode(), newline="")))
        file = _csv([row[:-1] for row in table])
        assert table[0][-1] == "id"
        proposal = proposed(team.editor, kind, file)
        assert set(did(proposal)) == {"U"}, (kind, file)


@pytest.mark.parametrize("kind", RECORDS)
@shared
@given(data=st.data(), ledger=ledgers(numbered=True))
def test_a_proposal_does_what_it_shows_and_undoing_restores(
    team: Team, admin: sa.Engine, kind: Kind, data: st.DataObject, ledger: Ledger
) -> None:
    written(team, ledger, admin)
    table = list(csv.reader(io.StringIO(exported(team, kind).decode(), newline="")))
    file = _csv([table[0], *data.draw(_altered(table[0], table[1:]))])
    clients = data.draw(st.dictionaries(st.just("Nobody knows"), st.sampled_from([ADD, LEAVE_OUT])))
    settled = {
        "same_day": data.draw(st.sampled_from([None, "ADD", "CORRECT"])),
        "clients": clients,
        "duplicates": data.draw(st.sampled_from(["KEEP", "LEAVE_OUT"])),
    }
    proposal = proposed(team.editor, kind, file, **settled)
    before = books_of(team.editor, *COUNTED_ON)
    if proposal.all_questions or not proposal.changes_anything:
        return

    done = confirm(team.editor, proposal, skip_rejected=True)

    after = books_of(team.editor, *COUNTED_ON)
    records = TARGETS[kind].table.name
    assert {x: y for x, y in after.items() if x not in (records, "client_kpis")} == {
        x: y for x, y in before.items() if x not in (records, "client_kpis")}  # fmt: skip
    expected = _changed_as_shown(proposal, before, after["client_kpis"])
    new = {key: row for key, row in after[records].items() if key not in before[records]}
    assert {key: after[records][key] for key in before[records]} == expected
    assert _shown_as_new(proposal) == Counter(
        _as_shown(kind, row, after["client_kpis"]) for row in new.values()
    )
    assert did(proposed(team.editor, kind, file, **settled)).translate(_DONE) == did(
        proposal
    ).translate(_DONE)
    undo(team.editor, done.id)
    assert books_of(team.editor, *COUNTED_ON) == before


# A second time all that went in is there; whoever was left out or rejected still is.
_DONE = str.maketrans("NCU", "UUU")


def _csv(table: list[list[str]]) -> str:
    into = io.StringIO(newline="")
    csv.writer(into).writerows(table)
    return into.getvalue()


@st.composite
def _altered(draw: st.DrawFn, head: list[str], table: list[list[str]]) -> list[list[str]]:
    """The rows with ids taken off, values changed, rows doubled and unknown clients."""
    altered = []
    for row in table:
        for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
            new = dict(zip(head, row, strict=True))
            for name, values in {
                "id": st.just(""), "client_name": st.just("Nobody knows"), "note": NAMES,
                head[0]: st.sampled_from(["2024-02-29", "2024-02-30", "2024-03-09"]),
                "revenue": st.sampled_from(["1.00", "-0.01", "x", "(7)"]),
                "value": st.sampled_from(["", "3.30", "-1"]),
                "metric_value": st.sampled_from(["4.5", "0", ""]),
                "stage": st.sampled_from(["lost", "Nowhere"]),
            }.items():  # fmt: skip
                if name in new and draw(st.integers(0, 4)) == 0:
                    new[name] = draw(values)
                    if name == "client_name":
                        new["client_id"] = ""
            altered.append(list(new.values()))
    return altered


def _changed_as_shown(proposal: Proposal, before: dict[str, Rows], clients: Rows) -> Rows:
    """What is on record, with every value that the preview names as the file's."""
    kind = proposal.kind
    columns = {TABLES[kind].fields[name].label: name for name in TARGETS[kind].columns}
    ids = {proposal.table.lines[row]: match.id for row, match in proposal.matches.items()}
    by_name: dict[str, list[str]] = {}
    for key, client in clients.items():
        by_name.setdefault(client["client_name"], []).append(key)
    expected = {key: dict(row) for key, row in before[TARGETS[kind].table.name].items()}
    for change in changes(proposal).to_dict("records"):
        name, row = columns[change["column"]], expected[ids[change["line"]]]
        now, file = (_plain(change[side]) for side in ("now", "file"))
        if name == "client_kpi_id":
            assert row[name] in by_name[str(now)]
            place = list(proposal.table.lines).index(change["line"])
            file = proposal.staged.columns[name][place]
            assert file in by_name[str(change["file"])]
        else:
            assert _text(row[name]) == _text(now)
        row[name] = file
    for row in expected.values():
        _bring_along(kind, row)
    return {key: _typed(row) for key, row in expected.items()}


def _bring_along(kind: Kind, row: dict[str, Any]) -> None:
    if kind in (Kind.FINANCIALS, Kind.OVERHEADS):
        row["profit"] = Decimal(str(row["revenue"])) - Decimal(str(row["expenses"]))
    if kind is Kind.LEAD_EVENTS:
        row["status"] = {"Inquiry": "OPEN", "Lost": "LOST"}.get(row["stage"], "WON")


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    amounts = ("revenue", "expenses", "profit", "value", "metric_value")
    return {name: float(value) if name in amounts and value is not None else value
            for name, value in row.items()}  # fmt: skip


_SHOWN = ("client_name", "date", "revenue", "expenses", "lead_id", "stage", "value", "metric_name",
          "metric_value", "account", "counterparty", "kind", "note")  # fmt: skip


def _shown_as_new(proposal: Proposal) -> Counter[tuple[str, ...]]:
    new_rows = rows(proposal, Action.NEW).to_dict("records")
    return Counter(tuple(_text(_plain(row[name])) for name in _SHOWN) for row in new_rows)


def _as_shown(kind: Kind, row: dict[str, Any], clients: Rows) -> tuple[str, ...]:
    date_column = TARGETS[kind].date_column
    assert date_column is not None
    said = {
        **row,
        "client_name": clients[row["client_kpi_id"]]["client_name"]
        if "client_kpi_id" in row
        else None,
        "date": row[date_column],
    }
    return tuple(_text(said.get(name)) for name in _SHOWN)


def _plain(value: Any) -> Any:
    return None if value is None or value != value or str(value) == "<NA>" else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    try:
        return str(round(float(value), 4))
    except (TypeError, ValueError):
        return str(value)
