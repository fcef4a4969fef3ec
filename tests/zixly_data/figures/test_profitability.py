"""Profitability: the report of the first quarter of 2024, and any other, to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.database.connection import reporting, scoped
from zixly_data.figures import client_totals, monthly, profitability
from zixly_data.figures.breakdown import By, breakdown
from zixly_data.figures.provenance import provenance
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter

NewTeam = Callable[[], Team]

amounts = st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=2) | st.decimals(
    min_value=-100, max_value=100, places=2
)


def rows(frame: Any, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in frame.to_dict("records")]


FIGURES = ("revenue", "expenses", "profit", "margin")


def test_the_first_quarter_of_2024(vera: Identity) -> None:
    report = profitability.profitability(vera, books.Q1_2024)
    assert rows(report.clients, "client_id", "client_name", "currency", *FIGURES) == [
        ("HBC-2024-001", "Harbor Bridge Construction", "AUD", Decimal("45000.00"),
         Decimal("24000.00"), Decimal("21000.00"), Decimal("0.4667")),
        ("SLF-2024-003", "Sydney Law Firm", "AUD", Decimal("25000.00"),
         Decimal("12000.00"), Decimal("13000.00"), Decimal("0.5200")),
        ("BES-2024-002", "Bondi E-commerce Store", "AUD", Decimal("24000.00"),
         Decimal("12000.00"), Decimal("12000.00"), Decimal("0.5000")),
    ]  # fmt: skip
    assert rows(report.totals, "currency", "clients", *FIGURES) == [
        ("AUD", 3, Decimal("94000.00"), Decimal("48000.00"), Decimal("46000.00"), Decimal("0.4894"))
    ]


def test_the_whole_team_reads_the_same_report(
    cole: Identity, support: Identity, vera: Identity
) -> None:
    first, *others = (
        profitability.profitability(person, books.Q1_2024) for person in (cole, support, vera)
    )
    for other in others:
        assert other.clients.equals(first.clients)
        assert other.totals.equals(first.totals)


def test_sarah_of_another_tenant_reads_her_own_and_nothing_of_zixlys(
    sarah: Identity, cole: Identity
) -> None:
    hers = profitability.profitability(sarah, books.Q1_2024)
    ours = profitability.profitability(cole, books.Q1_2024)
    assert set(hers.clients["client_id"]) == {"HBR-001", "BRD-002"}
    assert list(hers.totals["revenue"]) == [Decimal("778234.77")]
    assert not set(hers.clients["client_kpi_id"]) & set(ours.clients["client_kpi_id"])
    asked = ClientFilter(client_kpi_ids=tuple(ours.clients["client_kpi_id"]))
    assert len(profitability.profitability(cole, books.Q1_2024, asked).clients) == 3
    assert profitability.profitability(sarah, books.Q1_2024, asked).clients.empty
    assert profitability.profitability(sarah, books.Q1_2024, asked).totals.empty


def test_a_filter_narrows_clients_and_totals_alike(cole: Identity) -> None:
    client_filter = ClientFilter(search="law")
    report = profitability.profitability(cole, books.Q1_2024, client_filter)
    assert rows(report.clients, "client_id") == [("SLF-2024-003",)]
    assert rows(report.totals, *FIGURES) == [
        (Decimal("25000.00"), Decimal("12000.00"), Decimal("13000.00"), Decimal("0.5200"))
    ]


records = st.tuples(
    st.integers(0, 3),
    st.dates(date(2023, 12, 15), date(2024, 4, 15)),
    amounts | st.just(Decimal("0.00")),
    amounts,
)


@given(ledger=st.lists(records, max_size=14))
@example(ledger=[(0, date(2024, 1, 1), Decimal("0.01"), Decimal("999999999999.99"))])
@settings(
    max_examples=examples(12),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_ledger_adds_up_per_client_and_currency(
    ledger: list[tuple[int, date, Decimal, Decimal]], new_team: NewTeam
) -> None:
    team = new_team()
    currencies = ["AUD", "NZD", "AUD", "NZD"]
    ours = [books.client(team, f"Client {c}", currency=c) for c in currencies]
    per_client: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for index, day, revenue, expenses in ledger:
        books.money(team, ours[index], day, revenue, expenses)
        if books.Q1_2024.contains(day):
            per_client[index][0] += revenue
            per_client[index][1] += expenses
    report = profitability.profitability(team.viewer, books.Q1_2024)

    assert {
        key: figures for key, *figures in rows(report.clients, "client_kpi_id", *FIGURES[:3])
    } == {ours[index]: [r, e, r - e] for index, (r, e) in per_client.items()}
    order = [(row[0], -row[1]) for row in rows(report.clients, "currency", "profit")]
    assert order == sorted(order)

    per_currency: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    for index, (revenue, expenses) in per_client.items():
        total = per_currency[currencies[index]]
        per_currency[currencies[index]] = [total[0] + 1, total[1] + revenue, total[2] + expenses]
    assert rows(report.totals, "currency", "clients", *FIGURES[:3]) == [
        (code, count, revenue, expenses, revenue - expenses)
        for code, (count, revenue, expenses) in sorted(per_currency.items())
    ]

    for frame in (report.clients, report.totals):
        for (revenue, profit), margin, absent in zip(
            rows(frame, "revenue", "profit"), frame["margin"], frame["margin"].isna(), strict=True
        ):
            assert absent == (revenue <= 0)
            if revenue > 0:
                exact = profit / revenue
                assert margin == exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_a_loss_on_negative_revenue_has_no_margin(new_team: NewTeam) -> None:
    """A credit of 500 and nothing else: −500 of −500 is not a margin of 100 %."""
    team = new_team()
    books.money(team, books.client(team), "2024-02-01", "-500")
    report = profitability.profitability(team.viewer, books.Q1_2024)
    by_client = breakdown(team.viewer, books.Q1_2024, By.CLIENT, date(2024, 3, 31))
    monthly_sums = monthly.monthly(team.viewer, books.Q1_2024)
    for frame in (report.clients, report.totals, monthly_sums, by_client.groups, by_client.totals):
        assert rows(frame, "revenue", "profit") == [(Decimal(-500), Decimal(-500))]
        assert frame["margin"].isna().all()
    assert by_client.groups["share"].isna().all()
    assert provenance(team.viewer, "margin", books.Q1_2024, "AUD").value is None
    (client,) = client_totals.list_clients(team.viewer).to_dict("records")
    assert client["profit"] == Decimal(-500)
    assert pd.isna(client["margin"])


def test_the_margin_of_the_totals_is_not_the_mean_of_the_margins(new_team: NewTeam) -> None:
    """90 of 100 and 0 of 900 kept: 9 % of all, where the mean of the margins would say 45 %."""
    team = new_team()
    books.money(team, books.client(team), "2024-01-01", "100", "10")
    books.money(team, books.client(team), "2024-01-01", "900", "900")
    assert rows(profitability.profitability(team.viewer, books.Q1_2024).totals, "margin") == [
        (Decimal("0.0900"),)
    ]


def test_totals_round_as_postgresql_does(new_team: NewTeam) -> None:
    """Ties go away from zero on both sides: 0.00005 is 0.0001, and -0.00005 is -0.0001."""
    team = new_team()
    for currency, expenses in (("AUD", "19999"), ("NZD", "20001")):
        client = books.client(team, currency=currency)
        books.money(team, client, "2024-01-01", "20000", expenses)
    report = profitability.profitability(team.viewer, books.Q1_2024)
    expected = [("AUD", Decimal("0.0001")), ("NZD", Decimal("-0.0001"))]
    assert rows(report.clients, "currency", "margin") == expected
    assert rows(report.totals, "currency", "margin") == expected


def test_the_report_over_all_time_agrees_with_the_list_of_clients(cole: Identity) -> None:
    report = profitability.profitability(cole, books.ALWAYS).clients
    listed = client_totals.list_clients(cole)
    recorded = listed[listed["first_record"].notna()]
    assert len(report) > 3
    assert sorted(rows(report, "client_id", *FIGURES)) == sorted(
        rows(recorded, "client_id", *FIGURES)
    )


def test_without_records_there_is_an_empty_report(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team)
    report = profitability.profitability(team.viewer, books.Q1_2024)
    assert report.clients.empty
    assert report.totals.empty
    assert list(report.totals.columns) == ["currency", "clients", *FIGURES]


def test_sums_are_never_made_again_for_each_client(new_team: NewTeam) -> None:
    """PostgreSQL knows nothing yet of rows that just came in, and would nest the two."""
    team = new_team()
    for name in ("Harbour", "Bondi"):
        books.money(team, books.client(team, name), "2024-01-05", "10")
    query = profitability.profitability_query(team.viewer, books.Q1_2024, None)
    statement = str(
        query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    )

    def plan(connection: Connection) -> str:
        return "\n".join(connection.exec_driver_sql(f"explain {statement}").scalars())

    with scoped(team.viewer) as connection:
        assert "Nested Loop" in plan(connection)
    with reporting(team.viewer) as connection:
        assert "Nested Loop" not in plan(connection)
