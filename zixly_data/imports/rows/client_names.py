"""Names of clients as files write them: with an id, in lists, and with changing numbers; and the
clients of ours with similar names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from difflib import get_close_matches

from zixly_data.imports.cells.mapping import ADD
from zixly_data.imports.references import ReferenceData, normalise_name
from zixly_data.imports.rows.questions import UnknownClient

_SEPARATORS = re.compile(r"\s*[;|\n]\s*")
_COMMA = re.compile(r"\s*,\s*")
_PRIMARY = re.compile(r"\s*\(primary\)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
# Most pairs of letters compared for suggestions: 20,000 pairs of names of 30 letters.
_COMPARED_LETTERS = 20_000 * 30 * 30


def client_key(client_id: str | None, name: str | None) -> str:
    """Return the key of a client's decision where its name alone says too little: `Kea (K-1)`."""
    if client_id and name:
        return f"{name} ({client_id})"
    return name or client_id or ""


def split_names(text: str, names: AbstractSet[str] = frozenset()) -> tuple[str, ...]:
    """Return the names in a cell that lists several, without repetitions; empty if it has one.

    A comma separates names only beside one of `names`, which are normalised: `Kea, Inc.` is one.
    """
    # Most cells name one client, and there are many.
    parts = _distinct(_SEPARATORS.split(text)) if _SEPARATORS.search(text) else ()
    if len(parts) < 2 and "," in text:
        parts = _distinct(_COMMA.split(text))
        if not any(normalise_name(part) in names for part in parts):
            return ()
    return parts if len(parts) > 1 else ()


def primary_name(parts: tuple[str, ...]) -> str | None:
    """Return the only name marked as `(Primary)`, without the mark."""
    marked = [part for part in parts if part.endswith(")")]
    primary = [bare for part in marked if (bare := _PRIMARY.sub("", part)) != part]
    return primary[0] if len(primary) == 1 else None


class Decisions:
    """The decisions of a mapping by key. In a bank's file a decision also holds for texts that
    differ in their digits alone, such as the number of a receipt: next month's are others."""

    def __init__(self, decisions: Mapping[str, str], *, is_bank: bool = False) -> None:
        self._decisions = decisions
        self._by_pattern: dict[str, set[str]] = {}
        for text, decision in decisions.items() if is_bank else ():
            pattern = _pattern(text)
            if pattern and decision != ADD:
                self._by_pattern.setdefault(pattern, set()).add(decision)

    def get(self, *keys: str) -> str | None:
        """Return the decision for the first of these keys that has one. Of a bank's texts that were
        decided in different ways, none decides about another one."""
        for key in keys:
            if key in self._decisions:
                return self._decisions[key]
        if not self._by_pattern:
            return None
        alike = self._by_pattern.get(_pattern(keys[-1]), set())
        return next(iter(alike)) if len(alike) == 1 else None


def suggest_similar(
    unknown: Sequence[UnknownClient], rows: Mapping[str, int], reference_data: ReferenceData
) -> list[UnknownClient]:
    """Return the unknown clients, each with the number of its rows and similar clients of ours.

    Only the most frequent get suggestions, because each is compared with every client.
    """
    ours = {normalise_name(client.client_name): client.id for client in reference_data.clients}
    letters, compared, frequent = sum(map(len, ours)), 0, set()
    for client in sorted(unknown, key=lambda client: -rows[client.name]):
        # A pair of short names takes hardly less time than one of thirty letters.
        compared += max(len(client.name) * letters, 30 * 30 * len(ours))
        if compared > _COMPARED_LETTERS:
            break
        frequent.add(client.name)
    clients = []
    for client in unknown:
        similar: tuple[str, ...] = client.similar
        if not similar and client.name in frequent:
            names = get_close_matches(normalise_name(client.name), ours, n=3)
            similar = tuple(ours[name] for name in names)
        if similar or rows[client.name] > 1:
            client = replace(client, rows=rows[client.name], similar=similar)
        clients.append(client)
    return clients


def _distinct(texts: list[str]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for text in filter(None, map(str.strip, texts)):
        names.setdefault(normalise_name(text), text)
    return tuple(names.values())


def _pattern(text: str) -> str:
    """Return a text with its digits replaced; empty if it has no letter or no digit."""
    pattern = _DIGITS.sub("#", normalise_name(text))
    return pattern if pattern != normalise_name(text) and re.search(r"[^\W\d_]", text) else ""
