"""Titles and meanings of the kinds of findings."""

from __future__ import annotations

TITLES = {
    "REVENUE_BEFORE_CONTRACT": "Billed before the contract was signed",
    "WON_NEVER_BILLED": "Won, but never billed",
    "BILLED_NEVER_WON": "Billed, but never won",
    "ACTIVE_WITHOUT_RECORDS": "Active, but without records",
    "EXPENSES_WITHOUT_REVENUE": "Costs without revenue",
    "METRIC_STOPPED": "Metrics that stopped coming",
    "LOSS": "Clients that lose money",
    "SHRINKING": "Clients that shrink",
    "STALE_LEAD": "Leads that do not move",
    "CONCENTRATION": "Dependence on one client",
}


MEANINGS = {
    "REVENUE_BEFORE_CONTRACT": "Revenue is dated before the client's first lead was won. Either a "
    "date is wrong, or work began without a contract.",
    "WON_NEVER_BILLED": "A lead was won 30 days ago or longer, and no revenue is on record since. "
    "Either a bill is missing, or the lead was not won.",
    "BILLED_NEVER_WON": "There is revenue and there are leads, and none of them was ever won. "
    "Either the contract is missing, or the revenue belongs to another client.",
    "ACTIVE_WITHOUT_RECORDS": "An active client without a financial record for more than 60 days. "
    "Either records are missing, or the work is completed.",
    "EXPENSES_WITHOUT_REVENUE": "A month that is over, with expenses and without revenue. Either "
    "it was not billed, or a record is dated in the wrong month.",
    "METRIC_STOPPED": "A metric that used to come regularly, and has not for 60 days and for more "
    "than twice as long as usual.",
    "LOSS": "Active clients whose expenses were above their revenue over the last three whole "
    "months.",
    "SHRINKING": "Active clients whose revenue of the last three whole months is a quarter or more "
    "below that of the same months a year before.",
    "STALE_LEAD": "Open leads without an event for more than 30 days.",
    "CONCENTRATION": "One client makes more than half of the revenue of the last twelve whole "
    "months.",
}
