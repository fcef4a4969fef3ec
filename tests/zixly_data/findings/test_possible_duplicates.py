"""The finding about records with the same amounts in one month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.findings import attention, dismissals, evidence
from zixly_data.findings.finding import key_of
from zixly_data.identity import Identity
from zixly_data.values import ids
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]
TODAY = date(2026, 11, 30)


def findings(identity: Identity, today: date = TODAY) -> list[dict[str, Any]]:
    kind = "POSSIBLE_DUPLICATE"
    return [row for row in rows(attention.findings(identity, today)) if row["kind"] == kind]


def test_a_bill_recorded_twice_is_found_with_both_records(
    new_team: NewTeam, sarah: Identity
) -> None:
    team = new_team()
    harbor = books.client(team, "Harbor Bridge Construction")
    both = {books.money(team, harbor, day, "15000", "8000") for day in ("2026-11-01", "2026-11-29")}
    books.money(team, harbor, "2026-11-02", "15000", "8000.01")
    books.money(team, harbor, "2026-10-31", "15000", "8000")
    books.money(team, books.client(team, "Other"), "2026-11-01", "15000", "8000")

    (finding,) = findings(team.viewer)
    assert (finding["client_name"], finding["records"]) == ("Harbor Bridge Construction", 2)
    assert finding["amount"] == Decimal("7000.00")
    assert finding["subject"] == "2026-11 15000.00 8000.00"
    assert (finding["since"], finding["until"]) == (date(2026, 11, 1), date(2026, 11, 30))
    behind = evidence.evidence(team.viewer, key_of(finding), TODAY)
    assert set(behind.financials.frame["id"]) == both
    assert findings(sarah) == []


def test_dismissed_it_stays_dismissed_for_the_month_and_not_for_the_next(new_team: NewTeam) -> None:
    """A retainer billed every week."""
    team = new_team()
    weekly = books.client(team, "Weekly")
    for day in ("2026-10-01", "2026-10-08"):
        books.money(team, weekly, day, "500", "0")
    (finding,) = findings(team.viewer)
    key = key_of(finding)
    dismissals.dismiss(
        team.editor, key.kind, weekly, key.subject, "Billed every week.", row_id=ids.new_id("dis")
    )
    books.money(team, weekly, "2026-10-15", "500", "0")
    (finding,) = findings(team.viewer)
    assert (finding["records"], finding["dismissed"]) == (3, True)
    for day in ("2026-11-05", "2026-11-12"):
        books.money(team, weekly, day, "500", "0")
    assert sorted((f["since"].month, f["dismissed"]) for f in findings(team.viewer)) == [
        (10, True), (11, False),
    ]  # fmt: skip


def test_a_loss_is_at_stake_as_a_profit_is_and_nothing_has_no_amount(new_team: NewTeam) -> None:
    team = new_team()
    for name, revenue, expenses in (("Cost", "0", "70"), ("Even", "5", "5"), ("None", "0", "0")):
        client = books.client(team, name)
        for day in ("2026-11-01", "2026-11-02"):
            books.money(team, client, day, revenue, expenses)
    amounts = {finding["client_name"]: finding["amount"] for finding in findings(team.viewer)}
    assert amounts.pop("Cost") == Decimal("70.00")
    assert list(amounts) == ["Even"]
    assert str(amounts["Even"]) in ("<NA>", "None", "nan")


def test_records_older_than_the_three_months_before_this_one_are_left(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    for day in ("2026-07-01", "2026-07-31"):
        books.money(team, client, day, "5")
    assert findings(team.viewer) == []
    assert len(findings(team.viewer, date(2026, 10, 31))) == 1


ledgers = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.dates(date(2026, 9, 25), date(2026, 12, 5)),
        st.sampled_from(("-5.00", "0.00", "5.00")),
        st.sampled_from(("0.00", "5.00")),
    ),
    max_size=20,
)


@given(ledger=ledgers)
@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_ledger_by_counting(new_team: NewTeam, ledger: list[Any]) -> None:
    team = new_team()
    ours = [books.client(team, name) for name in ("A", "B", "C")]
    counted: dict[tuple[str, str], int] = {}
    for client, day, revenue, expenses in ledger:
        books.money(team, ours[client], day, revenue, expenses)
        if (revenue, expenses) != ("0.00", "0.00"):
            key = ours[client], f"{day:%Y-%m} {revenue} {expenses}"
            counted[key] = counted.get(key, 0) + 1
    assert {
        (finding["client_kpi_id"], finding["subject"]): finding["records"]
        for finding in findings(team.viewer)
    } == {key: count for key, count in counted.items() if count > 1}
