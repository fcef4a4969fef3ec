"""The grid of a month's lead events: a row for each, and an empty one for each active client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pandas as pd
import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.records import month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.month_cells import LeadCells, parse_lead_value
from zixly_data.values.dates import short_month
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.cards import Card, metric_row
from zixly_ui.components.formatting import money, people_order, plural
from zixly_ui.month.entries import Entry, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.shell.markdown import plain

_COLUMNS = {
    name: name for name in ("client_kpi_id", "lead_id", "stage", "event_date", "value", "note")
}
_HEADINGS = {"client_kpi_id": "client", "lead_id": "lead", "event_date": "date"}


@dataclass
class LeadGrid(Grid):
    """`clients` and `currencies` are by the name that stands in the grid; `stages` maps each stage
    to its status; `before` counts the events of the month before by stage."""

    what: ClassVar[str] = "leads"
    noun: ClassVar[str] = "lead event"
    id_prefix: ClassVar[str] = "lev"
    emptied: ClassVar[str] = "lead"

    last_month: date = date.min
    clients: dict[str, str] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    before: Counter[str] = field(default_factory=Counter)

    def config(self) -> dict[str, Any]:
        types = st.column_config
        return {
            "client_kpi_id": types.SelectboxColumn(
                "Client", options=list(self.clients), pinned=True, width=190
            ),
            "lead_id": types.TextColumn("Lead", width=190),
            "stage": types.SelectboxColumn("Stage", options=list(self.stages), width=170),
            "event_date": types.TextColumn("Date", width=100),
            "value": types.TextColumn("Value", alignment="right", width=120),
            "currency": types.TextColumn("Currency", disabled=True, width=80),
            "note": types.TextColumn("Note", width=260),
        }

    def derived(self, line: int) -> Texts:
        client = self.now(self.entries[line])["client_kpi_id"]
        return {"currency": self.currencies.get(client, "")}

    def totals(self) -> None:
        now: Counter[str] = Counter()
        won: dict[str, Decimal] = {}
        for entry in self.entries:
            texts = self.now(entry)
            if not self.is_filled(entry, texts):
                continue
            now[texts["stage"]] += 1
            if self.stages.get(texts["stage"]) == "WON":
                currency = self.currencies.get(texts["client_kpi_id"], "")
                won[currency] = won.get(currency, Decimal(0)) + (_read(texts["value"]) or 0)
        last = short_month(self.last_month)
        cards = [_counted("Lead events", now.total(), self.before.total(), last)]
        of_won = [stage for stage, status in self.stages.items() if status == "WON"]
        for stage in of_won:
            cards.append(_counted(plain(stage), now[stage], self.before[stage], last))
        for currency in sorted(filter(None, won)):
            cards.append(Card(f"Value won ({currency})", money(won[currency], currency)))
        metric_row(cards, "month-leads")
        each = [f"{stage} {now[stage]}" for stage in self.stages if now[stage]]
        if each:
            st.caption(plain(f"{self.month_name}: {' · '.join(each)}"))

    def label(self, entry: Entry) -> str:
        texts = self.now(entry)
        if not texts["lead_id"].strip():
            texts = {**entry.was, "client_kpi_id": texts["client_kpi_id"]}
        parts = (texts["client_kpi_id"], " ".join(texts["lead_id"].split()))
        return ", ".join(filter(None, parts)) or f"Row {entry.line + 1}"

    def heading(self, entry: Entry, of_field: str) -> str:
        return _HEADINGS.get(of_field, of_field)

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        decisive = ("lead_id",) if entry.version else ("lead_id", "stage", "value", "note")
        return any(texts[name].strip() for name in decisive)

    def texts_of(self, values: Mapping[str, Any]) -> Texts:
        names = {client: name for name, client in self.clients.items()}
        day, value = values["event_date"], values["value"]
        return {
            "client_kpi_id": names.get(values["client_kpi_id"], ""),
            "lead_id": values["lead_id"],
            "stage": values["stage"],
            "event_date": f"{day.day}/{day.month}/{day.year}",
            "value": "" if value is None else f"{value:,.2f}",
            "note": values["note"] or "",
        }

    def send(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        gone = {entry.id for entry in self.to_delete()} if delete else set()
        sent = []
        for entry in entries:
            texts = self.now(entry)
            client = self.clients.get(texts.pop("client_kpi_id"), "")
            sent.append(
                LeadCells(entry.id, client, **texts, version=entry.version, delete=entry.id in gone)
            )
        saved = month_entry.save_leads(identity, self.month, sent, self.seen)
        kept = len(entries) - len(gone)
        said = f"Saved {plural(kept, 'lead event')}" if kept else ""
        deleted = f"deleted {plural(saved.deleted, 'lead event')}" if saved.deleted else ""
        words = " and ".join(filter(None, (said, deleted)))
        return saved, f"{words[:1].upper()}{words[1:]} for {self.month_name}."


def build(
    month: date,
    last_month: date,
    clients: pd.DataFrame,
    stages: pd.DataFrame,
    events: pd.DataFrame,
    default_day: date,
) -> LeadGrid:
    """The grid of `clients` (the active ones), all `stages`, and the `events` of both months."""
    of_month = [row for row in rows(events) if row["event_date"] >= month]
    people = {row["client_kpi_id"]: row for row in of_month}
    people.update((row["id"], row) for row in rows(clients))
    names = _names(people)
    grid = LeadGrid(month, {row["id"] for row in of_month}, last_month=last_month)
    for client in sorted(people, key=lambda one: (people_order(names[one]), one)):
        grid.clients[names[client]] = client
        grid.currencies[names[client]] = people[client]["currency"]
    grid.stages = dict(zip(stages["stage"], stages["status"], strict=True))
    grid.before = Counter(row["stage"] for row in rows(events) if row["event_date"] < month)
    day = f"{default_day.day}/{default_day.month}/{default_day.year}"
    empty = {**dict.fromkeys(_COLUMNS, ""), "event_date": day}
    for row in reversed(of_month):
        _add(grid, row["id"], row["version"], grid.texts_of(row), empty)
    active = set(clients["id"])
    for name, client in grid.clients.items():
        if client in active:
            blank = {**empty, "client_kpi_id": name}
            _add(grid, new_id("lev"), None, dict(blank), blank)
    return grid


def _add(grid: LeadGrid, row_id: str, version: int | None, was: Texts, blank: Texts) -> None:
    grid.entries.append(Entry(len(grid.entries), _COLUMNS, row_id, version, was, blank, {}))
    grid.fixed.append({})


def _names(people: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What each client is called in the grid: its external id besides, where two share a name."""
    count = Counter(row["client_name"] for row in people.values())
    return {
        client: row["client_name"]
        if count[row["client_name"]] == 1
        else f"{row['client_name']} ({row['client_id']})"
        for client, row in people.items()
    }


def _counted(label: str, now: int, before: int, last: str) -> Card:
    difference = now - before
    change = f"{difference:+,}" if difference else "no change"
    return Card(label, f"{now:,}", change, f"on {last}", help=f"{before:,} in {last}.")


def _read(text: str) -> Decimal | None:
    try:
        return parse_lead_value(text, "")
    except InvalidInput:
        return None
