"""A company with an open deal and no bill yet: how it becomes a client, whoever writes what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database.connection import scoped
from zixly_data.errors import InvalidInput
from zixly_data.people import audit
from zixly_data.records import clients, financials, month_entry
from zixly_data.records.month_cells import FinancialCells, LeadCells
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id

NewTeam = Callable[[], Team]
JANUARY = date(2024, 1, 1)


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def prospect(team: Team, name: str = "Byron Surf School") -> str:
    return books.client(team, name, status="PROSPECT")


def status(team: Team, client_kpi_id: str) -> tuple[str, int]:
    client = clients.get(team.viewer, client_kpi_id)
    return client.status, client.version


def _bill(team: Team, client: str) -> None:
    books.money(team, client, "2024-01-05", "100")


def _win(team: Team, client: str) -> None:
    books.event(team, client, "Website", "Contract signed", "2024-01-05")


def _bill_in_the_grid(team: Team, client: str) -> None:
    cells = FinancialCells(new_id("fin"), client, "5/1/2024", "100", "20")
    month_entry.save_financials(team.editor, JANUARY, [cells], [])


def _win_in_the_grid(team: Team, client: str) -> None:
    cells = LeadCells(new_id("lev"), client, "Website", "Contract signed", "5/1/2024")
    month_entry.save_leads(team.editor, JANUARY, [cells], [])


def _advance(team: Team, client: str) -> None:
    event = books.event(team, client, "Website", "Inquiry", "2024-01-05")
    assert status(team, client) == ("PROSPECT", 1)
    draft = LeadEventDraft(client, "Website", "Contract signed", date(2024, 1, 6))
    leads.change(team.editor, event, 1, draft)


def _move_a_bill(team: Team, client: str) -> None:
    bill = books.money(team, books.client(team, "Another"), "2024-01-05", "100")
    draft = FinancialDraft(client, date(2024, 1, 5), Decimal(100), Decimal(0))
    financials.change(team.editor, bill, 1, draft)


@pytest.mark.parametrize(
    "record",
    [_bill, _win, _bill_in_the_grid, _win_in_the_grid, _advance, _move_a_bill],
)
def test_the_first_bill_or_won_stage_makes_a_client(
    team: Team, record: Callable[[Team, str], None]
) -> None:
    client, bystander = prospect(team), prospect(team, "Bystander")
    record(team, client)
    assert status(team, client) == ("ACTIVE", 2)
    assert status(team, bystander) == ("PROSPECT", 1)


def test_open_and_lost_leads_metrics_and_notes_make_no_client(team: Team) -> None:
    client = prospect(team)
    for stage, day in (("Inquiry", "2024-01-05"), ("Lost", "2024-01-06")):
        books.event(team, client, "Website", stage, day)
    books.metric(team, "Sites")
    books.measure(team, client, "Sites", "2024-01-05", "3")
    assert status(team, client) == ("PROSPECT", 1)


def test_the_change_is_on_the_trail_under_the_person_who_wrote_the_record(team: Team) -> None:
    client = prospect(team)
    _bill(team, client)
    entries = rows(audit.history(team.viewer, "client_kpis", client))
    assert [(entry["action"], entry["user_name"]) for entry in entries] == [
        ("UPDATE", "Editor"), ("INSERT", "Editor"),
    ]  # fmt: skip


def test_a_record_that_is_refused_makes_no_client(team: Team) -> None:
    client = prospect(team)
    cells = [FinancialCells(new_id("fin"), client, f"{day}/1/2024", "1", "0") for day in (5, 99)]
    with pytest.raises(InvalidInput):
        month_entry.save_financials(team.editor, JANUARY, cells, [])
    bill = FinancialDraft(client, date(2024, 1, 5), Decimal(1), Decimal(10**13))
    with pytest.raises(InvalidInput):
        financials.add(team.editor, bill, row_id=new_id("fin"))
    assert status(team, client) == ("PROSPECT", 1)
    _bill(team, client)
    assert status(team, client) == ("ACTIVE", 2)


def test_a_client_stays_active_when_its_last_record_goes(team: Team) -> None:
    client = prospect(team)
    bill = books.money(team, client, "2024-01-05", "100")
    financials.delete(team.editor, bill, 1)
    assert status(team, client) == ("ACTIVE", 2)
    _set_status(team, client, "PROSPECT")
    assert status(team, client) == ("PROSPECT", 3)


def _set_status(team: Team, client_kpi_id: str, new: str) -> None:
    client = clients.get(team.editor, client_kpi_id)
    draft = ClientDraft(client.client_id, client.client_name, status=new)
    clients.change(team.editor, client_kpi_id, client.version, draft)


@pytest.mark.parametrize(("record", "reason"), [(_bill, "financial records"), (_win, "a won lead")])
def test_a_client_with_records_cannot_become_a_prospect(
    team: Team, record: Callable[[Team, str], None], reason: str
) -> None:
    client, other = books.client(team, "Harbour Café"), books.client(team, "Empty")
    record(team, client)
    with pytest.raises(InvalidInput) as refused:
        _set_status(team, client, "PROSPECT")
    assert str(refused.value) == (
        f"Harbour Café has {reason}, so it is a client. Choose Active or Completed."
    )
    assert refused.value.field == "status"
    with pytest.raises(InvalidInput), scoped(team.editor) as connection:
        connection.execute(sa.text("update client_kpis set status = 'PROSPECT'"))
    assert status(team, client) == ("ACTIVE", 1)
    _set_status(team, other, "PROSPECT")
    assert status(team, other) == ("PROSPECT", 2)


def test_an_unknown_status_is_refused(team: Team) -> None:
    with pytest.raises(InvalidInput, match="ACTIVE, COMPLETED or PROSPECT"):
        books.client(team, status="LEAD")


def test_prospects_of_another_tenant_with_the_same_id_stay_what_they_are(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    ours, theirs = new_team(), new_team()
    for team in (ours, theirs):
        draft = ClientDraft("SAME", "Same", status="PROSPECT")
        clients.add(team.editor, draft, row_id="ckpi_same")
    _bill(ours, "ckpi_same")
    assert status(ours, "ckpi_same") == ("ACTIVE", 2)
    assert status(theirs, "ckpi_same") == ("PROSPECT", 1)
    # An administrator's statement may write rows of several tenants.
    with admin.begin() as operator:
        operator.execute(
            sa.text("""
            insert into zixly.financials (tenant_id, client_kpi_id, record_date, revenue, expenses)
            select t, 'ckpi_same', '2024-01-05', 1, 0 from unnest(cast(:tenants as text[])) as t
            """),
            {"tenants": [ours.tenant_id, theirs.tenant_id]},
        )
    assert status(theirs, "ckpi_same") == ("ACTIVE", 2)


@pytest.fixture
def waiting(team: Team) -> Iterator[Callable[[Callable[[], None]], threading.Thread]]:
    """Starts a function that is expected to wait for the open transaction of the test."""
    threads: list[threading.Thread] = []

    def start(function: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=function)
        thread.start()
        threads.append(thread)
        thread.join(0.5)
        assert thread.is_alive()
        return thread

    yield start
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


INSERT = sa.text("""
    insert into financials (client_kpi_id, record_date, revenue, expenses)
    values (:client, '2024-01-05', 1, 0)
