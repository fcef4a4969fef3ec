"""The columns of a file that say what its rows are, as a person is asked about them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zixly_data.imports.meanings.meaning import Meaning


@dataclass(frozen=True)
class AskedValue:
    """A value of such a column; empty for the rows without one. `amount` is the sum of its rows as
    the file has them, None if a row cannot be read or they have several currencies.

    `suggestion` is never applied unless a person confirms it as the `answer`.
    """

    value: str
    rows: int
    amount: Decimal | None
    suggestion: Meaning | None
    answer: Meaning | None


@dataclass(frozen=True)
class AskedColumn:
    """A column with its values, the most frequent first. `key` is the column in `Mapping.meanings`,
    where the values are keyed by `normalise_name`."""

    heading: str
    key: str
    values: tuple[AskedValue, ...]

    @property
    def unanswered(self) -> tuple[AskedValue, ...]:
        """The values that nobody has given a meaning yet."""
        return tuple(value for value in self.values if value.answer is None)
