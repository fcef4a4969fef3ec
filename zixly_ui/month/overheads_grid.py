"""The grid of a month's overheads: a row for each, then empty rows to type or paste into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.figures.month_grids import overhead_lines
from zixly_data.identity import Identity
from zixly_data.records import month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.currencies_in_use import currencies_in_use
from zixly_data.records.month_cells import OverheadCells, parse_amount
from zixly_data.tables.overheads import OVERHEADS, OverheadKind
from zixly_data.values.currencies import parse_currency
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.cards import metric_row
from zixly_ui.components.formatting import money, plural
from zixly_ui.month.cards import financial_cards
from zixly_ui.month.entries import Entry, Shown, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.records.overhead_text import unused_currency_text
from zixly_ui.shell.markdown import plain

EMPTY_ROWS = 50
_COLUMNS = {name: name for name in OVERHEADS.entered}
_AMOUNTS = ("revenue", "expenses")
_HEADINGS = {"record_date": "date", "kind": "type"}


@dataclass
class OverheadGrid(Grid):
    """Overheads of a month.

    `totals` are revenue and expenses of the month by currency, `last_totals` last month's profit,
    `currencies` those in use, the reporting currency first. `lines` are those of overheads by id,
    and of empty rows by their place.
    """

    kind: ClassVar[str] = "overheads"
    noun: ClassVar[str] = "overhead"
    id_prefix: ClassVar[str] = "ovh"
    emptied_noun: ClassVar[str] = "amounts"
    rows_to_add: ClassVar[int] = EMPTY_ROWS

    last_month: date = date.min
    default_day: date = date.min
    currencies: tuple[str, ...] = ()
    empty_rows: int = EMPTY_ROWS
    totals: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    last_totals: dict[str, Decimal] = field(default_factory=dict)
    lines: dict[str | int, int] = field(default_factory=dict)

    def read_rows(self, identity: Identity, search: str, number: int) -> Shown:
        page = overhead_lines.overhead_lines(identity, self.month, search, number, self.empty_rows)
        lines = []
        for row in rows(page.frame):
            key = row["id"] or row["place"]
            if key not in self.lines:
                self.lines[key] = self._add(row)
            lines.append(self.lines[key])
        return Shown(tuple(lines), page.count, page.number, page.size)

    def _add(self, row: Mapping[str, Any]) -> int:
        line, is_new = len(self.entries), row["id"] is None
        blank = {
            **dict.fromkeys(_COLUMNS, ""),
            "record_date": _format_day(self.default_day),
            "currency": self.currencies[0],
            "kind": OverheadKind.OVERHEAD.label,
        }
        self.entries.append(
            Entry(
                line,
                _COLUMNS,
                new_id("ovh") if is_new else row["id"],
                row["version"],
                dict(blank) if is_new else self.to_texts(row),
                blank,
                {},
            )
        )
        self.fixed.append({})
        return line

    def column_config(self) -> dict[str, Any]:
        text = st.column_config.TextColumn
        amount: dict[str, Any] = {"alignment": "right", "width": 106}
        kinds = " or ".join(kind.label for kind in OverheadKind)
        return {
            "record_date": text("Date", width=96, pinned=True),
            "currency": text("Currency", width=80),
            "account": text("Account", width=150),
            "counterparty": text("Counterparty", width=170),
            "kind": text("Type", width=124, help=f"{kinds}."),
            "revenue": text("Revenue", **amount),
            "expenses": text("Expenses", **amount),
            "note": text("Note", width=260),
        }

    def computed_cells(self, line: int) -> Texts:
        return {}

    def show_totals(self) -> None:
        sums = {currency: list(amounts) for currency, amounts in self.totals.items()}
        unread, unused = 0, set()
        for entry in self.uncounted_entries():
            for texts, sign in ((entry.counted, -1), (self.current_texts(entry), 1)):
                if not texts or not self.is_filled(entry, texts):
                    continue
                currency = _parse_currency(texts["currency"])
                amounts = [_parse_amount(texts[name], currency) for name in _AMOUNTS]
                if currency is None or None in amounts:
                    unread += sign > 0
                    continue
                if sign > 0 and currency not in self.currencies:
                    unused.add(currency)
                of_currency = sums.setdefault(currency, [Decimal(0), Decimal(0)])
                for place, value in enumerate(amounts):
                    of_currency[place] += sign * (value or 0)
        ordered = sorted(sums, key=lambda code: (code != self.currencies[0], code))
        for currency in ordered:
            suffix = f" ({currency})" if len(ordered) > 1 else ""
            last_profit = self.last_totals.get(currency)
            cards = financial_cards(self.last_month, currency, sums[currency], last_profit, suffix)
            metric_row(cards, f"month-{currency}")
        if unused:
            st.warning(plain(unused_currency_text(sorted(unused))), icon=":material/help:")
        if unread:
            st.caption(f"The totals leave out {plural(unread, 'row')} that cannot be read.")

    def label(self, entry: Entry) -> str:
        texts = self.current_texts(entry)
        names = filter(None, (" ".join(texts[n].split()) for n in ("account", "counterparty")))
        return ", ".join(names) or f"Row {entry.line + 1} ({texts['record_date'] or 'no date'})"

    def heading(self, entry: Entry, field_name: str) -> str:
        return _HEADINGS.get(field_name, field_name)

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        decisive = _AMOUNTS if entry.version else (*_AMOUNTS, "account", "counterparty", "note")
        return any(texts[name].strip() for name in decisive)

    def to_texts(self, values: Mapping[str, Any]) -> Texts:
        """Format an overhead. A zero beside another amount is an empty cell."""
        amounts = {name: values[name] for name in _AMOUNTS}
        is_zero = not any(amounts.values())
        return {
            **{name: values[name] or "" for name in ("account", "counterparty", "note")},
            "record_date": _format_day(values["record_date"]),
            "currency": values["currency"],
            "kind": OverheadKind(values["kind"]).label,
            **{
                name: f"{amount:,.2f}" if amount or is_zero else ""
                for name, amount in amounts.items()
            },
        }

    def save(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        deleted_ids = {entry.id for entry in self.emptied_entries()} if delete else set()
        cells = [
            OverheadCells(
                entry.id,
                **self.current_texts(entry),
                version=entry.version,
                delete=entry.id in deleted_ids,
            )
            for entry in entries
        ]
        saved = month_entry.save_overheads(identity, self.month, cells, self.seen)
        kept = [entry for entry in entries if entry.id not in deleted_ids]
        return saved, self._saved_text(saved, kept)

    def _saved_text(self, saved: Saved, entries: Sequence[Entry]) -> str:
        sums: dict[str, list[Decimal]] = {}
        for entry in entries:
            texts = self.current_texts(entry)
            currency = _parse_currency(texts["currency"])
            of_currency = sums.setdefault(currency or "", [Decimal(0), Decimal(0)])
            for place, name in enumerate(_AMOUNTS):
                of_currency[place] += _parse_amount(texts[name], currency) or 0
        amounts = "; ".join(
            f"revenue {money(revenue, currency)}, expenses {money(expenses, currency)}"
            for currency, (revenue, expenses) in sorted(sums.items())
        )
        deleted = f" Deleted {plural(saved.deleted, 'overhead')}." if saved.deleted else ""
        if not entries:
            return f"{deleted.strip()[:-1]} for {self.month_name}."
        count = plural(len(entries), "overhead")
        return f"Saved {count} for {self.month_name}: {amounts}.{deleted}"


def build(identity: Identity, month: date, last_month: date, default_day: date) -> OverheadGrid:
    """Return the grid of the month with its totals, and no rows yet."""
    grid = OverheadGrid(
        month,
        set(overhead_lines.overhead_ids(identity, month)),
        last_month=last_month,
        default_day=default_day,
        currencies=tuple(currencies_in_use(identity)),
    )
    for row in rows(overhead_lines.overhead_totals(identity, month)):
        grid.totals[row["currency"]] = row["revenue"], row["expenses"]
        if row["last_profit"] is not None:
            grid.last_totals[row["currency"]] = row["last_profit"]
    return grid


def _parse_currency(text: str) -> str | None:
    try:
        return parse_currency(text)
    except InvalidInput:
        return None


def _parse_amount(text: str, currency: str | None) -> Decimal | None:
    """Return the amount in a cell, 0 for an empty one, None if it cannot be read."""
    if not text.strip():
        return Decimal(0)
    try:
        return parse_amount(text, "", currency)
    except InvalidInput:
        return None


def _format_day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
