"""The ledger: own amounts as they are, converted ones as anybody can work them out on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.database.connection import reporting, scoped
from zixly_data.figures import conversion, monthly, profitability
from zixly_data.figures.ledger import RatesMissing, ledger, require_rates
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
CURRENCIES = ("AUD", "NZD", "USD", "NZD")
FIRST = date(2023, 11, 1)
MONTHS = [add_months(FIRST, n) for n in range(6)]
CENT = Decimal("0.01")

days = st.dates(date(2023, 11, 20), date(2024, 4, 10))
# Credits, zero revenue, and amounts whose product with a rate lies right between two cents.
cents = st.sampled_from((0, 1, 5, 50, -50, -5)) | st.integers(-(10**7), 10**9)
amounts = cents.map(lambda n: Decimal(n).scaleb(-2))
some_rates = st.sampled_from((Decimal("0.5"), Decimal("1.5"), Decimal("0.00000001"))) | (
    st.integers(1, 3 * 10**8).map(lambda n: Decimal(n).scaleb(-8))
)
records = st.lists(st.tuples(st.integers(0, 3), days, amounts, amounts), max_size=14)
# Of each month the rate of NZD and of USD; a gap where there is none.
tables = st.lists(st.tuples(some_rates | st.none(), some_rates | st.none()), min_size=6, max_size=6)
patient = settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Record = tuple[int, date, Decimal, Decimal]
Known = dict[tuple[str, date], Decimal]


def read(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    target_currency: str | None = None,
) -> dict[tuple[str, date], Any]:
    """The ledger's rows by client and month."""
    with scoped(identity) as connection:
        ledger_rows = connection.execute(
            sa.select(ledger(identity, period, client_filter, target_currency))
        ).all()
    rows = {(row.client_kpi_id, row.month): row for row in ledger_rows}
    assert len(rows) == len(ledger_rows), "a client has a month twice"
    return rows


def on_paper(written: list[Record], ours: list[str], period: Period) -> dict[Any, list[Decimal]]:
    """What each client's month adds up to, from the raw rows."""
    sums: dict[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])
    for index, day, revenue, expenses in written:
        if period.start <= day <= period.end:
            total = sums[ours[index], day.replace(day=1)]
            total[0] += revenue
            total[1] += expenses
            total[2] += 1
    return sums


def converted(amount: Decimal, rate: Decimal) -> Decimal:
    """To the cent, half a cent away from zero, as PostgreSQL's round(numeric, 2) does."""
    return (amount * rate).quantize(CENT, ROUND_HALF_UP)


def write(team: Team, written: list[Record], table: list[Any]) -> tuple[list[str], Known]:
    ours = [books.client(team, f"Client {n}", currency=c) for n, c in enumerate(CURRENCIES)]
    for index, day, revenue, expenses in written:
        books.money(team, ours[index], day, revenue, expenses)
    entered_rates = {
        (currency, month): rate
        for month, of_month in zip(MONTHS, table, strict=True)
        for currency, rate in zip(("NZD", "USD"), of_month, strict=True)
        if rate is not None
    }
    exchange_rates.put_all(
        team.editor,
        [
            RateDraft(month, currency, "AUD", rate)
            for (currency, month), rate in entered_rates.items()
        ]
        # Rates of no use here: another direction, another currency, another pair.
        + [RateDraft(MONTHS[2], *pair, Decimal(9)) for pair in (("AUD", "NZD"), ("NZD", "USD"))],
    )
    return ours, entered_rates


