"""Sentences about the tax that the amounts of a file are net of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from itertools import islice

from zixly_data.imports.cells.amount_headings import tax_name
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.mapping import NO_TAX, TAX_COLUMN
from zixly_data.imports.rows.staging import RowStager

# The tax that was taken off, by direction and row.
Taxes = Mapping[str, Mapping[int, Decimal]]

_SAMPLE_SIZE = 500
_TAX_NAMES = frozenset({"taxtype", "taxcode", "taxname", "tax1type", "taxratename", "itemtax"})


def tax_notes(stager: RowStager, taxes: Taxes) -> list[str]:
    """Return a sentence for each direction with the tax that its rows are net of, by currency. The
    amounts and currencies of the rows are staged."""
    if not any(taxes.values()):
        return []
    staged, label = stager.staged, _label(stager)
    rate = stager.mapping.tax
    at_rate = "" if rate in (None, NO_TAX, TAX_COLUMN) else f" at {rate}%"
    currencies = _currencies(stager)
    notes = []
    for side, verb in (("revenue", "Revenue is"), ("expenses", "Expenses are")):
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row, tax in taxes[side].items() if side in staged.columns else ():
            amount = staged.columns[side][row]
            if amount in (None, "0.00") or row in staged.problems or row in staged.left_out:
                continue
            sums[currencies[row]] += -abs(tax) if amount.startswith("-") else abs(tax)
        named = [f"{code} {total:,.2f}" for code, total in sums.items() if total]
        if named:
            notes.append(f"{verb} net of {' and '.join(named)} {label}{at_rate}.")
    return notes


def _currencies(stager: RowStager) -> list[str]:
    staged, data = stager.staged, stager.reference_data
    default = stager.mapping.currency or data.currency
    own = staged.columns.get("currency")
    if own is not None:
        return [code or default for code in own]
    clients = {client.id: client.currency for client in (*data.clients, *staged.added.values())}
    return [clients.get(client or "", default) for client in staged.columns["client_kpi_id"]]


def _label(stager: RowStager) -> str:
    """Return what the file calls its tax: in the heading, or in the names of its rates."""
    if not stager.has_column("tax"):
        return "tax"
    name = tax_name(stager.table.header[stager.mapping.columns["tax"]])
    if name != "tax":
        return name
    for heading, cells in zip(stager.table.header, stager.table.columns, strict=True):
        if normalise_heading(heading) in _TAX_NAMES:
            names = {tax_name(str(cell)) for cell in islice(cells, _SAMPLE_SIZE) if cell}
            if len(names) == 1:
                return names.pop()
    return "tax"
