"""Cached statements: one per tenant and query, and never another tenant's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tests.conftest import Team
from zixly_data.database import statement_cache
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.breakdown import By, breakdown
from zixly_data.figures.client_totals import list_query
from zixly_data.identity import Identity, Role
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import between

ANNA = Identity("t-1", "u-1", Role.EDITOR, "a@example.com", "Anna", "s-1", "secret-of-anna")


def test_a_statement_is_put_together_once_for_each_tenant_and_question() -> None:
    built: list[tuple[str, str, int]] = []

    @cached_statement
    def statement(identity: Identity, about: str, *, days: int = 1) -> object:
        built.append((identity.tenant_id, about, days))
        return object()

    first = statement(ANNA, "profit")
    assert statement(replace(ANNA, user_id="u-2", secret="another"), "profit") is first
    assert statement(ANNA, "profit", days=2) is not first
    assert statement(ANNA, "revenue") is not first
    assert statement(replace(ANNA, tenant_id="t-2"), "profit") is not first
    assert built == [
        ("t-1", "profit", 1), ("t-1", "profit", 2), ("t-1", "revenue", 1), ("t-2", "profit", 1),
    ]  # fmt: skip


def test_the_ones_nobody_asked_for_the_longest_go() -> None:
    built: list[int] = []

    @cached_statement
    def statement(identity: Identity, number: int) -> int:
        built.append(number)
        return number

    for number in range(statement_cache.MAX_STATEMENTS):
        statement(ANNA, number)
    statement(ANNA, 0)
    statement(ANNA, statement_cache.MAX_STATEMENTS)
    built.clear()
    assert [statement(ANNA, number) for number in (0, 1)] == [0, 1]
    assert built == [1]


def test_a_cached_statement_contains_no_identity() -> None:
    client_filter = ClientFilter(statuses=("ACTIVE",))
    parameters = list_query(ANNA, client_filter).compile().params
    assert "t-1" in parameters.values()
    for name in ("user_id", "email", "full_name", "session_id", "secret"):
        assert getattr(ANNA, name) not in parameters.values()


def test_a_second_tenant_asks_the_same_and_gets_its_own(
    new_team: Callable[[], Team], cole: Identity
) -> None:
    team = new_team()
    quarter, today = between(date(2024, 1, 1), date(2024, 3, 31)), date(2026, 11, 22)
    assert len(breakdown(cole, quarter, By.CLIENT, today).groups) == 3
    assert breakdown(team.viewer, quarter, By.CLIENT, today).groups.empty
    assert len(breakdown(cole, quarter, By.CLIENT, today).groups) == 3
