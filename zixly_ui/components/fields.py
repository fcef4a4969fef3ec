"""The default boxes of the fields of a table, and their texts.

draw_field(form, CLIENTS.entered["industry"])
draw_other_fields(form, CLIENTS, "industry", "status")
values = read_other_fields(form, CLIENTS, "status")
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field
from zixly_ui.components.forms import EntryForm


def draw_field(form: EntryForm, field: Field, label: str = "") -> None:
    """Draw the box of a typed field, with its label unless the form has a better one."""
    label = f"{label or field.label}{' (optional)' if field.is_optional else ''}"
    help = field.help or None
    if field.type == "date":
        form.day(field.name, label, help=help)
    elif field.lines > 1:
        form.area(field.name, label, lines=field.lines, placeholder=field.example, help=help)
    else:
        form.text(field.name, label, placeholder=field.example, help=help)


def draw_other_fields(form: EntryForm, table: EntryTable, *names: str) -> None:
    """Draw the boxes of all fields but these, which the form draws itself."""
    for name, field in table.entered.items():
        if name not in names:
            draw_field(form, field)


def read_field(form: EntryForm, field: Field, currency: str | None = None) -> Any:
    """Return the value of the field; None if it is empty, or refused with a message beside it.

    `currency` is the only one that an amount may name.
    """
    return form.read(field.name, lambda text, _: field.parse(text, currency))


def read_other_fields(
    form: EntryForm, table: EntryTable, *names: str, currency: str | None = None
) -> dict[str, Any]:
    """Return the values of all fields but these, which the form reads itself."""
    return {
        name: read_field(form, field, currency)
        for name, field in table.entered.items()
        if name not in names
    }


def initial_values(table: EntryTable, record: Any, *names: str) -> dict[str, Any]:
    """Return the values with which a form for this record opens, by field, of all but `names`."""
    return {
        name: _input(field, getattr(record, name))
        for name, field in table.entered.items()
        if name not in names
    }


def _input(field: Field, value: Any) -> Any:
    """Return a value as a person would type it: `1,234.50`, `4.8`, a date as it is."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if field.type == "money" else f"{value.normalize():f}"
    return value if isinstance(value, date) else str(value)
