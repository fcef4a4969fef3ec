"""The meaning of each row, from the columns that say what the rows of a file are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from zixly_data.imports.cells import headings
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.numbers import named_currencies
from zixly_data.imports.meanings.asked import AskedColumn, AskedValue
from zixly_data.imports.meanings.columns import MeaningColumn, find_columns
from zixly_data.imports.meanings.meaning import Meaning, strongest
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.currency_rules import stated_currencies
from zixly_data.imports.rows.staged import Column, Problem
from zixly_data.imports.rows.staging import RowStager

_AMOUNTS = ("revenue", "expenses", "amount")
_SIGNS = ("-", "−", "–", "(")
_UNANSWERED = "Choose how rows with “{value}” in “{heading}” count."
_UNANSWERED_EMPTY = "Choose how rows without a value in “{heading}” count."


@dataclass(frozen=True)
class RowMeanings:
    """The meaning of each row; None where a value has no answer yet. `columns` are those that say
    it, `values` the values of each row in them. `directions` are the meanings without LEAVE_OUT,
    which is what a row that does not count would be: a voided bill is an expense."""

    columns: Sequence[MeaningColumn] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Sequence[tuple[str, ...]] = ()
    meanings: Mapping[tuple[str, ...], Meaning | None] = field(default_factory=dict)
    directions: Mapping[tuple[str, ...], Meaning | None] = field(default_factory=dict)

    def direction(self, row: int) -> Meaning | None:
        """Return the direction of a row."""
        return self.directions[self.values[row]] if self.columns else Meaning.COUNT

    def all_directions(self, count: int) -> Sequence[Meaning | None]:
        """Return the direction of each of the rows, whose number is `count`."""
        if not self.columns:
            return [Meaning.COUNT] * count
        return [self.directions[values] for values in self.values]

    def answer(self, column: MeaningColumn, value: str) -> Meaning | None:
        """Return what a person answered for a value of a column."""
        answer = self.answers.get(column.key, {}).get(value)
        return None if answer is None else Meaning(answer)


def read_meanings(stager: RowStager) -> RowMeanings:
    """Return the meanings of the rows. Those that do not count are left out from here on: their
    cells ask and reject nothing. Rejects the rows whose values have no answer yet."""
    mapping, table = stager.mapping, stager.table
    columns = find_columns(
        table,
        mapping,
        has_signs=_have_signs(stager),
        is_overhead=stager.kind is Kind.OVERHEADS,
    )
    # A status or a type of a metric's value says nothing of how it counts.
    if stager.kind is Kind.CUSTOM_METRICS:
        columns = [
            column for column in columns if column.is_billable or column.key in mapping.meanings
        ]
    # Where revenue and expenses have a column each, hours that are not billable still cost.
    if _has_named_sides(stager):
        columns = [
            column for column in columns
            if not column.is_billable or column.key in mapping.meanings
        ]  # fmt: skip
    if not columns:
        return RowMeanings()
    values = list(zip(*(column.values for column in columns), strict=True))
    draft = RowMeanings(columns, mapping.meanings, values)
    meanings = {row_values: _meaning(draft, row_values) for row_values in dict.fromkeys(values)}
    directions = {key: _direction(draft, key, meaning) for key, meaning in meanings.items()}
    row_meanings = RowMeanings(columns, mapping.meanings, values, meanings, directions)
    left_out = {key for key, meaning in meanings.items() if meaning is Meaning.LEAVE_OUT}
    voided = {key for key in left_out if _is_voided(row_meanings, key)}
    if left_out:
        stager.staged.left_out |= {row for row, key in enumerate(values) if key in left_out}
    if voided:
        stager.staged.voided |= {row for row, key in enumerate(values) if key in voided}
    if None in meanings.values():
        _reject_unanswered(stager, row_meanings)
    return row_meanings


def ask_for_meanings(stager: RowStager, row_meanings: RowMeanings, amounts: Column) -> None:
    """Add the columns to those that a person is asked about, with the rows and the sum of each
    value. `amounts` are those of the file, in and out, None where a row has none."""
    sums, rows = _sums(stager, row_meanings.values, amounts)
    for place, column in enumerate(row_meanings.columns):
        counts: Counter[str] = Counter()
        totals: dict[str, Decimal | None] = {}
        for values, count in rows.items():
            value, total = values[place], sums[values]
            counts[value] += count
            so_far = totals.get(value, Decimal(0))
            totals[value] = None if total is None or so_far is None else so_far + total
        asked = tuple(
            AskedValue(
                column.names[value], count, totals[value], column.suggestions[value],
                row_meanings.answer(column, value),
            )
            for value, count in counts.most_common()
        )  # fmt: skip
        stager.staged.meanings.append(AskedColumn(column.heading, column.key, asked))


def _meaning(row_meanings: RowMeanings, values: Sequence[str]) -> Meaning | None:
    answers = [
        row_meanings.answer(column, value)
        for column, value in zip(row_meanings.columns, values, strict=True)
    ]
    given = [answer for answer in answers if answer is not None]
    if Meaning.LEAVE_OUT in given:
        return Meaning.LEAVE_OUT
    return strongest(given) if len(given) == len(answers) else None


def _direction(
    row_meanings: RowMeanings, values: Sequence[str], meaning: Meaning | None
) -> Meaning | None:
    if meaning is not Meaning.LEAVE_OUT:
        return meaning
    answers = (
        row_meanings.answer(column, value)
        for column, value in zip(row_meanings.columns, values, strict=True)
    )
    return strongest(
        answer for answer in answers if answer is not None and answer is not Meaning.LEAVE_OUT
    )


def _is_voided(row_meanings: RowMeanings, values: Sequence[str]) -> bool:
    """Return whether the document of a row that is left out counts no more, unlike a payment."""
    return any(
        row_meanings.answer(column, value) is Meaning.LEAVE_OUT and column.is_voided(value)
        for column, value in zip(row_meanings.columns, values, strict=True)
    )


def _reject_unanswered(stager: RowStager, row_meanings: RowMeanings) -> None:
    problems: dict[tuple[str, ...], list[Problem]] = {}
    for values, meaning in row_meanings.meanings.items():
        if meaning is None:
            problems[values] = [
                _unanswered(column, value)
                for column, value in zip(row_meanings.columns, values, strict=True)
                if row_meanings.answer(column, value) is None
            ]
    staged_problems = stager.staged.problems
    for row, values in enumerate(row_meanings.values):
        if values in problems:
            staged_problems[row] = problems[values]


def _unanswered(column: MeaningColumn, value: str) -> Problem:
    name = column.names[value]
    sentence = (_UNANSWERED if name else _UNANSWERED_EMPTY).format(
        value=name, heading=column.heading
    )
    return Problem(Cause.OPEN_QUESTION, column.heading, name, sentence)


def _sums(
    stager: RowStager, values: Sequence[tuple[str, ...]], amounts: Column
) -> tuple[dict[tuple[str, ...], Decimal | None], Counter[tuple[str, ...]]]:
    """Return the sum and the number of the rows with the same values; no sum in a file of several
    currencies."""
    rows = Counter(values)
    if _has_several_currencies(stager):
        return dict.fromkeys(rows), rows
    sums: dict[tuple[str, ...], Decimal | None]
    if stager.kind is Kind.CUSTOM_METRICS:
        sums = dict.fromkeys(rows, Decimal(0))
        for key, amount in zip(values, amounts, strict=True):
            sums[key] = (sums[key] or Decimal(0)) + Decimal(amount or 0)
    else:
        # Whole cents add up in a fraction of the time of decimals.
        cents: defaultdict[tuple[str, ...], int] = defaultdict(int)
        for key, amount in zip(values, amounts, strict=True):
            if amount is not None:
                cents[key] += int(amount.replace(".", ""))
        sums = {key: Decimal(cents[key]).scaleb(-2) for key in rows}
    for row, problems in stager.staged.problems.items():
        if len(problems) == 1 and problems[0].cause is Cause.OPEN_QUESTION:
            continue
        if any(problem.cause is Cause.INVALID_AMOUNT for problem in problems):
            sums[values[row]] = None
    return sums, rows


def _has_several_currencies(stager: RowStager) -> bool:
    """Return whether the cells of the file name more than one currency."""
    stated: set[object] = set()
    if stager.has_column("currency"):
        stated |= set(stager.cells("currency")) - {None}
    if len(stated) > 1:
        stated = {code for name, _, code in stated_currencies(stager) if name == "currency"}
    for name in filter(stager.has_column, _AMOUNTS):
        stated |= set(named_currencies(stager.cells(name)).values())
    return len(stated) > 1


def _has_named_sides(stager: RowStager) -> bool:
    """Return whether revenue and expenses have a column each, which are no sides of an account."""
    if not (stager.has_column("revenue") and stager.has_column("expenses")):
        return False
    keys = {
        headings.normalise_heading(stager.table.header[stager.mapping.columns[name]])
        for name in ("revenue", "expenses")
    }
    return not keys & (headings.MONEY_IN | headings.MONEY_OUT)


def _have_signs(stager: RowStager) -> bool:
    """Return whether amounts of a bank have their direction: a side each, or a sign."""
    if not (stager.table.is_bank or headings.has_balance(stager.table.header)):
        return False
    if not stager.has_column("amount"):
        return True
    return any(
        cell < 0 if isinstance(cell, Decimal) else str(cell).strip().startswith(_SIGNS)
        for cell in stager.cells("amount")
        if cell is not None
    )
