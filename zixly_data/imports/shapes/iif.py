"""QuickBooks Desktop's IIF: lines of several kinds, each with column names of its own.

`!TRNS` and `!SPL` name the columns of the first line and of the other lines of an entry, `!ACCNT`
those of accounts. An amount is a debit if it is positive. Lists of clients, items and taxes have no
amounts and are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.shapes import journals

_ENTRY, _SPLIT, _END, _ACCOUNTS = "TRNS", "SPL", "ENDTRNS", "ACCNT"
_KINDS = frozenset({
    "HDR", _ENTRY, _SPLIT, _END, _ACCOUNTS, "CUST", "VEND", "EMP", "OTHERNAME", "INVITEM",
    "CLASS", "TERMS", "CTYPE", "VTYPE", "BUD", "TIMEACT", "TIMERHDR", "CUSTNAMEDICT",
    "ENDCUSTNAMEDICT", "INVMEMO", "PAYMETH", "SHIPMETH", "TODO", "CUSTITEM",
})  # fmt: skip
_TYPES = {
    "AR": "Accounts receivable", "AP": "Accounts payable", "BANK": "Bank", "CCARD": "Credit card",
    "INC": "Income", "EXINC": "Other income", "EXP": "Expense", "EXEXP": "Other expense",
    "COGS": "Cost of goods sold", "EQUITY": "Equity", "FIXASSET": "Fixed asset",
    "OCASSET": "Other current asset", "OASSET": "Other asset", "LTLIAB": "Long term liability",
    "OCLIAB": "Other current liability", "NONPOSTING": "Non-posting",
}  # fmt: skip
_AMOUNT = "AMOUNT"
# The columns of the table, and those of IIF; the optional ones only if the file has them.
_COLUMNS = (("Date", "DATE"), ("Type", "TRNSTYPE"), ("Number", "DOCNUM"),
            (journals.ACCOUNT, "ACCNT"), ("Client", "NAME"), ("Memo", "MEMO"),
            ("Class", "CLASS"))  # fmt: skip
_OPTIONAL = {"DOCNUM", "MEMO", "CLASS"}
# A split without its own has these of the first line of its entry.
_SHARED = ("DATE", "TRNSTYPE", "DOCNUM", "NAME")


def is_iif(first_row: Sequence[Cell]) -> bool:
    """Return whether a file's first row is one of IIF: `!TRNS`, then names of columns."""
    first = first_row[0] if first_row else None
    return isinstance(first, str) and first.startswith("!") and first[1:].strip() in _KINDS


def read(rows: Iterable[tuple[int, Sequence[str]]], notes: Sequence[str]) -> Table | None:
    """Return the entries of the rows, which come with their lines; None if there are none."""
    names: dict[str, list[str]] = {}
    types: dict[str, str] = {}
    others: dict[str, int] = {}
    splits: list[tuple[int, dict[str, str]]] = []
    entry: dict[str, str] = {}
    for line, cells in rows:
        kind, *rest = [cell.strip() for cell in cells] or [""]
        if kind.startswith("!"):
            names[kind[1:]] = rest
            continue
        values = dict(zip(names.get(kind, []), rest, strict=False))
        if kind == _ENTRY:
            entry = values
            splits.append((line, values))
        elif kind == _SPLIT:
            shared = {name: entry[name] for name in _SHARED if entry.get(name)}
            splits.append((line, {**shared, **{key: text for key, text in values.items() if text}}))
        elif kind == _ACCOUNTS:
            types[values.get("NAME", "")] = values.get("ACCNTTYPE", "")
        elif kind not in (_END, "", "HDR"):
            others[kind] = others.get(kind, 0) + 1
    if not splits:
        return None
    return _table(splits, types, [*notes, *_notes_about(others)])


def _table(
    splits: Sequence[tuple[int, dict[str, str]]], types: dict[str, str], notes: Sequence[str]
) -> Table:
    present = {name for _, values in splits for name, text in values.items() if text}
    header: list[str] = []
    columns: list[tuple[Cell, ...]] = []
    for heading, name in _COLUMNS:
        if name in _OPTIONAL - present:
            continue
        header.append(heading)
        columns.append(tuple(values.get(name) or None for _, values in splits))
        if heading == journals.ACCOUNT:
            header.append(journals.ACCOUNT_TYPE)
            codes = [types.get(values.get(name, "")) for _, values in splits]
            columns.append(tuple(_TYPES.get(code, code) if code else None for code in codes))
    amounts = [values.get(_AMOUNT) or None for _, values in splits]
    return Table(
        "", (*header, journals.DEBIT, journals.CREDIT),
        (*columns, *journals.split_sides(amounts)), tuple(line for line, _ in splits),
        notes=(*notes, journals.BOTH_SIDES), is_journal=True,
    )  # fmt: skip


def _notes_about(others: dict[str, int]) -> list[str]:
    if not others:
        return []
    kinds = ", ".join(f"{kind} ({count:,})" for kind, count in others.items())
    return [f"The file also has lists without amounts, which are not imported: {kinds}."]
