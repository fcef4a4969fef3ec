"""Exchange rates: entered once, changed by whoever saw what is there, never in a closed month."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import (
    AccessDenied,
    AlreadyExists,
    Conflict,
    InvalidInput,
    MonthClosed,
    NotFound,
    ZixlyError,
)
from zixly_data.figures import conversion
from zixly_data.identity import Identity
from zixly_data.records import closed_months, exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values import ids

NewTeam = Callable[[], Team]
MARCH, APRIL, MAY = (date(2024, month, 1) for month in (3, 4, 5))


def draft(
    rate: str = "0.9132", month: date = MARCH, currency: str = "NZD", target_currency: str = "AUD"
) -> RateDraft:
    return RateDraft(month, currency, target_currency, Decimal(rate))


def put(team: Team, *drafts: RateDraft) -> str:
    """The rates, and the id of the last one."""
    for draft in drafts:
        row_id = ids.new_id("rate")
        exchange_rates.add(team.editor, draft, row_id=row_id)
    return row_id


def on_file(identity: Identity) -> list[tuple[str, str, str, str]]:
    return [
        (f"{row['month']:%Y-%m}", row["currency"], row["into_currency"], f"{row['rate']:f}")
        for row in exchange_rates.list_rates(identity).to_dict("records")
    ]


# ── one rate ────────────────────────────────────────────────────────────────────────────────


def test_rates_are_listed_the_latest_month_first_then_by_currency(new_team: NewTeam) -> None:
    team = new_team()
    put(
        team,
        draft(),
        draft("1.5", currency="USD"),
        draft("0.9", APRIL),
        draft("1.1", target_currency="USD"),
    )
    assert on_file(team.viewer) == [
        ("2024-04", "NZD", "AUD", "0.90000000"),
        ("2024-03", "NZD", "AUD", "0.91320000"),
        ("2024-03", "NZD", "USD", "1.10000000"),
        ("2024-03", "USD", "AUD", "1.50000000"),
    ]
    assert exchange_rates.list_rates(team.viewer)["version"].tolist() == [1, 1, 1, 1]


def test_any_day_of_a_month_means_the_month(new_team: NewTeam) -> None:
    team = new_team()
    stored = exchange_rates.get(team.viewer, put(team, draft(month=date(2024, 3, 31))))
    assert (stored.month, stored.rate, stored.source_system) == (MARCH, Decimal("0.9132"), "manual")
    assert exchange_rates.find(team.viewer, date(2024, 3, 15), "nzd", "aud") == stored


def test_a_form_sent_twice_is_one_rate_and_a_second_rate_is_refused(new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id("rate")
    for _ in range(2):
        exchange_rates.add(team.editor, draft(), row_id=row_id)
    with pytest.raises(AlreadyExists, match="already a rate for these currencies") as refused:
        put(team, draft("0.5"))
    assert refused.value.field == "month"
    assert on_file(team.viewer) == [("2024-03", "NZD", "AUD", "0.91320000")]


def test_the_second_of_two_who_change_a_rate_is_told_and_shown_it(new_team: NewTeam) -> None:
    team = new_team()
    row_id = put(team, draft())
    exchange_rates.change(team.editor, row_id, 1, Decimal("0.92"))
    with pytest.raises(Conflict) as refused:
        exchange_rates.change(team.admin, row_id, 1, Decimal("0.93"))
    current: Any = refused.value.current
    assert (current.rate, current.version) == (Decimal("0.92"), 2)
    with pytest.raises(Conflict):
        exchange_rates.delete(team.admin, row_id, 1)
    exchange_rates.change(team.admin, row_id, 2, Decimal("0.93"))
    exchange_rates.delete(team.admin, row_id, 3)
    for gone in (
        lambda: exchange_rates.get(team.viewer, row_id),
        lambda: exchange_rates.change(team.editor, row_id, 3, Decimal(1)),
        lambda: exchange_rates.delete(team.editor, row_id, 3),
        lambda: exchange_rates.find(team.viewer, MARCH, "NZD", "AUD"),
    ):
        with pytest.raises(NotFound):
            gone()


def test_a_viewer_reads_and_changes_nothing(new_team: NewTeam) -> None:
    team = new_team()
    row_id = put(team, draft())
    for refused in (
        lambda who: exchange_rates.add(who, draft(month=APRIL), row_id=ids.new_id("rate")),
        lambda who: exchange_rates.put_all(who, [draft("0.1")]),
        lambda who: exchange_rates.put_all(who, [draft()]),
        lambda who: exchange_rates.change(who, row_id, 1, Decimal(2)),
        lambda who: exchange_rates.delete(who, row_id, 1),
    ):
        with pytest.raises(AccessDenied):
            refused(team.viewer)
    assert on_file(team.viewer) == [("2024-03", "NZD", "AUD", "0.91320000")]
    exchange_rates.delete(team.editor, row_id, 1)


def test_nobody_of_another_tenant_finds_or_touches_it(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    row_id = put(team, draft())
    for refused in (
        lambda who: exchange_rates.get(who, row_id),
        lambda who: exchange_rates.find(who, MARCH, "NZD", "AUD"),
        lambda who: exchange_rates.change(who, row_id, 1, Decimal(2)),
        lambda who: exchange_rates.delete(who, row_id, 1),
    ):
        with pytest.raises(NotFound):
            refused(other.editor)
    assert exchange_rates.list_rates(other.viewer).empty
    put(other, draft("0.5"))
    assert exchange_rates.put_all(other.editor, [draft("0.6")]) == 1
    assert exchange_rates.get(team.viewer, row_id).rate == Decimal("0.9132")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (draft(currency="XYZ"), "currency", "“XYZ” is not a currency"),
        (draft(target_currency="Dollars"), "into_currency", "“Dollars” is not a currency"),
        (draft(currency=""), "currency", "The currency is missing"),
        (draft(currency="aud"), "currency", "two different currencies"),
        (draft("0"), "rate", "more than zero"),
        (draft("-0.9"), "rate", "more than zero"),
        (draft("1000000000.1"), "rate", "at most 1,000,000,000"),
        (draft("1e400"), "rate", "at most 1,000,000,000"),
        (draft("0.123456789"), "rate", "more than 8 decimal places"),
        (draft("NaN"), "rate", "not a number"),
        (draft("Infinity"), "rate", "not a number"),
        (draft(month=date(1999, 12, 1)), "month", "out of range"),
        (draft(month=date(2101, 1, 1)), "month", "out of range"),
    ],
)
def test_what_can_be_no_rate_is_refused_in_words(
    new_team: NewTeam, wrong: RateDraft, field: str, sentence: str
) -> None:
    team = new_team()
    for save in (
        lambda: exchange_rates.add(team.editor, wrong, row_id=ids.new_id("rate")),
        lambda: exchange_rates.put_all(team.editor, [draft(month=MAY), wrong]),
    ):
        with pytest.raises(InvalidInput, match=sentence) as refused:
            save()
        assert refused.value.field == field
    assert exchange_rates.list_rates(team.viewer).empty
    row_id = put(team, draft())
    if field == "rate":
        with pytest.raises(InvalidInput, match=sentence):
            exchange_rates.change(team.editor, row_id, 1, wrong.rate)


def test_the_least_and_the_largest_rate_are_kept_exactly(new_team: NewTeam) -> None:
    team = new_team()
    put(team, draft("0.00000001"), draft("1000000000", APRIL))
    stored = {
        row["month"]: row["rate"]
        for row in exchange_rates.list_rates(team.viewer).to_dict("records")
    }
    assert stored == {MARCH: Decimal("0.00000001"), APRIL: Decimal(1_000_000_000)}


# ── many at once ────────────────────────────────────────────────────────────────────────────


def test_many_are_put_on_file_and_only_what_differs_counts(new_team: NewTeam) -> None:
    team = new_team()
    kept = put(team, draft())
    changed = put(team, draft("0.8", APRIL))
    assert exchange_rates.put_all(team.editor, []) == 0
    assert (
        exchange_rates.put_all(team.editor, [draft(), draft("0.9", APRIL), draft("0.95", MAY)]) == 2
    )
    assert on_file(team.viewer) == [
        ("2024-05", "NZD", "AUD", "0.95000000"),
        ("2024-04", "NZD", "AUD", "0.90000000"),
        ("2024-03", "NZD", "AUD", "0.91320000"),
    ]
    versions = [exchange_rates.get(team.viewer, rate_id).version for rate_id in (kept, changed)]
    assert versions == [1, 2], "what stays is not touched, what changes is counted"


def test_one_bad_rate_keeps_all_of_them_out(new_team: NewTeam) -> None:
    team = new_team()
    several = [draft(month=date(2000 + n // 12, n % 12 + 1, 1)) for n in range(24)]
    with pytest.raises(InvalidInput, match="March 2000 has two rates from NZD to AUD"):
        exchange_rates.put_all(team.editor, [*several, draft(month=date(2000, 3, 9))])
    closed_months.close(team.admin, date(2001, 6, 1))
    with pytest.raises(MonthClosed, match="June 2001 is closed"):
        exchange_rates.put_all(team.editor, several)
    assert exchange_rates.list_rates(team.viewer).empty
    closed_months.reopen(team.admin, date(2001, 6, 1))
    assert exchange_rates.put_all(team.editor, several) == 24


def test_a_whole_century_of_rates_is_one_transaction(new_team: NewTeam) -> None:
    team = new_team()
    century = [
        draft("1.5", date(year, month, 1), currency)
        for year in range(2000, 2101)
        for month in range(1, 13)
        for currency in ("NZD", "USD")
    ]
    assert exchange_rates.put_all(team.editor, century) == 2424
    century[7] = replace(century[7], rate=Decimal("1.6"))
    assert exchange_rates.put_all(team.editor, century) == 1


def test_what_somebody_else_entered_meanwhile_is_not_written_over_unseen(
    new_team: NewTeam,
) -> None:
    team = new_team()
    put(team, draft("0.8", APRIL))
    seen = {draft(month=APRIL).key: Decimal("0.8")}
    put(team, draft("0.5"))
    with pytest.raises(Conflict) as refused:
        exchange_rates.put_all(
            team.admin, [draft(), draft("0.9", APRIL), draft(month=MAY)], seen=seen
        )
    current: Any = refused.value.current
    assert [(rate.month, rate.rate) for rate in current] == [(MARCH, Decimal("0.5"))]
    assert [line[3] for line in on_file(team.viewer)] == ["0.80000000", "0.50000000"]
    seen[draft().key] = Decimal("0.5")
    assert exchange_rates.put_all(team.admin, [draft(), draft("0.9", APRIL)], seen=seen) == 2
    same = [draft(), draft("0.9", APRIL)]
    assert exchange_rates.put_all(team.admin, same, seen={}) == 0, "the same rate is no conflict"


def test_two_who_put_the_same_months_on_file_at_once(new_team: NewTeam) -> None:
    team = new_team()
    months = [date(2000 + n // 12, n % 12 + 1, 1) for n in range(120)]
    failures: list[ZixlyError] = []

    def write(who: Identity, rate: str, order: int) -> None:
        try:
            exchange_rates.put_all(who, [draft(rate, month) for month in months[::order]])
        except ZixlyError as error:
            failures.append(error)

    threads = [
        threading.Thread(target=write, args=arguments)
        for arguments in ((team.editor, "0.5", 1), (team.admin, "0.6", -1)) * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({line[3] for line in on_file(team.viewer)}) == 1, "one of them is wholly on file"


# ── closed months ───────────────────────────────────────────────────────────────────────────


def test_a_closed_month_refuses_every_verb_and_allows_them_once_reopened(
    new_team: NewTeam,
) -> None:
    team = new_team()
    row_id = put(team, draft())
    verbs = (
        lambda: exchange_rates.add(
            team.editor, draft("1.5", currency="USD"), row_id=ids.new_id("rate")
        ),
        lambda: exchange_rates.put_all(team.editor, [draft("0.7", APRIL), draft("0.7")]),
        lambda: exchange_rates.put_all(
            team.editor, [draft("0.7", APRIL), draft("2", currency="EUR")]
        ),
        lambda: exchange_rates.change(
            team.editor, row_id, exchange_rates.get(team.editor, row_id).version, Decimal("0.99")
        ),
        lambda: exchange_rates.delete(
            team.editor, row_id, exchange_rates.get(team.editor, row_id).version
        ),
    )
    closed_months.close(team.admin, MARCH)
    before = on_file(team.viewer)
    for verb in verbs:
        with pytest.raises(
            MonthClosed, match=r"March 2024 is closed\. Its exchange rates"
        ) as refused:
            verb()
        assert (refused.value.month, "reopen it" in refused.value.advice) == (MARCH, True)
        assert on_file(team.viewer) == before
    assert exchange_rates.put_all(team.editor, [draft()]) == 0, (
        "what is on file already changes nothing"
    )
    closed_months.reopen(team.admin, MARCH)
    for verb in verbs:
        verb()


# ── what is needed ──────────────────────────────────────────────────────────────────────────


def test_which_currencies_have_amounts(new_team: NewTeam) -> None:
    team = new_team()
    assert conversion.currencies(team.viewer) == []
    books.client(team, "Without amounts", currency="USD")
    books.money(team, books.client(team, currency="NZD"), "2024-03-01", "5")
    books.money(team, books.client(team, currency="AUD"), "2024-03-01", "5")
    assert conversion.currencies(team.viewer) == ["AUD", "NZD"]
    assert conversion.currencies(new_team().viewer) == []


def test_which_rates_are_missing_and_which_are_used(new_team: NewTeam) -> None:
    team = new_team()
    kauri, home = books.client(team, currency="NZD"), books.client(team, currency="AUD")
    for day in ("2024-01-31", "2024-03-01", "2024-03-31"):
        books.money(team, kauri, day, "5")
    books.money(team, home, "2024-02-01", "5")
    put(team, draft(), draft("1.6", currency="USD"))
    missing = conversion.missing_rates(team.viewer, books.ALWAYS, "AUD").to_dict("records")
    assert missing == [{"currency": "NZD", "month": date(2024, 1, 1)}]
    used = conversion.used_rates(team.viewer, books.ALWAYS, "AUD").to_dict("records")
    assert used == [{"currency": "NZD", "month": MARCH, "rate": Decimal("0.91320000")}]
    turned = conversion.missing_rates(team.viewer, books.ALWAYS, "NZD").to_dict("records")
    assert turned == [{"currency": "AUD", "month": date(2024, 2, 1)}], "no rate is turned round"
