"""Recognises the columns of a file by their names, and by their cells if names are not enough."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice

from zixly_data.errors import InvalidInput
from zixly_data.imports import reduced_amounts
from zixly_data.imports.cells import headings
from zixly_data.imports.cells.amount_headings import includes_tax
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
from zixly_data.imports.timesheets import (
    MOMENTS,
    PERSONS,
    has_days,
    has_durations,
    is_timesheet,
)
from zixly_data.tables.financials import EXPENSES, TURNOVER
from zixly_data.tables.overheads import parse_kind

# In a bank's file these are the account of the organisation itself, not a client.
_OWN_ACCOUNT = frozenset({"accountnumber", "account", "accountname", "bankaccount"})
_NAMES = frozenset({"client_id", "client_name", "account"})
_ACCOUNTS = frozenset({"account", "accountname"})
# A row with a day of creation is a deal, not an event.
_CREATED = frozenset({
    "createdate", "createddate", "createdtime", "createdon", "datecreated", "dealcreated",
    "addtime", "erstellungsdatum", "erstelltam", "dealerstellt",
})  # fmt: skip
_SUPPLIERS = frozenset({
    "counterparty", "supplier", "suppliername", "vendor", "vendorname", "paidto",
})  # fmt: skip
_SAMPLE_SIZE = 2000
_FIGURE = re.compile(r".*[0-9].*")
_METRIC = ("metric_name",)
_YES_NO = frozenset({"yes", "no", "y", "n", "true", "false", "ja", "nein", "wahr", "falsch"})
# `10%`, and whole numbers such as 10: the rate of a tax, or its code.
_RATE = re.compile(r"[0-9]{1,2}(?:\.[0-9]+)? ?%|[0-9]{1,2}")

# A column of these is no rate, even if all that a file has are whole numbers: `TaxTotal`.
_NAMES_OF_TAX_AMOUNTS = ("amount", "total", "line", "betrag")


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
        columns = reduced_amounts.settle(table, columns, kind)
    if kind is Kind.FINANCIALS and table.is_bank and not columns.keys() & _NAMES:
        columns = _settle_payees(columns)
    return Mapping(
        {field.name: columns[field.name] for field in FIELDS[kind] if field.name in columns}
    )


def guess_kind(table: Table) -> Kind | None:
    """Guess the kind of the rows; None if the names of the columns do not tell.

    A timesheet may have amounts too: its hours come first, and a person may choose financials.
    """
    if is_timesheet(table):
        return Kind.CUSTOM_METRICS
    if _are_overheads(table):
        return Kind.OVERHEADS
    for kind in (Kind.CUSTOM_METRICS, Kind.LEAD_EVENTS, Kind.FINANCIALS):
        if _has_required(table, kind):
            return kind
    if has_durations(table) and _has_required(table, Kind.CUSTOM_METRICS, but=_METRIC):
        return Kind.CUSTOM_METRICS
    return Kind.CLIENTS if _has_required(table, Kind.CLIENTS) else None


def _has_required(table: Table, kind: Kind, but: tuple[str, ...] = ()) -> bool:
    """Return whether the file has a column of each required group. The client of a record may still
    have to be chosen."""
    columns = recognise(table, kind).columns
    groups = [group for group in required(kind) if kind is Kind.CLIENTS or "id" not in group]
    return all(any(name in columns for name in group) for group in groups if group != but)


def header_key(table: Table) -> str:
    """Return a key of the column names in their order: SHA-256 as 64 hex digits."""
    names = "\n".join(headings.normalise_heading(name) for name in table.header)
    return hashlib.sha256(names.encode()).hexdigest()


def _matches(table: Table, kind: Kind) -> list[tuple[int, int, bool, int, str]]:
    keys = [headings.normalise_heading(name) for name in table.header]
    is_bank = table.is_bank or headings.has_balance(table.header)
    is_of_time = is_timesheet(table)
    has_costs = any(key in EXPENSES.headings for key in keys)
    matches = []
    for order, field in enumerate(FIELDS[kind]):
        for place, (key, name) in enumerate(zip(keys, table.header, strict=True)):
            rank = _rank(field, key, headings.normalise_without_suffix(name))
            if rank is None or not _fits(field, name, table.columns[place], kind):
                continue
            if field.name == "revenue" and field.names[rank % 100] in TURNOVER and not has_costs:
                continue
            if is_bank and field.name in _NAMES and key in _OWN_ACCOUNT:
                continue
            if is_of_time and field.name in _NAMES and key in PERSONS:
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
    is_of_suppliers = bool(_SUPPLIERS & set(keys)) and named <= _ACCOUNTS
    return is_of_suppliers and not headings.has_balance(table.header)


def _fits(field: FileField, heading: str, cells: Sequence[Cell], kind: Kind) -> bool:
    """Return whether cells can belong to a field whose heading is a common one: an id, a type, the
    start of an entry, `Invoiced?`."""
    if field.name == "id":
        return _are_record_ids(cells, kind)
    if field.type == "money" and _are_yes_no(cells):
        return False
    if field.name == "tax":
        return _are_amounts_of_tax(heading, cells)
    if field.type == "date" and headings.normalise_heading(heading) in MOMENTS:
        return has_days(cells)
    if field.name == "external_id" and kind is Kind.CUSTOM_METRICS:
        # Of a value, not of the invoice or of the person that several values have.
        return _are_distinct(cells)
    return field.column != "kind" or _are_kinds(cells)


def _are_yes_no(cells: Sequence[Cell]) -> bool:
    sample = {cell for cell in islice(cells, _SAMPLE_SIZE) if cell is not None}
    return bool(sample) and {str(cell).strip().casefold() for cell in sample} <= _YES_NO


def _are_distinct(cells: Sequence[Cell]) -> bool:
    numbers = [cell for cell in cells if cell is not None]
    return len(set(numbers)) == len(numbers)


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


def _settle_payees(columns: dict[str, int]) -> dict[str, int]:
    """Let the text of a bank's line say who paid or was paid, where no column does."""
    text = columns.get("note")
    if text is None:
        return columns
    return {name: place for name, place in columns.items() if name != "note"} | {
        "client_name": text
    }


