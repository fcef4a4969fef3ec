"""The margin bridge: why profit changed, in parts that add up to the cent."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaError

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.ledgers.bridge_by_hand import expected
from zixly_data.errors import SessionEnded
from zixly_data.figures.bridge import PARTS, Bridge, as_file, bridge
from zixly_data.figures.ledger import RatesMissing
from zixly_data.identity import Identity
from zixly_data.records import exchange_rates
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.ids import new_id
from zixly_data.values.period import Period, between, parse

NewTeam = Callable[[], Team]

BEFORE = between("2024-01-01", "2024-03-31")
AFTER = between("2024-04-01", "2024-06-30")
FIGURES = ("profit_before", "profit_after", *PARTS, "change")


def figures(report: Bridge) -> dict[str, dict[str, Decimal]]:
    """The figures of each client, by our id of it."""
    rows = report.clients.to_dict("records")
    assert len({row["client_kpi_id"] for row in rows}) == len(rows)
    return {row["client_kpi_id"]: {name: row[name] for name in FIGURES} for row in rows}


def parts(report: Bridge, client: str) -> dict[str, str]:
    """The parts of one client that are not zero."""
    return {
        name: str(amount)
        for name, amount in figures(report)[client].items()
        if name in PARTS and amount
    }


def adds_up(report: Bridge) -> bool:
    frames = (report.clients, report.totals)
    rows = [row for frame in frames for row in frame.to_dict("records")]
    return all(
        row["profit_before"] + sum(row[name] for name in PARTS) == row["profit_after"]
        and row["profit_after"] - row["profit_before"] == row["change"]
        for row in rows
    )


def rate(team: Team, month: str, value: str, currency: str = "NZD") -> None:
    draft = RateDraft(date.fromisoformat(f"{month}-01"), currency, "AUD", Decimal(value))
    exchange_rates.add(team.editor, draft, row_id=new_id("rate"))


def hours(team: Team, client: str, *values: tuple[str, str]) -> None:
    for day, value in values:
        books.measure(team, client, "Billable Hours", day, value)


# ── crafted cases ───────────────────────────────────────────────────────────────────────────


def test_the_second_quarter_of_2024_against_the_first(vera: Identity) -> None:
    report = bridge(vera, parse("2024-Q1", BEFORE.start), parse("2024-Q2", BEFORE.start))
    (total,) = report.totals.to_dict("records")
    assert total["profit_before"] == Decimal("46000.00")
    assert adds_up(report)
    assert figures(report) == expected(vera, BEFORE, AFTER)
    sizes = [abs(change) for change in report.clients["change"]]
    assert sizes == sorted(sizes, reverse=True)


def test_a_client_won_brings_all_its_profit_and_one_lost_takes_it(new_team: NewTeam) -> None:
    team = new_team()
    won, lost, costly = (books.client(team, name) for name in ("Won", "Lost", "Costly"))
    books.money(team, won, "2024-05-01", "900", "400")
    books.money(team, lost, "2024-02-01", "700", "100")
    books.money(team, costly, "2024-02-01", "0", "50")
    report = bridge(team.viewer, BEFORE, AFTER)
    assert parts(report, won) == {"won": "500.00"}
    assert parts(report, lost) == {"lost": "-600.00"}
    assert parts(report, costly) == {"lost": "50.00"}
    (total,) = report.totals.to_dict("records")
    assert (total["clients"], total["clients_won"], total["clients_lost"]) == (3, 1, 2)
    assert (total["won"], total["lost"], total["change"]) == (500, -550, -50)


def test_hours_split_revenue_into_volume_and_price(new_team: NewTeam) -> None:
    """100 hours at $90 become 120 at $100: 20 more at the old price, the rest is price."""
    team = new_team()
    client = books.client(team)
    books.metric(team, "Hours at work", unit="hours", purpose=BILLABLE_HOURS)
    for day, value in (("2024-01-31", "60"), ("2024-02-29", "40"), ("2024-06-30", "120")):
        books.measure(team, client, "Hours at work", day, value)
    books.money(team, client, "2024-01-05", "9000", "1000")
    books.money(team, client, "2024-06-05", "12000", "1500")
    report = bridge(team.viewer, BEFORE, AFTER)
    assert parts(report, client) == {"volume": "1800.00", "price": "1200.00", "cost": "-500.00"}
    (row,) = report.clients.to_dict("records")
    assert (row["hours_before"], row["hours_after"]) == (100, 120)
    assert row["months_without_hours"] == 0


def test_all_values_of_a_day_count(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.metric(team, "Billable Hours", unit="hours", purpose=BILLABLE_HOURS)
    hours(team, client, *(("2024-01-31", value) for value in ("2.5", "3", "1.25")))
    hours(team, client, ("2024-04-30", "13.5"))
    books.money(team, client, "2024-01-05", "100")
    books.money(team, client, "2024-04-05", "200")
    assert parts(bridge(team.viewer, BEFORE, AFTER), client) == {"volume": "100.00"}


def test_without_hours_in_both_periods_revenue_is_not_split(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "Billable Hours", unit="hours", purpose=BILLABLE_HOURS)
    books.metric(team, "Hours", unit="hours")
    once, zero, other = (books.client(team, name) for name in ("Once", "Zero", "Other"))
    for client in (once, zero, other):
        books.money(team, client, "2024-01-05", "100")
        books.money(team, client, "2024-04-05", "130")
    hours(team, once, ("2024-01-31", "10"))
    hours(team, zero, ("2024-01-31", "10"), ("2024-04-30", "0"))
    for day in ("2024-01-31", "2024-04-30"):
        books.measure(team, other, "Hours", day, "10")
    report = bridge(team.viewer, BEFORE, AFTER)
    for client in (once, zero, other):
        assert parts(report, client) == {"revenue": "30.00"}
    assert set(report.clients["months_without_hours"]) == {0}


def test_months_with_revenue_and_no_hours_are_counted(new_team: NewTeam) -> None:
    """Volume and price are only as good as the hours; the page says where some are missing."""
    team = new_team()
    client = books.client(team)
    books.metric(team, "Billable Hours", unit="hours", purpose=BILLABLE_HOURS)
    hours(team, client, ("2024-01-31", "10"), ("2024-04-30", "10"))
    for day in ("2024-01-05", "2024-02-05", "2024-04-05", "2024-05-05", "2024-06-05"):
        books.money(team, client, day, "100")
    books.money(team, client, "2024-03-05", "0", "20")
    assert list(bridge(team.viewer, BEFORE, AFTER).clients["months_without_hours"]) == [3]


@pytest.mark.parametrize(
    ("before", "after", "expected_parts"),
    [
        (("-500", "0"), ("300", "100"), {"revenue": "800.00", "cost": "-100.00"}),
        (("0", "900"), ("0", "400"), {"cost": "500.00"}),
        (("100", "900"), ("-50.55", "0.05"), {"revenue": "-150.55", "cost": "899.95"}),
        (("0", "0"), ("0", "0"), {}),
    ],
)
def test_credits_losses_and_no_revenue(
    new_team: NewTeam,
    before: tuple[str, str],
    after: tuple[str, str],
    expected_parts: dict[str, str],
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-01-05", *before)
    books.money(team, client, "2024-04-05", *after)
    result = bridge(team.viewer, BEFORE, AFTER)
    assert parts(result, client) == expected_parts
    assert adds_up(result)


def test_another_rate_is_no_merit_of_the_client(new_team: NewTeam) -> None:
    """NZ$1,000 more at the old rate of 0.9; that 1 NZD is worth 0.95 now is currency."""
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "10000", "4000")
    books.money(team, client, "2024-04-05", "11000", "4200")
    rate(team, "2024-01", "0.9")
    rate(team, "2024-04", "0.95")
    report = bridge(team.viewer, BEFORE, AFTER, target_currency="AUD")
    assert parts(report, client) == {
        "revenue": "900.00", "cost": "-180.00", "currency_effect": "340.00"
    }  # fmt: skip
    assert figures(report)[client]["change"] == Decimal("1060.00")
    assert list(report.totals["currency"]) == ["AUD"]
    assert parts(bridge(team.viewer, BEFORE, AFTER), client) == {
        "revenue": "1000.00", "cost": "-200.00"
    }  # fmt: skip


def test_the_old_rate_lies_between_its_months_whatever_was_credited(new_team: NewTeam) -> None:
    """NZ$100 at 0.9 and a credit of NZ$99 at 0.8: converted over own revenue would be 10.8."""
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "100")
    books.money(team, client, "2024-02-05", "-99")
    books.money(team, client, "2024-04-05", "200")
    for month, value in (("2024-01", "0.9"), ("2024-02", "0.8"), ("2024-04", "0.9")):
        rate(team, month, value)
    client_parts = parts(bridge(team.viewer, BEFORE, AFTER, target_currency="AUD"), client)
    assert client_parts["revenue"] == "169.20", "199 at 0.8503"


def test_expenses_give_the_rate_where_there_is_no_revenue(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "0", "100")
    books.money(team, client, "2024-04-05", "300", "100")
    rate(team, "2024-01", "0.5")
    rate(team, "2024-04", "0.8")
    report = bridge(team.viewer, BEFORE, AFTER, target_currency="AUD")
    assert parts(report, client) == {"revenue": "150.00", "currency_effect": "60.00"}


def test_without_any_amount_before_there_is_no_currency_effect(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "0", "0")
    books.money(team, client, "2024-04-05", "300", "100")
    rate(team, "2024-01", "0.5")
    rate(team, "2024-04", "0.8")
    report = bridge(team.viewer, BEFORE, AFTER, target_currency="AUD")
    assert parts(report, client) == {"revenue": "240.00", "cost": "-80.00"}


def test_without_a_rate_nothing_is_added_up(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, currency="NZD")
    books.money(team, client, "2024-01-05", "100")
    books.money(team, client, "2024-04-05", "200")
    for month, missing_rate in (("2024-04", "NZD in Jan 2024"), ("2024-01", None)):
        rate(team, month, "0.9")
        if missing_rate:
            with pytest.raises(RatesMissing, match=missing_rate):
                bridge(team.viewer, BEFORE, AFTER, target_currency="AUD")
    assert adds_up(bridge(team.viewer, BEFORE, AFTER, target_currency="AUD"))


def test_a_rate_that_goes_after_the_check_makes_it_fail(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a sum of what could be converted."""
    team = new_team()
    client = books.client(team, currency="NZD")
    for day in ("2024-01-05", "2024-04-05", "2024-05-05"):
        books.money(team, client, day, "100")
    rate(team, "2024-01", "0.9")
    rate(team, "2024-04", "0.9")
    monkeypatch.setattr("zixly_data.figures.bridge.require_rates", lambda *_: None)
    with pytest.raises(SchemaError, match="profit_after"):
        bridge(team.viewer, BEFORE, AFTER, target_currency="AUD")


