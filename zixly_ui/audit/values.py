"""Values in entries of the audit trail, before and after, as text for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zixly_data.identity import Role
from zixly_data.records.delivery.metric_definitions import YES_OR_NO
from zixly_data.tables.catalogue import ENTRY_TABLES
from zixly_data.tables.overheads import OverheadKind
from zixly_data.tables.tenants import TENANTS
from zixly_data.values.dates import MONTH_NAMES
from zixly_data.values.times import time_text
from zixly_ui.components.formatting import decimal_text, is_absent, money, month_name, short_date

# Labels of columns that nobody fills in a form, and of filters of exports.
_OTHER_LABELS = {
    "client_kpi_id": "client",
    "client_kpi_ids": "clients",
    "full_name": "name",
    "written_by_name": "written by",
    "expires_at": "expires",
    "second_factor_required": "two-step sign-in required",
    "user_agent": "browser",
    "closed_by_name": "closed by",
    "file_name": "file",
    "imported_by_name": "imported by",
    "undone_by_name": "undone by",
    "dismissed_by_name": "dismissed by",
    "retired_at": "retired",
    "kept_name": "kept client",
    "counts": "moved rows",
    "merged_by_name": "merged by",
}
_INTERNAL = {
    "id", "tenant_id", "version", "created_at", "updated_at", "profit", "closed_by", "imported_by",
    "dismissed_by", "transaction_id", "sums", "header", "mapping", "symbol", "is_recorded",
    "recorded_unit", "merged_into", "metric_id", "kept_id", "kept_status", "merged", "merged_by",
}  # fmt: skip
_FIELDS = {
    (table.name, name): field
    for table in (*ENTRY_TABLES.values(), TENANTS)
    for name, field in table.fields.items()
}
_AMOUNTS = {name for (_, name), field in _FIELDS.items() if field.type == "money"}
_DATES = {
    "expires_at", "accepted_at", "withdrawn_at", "undone_at", "retired_at",
    *(name for (_, name), field in _FIELDS.items() if field.type == "date"),
}  # fmt: skip
_MONTHS = {name for (_, name), field in _FIELDS.items() if field.type == "month"}
_INSTANTS = {name for (_, name), field in _FIELDS.items() if field.type == "instant"}


def label(column: str, table: str = "") -> str:
    """Return the label of a column within a sentence."""
    field = _FIELDS.get((table, column))
    if field is not None:
        return field.noun
    return _OTHER_LABELS.get(column, column.replace("_", " "))


def changes(
    entry: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """Return the values of an entry, each as label, before and after.

    For a change these are the values that differ.
    """
    before, after = row_of(entry, "before"), row_of(entry, "after")
    is_change = entry["action"] == "UPDATE"
    values = []
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if name in _INTERNAL or (is_change and old == new) or (old is None and new is None):
            continue
        texts = [value_text(name, value, entry, names or {}) for value in (old, new)]
        values.append((label(name, str(entry["table_name"])), texts[0], texts[1]))
    return values


def is_newly_set(entry: Mapping[str, Any], field: str) -> bool:
    """Return whether a change filled an empty field."""
    before, after = row_of(entry, "before"), row_of(entry, "after")
    return before.get(field) is None and after.get(field) is not None


def row_of(entry: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Return the row `before` or `after`, with exact numbers; empty if there was none."""
    text = text_of(entry.get(side))
    row: dict[str, Any] = json.loads(text, parse_float=Decimal) if text else {}
    return row


def text_of(value: Any) -> str:
    """Return the text of a cell, empty if it is absent."""
    return "" if is_absent(value) else str(value)


def day(value: object) -> str:
    """Return the day of an ISO date or instant."""
    return short_date(date.fromisoformat(str(value)[:10])) if value else "no date"


def value_text(name: str, value: Any, entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return a value as text for people; `nothing` if there is none.

    A time is in the `time_zone` of the entry, otherwise in UTC.
    """
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "role":
        return Role(value).label if value in set(Role) else str(value)
    if name == "client_kpi_id":
        return names.get(str(value), "a client that no longer exists")
    if name in _DATES:
        return day(value)
    if name in _INSTANTS:
        zone = text_of(entry.get("time_zone"))
        clock = time_text(datetime.fromisoformat(str(value)), zone or "UTC")
        return clock if zone else f"{clock} UTC"
    if name == "kind" and entry["table_name"] == "overheads" and value in set(OverheadKind):
        return OverheadKind(value).label
    if name in _MONTHS:
        return month_name(date.fromisoformat(str(value)))
    if name == "financial_year_start_month":
        return MONTH_NAMES[int(value) - 1]
    if name == "metric_value":
        return _metric_value_text(value, entry)
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        currency = _currency(entry) if name in _AMOUNTS else ""
        return money(number, currency) if currency else decimal_text(number)
    if isinstance(value, dict):
        table = str(entry["table_name"])
        parts = (
            f"{label(column, table)} {_filter_text(item, names)}"
            for column, item in sorted(value.items())
        )
        return ", ".join(parts) or "nothing"
    if (name, value) == ("over_clients", "NONE"):
        return "No value"
    if name in ("status", "kind", "direction", "purpose", "adds_up", "over_clients"):
        return str(value).replace("_", " ").capitalize()
    return str(value)


def _currency(entry: Mapping[str, Any]) -> str:
    """Return the currency of an entry's amounts: its client's, or that of an overhead itself."""
    if entry["table_name"] == "overheads":
        return str((row_of(entry, "after") or row_of(entry, "before")).get("currency") or "")
    return text_of(entry.get("currency"))


def _filter_text(value: Any, names: Mapping[str, str]) -> str:
    """Return the text of one filter of an export, with names of clients."""
    items = value if isinstance(value, list) else [value]
    return " and ".join(names.get(str(item), str(item)) for item in items)


def _metric_value_text(value: Any, entry: Mapping[str, Any]) -> str:
    unit = str((row_of(entry, "after") or row_of(entry, "before")).get("unit") or "")
    try:
        number = Decimal(value)
    except InvalidOperation:
        return str(value)
    if unit == YES_OR_NO:
        return "Yes" if number else "No"
    return f"{decimal_text(number)}{unit}" if unit == "%" else f"{decimal_text(number)} {unit}"
