"""Contradictions: records that disagree with each other.

REVENUE_BEFORE_CONTRACT  revenue dated before the client's first event at a won stage; no finding if
                         bills and credits before it cancel out
                         amount: that revenue; since: its first day; until: the contract's day
WON_NEVER_BILLED         a lead now at a won stage that was won 30 days ago or longer, with no
                         recorded revenue above zero since
                         amount: the lead's value, if recorded; since: the date it was won
BILLED_NEVER_WON         total revenue above zero, and leads of which none was ever at a won stage;
                         no finding for a client without lead events
                         amount: that revenue; since, until: the first and the last financial record
ACTIVE_WITHOUT_RECORDS   an active client without a financial record for more than 60 days, counted
                         from the earlier of its addition and its first lead if it has no records
                         since: the last financial record, null if there is none
EXPENSES_WITHOUT_REVENUE a past calendar month with expenses and without revenue, one finding per
                         month
                         amount: the expenses; since, until: the month's first and last day
METRIC_STOPPED           a metric of an active client with values in three months or more, and none
                         for 60 days and for more than twice its usual gap: the median of the days
                         between dates with a value
                         since: the last value; about: the metric

The `subject` of a finding decides when it counts as a new one: see `finding`.
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
    """Return all contradictions on this day, including dismissed ones.

    Ordered by kind as above, then by amount, largest first, then by `since`, oldest first. Amounts
    are in each client's own currency and are never added.
    """
    queries = (build_query(identity, today) for build_query in KINDS.values())
    rows = sa.union_all(*queries).subquery()
    kind_order = sa.case({kind: n for n, kind in enumerate(KINDS)}, value=rows.c.kind)
    query = with_dismissals(identity, rows).order_by(
        kind_order, *largest_first(rows, rows.c.amount)
    )
    with scoped(identity) as connection:
        return fetch(connection, query, Findings)


def as_file(rows: pd.DataFrame) -> pd.DataFrame:
    """Return findings as exported to a file: `kind,client_id,…`, without ids of Zixly."""
    return rows.drop(columns=["client_kpi_id", "against", "dismissal_id"])
