"""A field: one column that people fill, with all that other folders need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from zixly_data.errors import InvalidInput
from zixly_data.values.amounts import (
    parse_money,
    parse_number,
    validate_decimal,
    validate_money,
)
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import parse_calendar_month, parse_date, within_range
from zixly_data.values.names import LONGEST_NAME, LONGEST_NOTE, parse_name, parse_note
from zixly_data.values.time_zones import parse_time_zone
from zixly_data.values.times import validate_instant

# Digits before and after the point of a custom metric's value.
MEASURE_DIGITS, MEASURE_DECIMALS = 10, 4

# A `client` is our id of a client; an `option` is one of a few codes; a `month` is its first day;
# an `instant` is typed as a time of day, beside the date that its table has; a `zone` is a time
# zone; a `calendar_month` is a month of every year, from 1 to 12.
FieldType = Literal[
    "text", "note", "money", "measure", "rate", "date", "month", "instant", "currency", "client",
    "option", "zone", "calendar_month",
]  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column that people fill, annotated in the draft of its table.

    `label`       its name in forms, previews and on the audit trail
    `limit`       the most characters of a text
    `example`     shown in its empty box; `help` explains it; `lines` is the height of the box
    `not_below_zero`  the sentence for a negative number; empty where one is fine
    `changeable`  a recorded row may get another value
    `exported`    a column of the table's CSV
    `headings`    names in files by which it is recognised, letters and digits alone; a field
                  without headings is not imported
    `file_name`   its name in mappings of columns, if not that of the column
    `is_key`      part of what identifies a row of a file that has no id of ours
    `is_derived`  follows from other columns, so that nobody enters it
    `clearable`   an empty cell of a file clears it; otherwise the recorded value stays

    `name` and `is_optional` come from the draft.
    """

    label: str
    type: FieldType = "text"
    limit: int = LONGEST_NAME
    example: str = ""
    help: str = ""
    lines: int = 1
    not_below_zero: str = ""
    changeable: bool = True
    exported: bool = True
    headings: tuple[str, ...] = ()
    file_name: str = ""
    is_key: bool = False
    is_derived: bool = False
    clearable: bool = False
    name: str = ""
    is_optional: bool = False

    @property
    def noun(self) -> str:
        """The label within a sentence: `external ID`."""
        return self.label[:1].lower() + self.label[1:]

    def parse(self, text: str, currency: str | None = None) -> Any:
        """Return the typed text as a value; None for an optional field left empty.

        `currency` is the only one that an amount may name.

        Raises InvalidInput naming the field. Fields with a fixed set of values are not typed.
        """
        if self.is_optional and not text.strip():
            return None
        match self.type:
            case "text":
                return parse_name(text, self.name, self.limit)
            case "note":
                return parse_note(text, self.name, self.limit)
            case "money":
                return self._checked(parse_money(text, self.name, currency))
            case "measure":
                return self._checked(parse_number(text, self.name))
            case "date":
                return parse_date(text, self.name)
            case "currency":
                return parse_currency(text, self.name)
            case "zone":
                return parse_time_zone(text, self.name)
            case "calendar_month":
                return parse_calendar_month(text, self.name)
        raise TypeError(f"a field of type {self.type} is not typed")

    def validate(self, value: Any) -> Any:
        """Return the value as it is recorded. Raises InvalidInput naming the field."""
        if self.is_optional and not value:
            # Zero is a value, an empty text is none.
            return None if value is None or value == "" else value
        match self.type:
            case "text":
                return parse_name(value, self.name, self.limit)
            case "note":
                return parse_note(value, self.name, self.limit)
            case "money":
                return self._checked(validate_money(value, self.name))
            case "measure":
                number = validate_decimal(value, self.name, MEASURE_DIGITS, MEASURE_DECIMALS)
                return self._checked(number)
            case "date":
                return within_range(value, self.name)
            case "instant":
                return validate_instant(value, self.name)
            case "currency":
                return parse_currency(value, self.name)
            case "zone":
                return parse_time_zone(value, self.name)
            case "calendar_month":
                return parse_calendar_month(str(value), self.name)
        return value

    def _checked(self, number: Decimal) -> Decimal:
        if self.not_below_zero and number < 0:
            raise InvalidInput(self.not_below_zero, field=self.name)
        return number


NOTE = Field(
    "Note", "note", LONGEST_NOTE, clearable=True,
    headings=(
        "note", "notes", "description", "memo", "details", "narrative", "comment", "comments",
        "transactiondescription", "particulars", "reference", "journalmemo", "beschreibung",
        "notiz", "notizen", "bemerkung", "kommentar",
    ),
)  # fmt: skip
# Where a record comes from: `manual`, `file`, `xero`, and its number there.
SOURCE_SYSTEM = Field("Source", limit=50, changeable=False)
EXTERNAL_ID = Field(
    "Document number", changeable=False, exported=False,
    headings=(
        "externalrecordid", "invoicenumber", "invoiceno", "documentnumber", "documentno",
        "transactionid", "journalnumber", "journalno", "receiptnumber", "invoiceid", "idno",
        "invoice", "rechnungsnummer", "rechnungsnr", "belegnummer", "belegnr",
    ),
)  # fmt: skip
SOURCE = {"source_system": SOURCE_SYSTEM, "external_id": EXTERNAL_ID}


def date_headings(*headings: str) -> tuple[str, ...]:
    """Return the headings of a date: those of every file, then those of the table."""
    return (
        "date", "recorddate", "eventdate", "month", "day", "transactiondate", "postingdate",
        "datum",
        *headings,
    )  # fmt: skip
