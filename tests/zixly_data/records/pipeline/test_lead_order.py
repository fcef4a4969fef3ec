"""Which event of a lead is its latest: by date, by time where it is known, otherwise by stage."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database.connection import scoped
from zixly_data.errors import InvalidInput
from zixly_data.figures.pipeline import funnel
from zixly_data.records import month_entry
from zixly_data.records.month_cells import LeadCells
from zixly_data.records.pipeline import lead_states, leads
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_data.values.paging import PageRequest
from zixly_data.values.times import instant

NewTeam = Callable[[], Team]
ZONE = "Australia/Brisbane"
STAGES = ("Inquiry", "Consultation", "Proposal sent", "Contract signed", "Lost")
STATUSES = dict.fromkeys(STAGES, "OPEN") | {"Contract signed": "WON", "Lost": "LOST"}


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def add(
    team: Team, client: str, stage: str, day: str, clock: str | None = None, lead: str = "Website",
    value: str | None = None,
) -> str:  # fmt: skip
    on = date.fromisoformat(day)
    moment = None if clock is None else instant(on, time.fromisoformat(clock), ZONE)
    row_id = new_id("lev")
    amount = None if value is None else Decimal(value)
    draft = LeadEventDraft(client, lead, stage, on, amount, event_at=moment)
    leads.add(team.editor, draft, row_id=row_id)
    return row_id


def state(team: Team) -> tuple[str, str]:
    (lead,) = rows(lead_states.page(team.viewer, books.ALWAYS).frame)
    return lead["stage"], lead["status"]


def test_a_lead_lost_and_reopened_on_one_day_is_open(team: Team) -> None:
    client = books.client(team)
    add(team, client, "Proposal sent", "2026-11-02")
    add(team, client, "Lost", "2026-11-20", "09:15")
    reopened = add(team, client, "Consultation", "2026-11-20", "16:40")
    assert state(team) == ("Consultation", "OPEN")
    lost = funnel.funnel(team.viewer, books.ALWAYS)
    assert sum(lost["lost"]) == 0
    assert list(lost["leads"]) == [1, 1, 1, 0]
    # Without a time it counts as before Lost, whose time is known.
    event = leads.get(team.editor, reopened)
    draft = LeadEventDraft(client, "Website", "Consultation", event.event_date)
    leads.change(team.editor, reopened, 1, draft)
    assert state(team) == ("Lost", "LOST")


def test_without_times_the_further_stage_is_the_later_event(team: Team) -> None:
    client = books.client(team)
    add(team, client, "Lost", "2026-11-20")
    add(team, client, "Consultation", "2026-11-20")
    assert state(team) == ("Lost", "LOST")


def test_one_known_time_is_enough_to_reopen_a_lead(team: Team) -> None:
    client = books.client(team)
    add(team, client, "Consultation", "2026-11-20", "16:40")
    add(team, client, "Lost", "2026-11-20")
    assert state(team) == ("Consultation", "OPEN")


def test_the_date_comes_before_the_time(team: Team) -> None:
    """Also where a change of the time zone has moved the time to another date."""
    client = books.client(team)
    add(team, client, "Lost", "2026-11-20", "23:00")
    add(team, client, "Consultation", "2026-11-21", "00:30")
    with scoped(team.admin) as connection:
        connection.execute(sa.text("update tenants set time_zone = 'America/Los_Angeles'"))
    events = leads.events(team.viewer, books.ALWAYS)
    assert list(events["event_date"]) == [date(2026, 11, 21), date(2026, 11, 20)]
    assert state(team) == ("Consultation", "OPEN")


def test_the_events_of_a_day_are_listed_in_their_order(team: Team) -> None:
    client = books.client(team)
    for clock, stage in (("10:00", "Lost"), ("11:00", "Inquiry"), (None, "Proposal sent")):
        add(team, client, stage, "2026-11-20", clock)
    newest = ["Inquiry", "Lost", "Proposal sent"]
    assert list(leads.page(team.viewer, books.ALWAYS).frame["stage"]) == newest
    oldest_first = leads.page(team.viewer, books.ALWAYS, None, PageRequest(sort="event_date"))
    assert list(oldest_first.frame["stage"]) == newest[::-1]


def test_an_event_keeps_its_time_of_day_on_another_day(team: Team) -> None:
    client = books.client(team)
    event = add(team, client, "Lost", "2026-11-20", "23:30", value="5")
    cells = LeadCells(event, client, "Website", "Lost", "3/11/2026", "5", "", version=1)
    month_entry.save_leads(team.editor, date(2026, 11, 1), [cells], [event])
    assert leads.get(team.viewer, event).event_at == instant(date(2026, 11, 3), time(23, 30), ZONE)
    # A changed amount leaves it alone.
    cells = LeadCells(event, client, "Website", "Lost", "3/11/2026", "6", "", version=2)
    month_entry.save_leads(team.editor, date(2026, 11, 1), [cells], [event])
    assert leads.get(team.viewer, event).event_at == instant(date(2026, 11, 3), time(23, 30), ZONE)


def test_a_time_on_another_day_is_refused(team: Team) -> None:
    client, day = books.client(team), date(2026, 11, 20)
    for moment in (datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2026, 11, 19, 9, tzinfo=UTC)):
        draft = LeadEventDraft(client, "Website", "Lost", day, event_at=moment)
        with pytest.raises(InvalidInput) as refused:
            leads.add(team.editor, draft, row_id=new_id("lev"))
        assert refused.value.field == "event_at"
        inside = moment + (timedelta(seconds=-1) if moment.day == 21 else timedelta(hours=1))
        draft = LeadEventDraft(client, "Website", "Lost", day, event_at=inside)
        leads.add(team.editor, draft, row_id=new_id("lev"))
    with pytest.raises(InvalidInput, match="no time zone"):
        leads.add(
            team.editor,
            LeadEventDraft(client, "Website", "Lost", day, event_at=datetime(2026, 11, 20, 9)),
            row_id=new_id("lev"),
        )


def _latest_is_after(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The order of `lead_order` for two events of a lead, in words of Python."""
    if one["day"] != other["day"]:
        return bool(one["day"] > other["day"])
    if (one["clock"] is None) != (other["clock"] is None):
        return one["clock"] is not None
    if one["clock"] != other["clock"]:
        return bool(one["clock"] > other["clock"])
    places = [STAGES.index(event["stage"]) for event in (one, other)]
    return places[0] > places[1] if places[0] != places[1] else bool(one["id"] > other["id"])