""")


def test_who_makes_a_prospect_waits_for_a_bill_that_is_being_written(
    team: Team, waiting: Callable[[Callable[[], None]], threading.Thread]
) -> None:
    client, refusals = books.client(team), []

    def make_prospect() -> None:
        try:
            _set_status(team, client, "PROSPECT")
        except InvalidInput as error:
            refusals.append(str(error))

    with scoped(team.editor) as connection:
        connection.execute(INSERT, {"client": client})
        thread = waiting(make_prospect)
    thread.join(30)
    assert refusals
    assert status(team, client) == ("ACTIVE", 1)


def test_who_writes_a_bill_waits_for_the_prospect_that_is_being_made(
    team: Team, waiting: Callable[[Callable[[], None]], threading.Thread]
) -> None:
    client = books.client(team)
    with scoped(team.editor) as connection:
        connection.execute(sa.text("update client_kpis set status = 'PROSPECT'"))
        thread = waiting(lambda: _bill(team, client))
    thread.join(30)
    assert status(team, client) == ("ACTIVE", 3)


def test_two_first_bills_at_once_make_one_client(
    team: Team, waiting: Callable[[Callable[[], None]], threading.Thread]
) -> None:
    client = prospect(team)
    with scoped(team.editor) as connection:
        connection.execute(INSERT, {"client": client})
        thread = waiting(lambda: _win(team, client))
    thread.join(30)
    assert status(team, client) == ("ACTIVE", 2)
