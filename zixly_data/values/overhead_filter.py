"""The filter of overheads that queries, files and pages share, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OverheadFilter:
    """A selection of overheads. Each part narrows it further; an empty part means "all".

    `kinds` are `OVERHEAD` or `UNASSIGNED`, `currencies` codes of ISO 4217. `search` matches any
    part of the account, the counterparty or the note, ignoring case.
    """

    kinds: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    search: str = ""
