"""Findings: facts about a client that are worth a look, whatever found them.

A finding has a key: its kind, its client, and a subject that says which one of the kind it is.
"This is fine" is said of a key (`dismissals`), so the subject holds what would make it another
matter: the month, the lead, the amount. Where that changes, the finding is there again.
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


class Findings(Frame):
    """One row per finding.

    `amount` is what is at stake, null where no amount is; `against` is what it is measured against.
    `about` names the lead or the metric, and is empty for others. `since` and `until` are the days
    it is about; what each of them means stands with the kinds. `records` counts the records behind
    it, not what they are compared with. `dismissed` and what follows: somebody said that this is
    fine, who, when and why.
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
    """Which finding: of this kind, of this client, about this."""

    kind: str
    client_kpi_id: str
    subject: str


_FACTS: dict[str, tuple[sa.types.TypeEngine[Any], Any]] = {
    "currency": (sa.Text(), client_kpis.c.currency),
    "amount": (sa.Numeric(20, 2), sa.null()),
    "against": (sa.Numeric(20, 2), sa.null()),
    "subject": (sa.Text(), ""),
    "about": (sa.Text(), ""),
    "since": (sa.Date(), sa.null()),
    "until": (sa.Date(), sa.null()),
    "records": (sa.BigInteger(), 0),
}


def of_clients(kind: Any, **facts: Any) -> sa.Select[Any]:
    """A select from `client_kpis` with the columns of a finding, all but those of its dismissal."""
    return sa.select(
        sa.cast(kind, sa.Text).label("kind"),
        client_kpis.c.id.label("client_kpi_id"),
        client_kpis.c.client_id,
        client_kpis.c.client_name,
        *(
            sa.cast(facts.get(name, otherwise), as_type).label(name)
            for name, (as_type, otherwise) in _FACTS.items()
        ),
    )


def with_dismissals(
    identity: Identity, found: sa.Subquery, key: FindingKey | None = None
) -> sa.Select[Any]:
    """The findings with what was said of each; with a key, that one alone."""
    said = finding_dismissals.c
    query = sa.select(
        *found.c,
        said.id.is_not(None).label("dismissed"),
        said.dismissed_by_name,
        said.created_at.label("dismissed_at"),
        said.reason,
        said.id.label("dismissal_id"),
    ).select_from(
        found.outerjoin(
            finding_dismissals,
            sa.and_(
                said.tenant_id == identity.tenant_id,
                said.client_kpi_id == found.c.client_kpi_id,
                said.kind == found.c.kind,
                said.subject == found.c.subject,
            ),
        )
    )
    if key is not None:
        query = query.where(
            found.c.kind == key.kind,
            found.c.client_kpi_id == key.client_kpi_id,
            found.c.subject == key.subject,
        )
    return query


def largest_first(found: sa.Subquery, amount: Any) -> tuple[Any, ...]:
    """An order of findings: those without an amount last, and of equals the longest since first."""
    return (
        amount.desc().nulls_last(),
        found.c.since.nulls_first(),
        found.c.client_kpi_id,
        found.c.kind,
        found.c.subject,
    )


def key_of(finding: Mapping[str, Any]) -> FindingKey:
    """The key of one row of `Findings`."""
    return FindingKey(finding["kind"], finding["client_kpi_id"], finding["subject"])


def day(value: date) -> sa.ColumnElement[Any]:
    """A date of ours within a query, so that PostgreSQL knows that it is one."""
    return sa.literal(value, sa.Date)
