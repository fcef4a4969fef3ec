"""Leads as one would follow them on paper: plain Python over the raw events, without SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa

from tests.conftest import Team
from zixly_data.figures.pipeline.steps import View
from zixly_data.records.pipeline import leads
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values.ids import new_id
from zixly_data.values.period import Period
from zixly_data.values.times import instant

ZONE = "Australia/Brisbane"
STEPS = ("Inquiry", "Consultation", "Proposal sent", "Contract signed", "Deposit paid")
# In the order of positions; the last two stages are added by `second_ways`.
STAGES = ("Inquiry", "Consultation", "No reply", "Proposal sent", "Contract signed",
          "Deposit paid", "Lost")  # fmt: skip
POSITIONS = {"Inquiry": 1, "Consultation": 2, "No reply": 2, "Proposal sent": 3,
             "Contract signed": 4, "Deposit paid": 4, "Lost": 5}  # fmt: skip
WON, LOST = ("Contract signed", "Deposit paid"), ("Lost", "No reply")


def second_ways(admin: sa.Engine, team: Team) -> None:
    """Add a second won and a second lost stage, at positions of others."""
    with admin.begin() as owner:
        owner.execute(
            sa.text("""
                insert into zixly.lead_stages (tenant_id, id, stage, position, status) values
                (:tenant, 'z1', 'Deposit paid', 4, 'WON'), (:tenant, 'z2', 'No reply', 2, 'LOST')
            """),
            {"tenant": team.tenant_id},
        )


def stage_before_merging(admin: sa.Engine, team: Team, stage: str) -> None:
    """Add an open stage beside Consultation, which can be merged into it."""
    with admin.begin() as owner:
        owner.execute(
            sa.text("""
                insert into zixly.lead_stages (tenant_id, id, stage, position, status)
                values (:tenant, 'z3', :stage, 3, 'OPEN')
            """),
            {"tenant": team.tenant_id, "stage": stage},
        )


@dataclass(frozen=True)
class Event:
    """An event as it was entered."""

    client: str
    lead: str
    stage: str
    day: date
    clock: str | None = None
    value: Decimal | None = None
    id: str = ""

    @property
    def step(self) -> int | None:
        return STEPS.index(self.stage) + 1 if self.stage in STEPS else None


def record(team: Team, event: Event) -> Event:
    """Record the event, and return it with its id."""
    row_id = new_id("lev")
    at = event.clock and instant(event.day, time.fromisoformat(event.clock), ZONE)
    draft = LeadEventDraft(
        event.client, event.lead, event.stage, event.day, event.value, event_at=at or None
    )
    leads.add(team.editor, draft, row_id=row_id)
    return Event(*list(vars(event).values())[:-1], row_id)


class Lead:
    """A lead with its events in their order."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = sorted(events, key=lambda e: (
            e.day, e.clock is not None, e.clock or "", POSITIONS[e.stage], e.id
        ))  # fmt: skip
        self.key = (events[0].client, events[0].lead)
        self.first, self.last = self.events[0].day, self.events[-1].day
        self.stage = self.events[-1].stage
        self.status = "WON" if self.stage in WON else "LOST" if self.stage in LOST else "OPEN"
        self.furthest = max((e.step for e in self.events if e.step), default=1)
        values = [e.value for e in self.events if e.value is not None]
        self.value = values[-1] if values else None

    def is_in(self, period: Period, view: View) -> bool:
        """Whether the view counts the lead at all."""
        days = [self.first] if view is View.COHORT else [e.day for e in self.events]
        return any(period.contains(day) for day in days)

    def is_at(self, step: int, period: Period, view: View) -> bool:
        """Whether the view counts the lead at this step."""
        if step > self.furthest or not self.is_in(period, view):
            return False
        if view is View.COHORT:
            return True
        passing = next((e.day for e in self.events if e.step and e.step >= step), None)
        entered = [e.day for e in self.events if e.step == step]
        entered.append(self.first if step == 1 or passing is None else passing)
        return any(period.contains(day) for day in entered)

    def visits(self, stage: str) -> list[tuple[date, date | None]]:
        """The visits to a stage, from when until when."""
        starts = [
            (name, next(iter(of)).day) for name, of in groupby(self.events, lambda e: e.stage)
        ]
        ended = [(name, start, after) for (name, start), (_, after) in pairwise(starts)]
        ended_visits = [(start, end) for name, start, end in ended if name == stage]
        return [*ended_visits, *([(starts[-1][1], None)] if starts[-1][0] == stage else [])]

    def days_at(self, stage: str) -> int | None:
        """The days of the ended visits, None if none ended."""
        spent = [(end - start).days for start, end in self.visits(stage) if end is not None]
        return sum(spent) if spent else None


def leads_of(events: Sequence[Event]) -> list[Lead]:
    """The leads of these events."""
    ordered = sorted(events, key=lambda e: (e.client, e.lead))
    return [Lead(list(of)) for _, of in groupby(ordered, lambda e: (e.client, e.lead))]


def funnel_rows(everyone: Sequence[Lead], period: Period, view: View) -> list[dict[str, Any]]:
    """The rows of the funnel, without position and status."""
    rows = []
    for step, stage in enumerate(STEPS, start=1):
        there = [lead for lead in everyone if lead.is_at(step, period, view)]
        went_on = [lead for lead in there if lead.furthest > step or lead.status == "WON"]
        stayed = [lead for lead in there if lead not in went_on]
        lost = [lead for lead in stayed if lead.status == "LOST"]
        times = sorted(d for lead in there if (d := lead.days_at(stage)) is not None)
        decided = len(went_on) + len(lost)
        rows.append({
            "stage": stage, "leads": len(there), "decided": decided, "won_through": len(went_on),
            "lost": len(lost), "undecided": len(stayed) - len(lost),
            "conversion": ratio(len(went_on), decided), "timed": len(times),
            "median_days": Decimal(str(median(times))) if times else None,
            # The first of them that is not below nine tenths of all.
            "p90_days": times[-(-9 * len(times) // 10) - 1] if times else None,
            "returns": sum(len(lead.visits(stage)) > 1 for lead in there),
        })  # fmt: skip
    return rows


def limit_days(everyone: Sequence[Lead], stage: str) -> int:
    """How long an open lead at the stage may have no event."""
    times = [d for lead in everyone if (d := lead.days_at(stage)) is not None]
    return max(14, int(2 * median(times))) if times else 30


def win_share(everyone: Sequence[Lead], stage: str) -> tuple[int, int]:
    """How many decided leads reached the stage, and how many of them are won."""
    step = STEPS.index(stage) + 1
    reached = [lead.status for lead in everyone if lead.furthest >= step]
    return reached.count("WON") + reached.count("LOST"), reached.count("WON")


def ratio(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Part of the whole to four decimals."""
    if not whole:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)
