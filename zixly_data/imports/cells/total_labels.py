"""Labels of rows and columns that hold totals, in English and German."""

from __future__ import annotations

import re

_BARE = re.compile(
    r"(?:(?:grand|sub|sum|net|overall|report|invoice|page|column|final)?[ -]?totals?"
    r"(?: (?:aud|nzd|usd|gbp|eur|\$|all|amount|overall|due))?|sum|totals? \([^)]*\)"
    r"|(?:zwischen|gesamt)?summe|gesamt)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:sub-?)?totals?(?: for| of)?\b(?P<after>.+)|(?P<before>.+)\btotals?"
    r"|(?:zwischen|gesamt)?summe(?: für)? (?P<german>.+)",
    re.IGNORECASE,
)
_LONGEST = 100


def total_of(text: str) -> str | None:
    """Return the name in the label of a total, empty for a bare one; None for any other text.

    `Harbour Cafe` for `Total for Harbour Cafe`, empty for `Grand total` and `Summe`. A client
    called Total Tools has such a label too: the figures of the row have to decide.
    """
    if len(text) > _LONGEST:
        return None
    lower = text.lower()
    if "total" not in lower and "sum" not in lower and "gesamt" not in lower:
        return None
    label = text.strip().rstrip(":").rstrip()
    if _BARE.fullmatch(label):
        return ""
    if match := _NAMED.fullmatch(label):
        return next(part for part in match.groups() if part).strip()
    return None
