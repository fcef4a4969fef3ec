"""Labels that say whether amounts came in or went out, and labels of what is computed from them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PREFIX = re.compile(r"(?:less|plus|add|total|trading|direct|operating|other|overall):? ")
_IN = frozenset({
    "income", "incomes", "revenue", "revenues", "sales", "turnover", "in", "money in", "receipts",
    "umsatz", "umsätze", "einnahmen", "erlöse", "ertrag", "erträge",
})  # fmt: skip
_OUT = frozenset({
    "expense", "expenses", "cost", "costs", "cost of sales", "cost of goods sold", "cogs", "out",
    "money out", "payments", "spending", "overheads", "bills", "purchases", "ausgaben", "kosten",
    "aufwand", "aufwendungen",
})  # fmt: skip
_COMPUTED = frozenset({
    "profit", "net profit", "gross profit", "operating profit", "net income", "profit / loss",
    "profit/loss", "profit and loss", "profit or loss", "loss", "net loss", "surplus", "margin",
    "gross margin", "profit margin", "net margin", "margin %", "net", "difference", "result",
    "net operating income", "net operating profit", "net ordinary income", "net other income",
    "net earnings", "ebit", "ebitda", "net cash flow", "gewinn", "ergebnis", "differenz", "saldo",
})  # fmt: skip
_TITLE_IN = r"(?:incomes?|revenues?|sales|invoices|turnover|umsatz|umsätze|einnahmen)"
_TITLE_OUT = r"(?:expenses?|spend(?:ing)?|bills|purchases|costs?|ausgaben|kosten)"
_BY = r"(?:^(?:total |net |monthly )?{words}\b|\b{words} (?:by|per|nach|je)\b)"
_TITLES_IN = re.compile(_BY.format(words=_TITLE_IN))
_TITLES_OUT = re.compile(_BY.format(words=_TITLE_OUT))
_TITLES_BOTH = re.compile(r"\b(?:profit|profitability|loss|margin|gewinn)\b")
INCOME, EXPENSE = "Income", "Expense"


def direction_of(label: str) -> str | None:
    """Return INCOME for `Revenue`, EXPENSE for `Less Cost of Sales`; None for any other label."""
    key = _normalise(label)
    for text in (key, _PREFIX.sub("", key), _PREFIX.sub("", _PREFIX.sub("", key, count=1))):
        if text in _IN:
            return INCOME
        if text in _OUT:
            return EXPENSE
    return None


def is_computed(label: str) -> bool:
    """Return whether a label is that of a row computed from others: `Net profit`."""
    return _normalise(label) in _COMPUTED


def direction_of_titles(titles: Sequence[str]) -> str | None:
    """Return the direction that titles name: INCOME for `Income by Contact`.

    None if they name neither or both.
    """
    texts = [_normalise(title) for title in titles]
    is_income, is_expense = (
        any(map(pattern.search, texts)) for pattern in (_TITLES_IN, _TITLES_OUT)
    )
    if is_income == is_expense or any(map(_TITLES_BOTH.search, texts)):
        return None
    return INCOME if is_income else EXPENSE


def _normalise(label: str) -> str:
    return " ".join(label.casefold().split()).rstrip(":").rstrip()
