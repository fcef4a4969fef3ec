"""What the columns of a file mean: from their names, and from cells where names say too little."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from zixly_data.imports.cells import headings
from zixly_data.imports.cells.kinds import FIELDS, Field, Kind, required
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Cell, Table

_PREFIX = {
    Kind.CLIENTS: "ckpi",
    Kind.FINANCIALS: "fin",
    Kind.LEAD_EVENTS: "lev",
    Kind.CUSTOM_METRICS: "met",
}
_BALANCE = frozenset({"balance", "runningbalance", "closingbalance", "accountbalance"})
# In a bank's file these name the account of the organisation itself, not a client.
_OWN_ACCOUNT = frozenset({"accountnumber", "account", "accountname", "bankaccount"})
_LOOKED_AT = 2000
_NEGATIVE_SHARE = 0.2
_NEGATIVE = re.compile(r"\s*(?:[A-Z]{0,3}\$?\s*[-−–(].*[0-9].*|.*[0-9]\s*(?:[-−–]|DR))\s*")
_FIGURE = re.compile(r".*[0-9].*")
_ASKED = {
    "client_id": "whose record it is: choose the client's external ID or name",
    "lead_id": "which lead it is",
    "stage": "which stage the lead reached",
    "date": "the date",
    "revenue": "an amount: choose revenue, expenses or one amount in and out",
    "metric_name": "which metric it is",
    "metric_value": "the metric's value",
}


def recognise(table: Table, kind: Kind) -> Mapping:
    """The columns that the fields of `kind` are suggested to come from; nobody has confirmed it.

    Each column serves one field. Best match first; of equally good ones the first with a cell.
    """
    matches = sorted(_matches(table, kind))
    columns: dict[str, int] = {}
    for _, _, _, place, name in matches:
        if name not in columns and place not in columns.values():
            columns[name] = place
    if kind is Kind.FINANCIALS:
        columns = _amount_settled(table, columns)
    return Mapping(
        {field.name: columns[field.name] for field in FIELDS[kind] if field.name in columns}
    )


def guess_kind(table: Table) -> Kind | None:
    """What the rows probably are; None where the names of the columns do not say."""
    for kind in (Kind.CUSTOM_METRICS, Kind.LEAD_EVENTS, Kind.FINANCIALS, Kind.CLIENTS):
        found = recognise(table, kind).columns
        groups = [group for group in required(kind) if kind is Kind.CLIENTS or "id" not in group]
        if all(any(name in found for name in group) for group in groups):
            return kind
    return None


def missing(kind: Kind, mapping: Mapping) -> list[str]:
    """A sentence for each thing that a file of this kind needs and no column says."""
    sentences = []
    for group in required(kind):
        if not any(name in mapping.columns for name in group):
            sentences.append(f"No column says {_ASKED[group[0]]}.")
    return sentences


def header_key(table: Table) -> str:
    """The same for files with the same columns in the same order: SHA-256 as 64 hex digits."""
    names = "\n".join(headings.normalised(name) for name in table.header)
    return hashlib.sha256(names.encode()).hexdigest()


def _matches(table: Table, kind: Kind) -> list[tuple[int, int, bool, int, str]]:
    keys = [headings.normalised(name) for name in table.header]
    is_bank = any(key in _BALANCE for key in keys)
    found = []
    for order, field in enumerate(FIELDS[kind]):
        for place, (key, name) in enumerate(zip(keys, table.header, strict=True)):
            rank = _rank(field, key, headings.without_aside(name))
            if rank is None or (field.type == "id" and not _are_ours(table.columns[place], kind)):
                continue
            if is_bank and field.type == "client" and key in _OWN_ACCOUNT:
                continue
            is_empty = all(cell is None for cell in table.columns[place])
            found.append((rank, order, is_empty, place, field.name))
    return found


def _rank(field: Field, key: str, bare: str) -> int | None:
    if key in field.names:
        return field.names.index(key)
    return 100 + field.names.index(bare) if bare in field.names else None


def _are_ours(cells: Sequence[Cell], kind: Kind) -> bool:
    ours = re.compile(rf"\s*{_PREFIX[kind]}_[0-9a-z]+\s*")
    seen = list(islice((cell for cell in cells if cell is not None), _LOOKED_AT))
    return bool(seen) and all(isinstance(cell, str) and ours.fullmatch(cell) for cell in seen)


def _amount_settled(table: Table, columns: dict[str, int]) -> dict[str, int]:
    """Whether `amount` is money in and out, as of a bank, or revenue, as of invoices."""
    if "amount" not in columns:
        return columns
    place = columns["amount"]
    others = {name: at for name, at in columns.items() if name != "amount"}
    if "revenue" in others or "expenses" in others:
        return others
    keys = {headings.normalised(name) for name in table.header}
    if keys & _BALANCE or _mixes_signs(table.columns[place]):
        return columns
    return {**others, "revenue": place}


def _mixes_signs(cells: Sequence[Cell]) -> bool:
    seen = list(islice((cell for cell in cells if isinstance(cell, str | Decimal)), _LOOKED_AT))
    figures = [cell for cell in seen if isinstance(cell, Decimal) or _FIGURE.fullmatch(cell)]
    negative = sum(
        cell < 0 if isinstance(cell, Decimal) else bool(_NEGATIVE.fullmatch(cell))
        for cell in figures
    )
    return bool(figures) and negative / len(figures) >= _NEGATIVE_SHARE