def _settle_amount(table: Table, columns: dict[str, int], kind: Kind) -> dict[str, int]:
    """Decide between `amount` and the columns of revenue and expenses, which tell the direction.

    A total beside the costs of its row is the revenue; beside other columns an amount repeats them.
    An amount without tax is better than one with tax, in a file without a column of tax.
    """
    if "amount" not in columns:
        return columns
    if headings.is_fee(table.header[columns.get("revenue", columns["amount"])]):
        # Fees beside a total are a part of it.
        columns = {name: place for name, place in columns.items() if name != "revenue"}
    sides = {"revenue", "expenses"} & columns.keys()
    if not sides:
        net = None if "tax" in columns else _net_amount(table, columns, kind)
        return columns if net is None else {**columns, "amount": net}
    place = columns["amount"]
    others = {name: place for name, place in columns.items() if name != "amount"}
    is_total = includes_tax(table.header[place]) is not None
    is_named = (
        sides == {"expenses"}
        and headings.normalise_heading(table.header[columns["expenses"]]) not in headings.MONEY_OUT
    )
    if kind is Kind.FINANCIALS and is_total and is_named:
        return {**others, "revenue": place}
    return others


def _net_amount(table: Table, columns: dict[str, int], kind: Kind) -> int | None:
    """Return the column of amounts without tax, if the one chosen includes it."""
    if not includes_tax(table.header[columns["amount"]]):
        return None
    amount = field_of(kind, "amount")
    for place, name in enumerate(table.header):
        rank = _rank(
            amount, headings.normalise_heading(name), headings.normalise_without_suffix(name)
        )
        is_used = place in columns.values()
        if rank is not None and not is_used and includes_tax(name) is False:
            return place
    return None


def _are_amounts_of_tax(heading: str, cells: Sequence[Cell]) -> bool:
    """Return whether the cells are amounts, and not the names, codes or rates of a tax."""
    if "%" in heading:
        return False
    sample = [cell for cell in islice(cells, _SAMPLE_SIZE) if cell is not None]
    texts = {format(cell, "f") if isinstance(cell, Decimal) else str(cell) for cell in sample}
    if not all(_FIGURE.fullmatch(text) and "%" not in text for text in texts if text.strip(" -")):
        return False
    if any(name in headings.normalise_heading(heading) for name in _NAMES_OF_TAX_AMOUNTS):
        return True
    rates = {text for text in texts if _RATE.fullmatch(text.strip())}
    return rates != texts or len(sample) < 2 * len(rates)
