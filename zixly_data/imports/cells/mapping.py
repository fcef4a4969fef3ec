"""How a file is read: which column says what, and what its people and dates mean.

A mapping is suggested from the header, adjusted by hand, and remembered for the next file with the
same header.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Literal

DateOrder = Literal["DMY", "MDY"]
DecimalMark = Literal[".", ","]

# What is done with a client of the file that Zixly does not know; or our id of the one it is.
ADD = "ADD"
LEAVE_OUT = "LEAVE_OUT"


@dataclass(frozen=True)
class Mapping:
    """`columns`: the place (from 0) of the column for each field that the file says.

    `date_order` and `decimal_mark` are None where the cells of the file leave no doubt, or until
    somebody has answered. `clients` says of each unknown client, as the file writes it, ADD,
    LEAVE_OUT or our id of the client that is meant. With `same_day_is_new`, a row on a day for
    which the client has a record already is another record, not a new version of that one.
    """

    columns: Map[str, int]
    date_order: DateOrder | None = None
    decimal_mark: DecimalMark | None = None
    clients: Map[str, str] = field(default_factory=dict)
    same_day_is_new: bool = False
