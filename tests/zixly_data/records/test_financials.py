"""Financials: every month adds up to the cent, and nothing is rounded or lost in silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.errors import InvalidInput
from zixly_data.figures import monthly
from zixly_data.records import financials
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values import ids
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]
CURRENCIES = ("AUD", "NZD", "AUD")

amounts = st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=2) | st.decimals(
    min_value=-100, max_value=100, places=2
)
records = st.tuples(
    st.integers(0, 2),
    st.dates(date(2023, 12, 1), date(2024, 5, 31)),
    amounts | st.just(Decimal("0.00")),
    amounts,
)


@given(ledger=st.lists(records, max_size=12))
@example(ledger=[(0, date(2024, 1, 1), Decimal("0.01"), Decimal("999999999999.99"))])
@settings(
    max_examples=examples(12),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_ledger_adds_up_by_month_as_it_does_on_paper(
    ledger: list[tuple[int, date, Decimal, Decimal]], new_team: NewTeam
) -> None:
    team = new_team()
    ours = [books.client(team, name, currency=c) for name, c in zip("abc", CURRENCIES, strict=True)]
    sums: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for index, day, revenue, expenses in ledger:
        books.money(team, ours[index], day, revenue, expenses)
        if books.Q1_2024.contains(day):
            sums[day.replace(day=1), ours[index]][0] += revenue
            sums[day.replace(day=1), ours[index]][1] += expenses
    months = monthly.monthly(team.viewer, books.Q1_2024)
    assert {
        (row["month"], row["client_kpi_id"]): [row["revenue"], row["expenses"]]
        for row in months.to_dict("records")
    } == sums
    assert [*zip(months["month"], months["client_kpi_id"], strict=True)] == sorted(sums)
    for row in months.to_dict("records"):
        assert row["profit"] == row["revenue"] - row["expenses"]
        assert pd.isna(row["margin"]) == (row["revenue"] <= 0)
        if row["revenue"] > 0:
            exact = row["profit"] / row["revenue"]
            assert row["margin"] == exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_both_ends_of_a_period_belong_to_it(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    for day in ("2023-12-31", "2024-01-01", "2024-03-31", "2024-04-01"):
        books.money(team, client, day, "1")
    assert list(financials.list_records(team.viewer, books.Q1_2024)["record_date"]) == [
        date(2024, 3, 31),
        date(2024, 1, 1),
    ]
    months = monthly.monthly(team.viewer, books.Q1_2024)
    assert list(months["month"]) == [date(2024, 1, 1), date(2024, 3, 1)]
    assert months["margin"].notna().all()


def test_a_month_without_revenue_has_no_margin(new_team: NewTeam) -> None:
    """A sale and its credit in full: revenue 0, a loss of 12.34, and no margin."""
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-01-02", "100", "12.34")
    books.money(team, client, "2024-01-20", "-100")
    (month,) = monthly.monthly(team.viewer, books.Q1_2024).to_dict("records")
    assert (month["revenue"], month["profit"]) == (Decimal(0), Decimal("-12.34"))
    assert monthly.monthly(team.viewer, books.Q1_2024)["margin"].isna().all()


def test_a_filter_means_clients_and_keeps_their_months(new_team: NewTeam) -> None:
    team = new_team()
    cafe, law = books.client(team, "Café", industry="Food"), books.client(team, "Law")
    for client in (cafe, law):
        books.money(team, client, "2024-02-01", "5")
    client_filter = ClientFilter(industries=("Food",))
    for frame in (
        monthly.monthly(team.viewer, books.Q1_2024, client_filter),
        financials.list_records(team.viewer, books.Q1_2024, client_filter),
    ):
        assert list(frame["client_kpi_id"]) == [cafe]


def test_a_record_says_all_that_was_entered(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Café", currency="NZD", client_id="C-1")
    row_id = ids.new_id("fin")
    financials.add(
        team.editor,
        FinancialDraft(client, date(2024, 2, 29), Decimal("-12.3"), Decimal("4"), "credit note"),
        row_id=row_id,
    )
    assert financials.list_records(team.viewer, books.Q1_2024).to_dict("records") == [
        {
            "id": row_id,
            "record_date": date(2024, 2, 29),
            "client_kpi_id": client,
            "client_id": "C-1",
            "client_name": "Café",
            "currency": "NZD",
            "revenue": Decimal("-12.30"),
            "expenses": Decimal("4.00"),
            "profit": Decimal("-16.30"),
            "source_system": "manual",
            "note": "credit note",
            "version": 1,
        }
    ]


def test_the_largest_amounts_are_kept_and_summed_to_the_cent(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    for _ in range(3):
        books.money(team, client, "2024-01-01", "999999999999.99", "-999999999999.99")
    (month,) = monthly.monthly(team.viewer, books.Q1_2024).to_dict("records")
    assert month["revenue"] == Decimal("2999999999999.97")
    assert month["profit"] == Decimal("5999999999999.94")


@pytest.mark.parametrize("field", ["revenue", "expenses"])
@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("1000000000000", "too large"),
        ("-1000000000000", "too large"),
        ("1e400", "too large"),
        ("0.005", "more than 2 decimal places"),
        ("999999999999.999", "more than 2 decimal places"),
        ("NaN", "not a number"),
        ("sNaN", "not a number"),
        ("Infinity", "not a number"),
    ],
)
def test_an_amount_that_cannot_be_kept_exactly_is_refused(
    field: str, amount: str, sentence: str, new_team: NewTeam
) -> None:
    team = new_team()
    good = FinancialDraft(books.client(team), date(2024, 1, 1), Decimal("10"), Decimal("1"))
    bad = replace(good, **{field: Decimal(amount)})
    with pytest.raises(InvalidInput, match=sentence) as refused:
        financials.add(team.editor, bad, row_id=ids.new_id("fin"))
    assert refused.value.field == field
    row_id = ids.new_id("fin")
    financials.add(team.editor, good, row_id=row_id)
    with pytest.raises(InvalidInput, match=sentence):
        financials.change(team.editor, row_id, 1, bad)
    assert books.revenue_on_record(team.viewer) == Decimal("10.00")


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2101, 1, 1), date(9999, 12, 31)])
def test_a_date_out_of_range_is_refused(day: date, new_team: NewTeam) -> None:
    team = new_team()
    with pytest.raises(InvalidInput, match="out of range") as refused:
        books.money(team, books.client(team), day, "1")
    assert refused.value.field == "record_date"


def test_a_period_of_another_year_is_an_empty_frame_of_the_same_columns(new_team: NewTeam) -> None:
    team = new_team()
    books.money(team, books.client(team), "2024-01-01", "1")
    elsewhere = Period("custom", date(2030, 1, 1), date(2030, 1, 2), "")
    for function in (monthly.monthly, financials.list_records):
        empty, full = function(team.viewer, elsewhere), function(team.viewer, books.Q1_2024)
        assert (len(empty), len(full)) == (0, 1)
        assert dict(empty.dtypes) == dict(full.dtypes)