def test_currencies_have_totals_of_their_own(new_team: NewTeam) -> None:
    team = new_team()
    for currency in ("NZD", "AUD"):
        client = books.client(team, currency=currency)
        books.money(team, client, "2024-01-05", "100")
        books.money(team, client, "2024-04-05", "150")
    report = bridge(team.viewer, BEFORE, AFTER)
    assert [(row["currency"], row["change"]) for row in report.totals.to_dict("records")] == [
        ("AUD", 50), ("NZD", 50)
    ]  # fmt: skip


def test_a_filter_narrows_and_an_empty_bridge_has_all_columns(new_team: NewTeam) -> None:
    team = new_team()
    ours = [books.client(team, name) for name in ("Harbour", "Bondi")]
    for client in ours:
        books.money(team, client, "2024-01-05", "100")
    report = bridge(team.viewer, BEFORE, AFTER, ClientFilter(search="bond"))
    assert list(figures(report)) == [ours[1]]
    nothing = bridge(team.viewer, between("2010-01-01", "2010-01-31"), AFTER)
    assert nothing.clients.empty
    assert nothing.totals.empty
    assert list(as_file(nothing.clients).columns) == [
        "client_id", "client_name", "currency", *FIGURES
    ]  # fmt: skip


def test_sarah_of_another_tenant_reads_nothing_of_zixlys(cole: Identity, sarah: Identity) -> None:
    ours = set(bridge(cole, BEFORE, AFTER).clients["client_kpi_id"])
    assert len(ours) >= 3
    asked = ClientFilter(client_kpi_ids=tuple(ours))
    assert bridge(sarah, BEFORE, AFTER, asked).clients.empty
    assert not bridge(sarah, BEFORE, AFTER).clients.empty


