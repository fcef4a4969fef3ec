"""Findings: facts about a client that are worth a look. `definitions` lists their kinds.

The key of a finding is its kind, its client and its subject. A dismissal applies to a key
(`dismissals`). The subject therefore contains the month, the lead or the amount: if that changes,
the finding is a new one and no longer dismissed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis, finding_dismissals
from zixly_data.identity import Identity
from zixly_data.values.frames import Count, Date, Flag, Frame, Instant, Money, Text, nullable

# One row of `Findings`.
Finding = Mapping[str, Any]


class Findings(Frame):
    """One row per finding.

    `amount` is the amount at stake, null if there is none; `against` is the amount it is compared
    with. `about` is the lead, the metric or another client, otherwise empty. `since` and `until`
    are days with a meaning of their own for each kind, documented with the kinds. `records` counts
    the records behind the finding, without those it is compared with. The columns from `dismissed`
    on hold the dismissal: its author, time and reason.
    """

    kind: Text
    client_kpi_id: Text
    client_id: Text
    client_name: Text
    currency: Text
    amount: Money = nullable
    against: Money = nullable
    subject: Text
    about: Text
    since: Date = nullable
    until: Date = nullable
    records: Count
    dismissed: Flag
    dismissed_by_name: Text = nullable
    dismissed_at: Instant = nullable
    reason: Text = nullable
    dismissal_id: Text = nullable


@dataclass(frozen=True)
class FindingKey:
    """Key of a finding."""

    kind: str
    client_kpi_id: str
    subject: str


_COLUMNS: dict[str, tuple[sa.types.TypeEngine[Any], Any]] = {
    "currency": (sa.Text(), client_kpis.c.currency),
    "amount": (sa.Numeric(20, 2), sa.null()),
    "against": (sa.Numeric(20, 2), sa.null()),
    "subject": (sa.Text(), ""),
    "about": (sa.Text(), ""),
    "since": (sa.Date(), sa.null()),
    "until": (sa.Date(), sa.null()),
    "records": (sa.BigInteger(), 0),
}


def finding_query(**columns: Any) -> sa.Select[Any]:
    """Return a select from `client_kpis` with a finding's columns except kind and dismissal."""
    return sa.select(
        client_kpis.c.id.label("client_kpi_id"),
        client_kpis.c.client_id,
        client_kpis.c.client_name,
        *(
            sa.cast(columns.get(name, default), as_type).label(name)
            for name, (as_type, default) in _COLUMNS.items()
        ),
    )


def with_dismissals(
    identity: Identity, findings: sa.Subquery, key: FindingKey | None = None
) -> sa.Select[Any]:
    """Return the findings with their dismissals, or only the finding with this key."""
    dismissals = finding_dismissals.c
    query = sa.select(
        *findings.c,
        dismissals.id.is_not(None).label("dismissed"),
        dismissals.dismissed_by_name,
        dismissals.created_at.label("dismissed_at"),
        dismissals.reason,
        dismissals.id.label("dismissal_id"),
    ).select_from(
        findings.outerjoin(
            finding_dismissals,
            sa.and_(
                dismissals.tenant_id == identity.tenant_id,
                dismissals.client_kpi_id == findings.c.client_kpi_id,
                dismissals.kind == findings.c.kind,
                dismissals.subject == findings.c.subject,
            ),
        )
    )
    if key is not None:
        query = query.where(
            findings.c.kind == key.kind,
            findings.c.client_kpi_id == key.client_kpi_id,
            findings.c.subject == key.subject,
        )
    return query


def largest_first(findings: sa.Subquery, amount: Any) -> tuple[Any, ...]:
    """Return the order by amount: largest first, none last, then by `since`, oldest first."""
    return (
        amount.desc().nulls_last(),
        findings.c.since.nulls_first(),
        findings.c.client_kpi_id,
        findings.c.kind,
        findings.c.subject,
    )


def key_of(finding: Finding) -> FindingKey:
    """Return the key of a finding."""
    return FindingKey(finding["kind"], finding["client_kpi_id"], finding["subject"])


def date_literal(value: date) -> sa.ColumnElement[Any]:
    """Return a date as a typed literal, so that PostgreSQL treats it as a date."""
    return sa.literal(value, sa.Date)
