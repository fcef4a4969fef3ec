"""The columns of a file that say what its rows are: few different values, and a heading or values
that tell.

A needless question costs a person time, so a column is not asked about if its values say nothing
about counting (`Sent`, `Paid`), nor a category such as `Travel`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from zixly_data.imports.cells.headings import FIELD_NAMES, normalise_heading
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.meanings import vocabulary
from zixly_data.imports.meanings.meaning import Meaning
from zixly_data.imports.references import normalise_name

_TYPES = frozenset({
    "type", "invoicetype", "transactiontype", "transactionkind", "txntype", "trntype", "trnstype",
    "transtype", "transaction", "documenttype", "doctype", "document", "billtype", "entrytype",
    "recordtype", "rowtype", "lineitemtype", "sourcetype", "accounttype", "debitcredit",
    "creditdebit", "drcr", "crdr", "debitorcredit", "creditordebit", "direction", "inout", "flow",
    "incomeexpense", "accountclass", "kontoart",
    "kontotyp", "incomeorexpense", "sign", "kind", "art", "typ", "buchungstyp", "buchungsart",
    "belegart", "belegtyp", "dokumenttyp", "dokumentart", "umsatzart", "sollhaben", "vorgang",
    "sh", "sollhabenkennzeichen",
})  # fmt: skip
_STATUSES = frozenset({
    "status", "invoicestatus", "salestatus", "purchasestatus", "billstatus", "documentstatus",
    "paymentstatus", "transactionstatus", "state", "belegstatus", "rechnungsstatus", "zustand",
})  # fmt: skip
_ACCOUNT_TYPES = frozenset({"accounttype", "accountclass", "kontoart", "kontotyp"})
_MYOB_STATUSES = frozenset({"salestatus", "purchasestatus"})
_BILLABLE = frozenset({
    "billable", "isbillable", "billableyesno", "billablestatus", "chargeable", "abrechenbar",
    "fakturierbar", "verrechenbar",
})  # fmt: skip
# Columns of every other purpose, whose values may have a term by chance: `Bank transfer`.
_OTHER = re.compile(
    r"track|tax|gst|vat|mwst|address|mail|phone|item|product|sku|employee|user|team|project|task"
    r"|tag|city|country|region|method|methode|mode|currency|rate|role|note|descri|detail|memo|name"
    r"|date|datum|number|remark|comment|subject|nummer|reference|terms|department|location|zahlungsart|paymenttype"
)
_SAMPLE_SIZE = 2000
_MOST_VALUES, _MOST_TYPES, _MOST_DECIDED = 20, 60, 500
# A shorter file may have as many values as rows.
_SHORT, _ROWS_A_VALUE = 40, 4


@dataclass(frozen=True)
class MeaningColumn:
    """A column that says what its rows are. `values` has the normalised value of each row, `names`
    each value as the file writes it first, `suggestions` what it may mean. `key` is the column in
    `Mapping.meanings`."""

    heading: str
    key: str
    values: Sequence[str]
    names: dict[str, str]
    suggestions: dict[str, Meaning | None]

    def is_voided(self, value: str) -> bool:
        """Return whether a document with this value, which is left out, counts no more."""
        return self.key in _STATUSES or vocabulary.is_voided(value)

    @property
    def is_billable(self) -> bool:
        """Whether the column says what is billable, which matters only where amounts do not."""
        return self.key in _BILLABLE


def find_columns(
    table: Table, mapping: Mapping, *, has_signs: bool, is_overhead: bool
) -> list[MeaningColumn]:
    """Return the columns to ask about, and those with an answer in the mapping, in the order of
    the file. A column that is mapped to a field is none of them, except the account of a journal
    and notes that all say what a row is.

    `has_signs`: the amounts have a direction, as a bank's do; a type is then how something was
    paid.
    """
    used = set(mapping.columns.values())
    columns = []
    accounts = _account_places(table) if table.is_journal else ()
    for place, heading in enumerate(table.header):
        key = normalise_heading(heading)
        is_account = place in accounts
        is_note = place == mapping.columns.get("note")
        is_decided = key in mapping.meanings
        if not key or (place in used and not is_account and not is_note):
            continue
        if not (is_decided or is_account or is_note) and (table.is_journal or not _may_tell(key)):
            continue
        limit = _MOST_DECIDED if is_decided else _MOST_TYPES
        column = _read(heading, key, table.columns[place], limit, is_overhead, is_account)
        if column is None:
            continue
        if is_note and not is_decided and not (_tells_all(column) and not has_signs):
            continue
        if is_decided or is_account or _tells(column, len(table), has_signs=has_signs):
            columns.append(column)
    return columns


def _account_places(table: Table) -> tuple[int, ...]:
    """Return the column of a journal that says which side of an entry a row is: the type of the
    account, or the account where the file has no types."""
    keys = [normalise_heading(heading) for heading in table.header]
    for key in ("accounttype", "account"):
        if key in keys:
            place = keys.index(key)
            if any(cell is not None for cell in table.columns[place]):
                return (place,)
    return ()


def _may_tell(key: str) -> bool:
    if key in _TYPES or key in _STATUSES or key in _BILLABLE or key in ("category", "class"):
        return True
    return key not in FIELD_NAMES and not _OTHER.search(key)


def _read(
    heading: str, key: str, cells: Sequence[Cell], limit: int, is_overhead: bool, is_account: bool
) -> MeaningColumn | None:
    """Return the column with its suggestions; None if it has more different values than `limit`."""
    if len(set(islice(cells, _SAMPLE_SIZE))) > 2 * limit:
        return None
    distinct = dict.fromkeys(cells)
    if len(distinct) > 2 * limit:
        return None
    by_cell = {cell: normalise_name("" if cell is None else str(cell)) for cell in distinct}
    names: dict[str, str] = {}
    for cell, value in by_cell.items():
        names.setdefault(value, "" if cell is None else " ".join(str(cell).split()))
    if len(names) > limit or not any(names):
        return None
    if key in _BILLABLE:
        meanings = vocabulary.suggest_billable(list(names.values()))
    elif key in _MYOB_STATUSES:
        meanings = vocabulary.suggest_myob_status(list(names.values()))
    else:
        meanings = vocabulary.suggest(
            list(names.values()),
            is_journal=is_account or key in _ACCOUNT_TYPES,
            is_overhead=is_overhead,
        )
    return MeaningColumn(
        heading,
        key,
        [by_cell[cell] for cell in cells],
        names,
        dict(zip(names, meanings, strict=True)),
    )


def _tells(column: MeaningColumn, rows: int, *, has_signs: bool) -> bool:
    """Return whether a person should be asked about the column."""
    filled = [column.suggestions[value] for value in column.names if value]
    says = [meaning for meaning in filled if meaning not in (None, Meaning.COUNT)]
    if column.key not in _TYPES and not _is_short(len(filled), rows):
        return False
    if has_signs:
        is_of_documents = column.key in _TYPES and any(map(vocabulary.names_document, column.names))
        return is_of_documents or (column.key in _STATUSES and bool(says))
    if column.key in _TYPES:
        if any(map(vocabulary.is_payment, column.names)):
            return True
        return bool(says) or (len(filled) > 1 and None in filled)
    if column.key in _STATUSES:
        return bool(says) or (None in filled and len(filled) > 1)
    if column.key in _BILLABLE:
        return Meaning.LEAVE_OUT in filled or {None, Meaning.COUNT} <= set(filled)
    known = len(filled) - filled.count(None)
    return bool(says) and known * 2 >= len(filled)


def _tells_all(column: MeaningColumn) -> bool:
    """Return whether each of several values says what a row is: notes seldom do."""
    filled = [column.suggestions[value] for value in column.names if value]
    return len(filled) > 1 and None not in filled


def _is_short(values: int, rows: int) -> bool:
    """Return whether the values are few, and far fewer than the rows of a longer file."""
    return values <= _MOST_VALUES and (rows < _SHORT or values * _ROWS_A_VALUE <= rows)
