"""Clients: who they are, their revenue, how they are found and how they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import AlreadyExists, Conflict, InvalidInput, NotConfirmed, NotFound
from zixly_data.figures import client_totals
from zixly_data.findings import dismissals
from zixly_data.identity import Identity
from zixly_data.records import clients, date_notes, financials
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.values import ids
from zixly_data.values.client_filter import ClientFilter

NewTeam = Callable[[], Team]


def names(identity: Identity, client_filter: ClientFilter | None = None) -> list[str]:
    return list(client_totals.list_clients(identity, client_filter)["client_name"])


def test_a_client_is_listed_with_its_revenue_of_all_time(new_team: NewTeam) -> None:
    """Harbour: 100.10 + 200.20 - 50 (a credit), costs 99.99. Kiosk: costs alone. Quay: nothing."""
    team = new_team()
    harbour = books.client(team, "Harbour", industry="Retail", client_id="HBR-1")
    kiosk, quay = books.client(team, "kiosk", currency="NZD"), books.client(team, "Quay")
    books.money(team, harbour, "2024-01-31", "100.10", "99.99")
    books.money(team, harbour, "2026-02-01", "200.20")
    books.money(team, harbour, "2025-02-01", "-50")
    books.money(team, kiosk, "2024-05-01", "0", "12.34")
    listed = client_totals.list_clients(team.viewer)
    assert list(listed["id"]) == [harbour, kiosk, quay]
    assert listed.to_dict("records")[0] == {
        "id": harbour,
        "client_id": "HBR-1",
        "client_name": "Harbour",
        "industry": "Retail",
        "currency": "AUD",
        "status": "ACTIVE",
        "revenue": Decimal("250.30"),
        "expenses": Decimal("99.99"),
        "profit": Decimal("150.31"),
        "margin": Decimal("0.6005"),
        "first_record": date(2024, 1, 31),
        "last_record": date(2026, 2, 1),
        "note": None,
        "version": 1,
    }
    assert list(listed["profit"])[1:] == [Decimal("-12.34"), Decimal(0)]
    assert list(listed["margin"].isna()) == [False, True, True]
    assert list(listed["first_record"].isna()) == [False, False, True]


def test_a_team_without_clients_gets_an_empty_frame_of_the_same_columns(new_team: NewTeam) -> None:
    team = new_team()
    empty = client_totals.list_clients(team.viewer)
    books.client(team)
    full = client_totals.list_clients(team.viewer)
    assert (len(empty), len(full)) == (0, 1)
    assert dict(empty.dtypes) == dict(full.dtypes)


def test_every_part_of_a_filter_narrows_the_list(new_team: NewTeam) -> None:
    team = new_team()
    cafe = books.client(team, "Harbour Café", industry="Food", client_id="HC-1")
    books.client(team, "Harbour Law", industry="Law", status="COMPLETED")
    books.client(team, "Bondi Bakery", industry="Food", status="COMPLETED")
    books.client(team, "100% Surf", client_id="a_b")
    assert len(names(team.viewer, ClientFilter())) == 4
    for client_filter, matching in (
        (ClientFilter(statuses=("COMPLETED",)), ["Bondi Bakery", "Harbour Law"]),
        (ClientFilter(industries=("Food",)), ["Bondi Bakery", "Harbour Café"]),
        (ClientFilter(industries=("Food", "Law"), statuses=("ACTIVE",)), ["Harbour Café"]),
        (ClientFilter(client_kpi_ids=(cafe,)), ["Harbour Café"]),
        (ClientFilter(client_kpi_ids=(cafe,), statuses=("COMPLETED",)), []),
        (ClientFilter(search=" HARBOUR "), ["Harbour Café", "Harbour Law"]),
        (ClientFilter(search="CAFÉ"), ["Harbour Café"]),
        (ClientFilter(search="hc-1"), ["Harbour Café"]),
        (ClientFilter(search="0% s"), ["100% Surf"]),
        (ClientFilter(search="%"), ["100% Surf"]),
        (ClientFilter(search="_"), ["100% Surf"]),
        (ClientFilter(search="' or 1=1 --"), []),
    ):
        assert names(team.viewer, client_filter) == matching, client_filter


@pytest.mark.parametrize("search", ["nul \x00", "half \ud83d"])
def test_a_search_for_what_no_name_can_hold_is_refused_in_words(
    search: str, new_team: NewTeam
) -> None:
    team = new_team()
    books.client(team)
    with pytest.raises(InvalidInput, match="cannot be saved"):
        names(team.viewer, ClientFilter(search=search))
    with pytest.raises(InvalidInput, match="cannot be saved"):
        clients.get(team.viewer, search)


@pytest.mark.parametrize(
    "name",
    [
        "'; DROP TABLE client_kpis; --",
        'Robert"); delete from zixly.client_kpis; --',
        "Fish 🐟 & Chips 👨‍👩‍👧",
        "חברת בניין",
        "شركة البناء",
        "山田工務店",
        "=cmd|' /C calc'!A0",
        "%(name)s :name {name} \\",
        "n" * 200,
    ],
)
def test_any_name_is_kept_and_found_as_it_is(name: str, new_team: NewTeam) -> None:
    team = new_team()
    row_id = books.client(team, name)
    books.client(team, "Another")
    assert clients.get(team.viewer, row_id).client_name == name
    assert names(team.viewer, ClientFilter(search=name)) == [name]
    assert len(names(team.viewer)) == 2


def test_letters_nobody_can_see_are_dropped_from_a_name(new_team: NewTeam) -> None:
    team = new_team()
    row_id = books.client(team, "  Har\x00bour\n\u202eCafe\u0301 \ud83d ")
    assert clients.get(team.viewer, row_id).client_name == "Harbour Café"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"client_name": "n" * 10_000}, "client_name"),
        ({"client_name": "n" * 201}, "client_name"),
        ({"client_name": " \x00 "}, "client_name"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "x" * 101}, "client_id"),
        ({"industry": "x" * 101}, "industry"),
        ({"currency": "AUX"}, "currency"),
        ({"currency": "dollars"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"status": "PAUSED"}, "status"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_named(
    changed: dict[str, str], field: str, new_team: NewTeam
) -> None:
    team = new_team()
    draft = replace(ClientDraft("OK-1", "A good name"), **changed)
    with pytest.raises(InvalidInput) as refused:
        clients.add(team.editor, draft, row_id=ids.new_id("ckpi"))
    assert refused.value.field == field
    row_id = books.client(team, "Before")
    with pytest.raises(InvalidInput):
        clients.change(team.editor, row_id, 1, draft)
    assert names(team.viewer) == ["Before"]


def test_a_second_client_with_the_same_external_id_is_refused(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    first = books.client(team, "First", client_id="HBC-2024-001")
    second = books.client(team, "Second")
    for attempt in (
        lambda: books.client(team, "Third", client_id="HBC-2024-001"),
        lambda: clients.change(team.editor, second, 1, ClientDraft("HBC-2024-001", "Second")),
    ):
        with pytest.raises(
            AlreadyExists, match="Another client already has this external ID"
        ) as refused:
            attempt()
        assert refused.value.field == "client_id"
    assert names(team.viewer) == ["First", "Second"]
    # Another tenant learns nothing of it, and the client itself may keep its own.
    books.client(others, "Theirs", client_id="HBC-2024-001")
    clients.change(team.editor, first, 1, ClientDraft("HBC-2024-001", "First, renamed"))


def test_a_code_is_stored_in_capitals(new_team: NewTeam) -> None:
    team = new_team()
    assert clients.get(team.viewer, books.client(team, currency=" nzd ")).currency == "NZD"


def _belongings(admin: sa.Engine, client_kpi_id: str) -> list[int]:
    """Rows of each kind that hang on the client, counted by the administrator."""
    with admin.connect() as connection:
        return [
            connection.execute(
                sa.text(f"select count(*) from zixly.{table} where client_kpi_id = :id"),
                {"id": client_kpi_id},
            ).scalar_one()
            for table in clients.DELETED_WITH_CLIENT
        ]


def test_deleting_a_client_takes_exactly_what_was_announced(
    admin: sa.Engine, new_team: NewTeam
) -> None:
    team = new_team()
    going, staying = books.client(team, "Going"), books.client(team, "Staying")
    velocity = books.metric(team, "Velocity", target="1")
    for client_kpi_id in (going, staying):
        for month in (1, 2, 3):
            books.money(team, client_kpi_id, date(2024, month, 1), "1")
        for stage in ("Inquiry", "Lost"):
            books.event(team, client_kpi_id, "lead", stage, "2024-01-01")
        books.measure(team, client_kpi_id, "Velocity", "2024-01-01", "1")
        books.aim(team, velocity, client_kpi_id=client_kpi_id, low="2")
        note = NoteDraft(date(2024, 1, 1), "The price rose", client_kpi_id)
        date_notes.add(team.editor, note, row_id=ids.new_id("note"))
        for month in ("2024-01", "2024-02"):
            dismissals.dismiss(
                team.editor, "LOSS", client_kpi_id, month, "Agreed", row_id=ids.new_id("dis")
            )
    announced = clients.deletion(team.viewer, going)
    assert announced == clients.Deletion("Going", 3, 2, 1, 1, 1, 2)
    clients.delete(team.editor, going, 1, " Going ")
    assert _belongings(admin, going) == [0, 0, 0, 0, 0, 0]
    assert _belongings(admin, staying) == [3, 2, 1, 1, 1, 2]
    assert names(team.viewer) == ["Staying"]
    with pytest.raises(NotFound):
        clients.deletion(team.viewer, going)


def test_a_client_stays_until_its_name_is_typed(admin: sa.Engine, new_team: NewTeam) -> None:
    team = new_team()
    row_id = books.client(team, "Harbour Café")
    books.money(team, row_id, "2024-01-01", "1")
    for typed in ("", "harbour café", "Harbour Caf", row_id):
        with pytest.raises(NotConfirmed):
            clients.delete(team.admin, row_id, 1, typed)
    clients.change(team.editor, row_id, 1, ClientDraft("H-1", "Harbour Café", status="COMPLETED"))
    with pytest.raises(Conflict) as refused:
        clients.delete(team.admin, row_id, 1, "Harbour Café")
    assert refused.value.current == clients.get(team.viewer, row_id)
    assert _belongings(admin, row_id) == [1, 0, 0, 0, 0, 0]
    clients.delete(team.admin, row_id, 2, "Harbour Café")


def test_changing_the_currency_changes_that_of_its_records(new_team: NewTeam) -> None:
    """A record is in its client's currency; the amounts stay as they were typed."""
    team = new_team()
    row_id = books.client(team)
    books.money(team, row_id, "2024-01-01", "10")
    clients.change(team.editor, row_id, 1, ClientDraft("H-1", "Harbour", currency="SGD"))
    recorded = financials.list_records(team.viewer, books.ALWAYS)
    assert list(recorded["currency"]) == ["SGD"]
    assert list(recorded["revenue"]) == [Decimal("10.00")]
