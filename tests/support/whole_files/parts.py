"""A part of a file is what nobody would split: a document, or the equal lines of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from zixly_data.imports import Kind

# Whose it is, the month, and the side or the name of the metric; or an event of a lead.
Place = tuple[str, ...]
Figures = dict[Place, Decimal]


@dataclass(frozen=True)
class Part:
    """Rows of a file that stay together. `key` is what they are about: a later part of that key
    replaces this one. `amounts` are those of the rows that count, `left_out` and `rejected` the
    numbers of the other rows, and `repeated` those that say again what another row of it says."""

    key: Hashable
    rows: tuple[str, ...]
    amounts: tuple[tuple[Place, Decimal], ...]
    left_out: int = 0
    rejected: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class FileKind:
    """A kind of file. `answers` are a person's, as parts of the mapping. `adds_to` are files of
    which a second one adds rows to those of the first and takes none away."""

    kind: Kind
    header: str
    parts: st.SearchStrategy[list[Part]]
    answers: Mapping[str, Any] = field(default_factory=dict)
    adds_to: bool = False

    def text(self, rows: Sequence[str]) -> str:
        return "\n".join([self.header, *rows, ""])


def rows_of(parts: Sequence[Part]) -> list[str]:
    return [row for part in parts for row in part.rows]


def after(kind: FileKind, *files: Sequence[Part]) -> list[Part]:
    """Return the parts that count once these files are in. Of equal lines in two downloads the
    longer run counts; of a document the later version, and a rejected one is none."""
    parts: dict[Hashable, Part] = {}
    for file in files:
        for part in file:
            before = parts.get(part.key)
            is_shorter = before is not None and len(part.amounts) < len(before.amounts)
            if not part.rejected and not (kind.adds_to and is_shorter):
                parts[part.key] = part
    return list(parts.values())


def figures_of(parts: Sequence[Part]) -> Figures:
    """Return the sums by place; without the sums that are nothing."""
    sums: defaultdict[Place, Decimal] = defaultdict(Decimal)
    for part in parts:
        for place, amount in part.amounts:
            sums[place] += amount
    return {place: total for place, total in sums.items() if total}
