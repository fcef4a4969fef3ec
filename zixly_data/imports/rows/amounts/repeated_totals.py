"""The documents of a file that have several lines, and lines that repeat the total of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from zixly_data.imports.cells.amount_headings import is_of_document, is_of_line
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.meanings.meaning import Meaning
from zixly_data.imports.rows import values
from zixly_data.imports.rows.amounts.row_meanings import RowMeanings
from zixly_data.imports.rows.staged import Column
from zixly_data.imports.rows.staging import RowStager

_OUT = (Meaning.EXPENSE, Meaning.REFUND)
_NAMES = ("client_id", "client_name", "counterparty")
# Numbers may start again each year.
_LONGEST_DOCUMENT = 200
# Documents that show whether amounts add up, and cells that show what a column has.
_SAMPLE_SIZE, _FEW = 2_000, 50

Lines = list[int]


def documents_of_several_lines(stager: RowStager, row_meanings: RowMeanings) -> list[Lines]:
    """Return the rows of each document with several lines that count: those with the same number,
    client and direction, dated no more than 200 days apart."""
    if not stager.has_column("external_id"):
        return []
    names = [
        stager.table.columns[stager.mapping.columns[name]]
        for name in _NAMES
        if name in stager.mapping.columns
    ]
    left_out = stager.staged.left_out
    documents: defaultdict[object, Lines] = defaultdict(list)
    numbers = stager.table.columns[stager.mapping.columns["external_id"]]
    directions = row_meanings.all_directions(stager.staged.count)
    for row, key in enumerate(zip(numbers, *names, strict=True)):
        if key[0] is not None and row not in left_out:
            documents[key, directions[row] in _OUT].append(row)
    days = stager.staged.columns["record_date"]
    return [
        lines
        for rows in documents.values()
        if len(rows) > 1
        for lines in _apart(rows, days)
        if len(lines) > 1
    ]


def repeating_lines(
    stager: RowStager, name: str, amounts: Column, taxes: Column, documents: Sequence[Lines]
) -> set[int]:
    """Return the rows that repeat the total of their document, which another row of it counts.

    The column is one of totals if it has one amount for all lines of each document, and either its
    heading says so or the amounts of the lines add up to it. It is not if the lines have a column
    with that amount each. The row that counts is the first by date and note.
    """
    repeated = [
        len({amounts[row] for row in lines}) == 1 and amounts[lines[0]] is not None
        for lines in documents
    ]
    if not documents or not all(repeated):
        return set()
    is_total = is_of_document(stager.table.header[stager.mapping.columns[name]])
    sample = documents[:_SAMPLE_SIZE]
    for column in _line_columns(stager):
        compared = [
            (
                [column[row] for row in lines],
                Decimal(amounts[lines[0]] or 0),
                [Decimal(taxes[row] or 0) for row in lines],
            )
            for lines in sample
        ]
        if all(_are_items(*document) for document in compared):
            return set()
        if all(_adds_up(*document) for document in compared):
            is_total = True
            break
    if not is_total:
        return set()
    days, notes = stager.staged.columns["record_date"], stager.text("note")
    repeating: set[int] = set()
    for rows in documents:
        first = min(rows, key=lambda row: (days[row] or "", notes[row] or "", row))
        repeating.update(row for row in rows if row != first)
    return repeating


def other_amounts(
    stager: RowStager, is_wanted: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, OtherAmounts]]:
    """Yield the heading and the amounts of each column that is no field and has amounts alone."""
    used = set(stager.mapping.columns.values())
    for place, heading in enumerate(stager.table.header):
        if place in used or not (is_wanted is None or is_wanted(heading)):
            continue
        cells = stager.table.columns[place]
        if not any(_is_figure(cell) for cell in cells[:_FEW]):
            continue
        # A few cells show soon that a column of texts has no amounts.
        for part in (cells[:_FEW], cells):
            read = values.money(part, heading, values.decimal_mark(part, cents=True) or ".")
            if read.problems:
                break
        else:
            yield heading, OtherAmounts(read.values)


class OtherAmounts:
    """The amounts of a column, by row."""

    def __init__(self, texts: Column) -> None:
        self._texts = texts

    def __getitem__(self, row: int) -> Decimal | None:
        text = self._texts[row]
        return None if text is None else Decimal(text)


def _line_columns(stager: RowStager) -> Iterator[OtherAmounts]:
    def is_wanted(heading: str) -> bool:
        return is_of_line(heading) or normalise_heading(heading) == "amount"

    return (column for _, column in other_amounts(stager, is_wanted))


def _is_figure(cell: object) -> bool:
    return isinstance(cell, Decimal) or (isinstance(cell, str) and any(map(str.isdigit, cell)))


def _apart(rows: Lines, days: Column) -> Iterator[Lines]:
    """Yield the rows in groups that are dated far from each other."""
    if len({days[row] for row in rows}) == 1:
        yield rows
        return
    dated = sorted((_day(days[row]), row) for row in rows)
    group: Lines = []
    for place, (day, row) in enumerate(dated):
        if group and day - dated[place - 1][0] > _LONGEST_DOCUMENT:
            yield sorted(group)
            group = []
        group.append(row)
    yield sorted(group)


def _day(day: str | None) -> int:
    return date.fromisoformat(day).toordinal() if day else 0


def _are_items(lines: Sequence[Decimal | None], total: Decimal, taxes: Sequence[Decimal]) -> bool:
    return all(
        line is not None and total in (line, line + tax)
        for line, tax in zip(lines, taxes, strict=True)
    )


def _adds_up(lines: Sequence[Decimal | None], total: Decimal, taxes: Sequence[Decimal]) -> bool:
    amount = sum((line for line in lines if line is not None), Decimal(0))
    return total in (amount, amount + taxes[0], amount + sum(taxes, Decimal(0)))
