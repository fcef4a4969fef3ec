"""The grid of a month's lead events: a row for each event, and an empty one per active client."""

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
    """Lead events of a month. `clients` and `currencies` are by the client's name in the grid;
    `stages` maps each stage to its status; `last_counts` counts last month's events by stage."""

    kind: ClassVar[str] = "leads"
    noun: ClassVar[str] = "lead event"
    id_prefix: ClassVar[str] = "lev"
    emptied_noun: ClassVar[str] = "lead"

    last_month: date = date.min
    clients: dict[str, str] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    last_counts: Counter[str] = field(default_factory=Counter)

    def column_config(self) -> dict[str, Any]:
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

    def computed_cells(self, line: int) -> Texts:
        client = self.current_texts(self.entries[line])["client_kpi_id"]
        return {"currency": self.currencies.get(client, "")}

    def show_totals(self) -> None:
        counts: Counter[str] = Counter()
        won: dict[str, Decimal] = {}
        for entry in self.entries:
            texts = self.current_texts(entry)
            if not self.is_filled(entry, texts):
                continue
            counts[texts["stage"]] += 1
            if self.stages.get(texts["stage"]) == "WON":
                currency = self.currencies.get(texts["client_kpi_id"], "")
                won[currency] = won.get(currency, Decimal(0)) + (_parse_value(texts["value"]) or 0)
        last_name = short_month(self.last_month)
        cards = [_count_card("Lead events", counts.total(), self.last_counts.total(), last_name)]
        won_stages = [stage for stage, status in self.stages.items() if status == "WON"]
        for stage in won_stages:
            cards.append(
                _count_card(plain(stage), counts[stage], self.last_counts[stage], last_name)
            )
        for currency in sorted(filter(None, won)):
            cards.append(Card(f"Value won ({currency})", money(won[currency], currency)))
        metric_row(cards, "month-leads")
        stage_counts = [f"{stage} {counts[stage]}" for stage in self.stages if counts[stage]]
        if stage_counts:
            st.caption(plain(f"{self.month_name}: {' · '.join(stage_counts)}"))

    def label(self, entry: Entry) -> str:
        texts = self.current_texts(entry)
        if not texts["lead_id"].strip():
            texts = {**entry.original, "client_kpi_id": texts["client_kpi_id"]}
        parts = (texts["client_kpi_id"], " ".join(texts["lead_id"].split()))
        return ", ".join(filter(None, parts)) or f"Row {entry.line + 1}"

    def heading(self, entry: Entry, field_name: str) -> str:
        return _HEADINGS.get(field_name, field_name)

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        decisive = ("lead_id",) if entry.version else ("lead_id", "stage", "value", "note")
        return any(texts[name].strip() for name in decisive)

    def to_texts(self, values: Mapping[str, Any]) -> Texts:
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

    def save(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        deleted_ids = {entry.id for entry in self.emptied_entries()} if delete else set()
        cells = []
        for entry in entries:
            texts = self.current_texts(entry)
            client = self.clients.get(texts.pop("client_kpi_id"), "")
            cells.append(
                LeadCells(
                    entry.id, client, **texts, version=entry.version, delete=entry.id in deleted_ids
                )
            )
        saved = month_entry.save_leads(identity, self.month, cells, self.seen)
        saved_count = len(entries) - len(deleted_ids)
        saved_text = f"Saved {plural(saved_count, 'lead event')}" if saved_count else ""
        deleted_text = f"deleted {plural(saved.deleted, 'lead event')}" if saved.deleted else ""
        text = " and ".join(filter(None, (saved_text, deleted_text)))
        return saved, f"{text[:1].upper()}{text[1:]} for {self.month_name}."


def build(
    month: date,
    last_month: date,
    clients: pd.DataFrame,
    stages: pd.DataFrame,
    events: pd.DataFrame,
    default_day: date,
) -> LeadGrid:
    """Build the grid of `clients` (the active ones), all `stages`, and both months' `events`."""
    of_month = [row for row in rows(events) if row["event_date"] >= month]
    client_rows = {row["client_kpi_id"]: row for row in of_month}
    client_rows.update((row["id"], row) for row in rows(clients))
    names = _names(client_rows)
    grid = LeadGrid(month, {row["id"] for row in of_month}, last_month=last_month)
    for client in sorted(client_rows, key=lambda client: (people_order(names[client]), client)):
        grid.clients[names[client]] = client
        grid.currencies[names[client]] = client_rows[client]["currency"]
    grid.stages = dict(zip(stages["stage"], stages["status"], strict=True))
    grid.last_counts = Counter(row["stage"] for row in rows(events) if row["event_date"] < month)
    day = f"{default_day.day}/{default_day.month}/{default_day.year}"
    empty = {**dict.fromkeys(_COLUMNS, ""), "event_date": day}
    for row in reversed(of_month):
        _add_entry(grid, row["id"], row["version"], grid.to_texts(row), empty)
    active = set(clients["id"])
    for name, client in grid.clients.items():
        if client in active:
            client_blank = {**empty, "client_kpi_id": name}
            _add_entry(grid, new_id("lev"), None, dict(client_blank), client_blank)
    return grid


def _add_entry(
    grid: LeadGrid, row_id: str, version: int | None, original: Texts, blank: Texts
) -> None:
    grid.entries.append(Entry(len(grid.entries), _COLUMNS, row_id, version, original, blank, {}))
    grid.fixed.append({})


def _names(client_rows: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the clients' names in the grid, with the external id if two share a name."""
    count = Counter(row["client_name"] for row in client_rows.values())
    return {
        client: row["client_name"]
        if count[row["client_name"]] == 1
        else f"{row['client_name']} ({row['client_id']})"
        for client, row in client_rows.items()
    }


def _count_card(label: str, current: int, before: int, last_name: str) -> Card:
    difference = current - before
    change = f"{difference:+,}" if difference else "no change"
    return Card(
        label, f"{current:,}", change, f"vs {last_name}", help=f"{before:,} in {last_name}."
    )


def _parse_value(text: str) -> Decimal | None:
    try:
        return parse_lead_value(text, "")
    except InvalidInput:
        return None