@patient
@given(written=records, table=tables, ends=st.tuples(days, days))
@example(
    written=[(1, date(2024, 1, 5), Decimal("0.01"), Decimal("-0.01"))],
    table=[(Decimal("0.5"), None)] * 6,
    ends=(date(2024, 1, 1), date(2024, 1, 31)),
)
def test_any_ledger_is_converted_as_on_paper_or_not_at_all(
    new_team: NewTeam, written: list[Record], table: list[Any], ends: tuple[date, date]
) -> None:
    team = new_team()
    ours, entered_rates = write(team, written, table)
    currency = dict(zip(ours, CURRENCIES, strict=True))
    for period in (between(min(ends), max(ends)), between(FIRST, date(2024, 4, 30))):
        sums = on_paper(written, ours, period)
        own = read(team.viewer, period)
        assert set(own) == set(sums)
        for key, row in own.items():
            assert [row.revenue, row.expenses, row.records] == sums[key]
            assert (row.own_revenue, row.own_expenses, row.rate) == (row.revenue, row.expenses, 1)
            assert row.currency == row.own_currency == currency[key[0]]

        ledger_rows = read(team.viewer, period, target_currency="AUD")
        assert set(ledger_rows) == set(sums)
        lacking = set()
        for (client, month), row in ledger_rows.items():
            code = currency[client]
            rate = Decimal(1) if code == "AUD" else entered_rates.get((code, month))
            revenue, expenses, count = sums[client, month]
            assert (row.currency, row.own_currency, row.rate) == ("AUD", code, rate)
            assert (row.own_revenue, row.own_expenses, row.records) == (revenue, expenses, count)
            if rate is None:
                assert (row.revenue, row.expenses) == (None, None)
                lacking.add((code, month))
            else:
                assert row.revenue == converted(revenue, rate)
                assert row.expenses == converted(expenses, rate)
        check_what_is_built_on_it(team, period, ledger_rows, sorted(lacking))


def check_what_is_built_on_it(
    team: Team, period: Period, ledger_rows: dict[Any, Any], lacking: list[tuple[str, date]]
) -> None:
    """The reports refuse, naming exactly what is missing, or are the sums of these rows."""
    missing = conversion.missing_rates(team.viewer, period, "AUD").to_dict("records")
    assert [(row["currency"], row["month"]) for row in missing] == lacking
    if lacking:
        for report in (profitability.profitability, monthly.monthly):
            with pytest.raises(RatesMissing) as refused:
                report(team.viewer, period, target_currency="AUD")
            assert refused.value.months == lacking
        return
    months = monthly.monthly(team.viewer, period, target_currency="AUD").to_dict("records")
    assert {(row["client_kpi_id"], row["month"]): row["revenue"] for row in months} == {
        key: row.revenue for key, row in ledger_rows.items()
    }
    report = profitability.profitability(team.viewer, period, target_currency="AUD")
    per_client: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for (client, _), row in ledger_rows.items():
        per_client[client][0] += row.revenue
        per_client[client][1] += row.expenses
    assert {
        row["client_kpi_id"]: [row["revenue"], row["expenses"]]
        for row in report.clients.to_dict("records")
    } == per_client
    profits = [row["profit"] for row in report.clients.to_dict("records")]
    assert profits == sorted(profits, reverse=True)
    # Parts add up to totals: months to clients, clients to the one total there is.
    totals = report.totals.to_dict("records")
    assert totals == profitability.totals_of(
        monthly.monthly(team.viewer, period, target_currency="AUD")
    ).to_dict("records")
    if ledger_rows:
        (total,) = totals
        assert total["currency"] == report.target_currency == "AUD"
        assert total["clients"] == len(per_client)
        assert total["revenue"] == sum(row.revenue for row in ledger_rows.values())
        assert total["profit"] == sum(profits)


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        ("0.01", "0.5", "0.01"), ("-0.01", "0.5", "-0.01"), ("0.03", "0.5", "0.02"),
        ("1.05", "0.9", "0.95"), ("1.05", "0.899", "0.94"), ("-2.50", "0.99", "-2.48"),
        ("999999999999.99", "3", "2999999999999.97"), ("0.01", "0.00000001", "0.00"),
    ],
)  # fmt: skip
def test_half_a_cent_goes_away_from_zero(
    new_team: NewTeam, amount: str, rate: str, expected: str
) -> None:
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", amount)
    exchange_rates.put_all(team.editor, [RateDraft(date(2024, 1, 1), "NZD", "AUD", Decimal(rate))])
    (row,) = read(team.viewer, books.Q1_2024, target_currency="AUD").values()
    assert (row.revenue, row.expenses) == (Decimal(expected), Decimal("0.00"))