@pytest.mark.parametrize("seed", range(4))
def test_random_events_leave_leads_as_recomputed_in_python(team: Team, seed: int) -> None:
    chance = random.Random(seed)
    clients = [books.client(team, f"Client {n}", status="PROSPECT") for n in range(2)]
    events: list[dict[str, Any]] = []
    for number in range(80):
        event = {
            "client": chance.choice(clients), "lead": chance.choice("AB"),
            "stage": chance.choice(STAGES), "day": f"2026-11-{chance.randint(1, 3):02}",
            "clock": chance.choice([None, "09:00", "09:00", "12:30", "23:59"]),
            "value": chance.choice([None, str(number)]),
        }  # fmt: skip
        event["id"] = add(
            team, event["client"], event["stage"], event["day"], event["clock"], event["lead"],
            event["value"],
        )  # fmt: skip
        events.append(event)

    def lead_of(event: dict[str, Any]) -> tuple[str, str]:
        return event["client"], event["lead"]

    expected = {}
    for lead, group in groupby(sorted(events, key=lead_of), lead_of):
        of_lead = list(group)
        valued = [event for event in of_lead if event["value"] is not None]
        latest, latest_valued = (
            next(one for one in some if all(one is o or _latest_is_after(one, o) for o in some))
            for some in (of_lead, valued)
        )
        stage = latest["stage"]
        expected[lead] = (stage, STATUSES[stage], Decimal(latest_valued["value"]))
    states = {
        (row["client_kpi_id"], row["lead_id"]): (row["stage"], row["status"], row["value"])
        for row in rows(lead_states.page(team.viewer, books.ALWAYS).frame)
    }
    assert states == expected
    lost = sum(status == "LOST" for _, status, _ in expected.values())
    assert sum(funnel.funnel(team.viewer, books.ALWAYS)["lost"]) == lost