# ── any ledger ──────────────────────────────────────────────────────────────────────────────

CURRENCIES = ("AUD", "NZD", "USD")
days = st.dates(date(2023, 12, 20), date(2024, 7, 10))
amounts = st.one_of(
    st.just(Decimal("0.00")),
    st.integers(-300_000, 900_000).map(lambda n: Decimal(n).scaleb(-2)),
)
time = st.integers(0, 900_000).map(lambda n: Decimal(n).scaleb(-4))


def mostly(days: st.SearchStrategy[date], *values: st.SearchStrategy[Decimal]) -> Any:
    """One or two entries on such days; sometimes, as in a gap or without hours, none."""
    some = st.lists(st.tuples(days, *values), min_size=1, max_size=2)
    return st.one_of(some, some, some, st.just([]))


early, late = (st.dates(period.start, period.end) for period in (BEFORE, AFTER))
# Of one client: records in either quarter and anywhere, then hours likewise.
stories = st.tuples(
    *(mostly(span, amounts, amounts) for span in (early, late, days)),
    *(mostly(span, time) for span in (early, late, days)),
)
monthly_rates = st.lists(
    st.integers(1, 3_000_000).map(lambda n: Decimal(n).scaleb(-6)), min_size=16, max_size=16
)


def months() -> Iterable[str]:
    return (f"{year}-{month:02}" for year, month in [(2023, 12), *((2024, m) for m in range(1, 8))])


