"""The options of `import` that answer questions about a file, as its mapping holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.mapping import NO_TAX, TAX_COLUMN
from zixly_data.imports.meanings.meaning import Meaning
from zixly_data.imports.references import normalise_name
from zixly_data.values.amounts import parse_number

_TAXES = {"none": NO_TAX, "column": TAX_COLUMN}


class Dates(StrEnum):
    """Date order: 3/4/2024 is in April (DMY) or in March (MDY)."""

    DMY = "dmy"
    MDY = "mdy"


class DecimalMark(StrEnum):
    """The decimal mark of numbers."""

    POINT = "."
    COMMA = ","


class Duplicates(StrEnum):
    """What happens to new rows with the amounts of another record of their month."""

    KEEP = "keep"
    LEAVE_OUT = "leave-out"


class Negative(StrEnum):
    """What a negative amount is in a column that holds both signs."""

    CREDIT = "credit"
    EXPENSE = "expense"


class SameDay(StrEnum):
    """What a row is on a day with a record: another one, or a new version."""

    ADD = "add"
    CORRECT = "correct"


class ReusedNumbers(StrEnum):
    """Whether a number that is on record with a date far away is the same document."""

    SAME = "same"
    NEW = "new"


def code(choice: StrEnum) -> str:
    """Return a choice as a mapping holds it: `LEAVE_OUT` for `leave-out`."""
    return choice.value.upper().replace("-", "_")


def parse_meanings(
    options: Sequence[str], answered: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return the answers of `--rows COLUMN:VALUE=MEANING`, added to those answered before.

    Names and values are compared without case. Raises InvalidInput.
    """
    answers = {column: dict(values) for column, values in answered.items()}
    meanings = {meaning.option: meaning for meaning in Meaning}
    for option in options:
        column, _, rest = option.partition(":")
        value, separator, name = rest.rpartition("=")
        meaning = meanings.get(name.strip().casefold())
        if not separator or not column.strip() or meaning is None:
            raise InvalidInput(
                f"--rows {option} does not say what rows mean.",
                advice=f"Write COLUMN:VALUE=MEANING. The meanings are {', '.join(meanings)}.",
            )
        values = answers.setdefault(normalise_heading(column), {})
        values[normalise_name(value)] = meaning.value
    return answers


def parse_tax(text: str) -> str:
    """Return the answer of `--tax`: a rate in per cent, `column` for the tax in its column, or
    `none`. Raises InvalidInput."""
    option = _TAXES.get(text.strip().casefold())
    if option is not None:
        return option
    rate = parse_number(text.strip().removesuffix("%"), "tax")
    if not 0 < rate < 100:
        raise InvalidInput(
            f"A tax of {text} is not possible.",
            field="tax", advice="Write its rate in per cent, such as 10, or column, or none.",
        )  # fmt: skip
    return format(rate.normalize(), "f")


def given(**answers: Any) -> dict[str, Any]:
    """Return the answers that the command line gives."""
    return {name: answer for name, answer in answers.items() if answer is not None}
