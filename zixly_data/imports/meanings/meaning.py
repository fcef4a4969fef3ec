"""The meanings that a person gives to the values of a column, such as `Bill` or `Voided`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Meaning(StrEnum):
    """How a row counts. A row has one from each column that says what its rows are.

    COUNT says that the row counts and leaves its direction to the other columns.
    """

    LEAVE_OUT = "LEAVE_OUT"
    CREDIT = "CREDIT"
    REFUND = "REFUND"
    EXPENSE = "EXPENSE"
    REVENUE = "REVENUE"
    COUNT = "COUNT"

    @property
    def option(self) -> str:
        """The meaning as the command line writes it: `leave-out`."""
        return self.lower().replace("_", "-")


_ORDER = list(Meaning)


def strongest(meanings: Iterable[Meaning]) -> Meaning:
    """Return the meaning of a row that has several: a voided bill is left out, a paid bill is an
    expense. The earlier one in `Meaning` wins; COUNT if there is none."""
    return min(meanings, key=_ORDER.index, default=Meaning.COUNT)
