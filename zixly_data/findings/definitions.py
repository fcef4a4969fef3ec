"""The kinds of findings, in the order of the pages: the contradictions first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from zixly_data.errors import NotFound
from zixly_data.findings import (
    concentration,
    contracts_and_bills,
    missing_records,
    possible_duplicates,
    possible_twins,
    recent_months,
    stale_leads,
)
from zixly_data.findings.finding import Finding
from zixly_data.findings.kind import FindingKind, Group
from zixly_data.identity import Identity

KINDS: dict[str, FindingKind] = {
    kind.key: kind
    for kind in (
        *contracts_and_bills.KINDS,
        *missing_records.KINDS,
        *recent_months.KINDS,
        *possible_duplicates.KINDS,
        *possible_twins.KINDS,
        *stale_leads.KINDS,
        *concentration.KINDS,
    )
}


def find_kind(key: str) -> FindingKind:
    """Return the kind with this key. Raises NotFound."""
    if key not in KINDS:
        raise NotFound("There is no such kind of finding.")
    return KINDS[key]


def kinds_of(group: Group) -> list[FindingKind]:
    """Return the kinds of a group in order."""
    return [kind for kind in KINDS.values() if kind.group is group]


def is_contradiction(finding: Finding) -> bool:
    """Return whether the finding is about records that disagree with each other."""
    return find_kind(finding["kind"]).group is Group.CONTRADICTION


def union_of(
    identity: Identity, today: date, target_currency: str, kinds: Iterable[FindingKind]
) -> sa.Subquery:
    """Return the findings of these kinds, without dismissals."""
    return sa.union_all(
        *(kind.query(identity, today, target_currency) for kind in kinds)
    ).subquery()
