"""A kind of finding is complete where it is defined."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

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
from zixly_data.findings.definitions import KINDS, find_kind, kinds_of
from zixly_data.findings.kind import FindingKind, Group

MODULES = (
    contracts_and_bills,
    missing_records,
    recent_months,
    possible_duplicates,
    possible_twins,
    stale_leads,
    concentration,
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_kind_has_all_its_parts(kind: FindingKind) -> None:
    for part in fields(FindingKind):
        assert getattr(kind, part.name), part.name
    # The form that the database holds a dismissal's kind to, which the statement quotes.
    assert re.fullmatch("[A-Z][A-Z_]{0,39}", kind.key)
    assert all(template.endswith(".") for template in (kind.meaning, *kind.sentences))


def test_no_two_kinds_share_a_key_a_title_or_an_icon() -> None:
    kinds = [kind for module in MODULES for kind in module.KINDS]
    assert list(KINDS.values()) == kinds
    for part in ("key", "title", "icon"):
        assert len({getattr(kind, part) for kind in kinds}) == len(kinds), part


def test_contradictions_come_first_and_every_kind_is_in_a_group() -> None:
    grouped = [kind for group in Group for kind in kinds_of(group)]
    assert grouped == list(KINDS.values())
    assert all(map(kinds_of, Group))


def test_a_kind_that_nobody_defined_is_refused() -> None:
    assert find_kind("LOSS").title == "Clients making a loss"
    with pytest.raises(NotFound):
        find_kind("NOTHING_LIKE_IT")
