"""Compares the deals of a file with the leads on record.

A deal is the lead on record that its first event was imported for, by the ID of the deal; otherwise
the lead of its client with its name. Its row is

* the event on record at the same stage, if that is the latest one, or has the same date;
* otherwise a new event: of the day that the file says, or, of a deal that has moved on and nothing
  says since when, of today.

The event with which a deal began is new only if the lead is not on record. An older file therefore
adds nothing: a deal that is won or lost on record does not become open again without a date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import lead_events
from zixly_data.identity import Identity
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.matches.targets import TEXT
from zixly_data.imports.references import ReferenceData
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.staged import Column, Problem, StagedRows
from zixly_data.tables.lead_stages import OPEN
from zixly_data.values.dates import short_date
from zixly_data.values.sources import FILE

_LONGEST_LEAD = 100
Event = sa.Row[Any]
# A client and the name of a lead.
Lead = tuple[str, str]


@dataclass
class PlacedDeals:
    """The rows with their leads and days, and the events on record that entries are."""

    staged: StagedRows
    matches: dict[int, Match] = field(default_factory=dict)


def place_deals(
    connection: Connection, identity: Identity, staged: StagedRows, reference_data: ReferenceData
) -> PlacedDeals:
    """Place the deals among the leads on record; placing them again does the same."""
    if staged.deals is None:
        return PlacedDeals(staged)
    return _Placing(connection, identity, staged.deals.unplaced or staged, reference_data).place()


def deal_number(deal_id: str) -> str:
    """Return the external id of the first event of a deal."""
    return f"deal {deal_id}"


class _Placing:
    """One comparison of the deals of a file with the leads on record."""

    def __init__(
        self,
        connection: Connection,
        identity: Identity,
        staged: StagedRows,
        reference_data: ReferenceData,
    ) -> None:
        assert staged.deals is not None
        self._unplaced, self._deals = staged, staged.deals
        names = ("id", "external_id", "lead_id", "event_date")
        empty: Column = [None] * staged.count
        self._columns = {name: [*staged.columns.get(name, empty)] for name in names}
        self._clients = staged.columns["client_kpi_id"]
        self._problems = {row: [*problems] for row, problems in staged.problems.items()}
        self._time_zone = reference_data.time_zone
        self._positions = {stage.stage: n for n, stage in enumerate(reference_data.stages)}
        entries = set(self._deals.entries.values())
        self._rows = [row for row in staged.ready if row not in entries]
        self._placed = PlacedDeals(staged)
        self._used: set[str] = set()
        self._moved, self._numbered = 0, 0
        self._leads_by_number, self._events = self._read_events(connection, identity)

    def place(self) -> PlacedDeals:
        """Return the placed rows."""
        ids_by_lead: dict[Lead, set[str | None]] = defaultdict(set)
        for row in self._rows:
            if self._lead_on_record(row) is None:
                ids_by_lead[self._lead(row)].add(self._deals.ids[row])
        for row in self._rows:
            lead = self._lead_on_record(row)
            if lead is None:
                self._add_lead(row, is_repeated=len(ids_by_lead[self._lead(row)]) > 1)
            else:
                self._continue_lead(row, lead)
        staged = replace(
            self._unplaced,
            columns={**self._unplaced.columns, **self._columns},
            problems=self._problems,
            deals=replace(self._deals, unplaced=self._unplaced),
            notes=[*self._unplaced.notes, *self._notes()],
        )
        return replace(self._placed, staged=staged)

    def _read_events(
        self, connection: Connection, identity: Identity
    ) -> tuple[dict[tuple[str, str], Lead], dict[Lead, list[Event]]]:
        """Return the leads on record by client and number, and the events of each, in order."""
        numbers = [deal_number(deal_id) for deal_id in self._deals.ids if deal_id]
        file_numbers = array_rows({"number": numbers}, {"number": TEXT})
        numbered = sa.select(
            lead_events.c.client_kpi_id, lead_events.c.lead_id, lead_events.c.external_id
        ).where(
            lead_events.c.tenant_id == identity.tenant_id,
            lead_events.c.source_system == FILE,
            lead_events.c.external_id.in_(sa.select(file_numbers.c.number)),
        )
        with hash_joins(connection, len(numbers)):
            leads_by_number = {
                (row.client_kpi_id, row.external_id): (row.client_kpi_id, row.lead_id)
                for row in connection.execute(numbered)
            }
        leads = {*leads_by_number.values()}
        for row in self._rows:
            leads |= {self._lead(row), self._numbered_lead(row)}
        columns = {"client": [lead[0] for lead in leads], "lead": [lead[1] for lead in leads]}
        file_leads = array_rows(columns, dict.fromkeys(columns, TEXT))
        query = (
            sa.select(*(lead_events.c[name] for name in (
                "id", "version", "client_kpi_id", "lead_id", "stage", "status", "event_date",
                "event_at", "external_id", "source_system",
            )))
            .join_from(
                lead_events, file_leads,
                (lead_events.c.client_kpi_id == file_leads.c.client)
                & (lead_events.c.lead_id == file_leads.c.lead),
            )
            .where(lead_events.c.tenant_id == identity.tenant_id)
        )  # fmt: skip
        events: dict[Lead, list[Event]] = defaultdict(list)
        with hash_joins(connection, len(leads)):
            for event in connection.execute(query):
                events[event.client_kpi_id, event.lead_id].append(event)
        for of_lead in events.values():
            of_lead.sort(key=self._order)
        return leads_by_number, events

    def _order(self, event: Event) -> tuple[Any, ...]:
        at = event.event_at
        position = self._positions.get(event.stage, 0)
        return event.event_date, at is not None, at.timestamp() if at else 0, position, event.id

    def _lead(self, row: int) -> Lead:
        return self._clients[row] or "", self._unplaced.columns["lead_id"][row] or ""

    def _numbered_lead(self, row: int) -> Lead:
        """Return the lead with the ID of the deal behind its name."""
        (client, name), deal_id = self._lead(row), self._deals.ids[row]
        if not deal_id:
            return client, name
        suffix = f" ({deal_id})"
        return client, f"{name[: _LONGEST_LEAD - len(suffix)]}{suffix}"

    def _lead_on_record(self, row: int) -> Lead | None:
        """Return the lead that the deal is on record."""
        lead, deal_id = self._lead(row), self._deals.ids[row]
        if not deal_id:
            return lead if lead in self._events else None
        number = deal_number(deal_id)
        if (lead[0], number) in self._leads_by_number:
            return self._leads_by_number[lead[0], number]
        if self._numbered_lead(row) in self._events:
            return self._numbered_lead(row)
        numbers = {event.external_id for event in self._events.get(lead, ())}
        is_of_other = any(number and number.startswith(deal_number("")) for number in numbers)
        return lead if numbers and not is_of_other else None

    def _add_lead(self, row: int, *, is_repeated: bool) -> None:
        """Give the deal a lead of its own."""
        lead, deal_id = self._lead(row), self._deals.ids[row]
        if is_repeated or lead in self._events:
            lead = self._numbered_lead(row)
            self._numbered += 1
        self._name(row, lead)
        if deal_id:
            self._number(self._deals.entries.get(row, row), deal_id)

    def _continue_lead(self, row: int, lead: Lead) -> None:
        """Place the deal among the events of its lead."""
        events = self._events[lead]
        self._name(row, lead)
        entry = self._deals.entries.get(row)
        if entry is not None:
            first = events[0]
            self._placed.matches[entry] = Match(first.id, first.version, {}, first.source_system)
        event = self._event_of(row, events)
        if event is not None:
            self._used.add(event.id)
            self._columns["id"][row] = self._columns["id"][row] or event.id
            if row not in self._deals.dated:
                self._columns["event_date"][row] = event.event_date.isoformat()
            return
        deal_id = self._deals.ids[row]
        if deal_id and all(event.external_id is None for event in events):
            self._number(row, deal_id)
        if row not in self._deals.dated:
            self._date_move(row, events[-1])

    def _event_of(self, row: int, events: Sequence[Event]) -> Event | None:
        """Return the event on record that the row is, if any."""
        stage = self._unplaced.columns["stage"][row]
        day = self._unplaced.columns["event_date"][row]
        at_stage = [event for event in events if event.stage == stage]
        unused = [event for event in at_stage if event.id not in self._used]
        if row not in self._deals.dated:
            return unused[-1] if unused else None
        same_day = [event for event in unused if event.event_date.isoformat() == day]
        latest = [event for event in unused if event is events[-1]]
        return next(iter(same_day or latest), None)

    def _date_move(self, row: int, latest: Event) -> None:
        """Date a deal that has moved on, where the file does not say since when."""
        if latest.status == OPEN:
            today = datetime.now(ZoneInfo(self._time_zone)).date()
            self._columns["event_date"][row] = today.isoformat()
            self._moved += 1
            return
        stage = self._unplaced.columns["stage"][row] or ""
        sentence = (
            f"This deal is at “{latest.stage}” on record since {short_date(latest.event_date)}. If "
            "it is open again, record the event in Zixly, or add a column with the date of its "
            "stage to the file."
        )
        self._problems[row] = [Problem(Cause.CLOSED_DEAL, "Stage", stage, sentence)]

    def _name(self, row: int, lead: Lead) -> None:
        for place in (row, self._deals.entries.get(row, row)):
            self._columns["lead_id"][place] = lead[1]

    def _number(self, place: int, deal_id: str) -> None:
        if self._columns["external_id"][place] is None:
            self._columns["external_id"][place] = deal_number(deal_id)

    def _notes(self) -> list[str]:
        """Return sentences about the days and names of the deals."""
        statuses = self._unplaced.columns["status"]
        closed = [row for row in self._rows if statuses[row] != OPEN]
        undated = len(self._rows) - len(closed)
        undated -= len(self._deals.dated.intersection(self._rows).difference(closed))
        undated -= self._moved
        entries = [row for row in self._deals.entries.values()
                   if row not in self._placed.matches]  # fmt: skip
        notes = []
        if closed:
            begun = ""
            if entries:
                stage = self._unplaced.columns["stage"][entries[0]]
                begun = f", and begin at “{stage}” on the day they were created"
            notes.append(f"Won and lost deals are dated at their close date{begun}.")
        if undated:
            notes.append(
                "Open deals are dated at their creation: the file does not say since when they are "
                "at their stage, and their close date is an expectation."
            )
        if self._moved:
            today = short_date(datetime.now(ZoneInfo(self._time_zone)).date())
            notes.append(
                f"{_deals(self._moved)} moved to another open stage since the last file, which "
                f"does not say when: dated today, {today}. A column such as “Date entered current "
                "stage” gives the day."
            )
        if self._numbered:
            notes.append(
                f"{_deals(self._numbered)} the name of another one of the client, so the ID "
                "stands behind the name."
            )
        return notes


def _deals(count: int) -> str:
    return "1 deal has" if count == 1 else f"{count:,} deals have"
