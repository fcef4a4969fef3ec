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
    """`metrics` are the definitions in their order; the column of each is `m` and its place, that
    of last month's values `b` and its place, shown where `with_before`."""

    what: ClassVar[str] = "metrics"
    noun: ClassVar[str] = "value"
    id_prefix: ClassVar[str] = "met"
    keeps_both: ClassVar[bool] = False
    emptied: ClassVar[str] = "cells"

    last_month: date = date.min
    default_day: date = date.min
    metrics: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    with_before: bool = True
    filled_before: int = 0

    def config(self) -> dict[str, Any]:
        text = st.column_config.TextColumn
        columns: dict[str, Any] = {"client": text("Client", disabled=True, pinned=True, width=180)}
        last = short_month(self.last_month).split()[0]
        for place, (name, metric) in enumerate(self.metrics.items()):
            columns[f"m{place}"] = text(
                f"{name} ({_unit(metric)})",
                alignment="right",
                width=150,
                help=plain(value_rule(metric)),
            )
            if self.with_before:
                columns[f"b{place}"] = text(
                    last,
                    alignment="right",
                    width=80,
                    disabled=True,
                    help=plain(f"{name} in {last}"),
                )
        return columns

    def derived(self, line: int) -> Texts:
        return {}

    def totals(self) -> None:
        filled = sum(bool(self.now(entry)[_FIELD].strip()) for entry in self.entries)
        filled += len(self.locked)
        cells = len(self.fixed) * len(self.metrics)
        last = short_month(self.last_month)
        st.markdown(
            f"**{filled:,} of {cells:,} cells** have a value; in {last} it was "
            f"{self.filled_before:,}. An empty cell stays absent; it is not zero."
        )
        if self.locked:
            st.caption(
                f"{plural(len(self.locked), 'cell')} stand for several values of the month and "
                "cannot be typed over: change those on Custom KPIs."
                if len(self.locked) > 1
                else "1 cell stands for several values of the month and cannot be typed over: "
                "change those on Custom KPIs."
            )

    def label(self, entry: Entry) -> str:
        return str(entry.about["client"])

    def heading(self, entry: Entry, of_field: str) -> str:
        return str(entry.about["metric_name"])

    def is_filled(self, entry: Entry, texts: Texts) -> bool:
        return bool(texts[_FIELD].strip())

    def texts_of(self, values: Mapping[str, Any]) -> Texts:
        metric = self.metrics.get(values["metric_name"])
        return {_FIELD: _text(values[_FIELD], metric["kind"] if metric else "NUMBER")}

    def words(self, entry: Entry, texts: Texts) -> Texts:
        filled = bool(texts) and self.is_filled(entry, texts)
        return {self.heading(entry, _FIELD): texts[_FIELD]} if filled else {}

    def resolve(self, choice: Choice, mine: bool) -> None:
        super().resolve(choice, mine)
        theirs, entry = choice.theirs.values, choice.entry
        entry.about = {
            **entry.about,
            "record_date": theirs.get("record_date", self.default_day),
            "note": theirs.get("note"),
        }

    def send(self, identity: Identity, entries: Sequence[Entry], delete: bool) -> tuple[Saved, str]:
        gone = {entry.id for entry in self.to_delete()} if delete else set()
        sent = [
            MetricCell(
                entry.id,
                entry.about["client_kpi_id"],
                entry.about["metric_name"],
                self.now(entry)[_FIELD],
                entry.about["record_date"],
                entry.about["note"],
                entry.version,
                entry.id in gone,
            )
            for entry in entries
        ]
        saved = month_entry.save_metrics(identity, self.month, sent, self.seen)
        kept = len(entries) - len(gone)
        said = f"Saved {plural(kept, 'value')}" if kept else ""
        deleted = f"deleted {plural(saved.deleted, 'value')}" if saved.deleted else ""
        words = " and ".join(filter(None, (said, deleted)))
        return saved, f"{words[:1].upper()}{words[1:]} for {self.month_name}."


def build(
    month: date,
    last_month: date,
    clients: pd.DataFrame,
    definitions: pd.DataFrame,
    records: pd.DataFrame,
    default_day: date,
) -> MetricGrid:
    """The grid of `clients` (the active ones), all `definitions`, and the `records` of both months,
    latest first."""
    of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    before: dict[tuple[str, str], dict[str, Any]] = {}
    people = {row["id"]: row["client_name"] for row in rows(clients)}
    for row in rows(records):
        at = (row["client_kpi_id"], row["metric_name"])
        if row["record_date"] >= month:
            of.setdefault(at, []).append(row)
            people.setdefault(row["client_kpi_id"], row["client_name"])
        else:
            before.setdefault(at, row)
    grid = MetricGrid(
        month,
        {row["id"] for several in of.values() for row in several},
        last_month=last_month,
        default_day=default_day,
        metrics={row["metric_name"]: row for row in rows(definitions)},
        filled_before=len(before),
    )
    for client in sorted(people, key=lambda one: (people_order(people[one]), one)):
        line = len(grid.fixed)
        fixed = {"client": people[client]}
        for place, (name, metric) in enumerate(grid.metrics.items()):
            found = of.get((client, name), [])
            if (client, name) in before:
                fixed[f"b{place}"] = _text(before[client, name][_FIELD], metric["kind"])
            if len(found) > 1:
                latest = _text(found[0][_FIELD], metric["kind"])
                grid.locked[line, f"m{place}"] = (
                    f"{latest} (latest of {len(found)})",
                    f"{people[client]}, {name}: there are {len(found)} values in "
                    f"{grid.month_name}. Put the cell back, and change them on Custom KPIs.",
                )
                continue
            grid.entries.append(_entry(grid, line, place, client, people[client], name, found))
        grid.fixed.append(fixed)
    return grid


def choose_before(grid: MetricGrid) -> None:
    """Whether last month's values stand beside this month's."""
    shown = st.toggle(f"Show {short_month(grid.last_month)} beside", True, key="month-before")
    if shown != grid.with_before:
        grid.begin_anew()
        grid.with_before = shown


def _entry(
    grid: MetricGrid, line: int, place: int, client: str, client_name: str, name: str,
    found: list[dict[str, Any]],
) -> Entry:  # fmt: skip
    record = found[0] if found else None
    about = {
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
        grid.texts_of(record) if record else {_FIELD: ""},
        {_FIELD: ""},
        about,
    )


def _text(value: Decimal, kind: str) -> str:
    if kind == "YES_NO":
        return "Yes" if value else "No"
    return f"{input_text(value)}%" if kind == "PERCENT" else input_text(value)


def _unit(metric: Mapping[str, Any]) -> str:
    match metric["kind"]:
        case "PERCENT":
            return "%"
        case "RATING":
            return f"0–{decimal_text(metric['out_of'])}"
        case "YES_NO":
            return "yes or no"
        case _:
            return str(metric["unit"])
