"""Contradictions: where the records disagree with each other. Each names the records it is about.

REVENUE_BEFORE_CONTRACT  revenue dated before the client's first event at a won stage; where bills
                         and credits before it cancel out, there is none
                         amount: that revenue; since: its first day; until: the contract's day
WON_NEVER_BILLED         a lead that stands at a won stage, 30 days after it was won or later, with
                         no revenue above zero on record since
                         amount: the lead's value, where one is known; since: when it was won
BILLED_NEVER_WON         revenue above zero in all, and leads of which none was ever at a won stage;
                         a client without any lead event is none
                         amount: that revenue; since, until: the first and the last financial record
ACTIVE_WITHOUT_RECORDS   an active client without a financial record for more than 60 days, or
                         without any after as many since it was added or its first lead began,
                         whichever was first
                         since: the last financial record, null where there is none
EXPENSES_WITHOUT_REVENUE a calendar month that is over, with expenses and without revenue; a finding
                         for each
                         amount: the expenses; since, until: the month's first and last day
METRIC_STOPPED           a metric of an active client with values in three months or more, and none
                         for 60 days and for more than twice its usual gap: the median of the days
                         between dates with a value
                         since: the last value; about: the metric

What each counts as another matter stands in its `subject`: `findings` says why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import scoped
from zixly_data.findings import contracts_and_bills, missing_records
from zixly_data.findings.finding import Findings, largest_first, with_dismissals
from zixly_data.identity import Identity
from zixly_data.values.frames import fetch

KINDS: dict[str, Callable[[Identity, date], sa.Select[Any]]] = {
    "REVENUE_BEFORE_CONTRACT": contracts_and_bills.revenue_before_contract,
    "WON_NEVER_BILLED": contracts_and_bills.won_never_billed,
    "BILLED_NEVER_WON": contracts_and_bills.billed_never_won,
    "ACTIVE_WITHOUT_RECORDS": missing_records.active_without_records,
    "EXPENSES_WITHOUT_REVENUE": missing_records.expenses_without_revenue,
    "METRIC_STOPPED": missing_records.metric_stopped,
}


def findings(identity: Identity, today: date) -> DataFrame[Findings]:
    """Every contradiction on this day, those that were put away among them.

    Ordered by kind as above, then by amount, largest first, then the longest since. Amounts are in
    each client's own currency; they are never added.
    """
    found = sa.union_all(*(of_kind(identity, today) for of_kind in KINDS.values())).subquery()
    place = sa.case({kind: n for n, kind in enumerate(KINDS)}, value=found.c.kind)
    query = with_dismissals(identity, found).order_by(place, *largest_first(found, found.c.amount))
    with scoped(identity) as connection:
        return fetch(connection, query, Findings)


def as_file(found: pd.DataFrame) -> pd.DataFrame:
    """Findings as they leave in a file: `kind,client_id,…`, without our own ids."""
    return found.drop(columns=["client_kpi_id", "against", "dismissal_id"])
