"""Contradictions: records that disagree with each other."""

from __future__ import annotations

from datetime import date

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.findings.definitions import kinds_of, union_of
from zixly_data.findings.finding import Findings, largest_first, with_dismissals
from zixly_data.findings.kind import Group
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.frames import fetch


def findings(identity: Identity, today: date) -> DataFrame[Findings]:
    """Return all contradictions on this day, including dismissed ones.

    Ordered by kind as defined, then by amount, largest first, then by `since`, oldest first.
    Amounts are in each client's own currency and are never added.
    """
    target_currency = tenants.get(identity).reporting_currency
    kinds = kinds_of(Group.CONTRADICTION)
    rows = union_of(identity, today, target_currency, kinds)
    kind_order = sa.case({kind.key: n for n, kind in enumerate(kinds)}, value=rows.c.kind)
    query = with_dismissals(identity, rows).order_by(
        kind_order, *largest_first(rows, rows.c.amount)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, Findings)


def as_file(rows: pd.DataFrame) -> pd.DataFrame:
    """Return findings as exported to a file: `kind,client_id,…`, without ids of Zixly."""
    return rows.drop(columns=["client_kpi_id", "against", "dismissal_id"])
