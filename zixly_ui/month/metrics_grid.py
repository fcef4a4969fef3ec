"""The grid of a month's metric values: a row for each client, a column for each metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import streamlit as st

from zixly_data.figures.month_grids import metric_lines
from zixly_data.identity import Identity
from zixly_data.records import month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.month_cells import MetricCell
from zixly_data.values.dates import short_month
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.formatting import decimal_text, plural
from zixly_ui.month.entries import Choice, Entry, Shown, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.records.delivery.metric_forms import input_text, value_rule
from zixly_ui.shell.markdown import plain

_FIELD = "metric_value"
# What several values of a month give.
_WAYS = {"SUM": "sum", "LAST": "latest", "AVERAGE": "average"}
_NO_VALUE: Mapping[str, Any] = {
    "records": 0, "id": None, "version": None, "note": None, "last_value": None,
}  # fmt: skip


@dataclass
class MetricGrid(Grid):
    """Metric values of a month. `metrics` are the definitions in their order; the column of each is
    `m` and its index. Last month's column is `b` and the index, if `shows_last_month`. `filled` and
    `last_filled` are the numbers of cells with a value in the month and the last one; `lines` are
    those of clients."""

    kind: ClassVar[str] = "metrics"
    noun: ClassVar[str] = "value"
    id_prefix: ClassVar[str] = "met"
    keeps_both: ClassVar[bool] = False
    emptied_noun: ClassVar[str] = "cells"

    last_month: date = date.min
    default_day: date = date.min
    metrics: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    shows_last_month: bool = True
    filled: int = 0
    last_filled: int = 0
    clients: int = 0
    lines: dict[str, int] = field(default_factory=dict)

    def read_rows(self, identity: Identity, search: str, number: int) -> Shown:
        page = metric_lines.metric_lines(identity, self.month, search, number, len(self.metrics))
        cells = {(row["client_kpi_id"], row["metric_name"]): row for row in rows(page.cells)}
        for row in rows(page.lines.frame):
            if row["client_kpi_id"] not in self.lines:
                self._add(row["client_kpi_id"], row["client_name"], cells)
        lines = tuple(self.lines[client] for client in page.lines.frame["client_kpi_id"])
        return Shown(lines, page.lines.count, page.lines.number, page.lines.size)

    def _add(
        self, client: str, client_name: str, cells: Mapping[tuple[str, str], Mapping[str, Any]]
    ) -> None:
        line = self.lines[client] = len(self.fixed)
        fixed = {"client": client_name}
        for place, (name, metric) in enumerate(self.metrics.items()):
            cell = cells.get((client, name), _NO_VALUE)
            if cell["last_value"] is not None:
                fixed[f"b{place}"] = _format_value(cell["last_value"], metric["kind"])
            if cell["records"] > 1:
                value = _format_value(cell["value"], metric["kind"])
                way = _WAYS[metric["adds_up"]]
                self.locked[line, f"m{place}"] = (
                    f"{value} ({way} of {cell['records']})",
                    f"{client_name}, {name}: {cell['records']} values are recorded in "
                    f"{self.month_name}. Undo the change here and change them on Custom metrics.",
                )
                continue
            if cell["id"] is not None:
                self.seen.add(cell["id"])
            details = {"client_kpi_id": client, "client": client_name, "metric_name": name}
            self.entries.append(_make_entry(self, line, place, details, cell))
        self.fixed.append(fixed)

    def column_config(self) -> dict[str, Any]:
        text = st.column_config.TextColumn
        columns: dict[str, Any] = {"client": text("Client", disabled=True, pinned=True, width=180)}
        last = short_month(self.last_month).split()[0]
        for place, (name, metric) in enumerate(self.metrics.items()):
            columns[f"m{place}"] = text(
                f"{name} ({_unit_text(metric)})",
                alignment="right",
                width=150,
                help=plain(value_rule(metric)),
            )
            if self.shows_last_month:
                columns[f"b{place}"] = text(
                    last,
                    alignment="right",
                    width=80,
                    disabled=True,
                    help=plain(f"{name} in {last}"),
                )
        return columns

    def computed_cells(self, line: int) -> Texts:
        return {}

    def show_totals(self) -> None:
        filled = self.filled
        for entry in self.uncounted_entries():
            filled += bool(self.current_texts(entry)[_FIELD].strip()) - bool(entry.counted)
        cells = self.clients * len(self.metrics)
        last = short_month(self.last_month)
        st.markdown(
            f"**{filled:,} of {cells:,} cells** have a value, compared with "
            f"{self.last_filled:,} in {last}. An empty cell means no value, not zero."
        )
        if self.locked:
            st.caption(
                f"{plural(len(self.locked), 'cell has', 'cells have')} several values in the month "
                "and cannot be changed here. Change the values on Custom metrics."
            )

    def label(self, entry: Entry) -> str:
        return str(entry.details["client"])

    def heading(self, entry: Entry, field_name: str) -> str:
        return str(entry.details["metric_name"])

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        return bool(texts[_FIELD].strip())

    def to_texts(self, values: Mapping[str, Any]) -> Texts:
        metric = self.metrics.get(values["metric_name"])
        return {_FIELD: _format_value(values[_FIELD], metric["kind"] if metric else "NUMBER")}

    def labelled_texts(self, entry: Entry, texts: Texts) -> Texts:
        filled = bool(texts) and self.is_filled(entry, texts)
        return {self.heading(entry, _FIELD): texts[_FIELD]} if filled else {}

    def resolve(self, choice: Choice, mine: bool) -> None:
        super().resolve(choice, mine)
        theirs, entry = choice.theirs.values, choice.entry
        entry.details = {
            **entry.details,
            "record_date": theirs.get("record_date", self.default_day),
            "note": theirs.get("note"),
        }

    def save(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        deleted_ids = {entry.id for entry in self.emptied_entries()} if delete else set()
        cells = [
            MetricCell(
                entry.id,
                entry.details["client_kpi_id"],
                entry.details["metric_name"],
                self.current_texts(entry)[_FIELD],
                entry.details["record_date"],
                entry.details["note"],
                entry.version,
                entry.id in deleted_ids,
            )
            for entry in entries
        ]
        saved = month_entry.save_metrics(identity, self.month, cells, self.seen)
        saved_count = len(entries) - len(deleted_ids)
        saved_text = f"Saved {plural(saved_count, 'value')}" if saved_count else ""
        deleted_text = f"deleted {plural(saved.deleted, 'value')}" if saved.deleted else ""
        text = " and ".join(filter(None, (saved_text, deleted_text)))
        return saved, f"{text[:1].upper()}{text[1:]} for {self.month_name}."


def build(identity: Identity, month: date, last_month: date, default_day: date) -> MetricGrid:
    """Return the grid of the month with its numbers of cells, and no rows yet."""
    counts = metric_lines.metric_counts(identity, month)
    definitions = rows(metric_definitions.definitions(identity))
    return MetricGrid(
        month,
        set(),
        last_month=last_month,
        default_day=default_day,
        metrics={row["metric_name"]: row for row in definitions if row["formula"] is None},
        clients=counts.clients,
        filled=counts.filled,
        last_filled=counts.last_filled,
    )


def choose_last_month(grid: MetricGrid) -> None:
    """Show the toggle for last month's values beside this month's."""
    shown = st.toggle(f"Show {short_month(grid.last_month)} alongside", True, key="month-before")
    if shown != grid.shows_last_month:
        grid.start_generation()
        grid.shows_last_month = shown


def _make_entry(
    grid: MetricGrid, line: int, place: int, details: Mapping[str, Any], cell: Mapping[str, Any]
) -> Entry:
    is_new = cell["id"] is None
    return Entry(
        line,
        {_FIELD: f"m{place}"},
        new_id("met") if is_new else cell["id"],
        cell["version"],
        {_FIELD: ""} if is_new else grid.to_texts(cell),
        {_FIELD: ""},
        {
            **details,
            "record_date": grid.default_day if is_new else cell["record_date"],
            "note": cell["note"],
        },
    )


def _format_value(value: Decimal, kind: str) -> str:
    if kind == "YES_NO":
        return "Yes" if value else "No"
    return f"{input_text(value)}%" if kind == "PERCENT" else input_text(value)


def _unit_text(metric: Mapping[str, Any]) -> str:
    match metric["kind"]:
        case "PERCENT":
            return "%"
        case "RATING":
            return f"0–{decimal_text(metric['out_of'])}"
        case "YES_NO":
            return "yes or no"
        case _:
            return str(metric["unit"])
