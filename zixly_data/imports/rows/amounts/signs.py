"""The direction of amounts: revenue or expenses, by the meaning of the row and the sign."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zixly_data.imports.cells import headings
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.meanings.meaning import Meaning
from zixly_data.imports.rows.amounts.row_meanings import RowMeanings
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import Column, cell_text
from zixly_data.imports.rows.staging import RowStager

_OPEN = "The row cannot be read until the question about negative amounts is answered."
_TAKEN_AS_POSITIVE = "“{heading}” has negative amounts for expenses. They are read as expenses."

NOTHING = "0.00"

# Revenue and expenses of the rows.
Sides = tuple[Column, Column]


def negated(amount: str) -> str:
    """Return the amount with the other sign."""
    if amount.startswith("-"):
        return amount[1:]
    return amount if amount.strip("0.") == "" else f"-{amount}"


def _is_negative(amount: str | None) -> bool:
    return amount is not None and amount.startswith("-")


def _credited(amount: str | None) -> str | None:
    """Return the amount as one that reduces a sum, whatever its sign in the file."""
    return amount if amount is None or amount.startswith("-") else negated(amount)


def by_meaning(stager: RowStager, name: str, amounts: Column, row_meanings: RowMeanings) -> Sides:
    """Return the sides of one column of revenue or expenses. A negative amount is a credit, or a
    refund of an expense."""
    base = Meaning.REVENUE if name == "revenue" else Meaning.EXPENSE
    if not row_meanings.columns:
        return _on_one_side(amounts, base)
    flips = _expenses_are_negative(stager, name, amounts, row_meanings)
    return _split([
        _side(base if meaning is Meaning.COUNT else meaning, amount, flips=flips)
        for amount, meaning in zip(amounts, row_meanings.all_directions(len(amounts)), strict=True)
    ])  # fmt: skip


def by_sign(stager: RowStager, amounts: Column, row_meanings: RowMeanings) -> Sides:
    """Return the sides of one column of amounts, which may hold both.

    A bank's file says that a negative amount is money out. In another one a person says so, or that
    it is a credit, unless each row with a negative amount has a meaning that tells.
    """
    base = Meaning.EXPENSE if stager.kind is Kind.OVERHEADS else Meaning.REVENUE
    meanings = row_meanings.all_directions(len(amounts))
    is_signed = _is_signed(stager, amounts)
    answer = stager.mapping.negative
    has_signs = is_signed or answer == "EXPENSE" or any(map(_is_negative, amounts))
    if not row_meanings.columns and not has_signs:
        return _on_one_side(amounts, base)
    flips = is_signed or _expenses_are_negative(stager, "amount", amounts, row_meanings)
    doubtful = [] if is_signed else _doubtful(stager, amounts, meanings, flips=flips)
    if doubtful and answer is None and None not in meanings:
        _ask(stager, amounts, doubtful)
    is_signed = is_signed or answer == "EXPENSE"
    flips = flips or (answer == "EXPENSE" and any(
        meanings[row] is Meaning.EXPENSE for row in doubtful
    ))  # fmt: skip
    sides = []
    for amount, meaning in zip(amounts, meanings, strict=True):
        is_negative = amount is not None and amount.startswith("-")
        if meaning is Meaning.COUNT and is_signed:
            counted = Meaning.EXPENSE if is_negative else Meaning.REVENUE
            sides.append(_side(counted, amount, flips=True))
        elif meaning is Meaning.REVENUE and is_negative and answer == "EXPENSE":
            sides.append(_side(Meaning.EXPENSE, amount, flips=True))
        else:
            counted_as = base if meaning is Meaning.COUNT else meaning
            sides.append(_side(counted_as, amount, flips=flips))
    return _split(sides)


def _doubtful(
    stager: RowStager, amounts: Column, meanings: Sequence[Meaning | None], *, flips: bool
) -> list[int]:
    """Return the rows with a negative amount that could be a credit or money out."""
    doubted = {Meaning.COUNT, Meaning.REVENUE} | (set() if flips else {Meaning.EXPENSE})
    return [
        row
        for row, (amount, meaning) in enumerate(zip(amounts, meanings, strict=True))
        if amount is not None
        and amount.startswith("-")
        and meaning in doubted
        and row not in stager.staged.left_out
    ]


def by_sides(stager: RowStager, amounts: dict[str, Column], row_meanings: RowMeanings) -> Sides:
    """Return the sides of two columns. Money in and out of an account is what a row is in all, with
    the meaning of the row; revenue and expenses with a column each stay as they are, except
    credits. A further column of amounts fills rows that have neither, by its sign."""
    count = stager.staged.count
    empty: Column = [None] * count
    revenue = list(amounts.get("revenue", empty))
    expenses = list(amounts.get("expenses", empty))
    if _is_money_out(stager, expenses):
        expenses = [amount and _without_sign(amount) for amount in expenses]
    elif _are_negative_fees(stager, revenue, expenses):
        expenses = [amount and negated(amount) for amount in expenses]
    for row, amount in enumerate(amounts.get("amount", ())):
        if amount is not None and amount.startswith("-"):
            expenses[row] = expenses[row] or amount[1:]
        elif amount is not None:
            revenue[row] = revenue[row] or amount
    if not row_meanings.columns:
        return revenue, expenses
    is_account = _are_of_account(stager)
    sides: list[tuple[str | None, str | None]] = []
    for row, meaning in enumerate(row_meanings.all_directions(count)):
        earned, spent = revenue[row], expenses[row]
        if meaning is None or (earned is None and spent is None):
            sides.append((None, None))
        elif meaning is Meaning.COUNT:
            sides.append((earned, spent))
        elif is_account:
            net = str(Decimal(earned or 0) - Decimal(spent or 0))
            earned, spent = _side(meaning, net, flips=True)
            sides.append((earned or NOTHING, spent or NOTHING))
        elif meaning is Meaning.CREDIT:
            sides.append((_credited(earned), spent))
        elif meaning is Meaning.REFUND:
            sides.append((earned, _credited(spent)))
        elif meaning is Meaning.EXPENSE and _is_negative(earned):
            # A fee of its own, in the column of what came in.
            sides.append((NOTHING, str(Decimal(spent or 0) - Decimal(earned or 0))))
        else:
            sides.append((earned, spent))
    return _split(sides)


def _side(
    meaning: Meaning | None, amount: str | None, *, flips: bool
) -> tuple[str | None, str | None]:
    """Return an amount as revenue and expenses. `flips`: expenses are negative in the file."""
    if amount is None or meaning is None:
        return None, None
    if meaning is Meaning.REVENUE:
        return amount, None
    if meaning is Meaning.EXPENSE:
        return None, negated(amount) if flips else amount
    if meaning is Meaning.CREDIT:
        return _credited(amount), None
    return None, _credited(amount)


def _on_one_side(amounts: Column, base: Meaning) -> Sides:
    empty: Column = [None] * len(amounts)
    return (amounts, empty) if base is Meaning.REVENUE else (empty, amounts)


def _split(sides: Sequence[tuple[str | None, str | None]]) -> Sides:
    return [earned for earned, _ in sides], [spent for _, spent in sides]


def _is_signed(stager: RowStager, amounts: Column) -> bool:
    """Return whether the file says that negative amounts are money out: a bank's, or `5.00 DR`."""
    if stager.table.is_bank or headings.has_balance(stager.table.header):
        return True
    cells = stager.cells("amount")
    negative = (row for row, amount in enumerate(amounts) if amount and amount.startswith("-"))
    return any(str(cells[row]).rstrip(" .").upper().endswith("DR") for row in negative)


