"""Reasons for losing, recomputed from the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.errors import InvalidInput
from zixly_data.figures.pipeline import lost_reasons
from zixly_data.figures.pipeline.steps import View
from zixly_data.records.pipeline import leads
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
FIRST = date(2024, 1, 1)
Event = tuple[int, int, int, str, str | None, int | None]

EVENTS = st.lists(
    st.tuples(
        st.integers(0, 1), st.integers(0, 3), st.integers(0, 40),
        st.sampled_from(["Inquiry", "Contract signed", "Lost"]),
        st.sampled_from([None, "Price", "price", "No budget"]),
        st.none() | st.integers(0, 10**6),
    ),
    max_size=14,
)  # fmt: skip


def lose(team: Team, client: str, lead: str, day: str, reason: str | None, **more: Any) -> str:
    row_id = new_id("lev")
    draft = LeadEventDraft(client, lead, "Lost", date.fromisoformat(day), reason=reason, **more)
    leads.add(team.editor, draft, row_id=row_id)
    return row_id


def shown(team: Team, period: Period = books.ALWAYS, *args: Any) -> list[tuple[Any, ...]]:
    frame = lost_reasons.lost_reasons(team.viewer, period, *args)
    return [tuple(row.values()) for row in rows(frame)]


def test_lost_leads_are_counted_by_the_reason_of_their_latest_event(new_team: NewTeam) -> None:
    team = new_team()
    client, other = books.client(team), books.client(team, "Ōtara", currency="NZD")
    books.event(team, client, "L-1", "Inquiry", "2024-01-01", "100.50")
    lose(team, client, "L-1", "2024-01-02", "Price")
    lose(team, client, "L-1", "2024-01-03", "No budget")
    lose(team, client, "L-2", "2024-01-02", "price", value=Decimal(7))
    lose(team, other, "L-1", "2024-01-02", "Price", value=Decimal(9))
    lose(team, client, "L-3", "2024-01-02", None)
    lose(team, client, "L-4", "2024-01-02", "Price")
    books.event(team, client, "L-4", "Contract signed", "2024-01-09")
    assert shown(team) == [
        ("Price", None, 2, 2, Decimal(16), 4),
        ("Price", "AUD", 1, 1, Decimal(7), 4),
        ("Price", "NZD", 1, 1, Decimal(9), 4),
        ("No budget", None, 1, 1, Decimal("100.50"), 4),
        ("No budget", "AUD", 1, 1, Decimal("100.50"), 4),
        ("", None, 1, 0, Decimal(0), 4),
        ("", "AUD", 1, 0, Decimal(0), 4),
    ]
    only = ClientFilter((other,))
    assert shown(team, books.ALWAYS, only)[0] == ("Price", None, 1, 1, Decimal(9), 1)
    later = Period("custom", date(2024, 1, 2), date(2024, 1, 31), "Later")
    assert [row[0] for row in shown(team, later) if row[1] is None] == ["Price", ""]


def test_no_lost_lead_has_no_reason(new_team: NewTeam) -> None:
    team = new_team()
    books.event(team, books.client(team), "L-1", "Inquiry", "2024-01-01")
    assert shown(team) == []


def test_only_so_many_reasons_are_listed_and_none_given_always(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_reasons, "MOST_REASONS", 2)
    team, client = new_team(), ""
    client = books.client(team)
    for number, reason in enumerate(["A", "A", "B", "C", None]):
        lose(team, client, f"L-{number}", "2024-01-02", reason)
    assert [(row[0], row[2], row[5]) for row in shown(team) if row[1] is None] == [
        ("A", 2, 5), ("B", 1, 5), ("", 1, 5),
    ]  # fmt: skip


def test_only_a_lost_event_has_a_reason(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    draft = LeadEventDraft(client, "L-1", "Inquiry", FIRST, reason="Price")
    with pytest.raises(InvalidInput, match="Only an event at a lost stage") as refused:
        leads.add(team.editor, draft, row_id=new_id("lev"))
    assert refused.value.field == "reason"
    with pytest.raises(InvalidInput, match="This is too long: 201 characters"):
        lose(team, client, "L-1", "2024-01-01", "x" * 201)
    event = lose(team, client, "L-1", "2024-01-01", "")
    assert leads.get(team.viewer, event).reason is None


def test_each_view_of_the_funnel_has_the_reasons_of_its_lost_leads(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.event(team, client, "L-1", "Inquiry", "2024-01-05")
    lose(team, client, "L-1", "2024-03-05", "Price")
    march = between("2024-03-01", "2024-03-31")
    assert shown(team, march) == []
    moved = shown(team, march, None, View.ACTIVITY)
    assert [row[0] for row in moved if row[1] is None] == ["Price"]
    assert shown(team, march, ClientFilter(("another",)), View.ACTIVITY) == []


@given(recorded=EVENTS)
@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_leads_give_the_reasons_of_their_rows(
    new_team: NewTeam, recorded: list[Event]
) -> None:
    team = new_team()
    clients = [books.client(team, name) for name in ("One", "Two")]
    of_leads: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    for number, (client, lead, after, stage, reason, value) in enumerate(recorded):
        day = FIRST + timedelta(days=after)
        reason = reason if stage == "Lost" else None
        amount = None if value is None else Decimal(value) / 100
        draft = LeadEventDraft(clients[client], f"L-{lead}", stage, day, amount, reason=reason)
        row_id = new_id("lev")
        leads.add(team.editor, draft, row_id=row_id)
        place = ("Inquiry", "Contract signed", "Lost").index(stage)
        of_leads[client, lead].append((day, place, row_id, number, reason, amount))
    counts: Counter[str] = Counter()
    values: Counter[str] = Counter()
    for events in of_leads.values():
        ordered = sorted(events)
        if ordered[-1][1] == 2:
            key = (ordered[-1][4] or "").lower()
            counts[key] += 1
            amounts = [event[5] for event in ordered if event[5] is not None]
            values[key] += amounts[-1] if amounts else 0
    figures = {row[0].lower(): (row[2], row[4]) for row in shown(team) if row[1] is None}
    assert figures == {key: (count, values[key]) for key, count in counts.items()}
