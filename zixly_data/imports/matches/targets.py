"""The target table of each kind of import: the key of a row, and the columns a file may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zixly_data.database import schema
from zixly_data.imports.cells.kinds import TABLES, Kind
from zixly_data.tables.entry_table import EntryTable

Types = dict[str, sa.types.TypeEngine[Any]]

TEXT = sa.Text()
DATE = sa.Date()
MONEY = sa.Numeric(14, 2)
MEASURE = sa.Numeric(14, 4)
WHOLE = sa.Integer()
INSTANT = sa.DateTime(timezone=True)
_TYPES: Types = {"date": DATE, "instant": INSTANT, "money": MONEY, "measure": MEASURE}


@dataclass(frozen=True)
class Target:
    """A table that a file fills. `key` identifies a row without an id of ours; a newer file changes
    the columns of `values`. A row may lack the columns of `optional`, some of its key: it then
    matches a row on record that lacks them too.

    An empty cell clears a column of `clearable` and leaves any other column unchanged. Columns of
    `derived` follow from another and are not compared: a stage's status, a metric's unit.
    """

    table: sa.TableClause
    prefix: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    types: Types
    date_column: str | None
    clearable: tuple[str, ...]
    derived: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The columns of the key that every row has."""
        return tuple(name for name in self.key if name not in self.optional)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that a file may fill."""
        return (*self.key, *self.values)


def _target(table: sa.TableClause, filled: EntryTable) -> Target:
    """Return the target of the importable fields, and of those that follow from them."""
    fields = filled.entered.values()
    return Target(
        table,
        filled.id_prefix,
        key=tuple(field.name for field in fields if field.is_key),
        values=tuple(field.name for field in fields if field.headings and not field.is_key),
        types={name: _TYPES.get(field.type, TEXT) for name, field in filled.fields.items()},
        date_column=next((field.name for field in fields if field.type == "date"), None),
        clearable=tuple(field.name for field in fields if field.clearable),
        derived=tuple(name for name, field in filled.fields.items() if field.is_derived),
        optional=tuple(field.name for field in fields if field.is_key and field.is_optional),
    )


TARGETS: dict[Kind, Target] = {
    kind: _target(table, TABLES[kind])
    for kind, table in (
        (Kind.CLIENTS, schema.client_kpis),
        (Kind.FINANCIALS, schema.financials),
        (Kind.OVERHEADS, schema.overheads),
        (Kind.LEAD_EVENTS, schema.lead_events),
        (Kind.CUSTOM_METRICS, schema.custom_metrics),
    )
}