def _expenses_are_negative(
    stager: RowStager, name: str, amounts: Column, row_meanings: RowMeanings
) -> bool:
    """Return whether every expense of the file is negative; a note then says how it is read."""
    if not row_meanings.columns:
        return False
    spent = [
        amount
        for amount, meaning in zip(amounts, row_meanings.all_directions(len(amounts)), strict=True)
        if meaning is Meaning.EXPENSE and amount is not None and amount.strip("0.")
    ]
    if not spent or not all(amount.startswith("-") for amount in spent):
        return False
    heading = stager.table.header[stager.mapping.columns[name]]
    stager.staged.notes.append(_TAKEN_AS_POSITIVE.format(heading=heading))
    return True


def _are_of_account(stager: RowStager) -> bool:
    """Return whether the two columns are the sides of an account, not revenue and expenses."""
    header, columns = stager.table.header, stager.mapping.columns
    keys = {headings.normalise_heading(header[columns[name]])
            for name in ("revenue", "expenses") if name in columns}  # fmt: skip
    return stager.table.is_journal or bool(keys & (headings.MONEY_IN | headings.MONEY_OUT))


def _is_money_out(stager: RowStager, expenses: Column) -> bool:
    """Return whether a column of money out is written with negative amounts alone."""
    place = stager.mapping.columns.get("expenses")
    if place is None:
        return False
    if headings.normalise_heading(stager.table.header[place]) not in headings.MONEY_OUT:
        return False
    filled = [amount for amount in expenses if amount is not None and amount.strip("0.")]
    return bool(filled) and all(amount.startswith("-") for amount in filled)


def _are_negative_fees(stager: RowStager, revenue: Column, expenses: Column) -> bool:
    """Return whether a column of fees has a minus where money came in."""
    place = stager.mapping.columns.get("expenses")
    if place is None or not headings.is_fee(stager.table.header[place]):
        return False
    return any(
        earned is not None and not _is_negative(earned) and _is_negative(spent)
        for earned, spent in zip(revenue, expenses, strict=True)
    )


def _without_sign(amount: str) -> str:
    return amount.removeprefix("-")


def _ask(stager: RowStager, amounts: Column, rows: Sequence[int]) -> None:
    """Ask what a negative amount is, and reject the rows until it is answered."""
    heading = stager.table.header[stager.mapping.columns["amount"]]
    example = (amounts[rows[0]] or "")[1:]
    meanings = {"CREDIT": f"a credit of {example}", "EXPENSE": f"an expense of {example}"}
    cell = cell_text(stager.cells("amount")[rows[0]])
    stager.staged.questions.append(Question("negative", heading, cell, meanings))
    for row in rows:
        stager.reject(row, "amount", Cause.OPEN_QUESTION, _OPEN)
