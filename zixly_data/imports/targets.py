"""The table behind each kind of import: what identifies a row, and what may change in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zixly_data.database import schema
from zixly_data.imports.cells.kinds import Kind

Types = dict[str, sa.types.TypeEngine[Any]]

TEXT = sa.Text()
DATE = sa.Date()
MONEY = sa.Numeric(14, 2)
MEASURE = sa.Numeric(14, 4)
WHOLE = sa.Integer()

# Where a row comes from that a file named by a number of its own.
FILE = "file"


@dataclass(frozen=True)
class Shape:
    """Rows without an id of ours are known by `key`; `values` are what a newer file changes.

    An empty cell empties a column of `clearable`; about any other it says nothing.
    """

    table: sa.TableClause
    prefix: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    types: Types
    dated: str | None
    clearable: tuple[str, ...] = ("note",)

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything that a file may say of a row."""
        return (*self.key, *self.values)


SHAPES: dict[Kind, Shape] = {
    Kind.CLIENTS: Shape(
        schema.client_kpis, "ckpi", ("client_id",),
        ("client_name", "industry", "currency", "status"),
        {"client_id": TEXT, "client_name": TEXT, "industry": TEXT, "currency": TEXT,
         "status": TEXT},
        None,
        ("industry",),
    ),
    Kind.FINANCIALS: Shape(
        schema.financials, "fin", ("client_kpi_id", "record_date"),
        ("revenue", "expenses", "note"),
        {"client_kpi_id": TEXT, "record_date": DATE, "revenue": MONEY, "expenses": MONEY,
         "note": TEXT},
        "record_date",
    ),
    Kind.LEAD_EVENTS: Shape(
        schema.lead_events, "lev", ("client_kpi_id", "lead_id", "stage", "event_date"),
        ("value", "note"),
        {"client_kpi_id": TEXT, "lead_id": TEXT, "stage": TEXT, "event_date": DATE,
         "value": MONEY, "note": TEXT, "status": TEXT},
        "event_date",
        ("value", "note"),
    ),
    Kind.CUSTOM_METRICS: Shape(
        schema.custom_metrics, "met", ("client_kpi_id", "metric_name", "record_date"),
        ("metric_value", "note"),
        {"client_kpi_id": TEXT, "metric_name": TEXT, "record_date": DATE,
         "metric_value": MEASURE, "note": TEXT, "unit": TEXT},
        "record_date",
    ),
}  # fmt: skip

# What a column brings along without being compared: a stage its status, a metric its unit.
BROUGHT = {Kind.LEAD_EVENTS: ("status",), Kind.CUSTOM_METRICS: ("unit",)}
