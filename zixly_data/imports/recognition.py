"""Recognises the columns of a file by their names, and by their cells if names are not enough."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells import headings
from zixly_data.imports.cells.kinds import (
    DEAL_FIELDS,
    FIELDS,
    TABLES,
    FileField,
    Kind,
    field_of,
    required,
)
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.tables.overheads import parse_kind

_BALANCE = frozenset({"balance", "runningbalance", "closingbalance", "accountbalance"})
# In a bank's file these are the account of the organisation itself, not a client.
_OWN_ACCOUNT = frozenset({"accountnumber", "account", "accountname", "bankaccount"})
_NAMES = frozenset({"client_id", "client_name", "account"})
_ACCOUNTS = frozenset({"account", "accountname"})
# A row with a day of creation is a deal, not an event.
_CREATED = frozenset({
    "createdate", "createddate", "createdtime", "createdon", "datecreated", "dealcreated",
    "addtime",
})  # fmt: skip
_SUPPLIERS = frozenset({
    "counterparty", "supplier", "suppliername", "vendor", "vendorname", "paidto",
})  # fmt: skip
_SAMPLE_SIZE = 2000
_NEGATIVE_SHARE = 0.2
_NEGATIVE = re.compile(r"\s*(?:[A-Z]{0,3}\$?\s*[-−–(].*[0-9].*|.*[0-9]\s*(?:[-−–]|DR))\s*")
_FIGURE = re.compile(r".*[0-9].*")
_DESCRIPTIONS = {
    "client_id": "the client (its external ID or name)",
    "lead_id": "the lead",
    "stage": "the stage that the lead reached",
    "date": "the date",
    "revenue": "the amount (revenue, expenses, or one amount in and out)",
    "metric_name": "the metric",
    "metric_value": "the metric's value",
}


def recognise(table: Table, kind: Kind) -> Mapping:
    """Suggest a column for each field of `kind`, for a person to confirm.

    Each column serves one field. The best match wins; of equal matches, the first with a cell.
    """
    matches = sorted(_matches(table, kind))
    columns = _assign([match for match in matches if match[-1] not in DEAL_FIELDS])
    if kind is Kind.LEAD_EVENTS:
        columns = _settle_deals(table, columns, _assign(matches))
    if kind in (Kind.FINANCIALS, Kind.OVERHEADS):
        columns = _settle_amount(table, columns, kind)
    return Mapping(
        {field.name: columns[field.name] for field in FIELDS[kind] if field.name in columns}
    )


def guess_kind(table: Table) -> Kind | None:
    """Guess the kind of the rows; None if the names of the columns do not tell."""
    if _are_overheads(table):
        return Kind.OVERHEADS
    for kind in (Kind.CUSTOM_METRICS, Kind.LEAD_EVENTS, Kind.FINANCIALS, Kind.CLIENTS):
        columns = recognise(table, kind).columns
        groups = [group for group in required(kind) if kind is Kind.CLIENTS or "id" not in group]
        if all(any(name in columns for name in group) for group in groups):
            return kind
    return None


def missing_columns(kind: Kind, mapping: Mapping) -> list[str]:
    """Return a sentence for each required field of this kind that has no column."""
    sentences = []
    for group in required(kind):
        if not any(name in mapping.columns for name in group):
            sentences.append(f"No column is chosen for {_DESCRIPTIONS[group[0]]}.")
    return sentences


def require_columns(kind: Kind, table: Table, mapping: Mapping) -> None:
    """Raise InvalidInput if a required column is not chosen, does not exist, or is chosen for two
    fields."""
    sentences = missing_columns(kind, mapping)
    if sentences:
        raise InvalidInput(" ".join(sentences), advice="Choose the missing columns.")
    labels: dict[int, str] = {}
    for name, place in mapping.columns.items():
        label = field_of(kind, name).label
        if not 0 <= place < len(table.header):
            raise InvalidInput(f"The file has no column for “{label}”.", field=name,
                               advice="Choose another column.")  # fmt: skip
        if place in labels:
            raise InvalidInput(
                f"The column “{table.header[place]}” is used twice: for “{labels[place]}” and "
                f"for “{label}”.",
                field=name, advice="Choose another column for one of them.",
            )  # fmt: skip
        labels[place] = label


def header_key(table: Table) -> str:
    """Return a key of the column names in their order: SHA-256 as 64 hex digits."""
    names = "\n".join(headings.normalise_heading(name) for name in table.header)
    return hashlib.sha256(names.encode()).hexdigest()


def _matches(table: Table, kind: Kind) -> list[tuple[int, int, bool, int, str]]:
    keys = [headings.normalise_heading(name) for name in table.header]
    is_bank = any(key in _BALANCE for key in keys)
    matches = []
    for order, field in enumerate(FIELDS[kind]):
        for place, (key, name) in enumerate(zip(keys, table.header, strict=True)):
            rank = _rank(field, key, headings.normalise_without_suffix(name))
            if rank is None or not _fits(field, table.columns[place], kind):
                continue
            if is_bank and field.name in _NAMES and key in _OWN_ACCOUNT:
                continue
            is_empty = all(cell is None for cell in table.columns[place])
            matches.append((rank, order, is_empty, place, field.name))
    return matches


def _assign(matches: Sequence[tuple[int, int, bool, int, str]]) -> dict[str, int]:
    """Return the column of each field: the first match of both."""
    columns: dict[str, int] = {}
    for _, _, _, place, name in matches:
        if name not in columns and place not in columns.values():
            columns[name] = place
    return columns


def _settle_deals(
    table: Table, columns: dict[str, int], columns_of_deals: dict[str, int]
) -> dict[str, int]:
    """Return the columns of a file with a row for each deal, if it has days of creation and of
    closing; otherwise those of events."""
    if not {"date", "close_date"} <= columns_of_deals.keys():
        return columns
    name = table.header[columns_of_deals["date"]]
    if not _CREATED & {
        headings.normalise_heading(name), headings.normalise_without_suffix(name),
    }:  # fmt: skip
        return columns
    if "lead_id" not in columns_of_deals and "deal_id" in columns_of_deals:
        columns_of_deals["lead_id"] = columns_of_deals.pop("deal_id")
    return columns_of_deals


def _are_overheads(table: Table) -> bool:
    """Return whether rows are overheads: by our ids or types, or by a supplier and no client.

    A bank's file names suppliers too, but has the payments of clients as well.
    """
    columns = recognise(table, Kind.OVERHEADS).columns
    if not all(any(name in columns for name in group) for group in required(Kind.OVERHEADS)):
        return False
    if "id" in columns or ("kind" in columns and "client" not in columns):
        return True
    keys = [headings.normalise_heading(name) for name in table.header]
    named = {keys[place] for name, place in recognise(table, Kind.FINANCIALS).columns.items()
             if name in ("client_id", "client_name")}  # fmt: skip
    return bool(_SUPPLIERS & set(keys)) and not _BALANCE & set(keys) and named <= _ACCOUNTS


def _fits(field: FileField, cells: Sequence[Cell], kind: Kind) -> bool:
    """Return whether cells can belong to a field whose heading is a common one: an id, a type."""
    if field.name == "id":
        return _are_record_ids(cells, kind)
    return field.column != "kind" or _are_kinds(cells)


def _are_kinds(cells: Sequence[Cell]) -> bool:
    sample = set(islice((cell for cell in cells if cell is not None), _SAMPLE_SIZE))
    try:
        return bool([parse_kind(str(cell)) for cell in sample])
    except InvalidInput:
        return False


def _rank(field: FileField, key: str, bare_key: str) -> int | None:
    if key in field.names:
        return field.names.index(key)
    return 100 + field.names.index(bare_key) if bare_key in field.names else None


def _are_record_ids(cells: Sequence[Cell], kind: Kind) -> bool:
    pattern = re.compile(rf"\s*{TABLES[kind].id_prefix}_[0-9a-z]+\s*")
    sample = list(islice((cell for cell in cells if cell is not None), _SAMPLE_SIZE))
    return bool(sample) and all(
        isinstance(cell, str) and pattern.fullmatch(cell) for cell in sample
    )


def _settle_amount(table: Table, columns: dict[str, int], kind: Kind) -> dict[str, int]:
    """Decide whether `amount` is money in and out, as of a bank, or revenue, as of invoices; of
    overheads expenses, as of bills."""
    if "amount" not in columns:
        return columns
    place = columns["amount"]
    others = {name: place for name, place in columns.items() if name != "amount"}
    if "revenue" in others or "expenses" in others:
        return others
    keys = {headings.normalise_heading(name) for name in table.header}
    if keys & _BALANCE or _mixes_signs(table.columns[place]):
        return columns
    return {**others, "revenue" if kind is Kind.FINANCIALS else "expenses": place}


def _mixes_signs(cells: Sequence[Cell]) -> bool:
    sample = list(islice((cell for cell in cells if isinstance(cell, str | Decimal)), _SAMPLE_SIZE))
    figures = [cell for cell in sample if isinstance(cell, Decimal) or _FIGURE.fullmatch(cell)]
    negative = sum(
        cell < 0 if isinstance(cell, Decimal) else bool(_NEGATIVE.fullmatch(cell))
        for cell in figures
    )
    return bool(figures) and negative / len(figures) >= _NEGATIVE_SHARE
