"""The causes for which a row of a file is rejected, as people read them above the rejected rows."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a row is rejected, in general. The sentence of the row itself gives the details."""

    NO_CLIENT = "No client"
    UNKNOWN_CLIENT = "Unknown client"
    AMBIGUOUS_CLIENT = "Several clients with this name"
    REPEATED_CLIENT = "Client on an earlier line"
    TAKEN_CLIENT_ID = "External ID of another client"
    INVALID_TEXT = "Text that cannot be saved"
    INVALID_DATE = "Date that cannot be read"
    INVALID_TIME = "Time that cannot be read"
    INVALID_AMOUNT = "Amount that cannot be read"
    INVALID_NUMBER = "Number that cannot be read"
    INVALID_CURRENCY = "Unknown currency"
    INVALID_KIND = "Unknown type"
    INVALID_STATUS = "Unknown status"
    NO_DATE = "No date"
    NO_AMOUNT = "No amount"
    CLIENT_NAMED = "Client named"
    SEVERAL_CURRENCIES = "Two currencies"
    OTHER_CURRENCY = "Not the client’s currency"
    NO_LEAD = "No lead"
    NO_STAGE = "No stage"
    UNKNOWN_STAGE = "Unknown stage"
    RETIRED_STAGE = "Retired stage"
    NO_CLOSE_DATE = "No close date"
    CLOSED_DEAL = "Deal already won or lost"
    NOT_LOST = "Reason without a lost stage"
    NEGATIVE_VALUE = "Value below zero"
    NO_METRIC = "No metric"
    UNKNOWN_METRIC = "Unknown metric"
    COMPUTED_METRIC = "Computed metric"
    OTHER_UNIT = "Not the metric’s unit"
    NO_VALUE = "No value"
    OUT_OF_SCALE = "Value outside the metric’s scale"
    UNEXPLAINED_PERCENTAGE = "More than 100% without a note"
    REPEATED_RECORD = "Record on an earlier line"
    REPEATED_DOCUMENT = "Number on an earlier line"
    REJECTED_DOCUMENT = "Another line of the document"
    TAKEN_NUMBER = "Number of the item already used"
    RECORDED_ELSEWHERE = "Document on record elsewhere"
    INCOMPLETE = "Too little for a new record"
    OPEN_QUESTION = "Question not answered"
    CLOSED_MONTH = "Closed month"
    FROM_SOURCE = "Record of a connected source"


# A row that is rejected for these alone waits for an answer of a person; its file is not at fault.
WAITING = frozenset({Cause.OPEN_QUESTION, Cause.UNKNOWN_CLIENT, Cause.UNKNOWN_STAGE})
