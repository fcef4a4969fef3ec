"""The grid of a month's financials: a row for each active client, or one for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.figures.month_grids import financial_lines
from zixly_data.identity import Identity
from zixly_data.records import month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.month_cells import FinancialCells, parse_amount
from zixly_data.values.dates import short_month
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.cards import metric_row
from zixly_ui.components.formatting import money, plural
from zixly_ui.month.cards import financial_cards
from zixly_ui.month.entries import Entry, Shown, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.shell.markdown import plain

_COLUMNS = {name: name for name in ("record_date", "revenue", "expenses", "note")}
_HEADINGS = {"record_date": "date", "client_kpi_id": "client"}
Sums = dict[str, Decimal]


@dataclass
class FinancialGrid(Grid):
    """Financials of a month.

    `totals` are revenue and expenses of the month by currency, `last_totals` last month's profit;
    `last_profits` is that of each client read. `elsewhere` is how many records of a client are on
    pages not read, and their profit. `lines` are those of records by id, `empty_lines` those of
    clients read without a record.
    """

    kind: ClassVar[str] = "financials"
    noun: ClassVar[str] = "record"
    id_prefix: ClassVar[str] = "fin"
    emptied_noun: ClassVar[str] = "amounts"

    last_month: date = date.min
    default_day: date = date.min
    reporting_currency: str = ""
    totals: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    last_totals: Sums = field(default_factory=dict)
    last_profits: Sums = field(default_factory=dict)
    elsewhere: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    empty_lines: dict[str, int] = field(default_factory=dict)
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

    def read_rows(self, identity: Identity, search: str, number: int) -> Shown:
        page = financial_lines.financial_lines(identity, self.month, search, number)
        lines: dict[int, None] = {}
        for row in rows(page.frame):
            client, empty = row["client_kpi_id"], self.empty_lines.get(row["client_kpi_id"])
            # A record added since a client was read without one is shown, but its addition stays
            # news to a record typed for this client.
            if row["id"] is not None and empty is None:
                self.seen.add(row["id"])
            elif empty is not None and (row["id"] is None or self._is_typed(empty)):
                lines[empty] = None
            if row["id"] in self.lines:
                lines[self.lines[row["id"]]] = None
            elif row["id"] is not None or empty is None:
                lines[self._add(client, row)] = None
        return Shown(tuple(lines), page.count, page.number, page.size)

    def _add(self, client: str, row: Mapping[str, Any]) -> int:
        line, is_new = len(self.entries), row["id"] is None
        details = {
            "client_kpi_id": client,
            "client": row["client_name"],
            "currency": row["currency"],
            "is_first": row["is_first"],
        }
        blank = {
            "record_date": _format_day(self.default_day), "revenue": "", "expenses": "", "note": "",
        }  # fmt: skip
        entry = Entry(
            line,
            _COLUMNS,
            new_id("fin") if is_new else row["id"],
            row["version"],
            dict(blank) if is_new else self.to_texts(row),
            blank,
            details,
        )
        self.entries.append(entry)
        self.fixed.append({"client": row["client_name"], "currency": row["currency"]})
        self.entries_by_client.setdefault(client, []).append(entry)
        if row["last_profit"] is not None:
            self.last_profits[client] = row["last_profit"]
        records, profit = self.elsewhere.get(
            client, (row["client_records"], row["client_profit"] or Decimal(0))
        )
        if is_new:
            self.empty_lines[client] = line
        else:
            self.lines[row["id"]] = line
            if records:
                records, profit = records - 1, profit - (row["revenue"] - row["expenses"])
        self.elsewhere[client] = records, profit
        return line

    def _is_typed(self, line: int) -> bool:
        return any(typed_line == line for typed_line, _ in self.typed)

    def computed_cells(self, line: int) -> Texts:
        entry = self.entries[line]
        profit = self._profit(entry)
        cells = {"profit": "" if profit is None else _format_figure(profit)}
        if entry.details["is_first"]:
            client = entry.details["client_kpi_id"]
            last_profit = self.last_profits.get(client)
            records, profit_elsewhere = self.elsewhere[client]
            profits = [
                self._profit(client_entry) for client_entry in self.entries_by_client[client]
            ]
            complete = [value for value in profits if value is not None]
            cells["last_profit"] = "" if last_profit is None else _format_figure(last_profit)
            if last_profit is not None and (complete or records):
                cells["difference"] = _format_figure(
                    sum(complete, profit_elsewhere) - last_profit, signed=True
                )
        return cells

    def show_totals(self) -> None:
        sums = {currency: list(amounts) for currency, amounts in self.totals.items()}
        credits, unread = [], 0
        for entry in self.uncounted_entries():
            currency = entry.details["currency"]
            currency_sums = sums.setdefault(currency, [Decimal(0), Decimal(0)])
            texts = self.current_texts(entry)
            for index, name in enumerate(("revenue", "expenses")):
                counted, _ = _parse_amount(entry.counted.get(name, ""), currency)
                value, is_bad = _parse_amount(texts[name], currency)
                unread += is_bad
                currency_sums[index] += (value or 0) - (counted or 0)
                is_typed = (entry.line, name) in self.typed
                if is_typed and value is not None and value < 0:
                    credits.append(f"{self.label(entry)}, {name} {money(value, currency)}")
        ordered = sorted(
            sums,
            key=lambda currency_code: (currency_code != self.reporting_currency, currency_code),
        )
        for currency in ordered:
            suffix = f" ({currency})" if len(ordered) > 1 else ""
            last_profit = self.last_totals.get(currency)
            cards = financial_cards(self.last_month, currency, sums[currency], last_profit, suffix)
            metric_row(cards, f"month-{currency}")
        if credits:
            st.caption(
                plain(f"Negative amounts are recorded as credits: {'; '.join(credits[:8])}.")
            )
        if unread:
            st.caption(f"The totals leave out {plural(unread, 'cell')} that cannot be read.")

    def label(self, entry: Entry) -> str:
        name = str(entry.details["client"])
        client = entry.details["client_kpi_id"]
        if len(self.entries_by_client[client]) + self.elsewhere[client][0] == 1:
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
                currency=entry.details["currency"],
            )
            for entry in entries
        ]
        accepted = self.question.accepted if self.question is not None else ()
        saved = month_entry.save_financials(identity, self.month, cells, self.seen, accepted)
        return saved, self._saved_text(
            saved, [entry for entry in entries if entry.id not in deleted_ids]
        )

    def _saved_text(self, saved: Saved, entries: Sequence[Entry]) -> str:
        sums: dict[str, list[Decimal]] = {}
        for entry in entries:
            currency = entry.details["currency"]
            currency_sums = sums.setdefault(currency, [Decimal(0), Decimal(0)])
            texts = self.current_texts(entry)
            for index, name in enumerate(("revenue", "expenses")):
                currency_sums[index] += _parse_amount(texts[name], currency)[0] or 0
        amounts = "; ".join(
            f"revenue {money(revenue, currency)}, expenses {money(expenses, currency)}"
            for currency, (revenue, expenses) in sorted(sums.items())
        )
        deleted = f" Deleted {plural(saved.deleted, 'record')}." if saved.deleted else ""
        if not entries:
            return f"{deleted.strip()[:-1]} for {self.month_name}."
        return f"Saved {plural(len(entries), 'record')} for {self.month_name}: {amounts}.{deleted}"

    def _profit(self, entry: Entry) -> Decimal | None:
        texts, currency = self.current_texts(entry), entry.details["currency"]
        revenue, expenses = (
            _parse_amount(texts[name], currency)[0] for name in ("revenue", "expenses")
        )
        return None if revenue is None or expenses is None else revenue - expenses


def build(
    identity: Identity, month: date, last_month: date, reporting_currency: str, default_day: date
) -> FinancialGrid:
    """Return the grid of the month with its totals, and no rows yet."""
    grid = FinancialGrid(
        month,
        set(),
        last_month=last_month,
        default_day=default_day,
        reporting_currency=reporting_currency,
    )
    for row in rows(financial_lines.month_totals(identity, month)):
        grid.totals[row["currency"]] = row["revenue"], row["expenses"]
        if row["last_profit"] is not None:
            grid.last_totals[row["currency"]] = row["last_profit"]
    return grid


def _parse_amount(text: str, currency: str) -> tuple[Decimal | None, bool]:
    """Return the amount in a cell, and whether the cell cannot be read."""
    if not text.strip():
        return None, False
    try:
        return parse_amount(text, "", currency), False
    except InvalidInput:
        return None, True


def _format_figure(amount: Decimal, *, signed: bool = False) -> str:
    plus = "+" if signed and amount > 0 else ""
    return f"{plus}{amount:,.2f}".replace("-", "−")


def _format_amount(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _format_day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
