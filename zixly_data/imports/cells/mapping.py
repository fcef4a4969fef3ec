"""Mapping of a file: the column of each field, its date order and decimal mark, and its clients.

A mapping is suggested from the header, adjusted by hand, and remembered for the next file with the
same header.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Literal

DateOrder = Literal["DMY", "MDY"]
Duplicates = Literal["KEEP", "LEAVE_OUT"]
DecimalMark = Literal[".", ","]

# Decisions for an unknown client of the file; the third is our id of an existing client.
ADD = "ADD"
LEAVE_OUT = "LEAVE_OUT"


@dataclass(frozen=True)
class Mapping:
    """`columns` holds the index (from 0) of the column of each field in the file.

    `date_order` and `decimal_mark` are None if the cells of the file are unambiguous, or until a
    person has decided. `clients` holds the decision for each unknown client, by its name in the
    file: ADD, LEAVE_OUT or our id of an existing client. With `same_day_is_new`, a row on a day for
    which the client has a record already is another record, not a new version of that one.
    `duplicates` is the decision for new rows with the amounts of another record of their month,
    None until a person has decided; it is not remembered.
    `currency` is that of amounts of overheads for which the file names none.
    """

    columns: Map[str, int]
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    clients: Map[str, str] = field(default_factory=dict)
    same_day_is_new: bool = False
    duplicates: Duplicates | None = None
    currency: str | None = None
