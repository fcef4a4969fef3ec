"""The grid of a month's lead events: a row for each event, then an empty one per client.

A client is active or a prospect here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.figures.month_grids import lead_lines
from zixly_data.identity import Identity
from zixly_data.records import month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.month_cells import LeadCells, parse_lead_value
from zixly_data.records.pipeline import lead_stages
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.cards import Card, metric_row
from zixly_ui.components.formatting import money, plural
from zixly_ui.month.cards import count_card
from zixly_ui.month.entries import Entry, Shown, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.shell.markdown import plain

_COLUMNS = {
    name: name
    for name in ("client_kpi_id", "lead_id", "stage", "event_date", "value", "reason", "note")
}
_HEADINGS = {"client_kpi_id": "client", "lead_id": "lead", "event_date": "date"}


@dataclass
class LeadGrid(Grid):
    """Lead events of a month. `clients` and `currencies` are by the client's name in the grid;
    `stages` maps each stage to its status, `counted` to the stage that it counts as; `offered` are
    those that take events, and the retired ones of rows that were read. `counts` and `last_counts`
    count the events of the month and the last one by stage, `won` is the value of those won by
    currency. `lines` are those of events by id, and of empty rows by client."""

    kind: ClassVar[str] = "leads"
    noun: ClassVar[str] = "lead event"
    id_prefix: ClassVar[str] = "lev"
    emptied_noun: ClassVar[str] = "lead"

    last_month: date = date.min
    default_day: date = date.min
    clients: dict[str, str] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    last_counts: Counter[str] = field(default_factory=Counter)
    won: dict[str, Decimal] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def read_rows(self, identity: Identity, search: str, number: int) -> Shown:
        page = lead_lines.lead_lines(identity, self.month, search, number)
        lines = []
        for row in rows(page.frame):
            self.add_client(row)
            key = row["id"] or row["client_kpi_id"]
            if key not in self.lines:
                self.lines[key] = self._add(row)
            lines.append(self.lines[key])
        return Shown(tuple(lines), page.count, page.number, page.size)

    def add_client(self, row: Mapping[str, Any]) -> None:
        """Make the client of a row one to choose."""
        self.clients[row["client_name"]] = row["client_kpi_id"]
        self.currencies[row["client_name"]] = row["currency"]

    def _add(self, row: Mapping[str, Any]) -> int:
        if row["stage"] in self.stages and row["stage"] not in self.offered:
            self.offered.append(row["stage"])
        line, is_new, day = len(self.entries), row["id"] is None, self.default_day
        blank = {**dict.fromkeys(_COLUMNS, ""), "event_date": f"{day.day}/{day.month}/{day.year}"}
        if is_new:
            blank["client_kpi_id"] = row["client_name"]
        self.entries.append(
            Entry(
                line,
                _COLUMNS,
                new_id("lev") if is_new else row["id"],
                row["version"],
                dict(blank) if is_new else self.to_texts(row),
                blank,
                {},
            )
        )
        self.fixed.append({})
        return line

    def add_row(self, client: str) -> int:
        """Add another empty row for a client, by our id, and return its line. It is on no page."""
        name = next(name for name, client_id in self.clients.items() if client_id == client)
        return self._add({"id": None, "version": None, "client_name": name, "stage": ""})

    def column_config(self) -> dict[str, Any]:
        types = st.column_config
        return {
            "client_kpi_id": types.SelectboxColumn(
                "Client", options=list(self.clients), pinned=True, width=190
            ),
            "lead_id": types.TextColumn("Lead", width=190),
            "stage": types.SelectboxColumn("Stage", options=self.offered, width=170),
            "event_date": types.TextColumn("Date", width=100),
            "value": types.TextColumn("Value", alignment="right", width=120),
            "currency": types.TextColumn("Currency", disabled=True, width=80),
            "reason": types.TextColumn(
                "Reason", width=200, help="Why the lead was lost: for lost stages only"
            ),
            "note": types.TextColumn("Note", width=260),
        }

    def computed_cells(self, line: int) -> Texts:
        client = self.current_texts(self.entries[line])["client_kpi_id"]
        return {"currency": self.currencies.get(client, "")}

    def show_totals(self) -> None:
        counts, won = Counter(self.counts), dict(self.won)
        for entry in self.uncounted_entries():
            for texts, sign in ((entry.counted, -1), (self.current_texts(entry), 1)):
                if not texts or not self.is_filled(entry, texts):
                    continue
                counts[self.counted.get(texts["stage"], texts["stage"])] += sign
                if self.stages.get(texts["stage"]) == "WON":
                    currency = self.currencies.get(texts["client_kpi_id"], "")
                    value = sign * (_parse_value(texts["value"], currency) or 0)
                    won[currency] = won.get(currency, Decimal(0)) + value
        last, before = self.last_month, self.last_counts
        cards = [count_card("Lead events", counts.total(), before.total(), last)]
        steps = [stage for stage in self.stages if self.counted[stage] == stage]
        for stage in steps:
            if self.stages[stage] != "WON" or not (stage in self.offered or counts[stage]):
                continue
            cards.append(count_card(plain(stage), counts[stage], before[stage], last))
        for currency in sorted(filter(None, won)):
            cards.append(Card(f"Value won ({currency})", money(won[currency], currency)))
        metric_row(cards, "month-leads")
        stage_counts = [f"{stage} {counts[stage]}" for stage in steps if counts[stage]]
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
        typed = ("lead_id", "stage", "value", "reason", "note")
        return any(texts[name].strip() for name in (typed[:1] if entry.version else typed))

    def to_texts(self, values: Mapping[str, Any]) -> Texts:
        day, value, client = values["event_date"], values["value"], values["client_kpi_id"]
        names = (name for name, client_id in self.clients.items() if client_id == client)
        return {
            "client_kpi_id": values.get("client_name") or next(names, ""),
            "lead_id": values["lead_id"],
            "stage": values["stage"],
            "event_date": f"{day.day}/{day.month}/{day.year}",
            "value": "" if value is None else f"{value:,.2f}",
            "reason": values["reason"] or "",
            "note": values["note"] or "",
        }

    def save(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        deleted_ids = {entry.id for entry in self.emptied_entries()} if delete else set()
        cells = []
        for entry in entries:
            texts = self.current_texts(entry)
            client = texts.pop("client_kpi_id")
            cells.append(
                LeadCells(
                    entry.id,
                    self.clients.get(client, ""),
                    **texts,
                    version=entry.version,
                    delete=entry.id in deleted_ids,
                    currency=self.currencies.get(client),
                )
            )
        saved = month_entry.save_leads(identity, self.month, cells, self.seen)
        saved_count = len(entries) - len(deleted_ids)
        saved_text = f"Saved {plural(saved_count, 'lead event')}" if saved_count else ""
        deleted_text = f"deleted {plural(saved.deleted, 'lead event')}" if saved.deleted else ""
        text = " and ".join(filter(None, (saved_text, deleted_text)))
        return saved, f"{text[:1].upper()}{text[1:]} for {self.month_name}."


def build(identity: Identity, month: date, last_month: date, default_day: date) -> LeadGrid:
    """Return the grid of the month with its counts and choices, and no rows yet."""
    seen = set(lead_lines.lead_ids(identity, month))
    grid = LeadGrid(month, seen, last_month=last_month, default_day=default_day)
    for row in rows(lead_lines.lead_clients(identity)):
        grid.add_client(row)
    for row in rows(lead_stages.list_stages(identity)):
        grid.stages[row["stage"]] = row["status"]
        grid.counted[row["stage"]] = row["merged_stage"] or row["stage"]
        if row["retired_at"] is None:
            grid.offered.append(row["stage"])
    for row in rows(lead_lines.lead_counts(identity, month)):
        grid.counts[row["stage"]] += row["events"]
        grid.last_counts[row["stage"]] += row["last_events"]
        if row["events"] and grid.stages.get(row["stage"]) == "WON":
            won = grid.won.get(row["currency"], Decimal(0))
            grid.won[row["currency"]] = won + row["value"]
    return grid


def _parse_value(text: str, currency: str) -> Decimal | None:
    try:
        return parse_lead_value(text, "", currency)
    except InvalidInput:
        return None
