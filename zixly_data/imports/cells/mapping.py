"""Mapping of a file: the column of each field, and every answer about what its cells mean.

A mapping is suggested from the header, adjusted by hand, and remembered for the next file with the
same header.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Literal

DateOrder = Literal["DMY", "MDY"]
DecimalMark = Literal[".", ","]
Duplicates = Literal["KEEP", "LEAVE_OUT"]
Negative = Literal["CREDIT", "EXPENSE"]
SameDay = Literal["ADD", "CORRECT"]
ReusedNumbers = Literal["SAME", "NEW"]

# Decisions for a client of the file that Zixly does not know; another one is our id of a client.
ADD = "ADD"
LEAVE_OUT = "LEAVE_OUT"
OVERHEAD = "OVERHEAD"
# Followed by another name: the cell names several clients, and this one is meant.
READ_AS = "AS:"
# Amounts that do not include tax.
NO_TAX = "NONE"
# Amounts that include the tax in the column of tax.
TAX_COLUMN = "COLUMN"
# A stage of the file that becomes a new stage of ours, followed by its status: NEW:OPEN.
NEW_STAGE = "NEW:"


@dataclass(frozen=True)
class Mapping:
    """`columns` holds the index (from 0) of the column of each field in the file.

    The other fields are answers; None, or a value without an entry, is a question not yet answered,
    which is asked only if the answer makes a difference to the file.

    `date_order`, `decimal_mark`   how ambiguous cells are read
    `currency`       of amounts of overheads for which the file names none
    `meanings`       by column and value of the file, both normalised: a `Meaning`
    `negative`       where a column of amounts holds both signs: CREDIT reduces the sum of its rows,
                     EXPENSE is money out
    `tax`            NO_TAX, the rate in per cent that the amounts include (`10`), or TAX_COLUMN
    `clients`        by name in the file: ADD, LEAVE_OUT, OVERHEAD (an amount of no client), READ_AS
                     and another name, or our id of a client
    `stages`         by stage of the file, normalised: our stage, LEAVE_OUT, or NEW_STAGE and a
                     status
    `metric`         the metric of all rows, in a file without a column of metrics
    `same_day`       ADD: a row on a day with a record is another record; CORRECT: a new version of
                     it
    `reused_numbers` the number of a document that is on record with a date far away: the SAME
                     document, or a NEW one
    `duplicates`     new rows with the amounts of another record of their month; not remembered
    """

    columns: Map[str, int]
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    currency: str | None = None
    meanings: Map[str, Map[str, str]] = field(default_factory=dict)
    negative: Negative | None = None
    tax: str | None = None
    clients: Map[str, str] = field(default_factory=dict)
    stages: Map[str, str] = field(default_factory=dict)
    metric: str | None = None
    same_day: SameDay | None = None
    reused_numbers: ReusedNumbers | None = None
    duplicates: Duplicates | None = None
