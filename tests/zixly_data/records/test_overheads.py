"""Overheads: recorded as entered, decided once, and the record of a client whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.errors import (
    AccessDenied,
    Conflict,
    InvalidInput,
    MonthClosed,
    NotFound,
    ZixlyError,
)
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.records import clients, closed_months, exchange_rates, financials, overheads
from zixly_data.records.currencies_in_use import currencies_in_use
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.values import ids
from zixly_data.values.frames import rows as rows_of
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.paging import PageRequest

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 5)
RENT = OverheadDraft(
    MARCH, "AUD", Decimal("0"), Decimal("900.5"), "UNASSIGNED", "Rent", "Brisbane Offices", "March"
)


def added(team: Team, draft: OverheadDraft = RENT) -> str:
    row_id = ids.new_id("ovh")
    overheads.add(team.editor, draft, row_id=row_id)
    return row_id


def on_record(identity: Identity) -> tuple[int, int]:
    """How many overheads and financial records there are."""
    records = financials.list_records(identity, books.ALWAYS)
    return len(overheads.list_records(identity, books.ALWAYS)), len(records)


def test_an_overhead_says_all_that_was_entered(new_team: NewTeam) -> None:
    team = new_team()
    row_id = added(team)
    overheads.add(team.editor, RENT, row_id=row_id)
    assert overheads.list_records(team.viewer, books.Q1_2024).to_dict("records") == [
        {
            "id": row_id, "record_date": MARCH, "kind": "UNASSIGNED", "account": "Rent",
            "counterparty": "Brisbane Offices", "currency": "AUD", "revenue": Decimal("0.00"),
            "expenses": Decimal("900.50"), "profit": Decimal("-900.50"), "source_system": "manual",
            "note": "March", "version": 1,
        }
    ]  # fmt: skip
    changed = replace(RENT, currency="nzd", kind="OVERHEAD", account=" Rates ", note=None)
    overheads.change(team.editor, row_id, 1, changed)
    record = overheads.get(team.viewer, row_id)
    assert (record.currency, record.kind, record.account, record.note, record.version) == (
        "NZD", "OVERHEAD", "Rates", None, 2,
    )  # fmt: skip
    overheads.delete(team.editor, row_id, 2)
    with pytest.raises(NotFound, match="This overhead no longer exists"):
        overheads.get(team.viewer, row_id)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("currency", "AUS", "is not a currency"),
        ("currency", "", "currency is missing"),
        ("kind", "PERHAPS", "OVERHEAD or UNASSIGNED"),
        ("expenses", Decimal("0.005"), "more than 2 decimal places"),
        ("record_date", date(1999, 12, 31), "out of range"),
        ("account", "x" * 201, "too long"),
        ("counterparty", "x" * 201, "too long"),
        ("note", "x" * 2001, "too long"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(
    new_team: NewTeam, field: str, value: object, sentence: str
) -> None:
    team = new_team()
    with pytest.raises(InvalidInput, match=sentence) as refused:
        added(team, replace(RENT, **{field: value}))
    assert refused.value.field == field
    added(team)
    assert on_record(team.viewer) == (1, 0)


def test_filters_and_orders(new_team: NewTeam) -> None:
    team = new_team()
    books.overhead(team, "2024-03-05", "900", account="Rent", counterparty="Offices")
    books.overhead(team, "2024-03-31", "50", account="software", currency="USD")
    books.overhead(team, "2024-04-01", "7", "9", kind="UNASSIGNED", note="From the RENT desk")

    def accounts(sort: str = "", descending: bool = False, **parts: object) -> list[object]:
        chosen = OverheadFilter(**parts)  # type: ignore[arg-type]
        request = PageRequest(sort=sort, descending=descending)
        return [
            row["account"]
            for row in rows_of(overheads.page(team.viewer, books.ALWAYS, chosen, request).frame)
        ]

    assert len(accounts()) == 3
    assert accounts(kinds=("UNASSIGNED",)) == accounts(currencies=("AUD",), search="desk")
    assert accounts(currencies=("USD",)) == ["software"]
    assert len(accounts(search=" rent ")) == 2
    assert accounts(search="100%") == []
    assert len(overheads.list_records(team.viewer, books.Q1_2024)) == 2
    assert accounts("expenses", descending=True)[0] == "Rent"
    assert accounts("account") == ["Rent", "software", None]


rows = st.tuples(
    st.dates(date(2023, 12, 1), date(2024, 4, 30)), st.sampled_from(["AUD", "NZD"]),
    st.sampled_from(["OVERHEAD", "UNASSIGNED"]), st.integers(-10**9, 10**9),
    st.integers(-10**9, 10**9),
)  # fmt: skip


@settings(max_examples=examples(10), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(ledger=st.lists(rows, max_size=10))
def test_any_overheads_add_up_by_month_as_they_do_on_paper(
    new_team: NewTeam, ledger: list[tuple[date, str, str, int, int]]
) -> None:
    team = new_team()
    sums: dict[tuple[date, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for day, currency, kind, revenue, expenses in ledger:
        amounts = Decimal(revenue) / 100, Decimal(expenses) / 100
        books.overhead(team, day, amounts[1], amounts[0], currency=currency, kind=kind)
        if books.Q1_2024.contains(day):
            of_month = sums[day.replace(day=1), currency, kind]
            new = (*amounts, amounts[0] - amounts[1])
            sums[day.replace(day=1), currency, kind] = [
                a + b for a, b in zip(of_month, new, strict=True)
            ]
    months = overheads.by_month(team.viewer, books.Q1_2024).to_dict("records")
    assert {
        (row["month"], row["currency"], row["kind"]): [
            row["revenue"], row["expenses"], row["profit"]
        ]
        for row in months
    } == sums  # fmt: skip


# ── who may ─────────────────────────────────────────────────────────────────────────────────


def test_a_viewer_reads_and_an_editor_writes(new_team: NewTeam) -> None:
    team = new_team()
    client, row_id = books.client(team), added(team)
    assert overheads.get(team.viewer, row_id).account == "Rent"
    attempts: list[Callable[[Identity], object]] = [
        lambda who: overheads.add(who, RENT, row_id=ids.new_id("ovh")),
        lambda who: overheads.change(who, row_id, 1, replace(RENT, note="x")),
        lambda who: overheads.assign(who, row_id, 2, client, row_id=ids.new_id("fin")),
    ]
    for attempt in attempts:
        with pytest.raises(AccessDenied):
            attempt(team.viewer)
    assert on_record(team.viewer) == (1, 0)
    for attempt in attempts:
        attempt(team.editor)
    assert on_record(team.viewer) == (1, 1)


def test_another_organisation_sees_and_reaches_nothing(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    client, row_id = books.client(other), added(team)
    assert on_record(other.admin) == (0, 0)
    assert overheads.by_month(other.admin, books.ALWAYS).empty
    assert not overheads.has_records(other.admin)
    for attempt in (
        lambda: overheads.get(other.admin, row_id),
        lambda: overheads.change(other.admin, row_id, 1, RENT),
        lambda: overheads.delete(other.admin, row_id, 1),
        lambda: overheads.assign(other.admin, row_id, 1, client, row_id=ids.new_id("fin")),
        # Nor does an overhead of ours become a record of their client.
        lambda: overheads.assign(team.editor, row_id, 1, client, row_id=ids.new_id("fin")),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert on_record(team.viewer) == (1, 0)
    assert on_record(other.viewer) == (0, 0)


# ── assigning ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["UNASSIGNED", "OVERHEAD"])
def test_it_becomes_the_record_of_a_client_on_the_trail(new_team: NewTeam, kind: str) -> None:
    team = new_team()
    client, row_id, record = books.client(team), added(team, replace(RENT, kind=kind)), "fin_1"
    for _ in range(2):
        # Sent twice, it is one record.
        overheads.assign(team.editor, row_id, 1, client, row_id=record)
    assigned = financials.get(team.viewer, record)
    assert (
        assigned.client_kpi_id, assigned.record_date, assigned.revenue, assigned.expenses,
        assigned.note,
    ) == (
        client, MARCH, Decimal("0.00"), Decimal("900.50"), "March",
    )  # fmt: skip
    assert on_record(team.viewer) == (0, 1)
    (last, _) = audit.history(team.viewer, "overheads", row_id).to_dict("records")
    assert (last["action"], "Brisbane Offices" in last["before"]) == ("DELETE", True)
    assert len(audit.history(team.viewer, "financials", record)) == 1


def test_a_client_of_another_currency_is_refused_in_one_sentence(new_team: NewTeam) -> None:
    team = new_team()
    abroad, home, row_id = (
        books.client(team, "Otago", currency="NZD"),
        books.client(team),
        added(team),
    )
    with pytest.raises(InvalidInput) as refused:
        overheads.assign(team.editor, row_id, 1, abroad, row_id="fin_1")
    assert str(refused.value) == (
        "Otago uses NZD, and this amount is in AUD. Choose a client with the same currency."
    )
    assert on_record(team.viewer) == (1, 0)
    overheads.assign(team.editor, row_id, 1, home, row_id="fin_1")
    assert on_record(team.viewer) == (0, 1)


def test_in_a_closed_month_nothing_is_assigned_changed_or_added(new_team: NewTeam) -> None:
    team = new_team()
    client, row_id = books.client(team), added(team)
    closed_months.close(team.admin, MARCH)
    for attempt, sentence in (
        (lambda: overheads.assign(team.editor, row_id, 1, client, row_id="fin_1"),
         "March 2024 is closed. Nothing in it can be assigned"),
        (lambda: overheads.change(team.editor, row_id, 1, replace(RENT, note="x")), "is closed"),
        (lambda: overheads.delete(team.editor, row_id, 1), "is closed"),
        (lambda: added(team), "is closed"),
    ):  # fmt: skip
        with pytest.raises(MonthClosed, match=sentence):
            attempt()
    assert on_record(team.viewer) == (1, 0)
    closed_months.reopen(team.admin, MARCH)
    overheads.assign(team.editor, row_id, 1, client, row_id="fin_1")


def test_what_somebody_else_changed_is_not_assigned(new_team: NewTeam) -> None:
    team = new_team()
    client, row_id = books.client(team), added(team)
    overheads.change(team.admin, row_id, 1, replace(RENT, expenses=Decimal(1)))
    with pytest.raises(Conflict) as refused:
        overheads.assign(team.editor, row_id, 1, client, row_id="fin_1")
    current = refused.value.current
    assert isinstance(current, overheads.Overhead)
    assert (current.expenses, current.version) == (1, 2)
    assert on_record(team.viewer) == (1, 0)


def test_a_deleted_client_or_overhead_is_said(new_team: NewTeam) -> None:
    team = new_team()
    client, other, row_id = books.client(team, "A"), books.client(team, "B"), added(team)
    clients.delete(team.editor, client, 1, "A")
    with pytest.raises(NotFound, match="client no longer exists"):
        overheads.assign(team.editor, row_id, 1, client, row_id="fin_1")
    overheads.delete(team.editor, row_id, 1)
    with pytest.raises(NotFound, match="overhead no longer exists"):
        overheads.assign(team.editor, row_id, 1, other, row_id="fin_1")
    assert on_record(team.viewer) == (0, 0)


def test_a_line_of_a_document_that_the_client_has_is_a_further_line_of_it(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    client, row_id = books.client(team), added(team)
    record = books.money(team, client, MARCH, "1")
    with admin.begin() as superuser:
        for table, number in (("overheads", row_id), ("financials", record)):
            superuser.execute(
                sa.text(
                    f"update zixly.{table} set source_system = 'file', external_id = 'INV-7'"
                    " where id = :id"
                ),
                {"id": number},
            )
    overheads.assign(team.editor, row_id, 2, client, row_id="fin_1")
    assert on_record(team.viewer) == (0, 2)


def test_of_two_people_who_assign_at_once_one_is_refused(new_team: NewTeam) -> None:
    team = new_team()
    ours, row_id = [books.client(team, name) for name in ("A", "B")], added(team)
    start, refused = Barrier(2), list[ZixlyError]()

    def assign(who: Identity, client: str) -> None:
        start.wait(timeout=60)
        try:
            overheads.assign(who, row_id, 1, client, row_id=ids.new_id("fin"))
        except ZixlyError as error:
            refused.append(error)

    threads = [
        Thread(target=assign, args=pair)
        for pair in zip((team.admin, team.editor), ours, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [type(error) for error in refused] == [NotFound]
    assert on_record(team.viewer) == (0, 1)


def test_the_currencies_in_use_are_those_of_clients_rates_and_overheads(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    books.overhead(other, MARCH, "1", currency="CHF")
    assert currencies_in_use(team.viewer) == ["AUD"]
    books.client(team, currency="NZD")
    exchange_rates.add(
        team.editor, RateDraft(MARCH, "USD", "AUD", Decimal(1)), row_id=ids.new_id("rate")
    )
    row_id = added(team, replace(RENT, currency="EUR"))
    assert currencies_in_use(team.viewer) == ["AUD", "EUR", "NZD", "USD"]
    overheads.delete(team.editor, row_id, 1)
    assert currencies_in_use(team.viewer) == ["AUD", "NZD", "USD"]
