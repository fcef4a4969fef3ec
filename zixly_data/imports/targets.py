"""The target table of each kind of import: the key of a row, and the columns a file may change."""

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

# The source system of rows that a file identifies by a number of its own.
FILE = "file"


@dataclass(frozen=True)
class Target:
    """A table that a file fills. `key` identifies a row without an id of ours; a newer file changes
    the columns of `values`.

    An empty cell clears a column of `clearable` and leaves any other column unchanged.
    """

    table: sa.TableClause
    prefix: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    types: Types
    date_column: str | None
    clearable: tuple[str, ...] = ("note",)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that a file may fill."""
        return (*self.key, *self.values)


TARGETS: dict[Kind, Target] = {
    Kind.CLIENTS: Target(
        schema.client_kpis, "ckpi", ("client_id",),
        ("client_name", "industry", "currency", "status"),
        {"client_id": TEXT, "client_name": TEXT, "industry": TEXT, "currency": TEXT,
         "status": TEXT},
        None,
        ("industry",),
    ),
    Kind.FINANCIALS: Target(
        schema.financials, "fin", ("client_kpi_id", "record_date"),
        ("revenue", "expenses", "note"),
        {"client_kpi_id": TEXT, "record_date": DATE, "revenue": MONEY, "expenses": MONEY,
         "note": TEXT},
        "record_date",
    ),
    Kind.LEAD_EVENTS: Target(
        schema.lead_events, "lev", ("client_kpi_id", "lead_id", "stage", "event_date"),
        ("value", "note"),
        {"client_kpi_id": TEXT, "lead_id": TEXT, "stage": TEXT, "event_date": DATE,
         "value": MONEY, "note": TEXT, "status": TEXT},
        "event_date",
        ("value", "note"),
    ),
    Kind.CUSTOM_METRICS: Target(
        schema.custom_metrics, "met", ("client_kpi_id", "metric_name", "record_date"),
        ("metric_value", "note"),
        {"client_kpi_id": TEXT, "metric_name": TEXT, "record_date": DATE,
         "metric_value": MEASURE, "note": TEXT, "unit": TEXT},
        "record_date",
    ),
}  # fmt: skip

# Columns that follow from another and are not compared: a stage's status, a metric's unit.
DEPENDENT_COLUMNS = {Kind.LEAD_EVENTS: ("status",), Kind.CUSTOM_METRICS: ("unit",)}
