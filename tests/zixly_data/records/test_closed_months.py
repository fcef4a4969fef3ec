"""Closing and reopening months, and what it means for what is dated in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import AccessDenied, AlreadyExists, InvalidInput, MonthClosed, NotFound
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records import clients, closed_months, financials
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values.dates import add_months

MARCH = date(2024, 3, 1)


def closed(identity: Identity) -> list[date]:
    return closed_months.list_closed(identity)["month"].to_list()


def test_a_month_is_closed_and_reopened_by_any_of_its_days(new_team: Callable[[], Team]) -> None:
    team = new_team()
    client = books.client(team)
    closed_months.close(team.admin, date(2024, 3, 31))
    (row,) = closed_months.list_closed(team.viewer).to_dict("records")
    assert (row["month"], row["closed_by_name"]) == (MARCH, team.admin.full_name)
    assert closed_months.is_closed(team.viewer, date(2024, 3, 15))
    assert not closed_months.is_closed(team.viewer, date(2024, 4, 1))
    with pytest.raises(MonthClosed, match="March 2024 is closed"):
        books.money(team, client, "2024-03-31", "1")
    books.money(team, client, "2024-02-29", "1")
    books.money(team, client, "2024-04-01", "1")
    closed_months.reopen(team.admin, date(2024, 3, 9))
    assert closed(team.viewer) == []
    books.money(team, client, "2024-03-31", "1")


def test_what_is_refused_is_said_in_words(new_team: Callable[[], Team]) -> None:
    team = new_team()
    closed_months.close(team.admin, MARCH)
    with pytest.raises(AlreadyExists, match="March 2024 is already closed"):
        closed_months.close(team.admin, MARCH)
    with pytest.raises(NotFound, match="April 2024 is not closed"):
        closed_months.reopen(team.admin, date(2024, 4, 1))
    today = tenants.get(team.admin).today()
    with pytest.raises(InvalidInput, match="has not started"):
        closed_months.close(team.admin, add_months(today, 1))
    with pytest.raises(InvalidInput, match="has not started"):
        closed_months.close_through(team.admin, add_months(today, 1))
    with pytest.raises(InvalidInput, match="out of range"):
        closed_months.close(team.admin, date(1999, 12, 1))
    assert closed(team.admin) == [MARCH]
    closed_months.close(team.admin, today)
    assert closed_months.is_closed(team.admin, today)


def test_all_months_up_to_one_at_once(new_team: Callable[[], Team]) -> None:
    team, other = new_team(), new_team()
    books.money(other, books.client(other), "2020-01-31", "1")
    client = books.client(team)
    books.event(team, client, "L-1", "Inquiry", "2024-01-31")
    books.money(team, client, "2024-02-10", "1")
    closed_months.close(team.admin, date(2024, 2, 1))
    through = closed_months.close_through(team.admin, date(2024, 4, 30))
    assert through == [date(2024, 1, 1), MARCH, date(2024, 4, 1)]
    assert closed_months.close_through(team.admin, date(2024, 4, 30)) == []
    assert closed(team.admin) == [date(2024, month, 1) for month in (4, 3, 2, 1)]
    assert closed(other.admin) == []


def test_without_records_only_the_month_itself_is_closed(new_team: Callable[[], Team]) -> None:
    team = new_team()
    assert closed_months.close_through(team.admin, MARCH) == [MARCH]


def test_only_an_admin_closes_and_reopens(new_team: Callable[[], Team]) -> None:
    team = new_team()
    closed_months.close(team.admin, MARCH)
    for person in (team.viewer, team.editor):
        for act in (closed_months.close, closed_months.close_through):
            with pytest.raises(AccessDenied):
                act(person, date(2024, 2, 1))
        with pytest.raises(AccessDenied):
            closed_months.reopen(person, MARCH)
    assert closed(team.viewer) == [MARCH]
    closed_months.reopen(team.admin, MARCH)
    closed_months.close(team.admin, date(2024, 2, 1))


# ── every way to change what is dated ───────────────────────────────────────────────────────


@dataclass(frozen=True)
class Recorded:
    """A team with one client, and a record of each kind in March 2024."""

    team: Team
    client: str
    figures: str
    event: str
    value: str
    metric: str


@pytest.fixture
def march(new_team: Callable[[], Team]) -> Recorded:
    team = new_team()
    client = books.client(team)
    metric = books.metric(team, "Calls")
    return Recorded(
        team, client, books.money(team, client, MARCH, "100"),
        books.event(team, client, "L-1", "Inquiry", MARCH),
        books.measure(team, client, "Calls", MARCH, "7"), metric,
    )  # fmt: skip


Way = Callable[[Recorded, date], object]
ONE = Decimal(1)

ADDING: dict[str, Way] = {
    "figures": lambda r, day: books.money(r.team, r.client, day, "5"),
    "an event": lambda r, day: books.event(r.team, r.client, "L-2", "Inquiry", day),
    "a value": lambda r, day: books.measure(r.team, r.client, "Calls", day, "8"),
}
# Each leaves the record on the day given: its own, or one of another month.
CHANGING: dict[str, Way] = {
    "figures": lambda r, day: financials.change(
        r.team.editor, r.figures, 1, FinancialDraft(r.client, day, ONE, ONE)),
    "an event": lambda r, day: leads.change(
        r.team.editor, r.event, 1, LeadEventDraft(r.client, "L-9", "Inquiry", day)),
    "a value": lambda r, day: metrics.change(
        r.team.editor, r.value, 1, MetricDraft(r.client, "Calls", day, ONE)),
}  # fmt: skip
DELETING: dict[str, Callable[[Recorded], object]] = {
    "figures": lambda r: financials.delete(r.team.editor, r.figures, 1),
    "an event": lambda r: leads.delete(r.team.editor, r.event, 1),
    "a value": lambda r: metrics.delete(r.team.editor, r.value, 1),
}


def contents(recorded: Recorded) -> list[list[dict[Hashable, object]]]:
    reader = recorded.team.viewer
    frames = (
        financials.list_records(reader, books.ALWAYS),
        leads.events(reader, books.ALWAYS),
        metrics.list_records(reader, books.ALWAYS),
    )
    return [frame.to_dict("records") for frame in frames]


@pytest.mark.parametrize("what", ADDING)
def test_adding(march: Recorded, what: str) -> None:
    closed_months.close(march.team.admin, MARCH)
    before = contents(march)
    with pytest.raises(MonthClosed, match=r"^March 2024 is closed\.$") as refused:
        ADDING[what](march, date(2024, 3, 31))
    assert refused.value.month == MARCH
    assert refused.value.advice == (
        "Choose another date, or ask an administrator to reopen it on the Close months page."
    )
    assert contents(march) == before
    ADDING[what](march, date(2024, 4, 1))


@pytest.mark.parametrize("what", CHANGING)
def test_changing_and_moving_out_of_it(march: Recorded, what: str) -> None:
    closed_months.close(march.team.admin, MARCH)
    before = contents(march)
    for day in (MARCH, date(2024, 4, 1), date(2024, 2, 29)):
        with pytest.raises(MonthClosed, match="March 2024 is closed"):
            CHANGING[what](march, day)
    assert contents(march) == before
    closed_months.reopen(march.team.admin, MARCH)
    CHANGING[what](march, MARCH)


@pytest.mark.parametrize("what", CHANGING)
def test_moving_into_it(march: Recorded, what: str) -> None:
    closed_months.close(march.team.admin, date(2024, 4, 1))
    with pytest.raises(MonthClosed, match="April 2024 is closed"):
        CHANGING[what](march, date(2024, 4, 1))
    CHANGING[what](march, date(2024, 5, 1))


@pytest.mark.parametrize("what", DELETING)
def test_deleting(march: Recorded, what: str) -> None:
    closed_months.close(march.team.admin, MARCH)
    with pytest.raises(MonthClosed, match="Nothing in it can be deleted") as refused:
        DELETING[what](march)
    assert refused.value.advice == "Ask an administrator to reopen it on the Close months page."
    closed_months.reopen(march.team.admin, MARCH)
    DELETING[what](march)


def test_a_client_and_its_currency_stay_while_it_has_amounts_there(march: Recorded) -> None:
    team = march.team
    closed_months.close(team.admin, MARCH)
    before = contents(march)
    in_dollars = ClientDraft("EXT", "Harbour", currency="USD")
    with pytest.raises(MonthClosed, match="records in it, which would be deleted too"):
        clients.delete(team.editor, march.client, 1, "Harbour Café")
    with pytest.raises(MonthClosed, match="so its currency stays"):
        clients.change(team.editor, march.client, 1, in_dollars)
    assert contents(march) == before
    clients.change(team.editor, march.client, 1, replace(in_dollars, currency="AUD"))
    closed_months.reopen(team.admin, MARCH)
    clients.change(team.editor, march.client, 2, in_dollars)
    clients.delete(team.editor, march.client, 3, "Harbour")
    assert contents(march) == [[], [], []]


def test_a_metric_keeps_the_name_and_unit_of_values_there(march: Recorded) -> None:
    team = march.team
    closed_months.close(team.admin, MARCH)
    for renamed in (
        MetricDefinitionDraft("Rings", "points"),
        MetricDefinitionDraft("Calls", "x"),
        MetricDefinitionDraft("Calls", "points", purpose=BILLABLE_HOURS),
    ):
        with pytest.raises(MonthClosed, match="so its name, unit and use cannot change"):
            metric_definitions.redefine(team.editor, march.metric, 1, renamed)
    aimed = MetricDefinitionDraft("Calls", "points", direction="DOWN")
    metric_definitions.redefine(team.editor, march.metric, 1, aimed)
    closed_months.reopen(team.admin, MARCH)
    hours = MetricDefinitionDraft("Rings", "x", purpose=BILLABLE_HOURS)
    metric_definitions.redefine(team.editor, march.metric, 2, hours)
    closed_months.close(team.admin, MARCH)
    with pytest.raises(MonthClosed):
        metric_definitions.redefine(team.editor, march.metric, 3, replace(hours, purpose=None))


def test_the_demo_is_loaded_with_every_month_open(cole: Identity) -> None:
    assert closed_months.list_closed(cole).empty


def test_what_is_recorded_in_each_month_by_currency(march: Recorded) -> None:
    team = march.team
    abroad = books.client(team, "Auckland", currency="NZD")
    books.money(team, abroad, "2024-03-31", "0.10", "0.20")
    books.money(team, march.client, "2024-04-01", "7", "9")
    books.overhead(team, "2024-03-02", "12.30", "0.20")
    books.overhead(team, "2024-03-31", "5", kind="UNASSIGNED")
    books.overhead(team, "2024-02-29", "4", currency="USD")
    frame = closed_months.figures(team.viewer)
    assert [tuple(map(str, row)) for row in frame.itertuples(index=False)] == [
        ("2024-04-01", "AUD", "1", "7.00", "9.00", "0", "0", "0.00", "0.00"),
        ("2024-03-01", "AUD", "5", "100.00", "0.00", "2", "1", "0.20", "17.30"),
        ("2024-03-01", "NZD", "1", "0.10", "0.20", "0", "0", "0.00", "0.00"),
        ("2024-02-01", "USD", "1", "0.00", "0.00", "1", "0", "0.00", "4.00"),
    ]


def test_closing_through_a_month_begins_with_the_first_overhead(
    new_team: Callable[[], Team],
) -> None:
    team = new_team()
    books.overhead(team, "2024-01-15", "900")
    assert closed_months.close_through(team.admin, date(2024, 3, 1)) == [
        date(2024, 1, 1), date(2024, 2, 1), MARCH,
    ]  # fmt: skip
