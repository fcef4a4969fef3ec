"""The grid of a month's financials: a row for each active client, or one for each record."""

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
    """Financials of a month. `last_profits` is last month's profit by client, `last_totals` by
    currency."""

    kind: ClassVar[str] = "financials"
    noun: ClassVar[str] = "record"
    id_prefix: ClassVar[str] = "fin"
    emptied_noun: ClassVar[str] = "amounts"

    last_month: date = date.min
    reporting_currency: str = ""
    last_profits: Sums = field(default_factory=dict)
    last_totals: Sums = field(default_factory=dict)
    entries_by_client: dict[str, list[Entry]] = field(default_factory=dict)

    def column_config(self) -> dict[str, Any]:
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
            "difference": text("Change", disabled=True, **amount),
            "note": text("Note", width=260),
        }

    def computed_cells(self, line: int) -> Texts:
        entry = self.entries[line]
        profit = self._profit(entry)
        cells = {"profit": "" if profit is None else _format_figure(profit)}
        if entry.details["is_first"]:
            client = entry.details["client_kpi_id"]
            last_profit = self.last_profits.get(client)
            profits = [
                self._profit(client_entry) for client_entry in self.entries_by_client[client]
            ]
            complete = [value for value in profits if value is not None]
            cells["last_profit"] = "" if last_profit is None else _format_figure(last_profit)
            if last_profit is not None and complete:
                cells["difference"] = _format_figure(
                    sum(complete, Decimal(0)) - last_profit, signed=True
                )
        return cells

    def show_totals(self) -> None:
        sums: dict[str, list[Decimal]] = {}
        credits, unread = [], 0
        for entry in self.entries:
            currency = entry.details["currency"]
            currency_sums = sums.setdefault(currency, [Decimal(0), Decimal(0)])
            texts = self.current_texts(entry)
            for index, name in enumerate(("revenue", "expenses")):
                value, is_bad = _parse_amount(texts[name])
                unread += is_bad
                if value is not None:
                    currency_sums[index] += value
                    is_typed = (entry.line, name) in self.typed
                    if is_typed and value < 0:
                        credits.append(f"{self.label(entry)}, {name} {money(value, currency)}")
        ordered = sorted(
            sums,
            key=lambda currency_code: (currency_code != self.reporting_currency, currency_code),
        )
        for currency in ordered:
            self._show_cards(currency, *sums[currency], several=len(ordered) > 1)
        if credits:
            st.caption(
                plain(f"Negative amounts are recorded as credits: {'; '.join(credits[:8])}.")
            )
        if unread:
            st.caption(f"The totals leave out {plural(unread, 'cell')} that cannot be read.")

    def _show_cards(
        self, currency: str, revenue: Decimal, expenses: Decimal, *, several: bool
    ) -> None:
        profit, last_profit = revenue - expenses, self.last_totals.get(currency)
        suffix = f" ({currency})" if several else ""
        last, short = month_name(self.last_month), short_month(self.last_month)
        difference = None if last_profit is None else profit - last_profit
        cards = [
            Card(f"Revenue{suffix}", money(revenue, currency)),
            Card(f"Expenses{suffix}", money(expenses, currency)),
            Card(f"Profit{suffix}", money(profit, currency)),
            Card(
                f"Change vs {short}{suffix}",
                "–" if difference is None else _format_signed(difference, currency),
                help=f"Nothing was recorded in {last}."
                if last_profit is None
                else f"Profit in {last}: {money(last_profit, currency)}.",
            ),
        ]
        metric_row(cards, f"month-{currency}")

    def label(self, entry: Entry) -> str:
        name = str(entry.details["client"])
        if len(self.entries_by_client[entry.details["client_kpi_id"]]) == 1:
            return name
        return f"{name} ({self.current_texts(entry)['record_date'] or 'no date'})"

    def heading(self, entry: Entry, field_name: str) -> str:
        return _HEADINGS.get(field_name, field_name)

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        amounts = texts["revenue"].strip() or texts["expenses"].strip()
        return bool(amounts or (entry.version is None and texts["note"].strip()))

    def to_texts(self, values: Mapping[str, Any]) -> Texts:
        return {
            "record_date": _format_day(values["record_date"]),
            "revenue": _format_amount(values["revenue"]),
            "expenses": _format_amount(values["expenses"]),
            "note": values["note"] or "",
        }

    def save(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        deleted_ids = {entry.id for entry in self.emptied_entries()} if delete else set()
        cells = [
            FinancialCells(
                entry.id,
                entry.details["client_kpi_id"],
                **self.current_texts(entry),
                version=entry.version,
                delete=entry.id in deleted_ids,
            )
            for entry in entries
        ]
        saved = month_entry.save_financials(identity, self.month, cells, self.seen)
        return saved, self._saved_text(
            saved, [entry for entry in entries if entry.id not in deleted_ids]
        )

    def _saved_text(self, saved: Saved, entries: Sequence[Entry]) -> str:
        sums: dict[str, list[Decimal]] = {}
        for entry in entries:
            currency_sums = sums.setdefault(entry.details["currency"], [Decimal(0), Decimal(0)])
            texts = self.current_texts(entry)
            for index, name in enumerate(("revenue", "expenses")):
                currency_sums[index] += _parse_amount(texts[name])[0] or 0
        amounts = "; ".join(
            f"revenue {money(revenue, currency)}, expenses {money(expenses, currency)}"
            for currency, (revenue, expenses) in sorted(sums.items())
        )
        deleted = f" Deleted {plural(saved.deleted, 'record')}." if saved.deleted else ""
        if not entries:
            return f"{deleted.strip()[:-1]} for {self.month_name}."
        return f"Saved {plural(len(entries), 'record')} for {self.month_name}: {amounts}.{deleted}"

    def _profit(self, entry: Entry) -> Decimal | None:
        texts = self.current_texts(entry)
        revenue, expenses = _parse_amount(texts["revenue"])[0], _parse_amount(texts["expenses"])[0]
        return None if revenue is None or expenses is None else revenue - expenses


def build(
    month: date,
    last_month: date,
    reporting_currency: str,
    clients: pd.DataFrame,
    records: pd.DataFrame,
    last_figures: pd.DataFrame,
    default_day: date,
) -> FinancialGrid:
    """Build the grid of `clients` (the active ones), the month's `records` of all clients, and last
    month's figures by client (`monthly.monthly`)."""
    records_by_client: dict[str, list[dict[str, Any]]] = {}
    for row in reversed(rows(records)):
        records_by_client.setdefault(row["client_kpi_id"], []).append(row)
    client_rows = {row["id"]: row for row in rows(clients)}
    for client_records in records_by_client.values():
        client_rows.setdefault(client_records[0]["client_kpi_id"], client_records[0])
    grid = FinancialGrid(
        month, set(records["id"]), last_month=last_month, reporting_currency=reporting_currency
    )
    for row in rows(last_figures):
        grid.last_profits[row["client_kpi_id"]] = row["profit"]
        total = grid.last_totals.get(row["currency"], Decimal(0))
        grid.last_totals[row["currency"]] = total + row["profit"]
    blank = {"record_date": _format_day(default_day), "revenue": "", "expenses": "", "note": ""}
    for client in sorted(
        client_rows,
        key=lambda client_id: (people_order(client_rows[client_id]["client_name"]), client_id),
    ):
        client_row = client_rows[client]
        for number, record in enumerate(records_by_client.get(client, [None])):
            line = len(grid.entries)
            details = {
                "client_kpi_id": client,
                "client": client_row["client_name"],
                "currency": client_row["currency"],
                "is_first": number == 0,
            }
            entry = Entry(
                line,
                _COLUMNS,
                record["id"] if record else new_id("fin"),
                record["version"] if record else None,
                grid.to_texts(record) if record else dict(blank),
                blank,
                details,
            )
            grid.entries.append(entry)
            grid.entries_by_client.setdefault(client, []).append(entry)
            grid.fixed.append(
                {"client": client_row["client_name"], "currency": client_row["currency"]}
            )
    return grid


def _parse_amount(text: str) -> tuple[Decimal | None, bool]:
    """Return the amount in a cell, and whether the cell cannot be read."""
    if not text.strip():
        return None, False
    try:
        return parse_amount(text, ""), False
    except InvalidInput:
        return None, True


def _format_figure(amount: Decimal, *, signed: bool = False) -> str:
    plus = "+" if signed and amount > 0 else ""
    return f"{plus}{amount:,.2f}".replace("-", "−")


def _format_signed(amount: Decimal, currency: str) -> str:
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def _format_amount(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _format_day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