def test_a_month_is_converted_as_a_whole_and_not_record_by_record(new_team: NewTeam) -> None:
    """Three records of one cent at 0.5 are two cents; each by itself would be one."""
    team = new_team()
    client = books.client(team, currency="NZD")
    for _ in range(3):
        books.money(team, client, "2024-01-05", "0.01")
    exchange_rates.put_all(team.editor, [RateDraft(date(2024, 1, 1), "NZD", "AUD", Decimal("0.5"))])
    (row,) = read(team.viewer, books.Q1_2024, target_currency="AUD").values()
    assert row.revenue == Decimal("0.02")


def test_the_rate_of_the_record_s_month_counts_and_no_later_one(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-31", "100", "40")
    books.money(team, client, "2024-02-01", "100", "40")
    exchange_rates.put_all(
        team.editor,
        [
            RateDraft(date(2024, month, 1), "NZD", "AUD", Decimal(rate))
            for month, rate in ((1, "0.9"), (2, "0.8"), (3, "0.1"))
        ],
    )
    (client_total,) = profitability.profitability(
        team.viewer, books.Q1_2024, target_currency="AUD"
    ).clients.to_dict("records")
    assert (client_total["revenue"], client_total["expenses"]) == (Decimal(170), Decimal(68))
    assert client_total["margin"] == Decimal("0.6000")


def test_what_is_missing_is_named_in_words_and_only_of_the_clients_chosen(
    new_team: NewTeam,
) -> None:
    team = new_team()
    kauri, home = books.client(team, "Kauri", currency="NZD"), books.client(team, "Home")
    for month in range(1, 6):
        books.money(team, kauri, date(2024, month, 9), "1")
        books.money(team, home, date(2024, month, 9), "1")
    with pytest.raises(RatesMissing) as refused:
        profitability.profitability(team.viewer, books.ALWAYS, target_currency="AUD")
    assert str(refused.value) == (
        "There is no exchange rate into AUD for NZD in Jan 2024, NZD in Feb 2024, NZD in Mar 2024 "
        "and 2 more."
    )
    assert "Exchange rates" in refused.value.advice
    assert refused.value.target_currency == "AUD"
    only = ClientFilter(client_kpi_ids=(home,))
    assert (
        len(
            profitability.profitability(
                team.viewer, books.ALWAYS, only, target_currency="AUD"
            ).clients
        )
        == 1
    )
    with scoped(team.viewer) as connection:
        require_rates(connection, ledger(team.viewer, books.ALWAYS, None, "NZD"), None)
        with pytest.raises(RatesMissing, match="into NZD for AUD in Jan 2024"):
            require_rates(connection, ledger(team.viewer, books.ALWAYS, None, "NZD"), "NZD")


def test_rates_of_another_tenant_convert_nothing(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    for crew in (team, other):
        books.money(crew, books.client(crew, currency="NZD"), "2024-01-05", "10")
    january = RateDraft(date(2024, 1, 1), "NZD", "AUD", Decimal("0.9"))
    exchange_rates.put_all(other.editor, [january])
    with pytest.raises(RatesMissing):
        profitability.profitability(team.viewer, books.Q1_2024, target_currency="AUD")
    control = profitability.profitability(other.viewer, books.Q1_2024, target_currency="AUD")
    assert control.totals["revenue"].tolist() == [Decimal("9.00")]


def test_a_rate_that_goes_while_figures_are_read_leaves_none_of_them_out(
    new_team: NewTeam,
) -> None:
    """Whoever asks for rates and then for figures sees one state of the books."""
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "10")
    january = RateDraft(date(2024, 1, 1), "NZD", "AUD", Decimal("0.9"))
    exchange_rates.put_all(team.editor, [january])
    rows = ledger(team.viewer, books.Q1_2024, None, "AUD")
    with reporting(team.viewer) as connection:
        require_rates(connection, rows, "AUD")
        january_rate = exchange_rates.find(team.editor, *january.key)
        exchange_rates.delete(team.editor, january_rate.id, january_rate.version)
        assert connection.execute(sa.select(rows.c.revenue)).scalar_one() == Decimal("9.00")
    with scoped(team.viewer) as connection, pytest.raises(RatesMissing):
        require_rates(connection, rows, "AUD")
