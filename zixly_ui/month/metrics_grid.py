"""The grid of a month's metric values: a row for each client, a column for each metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.month_cells import MetricCell
from zixly_data.values.dates import short_month
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.components.formatting import decimal_text, people_order, plural
from zixly_ui.month.entries import Choice, Entry, Texts
from zixly_ui.month.grid import Grid
from zixly_ui.records.metric_forms import input_text, value_rule
from zixly_ui.shell.markdown import plain

_FIELD = "metric_value"


@dataclass
class MetricGrid(Grid):
    """Metric values of a month. `metrics` are the definitions in their order; the column of each is
    `m` and its index. Last month's column is `b` and the index, if `shows_last_month`."""

    kind: ClassVar[str] = "metrics"
    noun: ClassVar[str] = "value"
    id_prefix: ClassVar[str] = "met"
    keeps_both: ClassVar[bool] = False
    emptied_noun: ClassVar[str] = "cells"

    last_month: date = date.min
    default_day: date = date.min
    metrics: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    shows_last_month: bool = True
    last_filled: int = 0

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
        filled = sum(bool(self.current_texts(entry)[_FIELD].strip()) for entry in self.entries)
        filled += len(self.locked)
        cells = len(self.fixed) * len(self.metrics)
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


def build(
    month: date,
    last_month: date,
    clients: pd.DataFrame,
    definitions: pd.DataFrame,
    records: pd.DataFrame,
    default_day: date,
) -> MetricGrid:
    """Build the grid of `clients` (the active ones), all `definitions`, and the `records` of both
    months, latest first."""
    records_by_cell: dict[tuple[str, str], list[dict[str, Any]]] = {}
    last_records: dict[tuple[str, str], dict[str, Any]] = {}
    names = {row["id"]: row["client_name"] for row in rows(clients)}
    for row in rows(records):
        cell = (row["client_kpi_id"], row["metric_name"])
        if row["record_date"] >= month:
            records_by_cell.setdefault(cell, []).append(row)
            names.setdefault(row["client_kpi_id"], row["client_name"])
        else:
            last_records.setdefault(cell, row)
    grid = MetricGrid(
        month,
        {row["id"] for cell_records in records_by_cell.values() for row in cell_records},
        last_month=last_month,
        default_day=default_day,
        metrics={row["metric_name"]: row for row in rows(definitions)},
        last_filled=len(last_records),
    )
    for client in sorted(names, key=lambda client_id: (people_order(names[client_id]), client_id)):
        line = len(grid.fixed)
        fixed = {"client": names[client]}
        for place, (name, metric) in enumerate(grid.metrics.items()):
            cell_records = records_by_cell.get((client, name), [])
            if (client, name) in last_records:
                fixed[f"b{place}"] = _format_value(
                    last_records[client, name][_FIELD], metric["kind"]
                )
            if len(cell_records) > 1:
                latest = _format_value(cell_records[0][_FIELD], metric["kind"])
                grid.locked[line, f"m{place}"] = (
                    f"{latest} (latest of {len(cell_records)})",
                    f"{names[client]}, {name}: {len(cell_records)} values are recorded in "
                    f"{grid.month_name}. Undo the change here and change them on Custom metrics.",
                )
                continue
            grid.entries.append(
                _make_entry(grid, line, place, client, names[client], name, cell_records)
            )
        grid.fixed.append(fixed)
    return grid


def choose_last_month(grid: MetricGrid) -> None:
    """Show the toggle for last month's values beside this month's."""
    shown = st.toggle(f"Show {short_month(grid.last_month)} alongside", True, key="month-before")
    if shown != grid.shows_last_month:
        grid.start_generation()
        grid.shows_last_month = shown


def _make_entry(
    grid: MetricGrid, line: int, place: int, client: str, client_name: str, name: str,
    records: list[dict[str, Any]],
) -> Entry:  # fmt: skip
    record = records[0] if records else None
    details = {
        "client_kpi_id": client,
        "client": client_name,
        "metric_name": name,
        "record_date": record["record_date"] if record else grid.default_day,
        "note": record["note"] if record else None,
    }
    return Entry(
        line,
        {_FIELD: f"m{place}"},
        record["id"] if record else new_id("met"),
        record["version"] if record else None,
        grid.to_texts(record) if record else {_FIELD: ""},
        {_FIELD: ""},
        details,
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
