"""A figure's passport recomputes to exactly the figure, from its months and from its records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

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
    cents,
    fraction,
    ledgers,
    months_of,
    periods,
    write,
)
from zixly_data.figures.breakdown import By, breakdown
from zixly_data.figures.definitions import FIGURES
from zixly_data.figures.provenance import HEADLINES, Provenance, provenance
from zixly_data.identity import Identity
from zixly_data.records import financials
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

TODAY = date(2030, 1, 1)


def rows(frame: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]]
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return records


def by_its_formula(figure: str, months: list[dict[str, Any]]) -> Decimal | None:
    """What a person with the file and the words of the formula arrives at."""
    if not months:
        return None
    revenue = sum((m["revenue"] for m in months), ZERO)
    expenses = sum((m["expenses"] for m in months), ZERO)
    worked = [m for m in months if m["hours"]]
    hours = sum((m["hours"] for m in worked), Decimal(0))
    billed = sum((m["revenue"] for m in worked), ZERO)
    answers: dict[str, Decimal | None] = {
        "revenue": revenue,
        "expenses": expenses,
        "profit": revenue - expenses,
        "margin": fraction(revenue - expenses, revenue),
        "hourly_rate": cents(billed / hours) if hours else None,
    }
    return answers[figure]


@settings(
    max_examples=examples(12),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ledger=ledgers, period=periods, converted=st.booleans())
def test_any_figure_of_any_ledger(
    new_team: Callable[[], Team], ledger: Ledger, period: Period, converted: bool
) -> None:
    team = new_team()
    write(team, ledger)
    target_currency = "AUD" if converted else None
    report = breakdown(team.viewer, period, By.CLIENT, TODAY, target_currency=target_currency)
    (total,) = [t for t in rows(report.totals) if t["currency"] == "AUD"] or [None]
    mine = [
        month
        for month in months_of(ledger, period, target_currency)
        if converted or CLIENTS[month.client][1] == "AUD"
    ]
    for figure in HEADLINES:
        passport = provenance(team.viewer, figure, period, "AUD", converted=converted)
        assert passport.value == by_its_formula(figure, rows(passport.months.frame))
        if passport.months.frame.empty:
            assert passport.value is None
        else:
            assert total is not None
            assert passport.value == total[figure]
        assert len(passport.months.frame) == len(mine)
        assert sorted(passport.months.frame["revenue"]) == sorted(month.revenue for month in mine)
        in_records = [
            record
            for record in rows(financials.list_records(team.viewer, period))
            if converted or record["currency"] == "AUD"
        ]
        assert passport.records == len(in_records)
        assert passport.latest == max((r["record_date"] for r in in_records), default=None)
        for month in rows(passport.months.frame):
            own = [
                record
                for record in in_records
                if record["client_id"] == month["client_id"]
                and record["record_date"].replace(day=1) == month["month"]
            ]
            assert month["own_revenue"] == sum(r["revenue"] for r in own)
            assert month["own_expenses"] == sum(r["expenses"] for r in own)
            assert month["records"] == len(own)
            assert month["revenue"] == cents(month["own_revenue"] * month["rate"])


def test_the_first_quarter_of_2024(vera: Identity) -> None:
    passport = provenance(vera, "margin", books.Q1_2024, "AUD")
    assert (passport.value, passport.records) == (Decimal("0.4894"), 9)
    assert passport.latest == date(2024, 3, 28)
    assert passport.changed_at is not None
    assert passport.figure.formula.startswith("Total profit divided by total revenue")
    only = provenance(vera, "profit", books.Q1_2024, "AUD", ClientFilter(search="law"))
    assert only.value == Decimal("13000.00")


def test_another_tenants_records_are_no_part_of_it(sarah: Identity, cole: Identity) -> None:
    assert provenance(cole, "revenue", books.Q1_2024, "AUD").value == Decimal("94000.00")
    assert provenance(sarah, "revenue", books.Q1_2024, "AUD").value == Decimal("778234.77")


def test_a_figure_that_is_none(new_team: Callable[[], Team]) -> None:
    passport: Provenance = provenance(new_team().viewer, "margin", books.Q1_2024, "AUD")
    assert (passport.value, passport.records, passport.latest, passport.changed_at) == (
        None,
        0,
        None,
        None,
    )
    assert passport.months.frame.empty
    with pytest.raises(KeyError):
        provenance(new_team().viewer, "luck", books.Q1_2024, "AUD")


def test_each_headline_is_defined() -> None:
    assert set(HEADLINES) <= set(FIGURES)
