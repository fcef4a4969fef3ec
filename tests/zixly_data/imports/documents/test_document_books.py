"""Whatever the order and the pieces in which documents come in, the books are the same.

A file is split between documents: a part of a document replaces the whole, so whoever exports a
document in two halves means two versions of it. Lines without a number are split between groups of
equal key for the same reason: the second of two amounts of a day is asked about, and the answer
holds for a file. Amounts of no client differ from those of clients, as a document with the number,
day and amounts of one in the other table is taken for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.imports import COUNTED_ON, books_of, did, proposed
from zixly_data.imports import Action, Kind, Proposal, confirm, previews, undo
from zixly_data.imports.cells.mapping import OVERHEAD

HEAD = "client,invoice number,date,revenue,expenses,note\n"
# Client, number, side and year of a document; day, cents and note of its lines.
Document = tuple[tuple[str, str, bool, int], list[tuple[int, int, str]]]
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
shared = settings(max_examples=examples(15), suppress_health_check=SHARED, deadline=None)
SETTLED = {
    "clients": {"Rent": OVERHEAD}, "duplicates": "KEEP", "same_day": "CORRECT",
    "reused_numbers": "NEW",
}  # fmt: skip


@pytest.fixture
def new_books(new_team: Callable[[], Team]) -> Callable[[], Team]:
    def opened() -> Team:
        team = new_team()
        for name in ("Kea", "Harbour"):
            books.client(team, name)
        return team

    return opened


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """Documents of few clients and numbers, so that numbers meet; the empty number is none."""
    keys = st.tuples(
        st.sampled_from(["Kea", "Harbour", "Rent"]), st.sampled_from(["1", "2", ""]),
        st.booleans(), st.sampled_from([2023, 2025]),
    )  # fmt: skip
    line = st.tuples(st.integers(1, 3), st.integers(1, 4), st.sampled_from(["", "a", "b"]))
    made = draw(st.lists(
        st.tuples(keys, st.lists(line, min_size=1, max_size=4)),
        min_size=1, max_size=6, unique_by=lambda document: document[0],
    ))  # fmt: skip
    return [
        (key, [(day, cents + 10 * (key[0] == "Rent"), note) for day, cents, note in lines])
        for key, lines in made
    ]


def rows_of(document: Document) -> list[str]:
    (client, number, is_bill, year), lines = document
    return [
        ",".join([client, number, f"{year}-03-{day:02}", *amounts_of(cents, is_bill), note]) + "\n"
        for day, cents, note in lines
    ]


def amounts_of(cents: int, is_bill: bool) -> tuple[str, str]:
    return ("", str(cents)) if is_bill else (str(cents), "")


def import_(team: Team, rows: list[str]) -> Proposal:
    proposal = proposed(team.editor, Kind.FINANCIALS, HEAD + "".join(rows), **SETTLED)
    assert not proposal.is_open
    assert not proposal.rows(Action.REJECTED)
    if proposal.changes_anything:
        confirm(team.editor, proposal)
    return proposal


def on_record(team: Team) -> Counter[tuple[object, ...]]:
    """Every line, without its id, by client or counterparty."""
    tables = books_of(team.editor)
    names = {key: row["client_name"] for key, row in tables["client_kpis"].items()}
    return Counter(
        (
            names.get(row.get("client_kpi_id")) or row["counterparty"], row["external_id"],
            row["record_date"], row["revenue"], row["expenses"], row["note"],
        )
        for table in ("financials", "overheads")
        for row in tables[table].values()
    )  # fmt: skip


def expected(made: list[Document]) -> Counter[tuple[object, ...]]:
    return Counter(
        (client, number or None, f"{year}-03-{day:02}", 0.0 if is_bill else float(cents),
         float(cents) if is_bill else 0.0, note or None)
        for (client, number, is_bill, year), lines in made
        for day, cents, note in lines
    )  # fmt: skip


@shared
@given(made=documents(), data=st.data())
def test_rows_in_any_order_sent_twice_or_in_parts_end_with_the_same_books(
    new_books: Callable[[], Team], made: list[Document], data: st.DataObject
) -> None:
    team = new_books()
    rows = [row for document in made for row in rows_of(document)]
    import_(team, data.draw(st.permutations(rows)))
    assert on_record(team) == expected(made)
    again = import_(team, data.draw(st.permutations(rows)))
    assert set(did(again)) == {"U"}
    assert not again.removed

    numbered = [document for document in made if document[0][1]]
    parts = new_books()
    place = data.draw(st.integers(0, len(numbered)))
    for part in (numbered[:place], numbered[place:]):
        if part:
            import_(parts, data.draw(st.permutations([row for of in part for row in rows_of(of)])))
    assert on_record(parts) == expected(numbered)


@shared
@given(before=documents(), after=documents(), data=st.data())
def test_a_preview_is_what_confirming_does_and_undoing_restores(
    new_books: Callable[[], Team], before: list[Document], after: list[Document],
    data: st.DataObject,
) -> None:  # fmt: skip
    team = new_books()
    numbered = [[document for document in made if document[0][1]] for made in (before, after)]
    if not all(numbered):
        return
    import_(team, [row for document in numbered[0] for row in rows_of(document)])
    start, recorded = books_of(team.editor, *COUNTED_ON), on_record(team)
    rows = data.draw(st.permutations([row for of in numbered[1] for row in rows_of(of)]))
    proposal = proposed(team.editor, Kind.FINANCIALS, HEAD + "".join(rows), **SETTLED)
    assert proposal.changes_anything == (_books_after(*numbered) != recorded)
    if not proposal.changes_anything:
        return

    done = confirm(team.editor, proposal)

    assert on_record(team) == _books_after(*numbered)
    counts, sums = proposal.counts, previews.sums(proposal)
    after_books = books_of(team.editor, *COUNTED_ON)
    gone = sum(len(start[table].keys() - after_books[table].keys()) for table in after_books)
    came = sum(len(after_books[table].keys() - start[table].keys()) for table in after_books)
    changed = sum(
        start[table][key] != row
        for table, rows in after_books.items()
        for key, row in rows.items()
        if key in start[table]
    )
    assert (came, changed, gone) == tuple(
        counts[action] for action in (Action.NEW, Action.CHANGED, Action.REMOVED)
    )
    removed = sum((row["revenue"] for row in sums if row["action"] == "REMOVED"), Decimal(0))  # type: ignore[misc]
    assert removed == sum(
        (Decimal(str(start[table][key]["revenue"])) for table in after_books
         for key in start[table].keys() - after_books[table].keys()), Decimal(0),
    )  # fmt: skip
    undo(team.editor, done.id)
    assert books_of(team.editor, *COUNTED_ON) == start


def _books_after(before: list[Document], after: list[Document]) -> Counter[tuple[object, ...]]:
    """The lines of every document as the later file has it, or else the earlier one."""
    return expected(list({**dict(before), **dict(after)}.items()))
