"""Whether the entries of a timesheet are billable: the column that says so, as a person is asked
about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.meanings.asked import AskedColumn, AskedValue
from zixly_data.imports.meanings.meaning import Meaning

_HEADINGS = frozenset({
    "billable", "billablestatus", "isbillable", "chargeable", "abrechenbar", "fakturierbar",
    "verrechenbar",
})  # fmt: skip
_SUGGESTIONS = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "billable", "abrechenbar"), Meaning.COUNT),
    **dict.fromkeys(
        ("no", "n", "false", "0", "nein", "non-billable", "not billable", "nicht abrechenbar"),
        Meaning.LEAVE_OUT,
    ),
}
_MOST_VALUES = 20


class BillableColumn:
    """The column of a timesheet that says which of its rows are billable."""

    def __init__(self, heading: str, cells: Sequence[Cell], answers: Mapping[str, str]) -> None:
        self._heading, self._answers = heading, answers
        self._texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]

    @property
    def left_out(self) -> set[int]:
        """The rows that are left out by an answer."""
        return {
            row
            for row, text in enumerate(self._texts)
            if self._answers.get(text.casefold()) == Meaning.LEAVE_OUT
        }

    @property
    def is_asked(self) -> bool:
        """Whether the column says something: not if all rows are billable, as nobody would leave
        any out."""
        values = {text.casefold() for text in self._texts}
        suggestions = {_SUGGESTIONS.get(value) for value in values}
        if not suggestions - {None} or len(values) > _MOST_VALUES:
            return False
        return bool(self._answers) or suggestions != {Meaning.COUNT}

    def asked(self, figures: Sequence[str | None]) -> AskedColumn:
        """Return the question about the column, with the sum of each value's figures."""
        rows = Counter(text.casefold() for text in self._texts)
        names = {text.casefold(): text for text in reversed(self._texts)}
        totals: dict[str, Decimal | None] = dict.fromkeys(rows, Decimal())
        for text, figure in zip(self._texts, figures, strict=True):
            value = text.casefold()
            total = totals[value]
            totals[value] = None if figure is None or total is None else total + Decimal(figure)
        values = tuple(
            AskedValue(
                names[value],
                count,
                totals[value],
                _SUGGESTIONS.get(value),
                Meaning(self._answers[value]) if value in self._answers else None,
            )
            for value, count in rows.most_common()
        )
        return AskedColumn(self._heading, normalise_heading(self._heading), values)


def billable_column(
    table: Table, used: Mapping[str, int], meanings: Mapping[str, Mapping[str, str]]
) -> BillableColumn | None:
    """Return the column that says whether rows are billable; None if there is none to ask about.

    `used` are the columns that fill a field, `meanings` the answers of the mapping.
    """
    for place, heading in enumerate(table.header):
        key = normalise_heading(heading)
        if key in _HEADINGS and place not in used.values():
            column = BillableColumn(heading, table.columns[place], meanings.get(key, {}))
            if column.is_asked:
                return column
    return None
