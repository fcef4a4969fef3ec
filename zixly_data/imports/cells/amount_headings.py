"""What the heading of a column of amounts says: with or without tax, of a document or of a line."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]+|[A-ZÄÖÜ]+(?![a-zäöüß])")
_NET = frozenset({
    "net", "netto", "ex", "excl", "excluding", "exclusive", "subtotal", "without", "before",
    "nettobetrag", "zzgl", "ohne",
})  # fmt: skip
_GROSS = frozenset({
    "gross", "incl", "inc", "including", "inclusive", "brutto", "bruttobetrag", "grossamount",
    "grandtotal", "inkl", "inklusive",
})  # fmt: skip
_TOTAL = frozenset({
    "total", "totals", "invoicetotal", "totalamount", "gesamtbetrag", "rechnungsbetrag",
    "rechnungssumme", "gesamt",
})  # fmt: skip
_LINE = frozenset({"line", "item", "unit", "lineamount", "linetotal", "itemtotal", "position"})
# The total of an account or a period, which has no tax.
_FIGURES = frozenset({
    "revenue", "income", "sales", "expense", "expenses", "cost", "costs", "hours", "credit",
    "credits", "debit", "debits",
})  # fmt: skip
_DOCUMENT = frozenset({"invoice", "due", "grand", "document", "bill", "subtotal"}) | _TOTAL
_TAX_NAMES = {"gst": "GST", "vat": "VAT", "hst": "HST", "mwst": "MwSt", "ust": "USt"}


def includes_tax(heading: str) -> bool | None:
    """Return whether the amounts include tax; None if the heading does not say so."""
    terms = _terms(heading)
    if terms & _NET or {"sub", "total"} <= terms:
        return False
    if terms & _GROSS:
        return True
    return True if terms & _TOTAL and not terms & (_LINE | _FIGURES) else None


def is_of_document(heading: str) -> bool:
    """Return whether the amounts are those of a whole document: its total, or what is due."""
    terms = _terms(heading)
    return bool(terms & _DOCUMENT) and not terms & _LINE


def is_of_line(heading: str) -> bool:
    """Return whether the amounts are those of a line of a document."""
    terms = _terms(heading)
    return bool(terms & _LINE) and "unit" not in terms


def tax_name(heading: str) -> str:
    """Return the name of the tax in a heading: `GST`, `VAT`, otherwise `tax`."""
    terms = _terms(heading)
    return next((name for term, name in _TAX_NAMES.items() if term in terms), "tax")


def _terms(heading: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(heading))