@given(
    told=st.tuples(*(stories for _ in CURRENCIES)),
    entered_rates=monthly_rates,
    ends=st.lists(days, min_size=4, max_size=4),
)
@settings(
    max_examples=examples(20),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_ledger_is_explained_to_the_cent(
    new_team: NewTeam,
    told: tuple[tuple[list[Any], ...], ...],
    entered_rates: list[Decimal],
    ends: list[date],
) -> None:
    team = new_team()
    books.metric(team, "Billable Hours", unit="hours", purpose=BILLABLE_HOURS)
    for currency, story in zip(CURRENCIES, told, strict=True):
        client = books.client(team, currency=currency)
        for day, revenue, expenses in itertools.chain(*story[:3]):
            books.money(team, client, day, revenue, expenses)
        for day, value in itertools.chain(*story[3:]):
            books.measure(team, client, "Billable Hours", day, str(value))
    drafts = [
        RateDraft(date.fromisoformat(f"{month}-01"), currency, "AUD", value)
        for (month, currency), value in zip(
            ((month, currency) for currency in ("NZD", "USD") for month in months()),
            entered_rates,
            strict=True,
        )
    ]
    exchange_rates.put_all(team.editor, drafts)
    custom = [between(min(pair), max(pair)) for pair in (ends[:2], ends[2:])]
    against: Period
    for against, period in ((BEFORE, AFTER), (custom[0], custom[1])):
        for target_currency in (None, "AUD"):
            report = bridge(team.viewer, against, period, target_currency=target_currency)
            assert figures(report) == expected(team.viewer, against, period, target_currency)
            assert adds_up(report)
            if target_currency is None:
                assert not any(report.clients["currency_effect"])


def test_an_ended_session_reads_nothing(new_team: NewTeam) -> None:
    team = new_team()
    with pytest.raises(SessionEnded):
        bridge(replace(team.viewer, secret="invented"), BEFORE, AFTER)
