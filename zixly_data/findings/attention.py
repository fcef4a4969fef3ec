"""Attention findings: facts that need attention although no records contradict each other."""

from __future__ import annotations

from datetime import date

from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.findings.definitions import kinds_of, union_of
from zixly_data.findings.finding import Findings, largest_first, with_dismissals
from zixly_data.findings.kind import Group
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.frames import fetch


def findings(identity: Identity, today: date) -> DataFrame[Findings]:
    """Return all findings of these kinds on this day, including dismissed ones.

    Ordered by amount, largest first, in any currency; findings without an amount come last.
    """
    target_currency = tenants.get(identity).reporting_currency
    rows = union_of(identity, today, target_currency, kinds_of(Group.ATTENTION))
    query = with_dismissals(identity, rows).order_by(*largest_first(rows, rows.c.amount))
    with reporting(identity) as connection:
        return fetch(connection, query, Findings)
