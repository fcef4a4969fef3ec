"""The passport of each line recomputes to exactly the line, from its months and its records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.ledgers.profit_ledgers import (
    CLIENTS,
    ZERO,
    Ledger,
    Overhead,
    ledgers,
    lines_by_hand,
    overheads,
    periods,
    write,
    write_overheads,
)
from tests.support.records import overhead
from zixly_data.errors import SessionEnded
from zixly_data.figures.business.line_records import (
    BUSINESS_FIGURES,
    MOST_ACCOUNTS,
    records_of,
)
from zixly_data.figures.business.provenance import business_provenance, line_months
from zixly_data.figures.definitions import OF_BUSINESS
from zixly_data.figures.ledger import RatesMissing
from zixly_data.figures.profitability import margin_of
from zixly_data.identity import Identity
from zixly_data.records.overheads import list_records
from zixly_data.values.frames import rows
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]
LINE = {"unassigned": "unassigned", "overheads": "overheads", "business_profit": "business"}


@settings(
    max_examples=examples(12),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ledger=ledgers, others=overheads, period=periods, converted=st.booleans())
def test_any_line_of_any_ledger(
    new_team: NewTeam, ledger: Ledger, others: list[Overhead], period: Period, converted: bool
) -> None:
    team = new_team()
    write(team, ledger)
    write_overheads(team, others)
    lines = lines_by_hand(ledger, others, period, "AUD" if converted else None)
    for figure in BUSINESS_FIGURES:
        passport = business_provenance(team.viewer, figure, period, "AUD", converted=converted)
        months = rows(passport.months.frame)
        all_months = line_months(team.viewer, figure, period, "AUD", converted=converted)
        assert rows(all_months) == months
        assert all(month["profit"] == month["revenue"] - month["expenses"] for month in months)
        profit = sum((month["profit"] for month in months), ZERO)
        revenue = sum((month["revenue"] for month in months), ZERO)
        expected = lines.get(("AUD", LINE.get(figure, "business")), (ZERO, ZERO))
        assert (profit, revenue) == (expected[0] - expected[1], expected[0])
        if figure == "business_margin":
            assert passport.value == (margin_of(profit, revenue) if months else None)
        else:
            assert passport.value == (profit if months else None)
        mine = [
            row
            for row in others
            if period.contains(row[2])
            and (converted or row[1] == "AUD")
            and (passport.has_clients or row[0] == figure.upper().removesuffix("S"))
        ]
        behind = records_of(figure, None if converted else "AUD")
        records = list_records(team.viewer, period, behind)
        assert sorted(records["expenses"]) == sorted(row[4] for row in mine)
        assert sorted(records["record_date"]) == sorted(row[2] for row in mine)
        accounts = rows(passport.accounts)
        assert sum(row["expenses"] for row in accounts) == sum(row[4] for row in mine)
        assert sum(row["records"] for row in accounts) == len(mine)
        days = [row[2] for row in mine]
        if passport.has_clients:
            of_clients = [
                day
                for client, day, *_ in ledger[0]
                if period.contains(day) and (converted or CLIENTS[client][1] == "AUD")
            ]
            days += of_clients
        assert passport.records == len(days)
        assert passport.latest == max(days, default=None)
        assert (passport.changed_at is None) is (not days)


def test_accounts_are_named_with_their_days(new_team: NewTeam) -> None:
    team = new_team()
    for day, expenses in (("2024-01-01", "10"), ("2024-03-01", "20")):
        overhead(team, day, expenses, account="Rent", counterparty="Offices")
    overhead(team, "2024-02-01", "5")
    overhead(team, "2024-02-01", "7", kind="UNASSIGNED", account="Rent")
    passport = business_provenance(team.viewer, "overheads", books.Q1_2024, "AUD")
    assert passport.figure is OF_BUSINESS["overheads"]
    assert passport.value == Decimal("-35.00")
    assert [tuple(row.values()) for row in rows(passport.accounts)] == [
        ("overheads", "Rent", "AUD", 2, date(2024, 1, 1), date(2024, 3, 1), 0, 30),
        ("overheads", None, "AUD", 1, date(2024, 2, 1), date(2024, 2, 1), 0, 5),
    ]
    behind = records_of("overheads", None)
    records = rows(list_records(team.viewer, books.Q1_2024, behind))
    assert [row["counterparty"] for row in records] == ["Offices", None, "Offices"]
    for number in range(MOST_ACCOUNTS + 1):
        overhead(team, "2024-02-01", "1", account=f"Account {number}")
    passport = business_provenance(team.viewer, "overheads", books.Q1_2024, "AUD")
    assert len(passport.accounts) == MOST_ACCOUNTS


def test_rates_another_tenant_and_other_figures(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    overhead(team, "2024-02-10", "7", currency="NZD")
    asked = ("business_profit", books.Q1_2024, "AUD")
    for read in (business_provenance, line_months):
        with pytest.raises(RatesMissing, match="NZD in Feb 2024"):
            read(team.viewer, *asked, converted=True)  # type: ignore[operator]
    assert business_provenance(team.viewer, *asked).value is None
    asked = ("business_profit", books.Q1_2024, "NZD")
    assert business_provenance(team.viewer, *asked).value == Decimal("-7.00")
    assert business_provenance(other.viewer, *asked).value is None
    with pytest.raises(KeyError):
        business_provenance(team.viewer, "profit", books.Q1_2024, "NZD")
    with pytest.raises(SessionEnded):
        business_provenance(Identity(**{**vars(team.viewer), "secret": "none"}), *asked)
