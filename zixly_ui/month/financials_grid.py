"""The grid of a month's figures: a row for each active client, or one for each of its records."""

from __future__ import annotations

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
from zixly_data.records.month_cells import FinancialCells, parse_amount
from zixly_data.values.dates import month_name, short_month
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.cards import Card, metric_row
from zixly_ui.components.formatting import money, people_order, plural
from zixly_ui.month.entries import Entry, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.shell.markdown import plain

_COLUMNS = {name: name for name in ("record_date", "revenue", "expenses", "note")}
_HEADINGS = {"record_date": "date", "client_kpi_id": "client"}
Sums = dict[str, Decimal]


@dataclass
class FinancialGrid(Grid):
    """`before` is each client's profit of the month before, `before_totals` that of each currency,
    of all clients."""

    what: ClassVar[str] = "financials"
    noun: ClassVar[str] = "record"
    id_prefix: ClassVar[str] = "fin"
    emptied: ClassVar[str] = "amounts"

    last_month: date = date.min
    reporting: str = ""
    before: Sums = field(default_factory=dict)
    before_totals: Sums = field(default_factory=dict)
    of_client: dict[str, list[Entry]] = field(default_factory=dict)

    def config(self) -> dict[str, Any]:
        text = st.column_config.TextColumn
        last = short_month(self.last_month)
        amount: dict[str, Any] = {"alignment": "right", "width": 106}
        return {
            "client": text("Client", disabled=True, pinned=True, width=180),
            "currency": text("Currency", disabled=True, width=76),
            "record_date": text("Date", width=96),
            "revenue": text("Revenue", **amount),
            "expenses": text("Expenses", **amount),
            "profit": text("Profit", disabled=True, **amount),
            "last_profit": text(f"Profit {last}", disabled=True, **amount),
            "difference": text("Difference", disabled=True, **amount),
            "note": text("Note", width=260),
        }

    def derived(self, line: int) -> Texts:
        entry = self.entries[line]
        profit = self._profit(entry)
        cells = {"profit": "" if profit is None else _figure(profit)}
        if entry.about["is_first"]:
            client = entry.about["client_kpi_id"]
            before = self.before.get(client)
            of_client = [self._profit(each) for each in self.of_client[client]]
            known = [each for each in of_client if each is not None]
            cells["last_profit"] = "" if before is None else _figure(before)
            if before is not None and known:
                cells["difference"] = _figure(sum(known, Decimal(0)) - before, signed=True)
        return cells

    def totals(self) -> None:
        sums: dict[str, list[Decimal]] = {}
        credits, unread = [], 0
        for entry in self.entries:
            currency = entry.about["currency"]
            each = sums.setdefault(currency, [Decimal(0), Decimal(0)])
            texts = self.now(entry)
            for at, name in enumerate(("revenue", "expenses")):
                value, is_bad = _read(texts[name])
                unread += is_bad
                if value is not None:
                    each[at] += value
                    typed = (entry.line, name) in self.typed
                    if typed and value < 0:
                        credits.append(f"{self.label(entry)}, {name} {money(value, currency)}")
        order = sorted(sums, key=lambda one: (one != self.reporting, one))
        for currency in order:
            self._cards(currency, *sums[currency], several=len(order) > 1)
        if credits:
            st.caption(plain(f"Negative, so recorded as credits: {'; '.join(credits[:8])}."))
        if unread:
            st.caption(f"Not in the totals: {plural(unread, 'cell')} that cannot be read yet.")

    def _cards(self, currency: str, revenue: Decimal, expenses: Decimal, *, several: bool) -> None:
        profit, before = revenue - expenses, self.before_totals.get(currency)
        of = f" ({currency})" if several else ""
        last, short = month_name(self.last_month), short_month(self.last_month)
        difference = None if before is None else profit - before
        cards = [
            Card(f"Revenue{of}", money(revenue, currency)),
            Card(f"Expenses{of}", money(expenses, currency)),
            Card(f"Profit{of}", money(profit, currency)),
            Card(
                f"Difference to {short}{of}",
                "–" if difference is None else _signed(difference, currency),
                help=f"Nothing was recorded in {last}."
                if before is None
                else f"Profit in {last}: {money(before, currency)}.",
            ),
        ]
        metric_row(cards, f"month-{currency}")

    def label(self, entry: Entry) -> str:
        name = str(entry.about["client"])
        if len(self.of_client[entry.about["client_kpi_id"]]) == 1:
            return name
        return f"{name} ({self.now(entry)['record_date'] or 'no date'})"

    def heading(self, entry: Entry, of_field: str) -> str:
        return _HEADINGS.get(of_field, of_field)

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        amounts = texts["revenue"].strip() or texts["expenses"].strip()
        return bool(amounts or (entry.version is None and texts["note"].strip()))

    def texts_of(self, values: Mapping[str, Any]) -> Texts:
        return {
            "record_date": _day(values["record_date"]),
            "revenue": _typed(values["revenue"]),
            "expenses": _typed(values["expenses"]),
            "note": values["note"] or "",
        }

    def send(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        gone = {entry.id for entry in self.to_delete()} if delete else set()
        sent = [
            FinancialCells(
                entry.id,
                entry.about["client_kpi_id"],
                **self.now(entry),
                version=entry.version,
                delete=entry.id in gone,
            )
            for entry in entries
        ]
        saved = month_entry.save_financials(identity, self.month, sent, self.seen)
        return saved, self._said(saved, [entry for entry in entries if entry.id not in gone])

    def _said(self, saved: Saved, entries: Sequence[Entry]) -> str:
        sums: dict[str, list[Decimal]] = {}
        for entry in entries:
            each = sums.setdefault(entry.about["currency"], [Decimal(0), Decimal(0)])
            texts = self.now(entry)
            for at, name in enumerate(("revenue", "expenses")):
                each[at] += _read(texts[name])[0] or 0
        amounts = "; ".join(
            f"revenue {money(one, currency)}, expenses {money(two, currency)}"
            for currency, (one, two) in sorted(sums.items())
        )
        deleted = f" Deleted {plural(saved.deleted, 'record')}." if saved.deleted else ""
        if not entries:
            return f"{deleted.strip()[:-1]} of {self.month_name}."
        return f"Saved {plural(len(entries), 'record')} for {self.month_name}: {amounts}.{deleted}"

    def _profit(self, entry: Entry) -> Decimal | None:
        texts = self.now(entry)
        revenue, expenses = _read(texts["revenue"])[0], _read(texts["expenses"])[0]
        return None if revenue is None or expenses is None else revenue - expenses


def build(
    month: date,
    last_month: date,
    reporting: str,
    clients: pd.DataFrame,
    records: pd.DataFrame,
    before: pd.DataFrame,
    default_day: date,
) -> FinancialGrid:
    """The grid of `clients` (the active ones), the month's `records` of all clients, and the
    figures of the month before by client (`financials.monthly`)."""
    of: dict[str, list[dict[str, Any]]] = {}
    for row in reversed(rows(records)):
        of.setdefault(row["client_kpi_id"], []).append(row)
    people = {row["id"]: row for row in rows(clients)}
    for found in of.values():
        people.setdefault(found[0]["client_kpi_id"], found[0])
    grid = FinancialGrid(month, set(records["id"]), last_month=last_month, reporting=reporting)
    for row in rows(before):
        grid.before[row["client_kpi_id"]] = row["profit"]
        total = grid.before_totals.get(row["currency"], Decimal(0))
        grid.before_totals[row["currency"]] = total + row["profit"]
    blank = {"record_date": _day(default_day), "revenue": "", "expenses": "", "note": ""}
    for client in sorted(people, key=lambda one: (people_order(people[one]["client_name"]), one)):
        person = people[client]
        for number, record in enumerate(of.get(client, [None])):
            line = len(grid.entries)
            about = {
                "client_kpi_id": client,
                "client": person["client_name"],
                "currency": person["currency"],
                "is_first": number == 0,
            }
            entry = Entry(
                line,
                _COLUMNS,
                record["id"] if record else new_id("fin"),
                record["version"] if record else None,
                grid.texts_of(record) if record else dict(blank),
                blank,
                about,
            )
            grid.entries.append(entry)
            grid.of_client.setdefault(client, []).append(entry)
            grid.fixed.append({"client": person["client_name"], "currency": person["currency"]})
    return grid


def _read(text: str) -> tuple[Decimal | None, bool]:
    """The amount in a cell, and whether there is something that is none."""
    if not text.strip():
        return None, False
    try:
        return parse_amount(text, ""), False
    except InvalidInput:
        return None, True


def _figure(amount: Decimal, *, signed: bool = False) -> str:
    plus = "+" if signed and amount > 0 else ""
    return f"{plus}{amount:,.2f}".replace("-", "−")


def _signed(amount: Decimal, currency: str) -> str:
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def _typed(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
