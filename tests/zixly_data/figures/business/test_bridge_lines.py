"""The bridge closes from the profit of the business before to that after, to the cent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.ledgers.bridge_by_hand import expected
from tests.support.ledgers.profit_ledgers import (
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
from zixly_data.figures.bridge import as_file, bridge
from zixly_data.figures.business.bridge_lines import BUSINESS_PARTS
from zixly_data.figures.business.lines import LINES
from zixly_data.figures.ledger import RatesMissing
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
BEFORE, AFTER = between("2024-01-01", "2024-03-31"), between("2024-04-01", "2024-06-30")


@settings(
    max_examples=examples(15),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    ledger=ledgers, others=overheads, against=periods, period=periods,
    target_currency=st.sampled_from((None, "AUD")), kept=st.sampled_from(("both", "one", "none")),
)  # fmt: skip
def test_it_closes_with_any_overheads(
    new_team: NewTeam,
    ledger: Ledger,
    others: list[Overhead],
    against: Period,
    period: Period,
    target_currency: str | None,
    kept: str,
) -> None:
    team = new_team()
    if kept == "none":
        others = []
    elif kept == "one":
        others = [row for row in others if not against.contains(row[2])]
    write(team, ledger)
    write_overheads(team, others)
    report = bridge(team.viewer, against, period, target_currency=target_currency)
    # The clients and their parts are what they were without overheads.
    by_client = expected(team.viewer, against, period, target_currency)
    assert {row["client_kpi_id"]: row["change"] for row in rows(report.clients)} == {
        client: parts["change"] for client, parts in by_client.items()
    }
    if not any(span.contains(row[2]) for row in others for span in (against, period)):
        assert report.lines.empty
        assert "no_client" not in report.totals.columns
        return
    earlier, later = (
        {key: revenue - expenses for key, (revenue, expenses) in lines.items()}
        for lines in (
            lines_by_hand(ledger, others, days, target_currency) for days in (against, period)
        )
    )
    currencies = sorted({currency for currency, _ in (*earlier, *later)})
    assert list(report.totals["currency"]) == currencies
    assert [(row["currency"], row["line"]) for row in rows(report.lines)] == [
        (currency, line) for currency in currencies for line in LINES
    ]
    for row in rows(report.lines):
        key = row["currency"], row["line"]
        assert row["profit_before"] == earlier.get(key, ZERO)
        assert row["profit_after"] == later.get(key, ZERO)
        assert row["change"] == row["profit_after"] - row["profit_before"]
    for total in rows(report.totals):
        key = total["currency"], "business"
        assert total["profit_before"] == earlier.get(key, ZERO)
        assert total["profit_after"] == later.get(key, ZERO)
        assert total["change"] == total["profit_after"] - total["profit_before"]
        assert total["change"] == sum(total[part] for part in BUSINESS_PARTS)
        assert total["no_client"] == sum(
            later.get((total["currency"], line), ZERO)
            - earlier.get((total["currency"], line), ZERO)
            for line in ("unassigned", "overheads")
        )


def test_one_part_and_the_file_of_clients_as_before(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-01-05", "100", "10")
    books.money(team, client, "2024-04-05", "130", "10")
    file = as_file(bridge(team.viewer, BEFORE, AFTER).clients)
    overhead(team, "2024-04-01", "50")
    overhead(team, "2024-01-01", "20", kind="UNASSIGNED", revenue="5")
    overhead(team, "2024-04-30", "3", currency="USD")
    report = bridge(team.viewer, BEFORE, AFTER)
    assert as_file(report.clients).equals(file)
    australian, american = rows(report.totals)
    assert (australian["profit_before"], australian["profit_after"]) == (75, 70)
    assert (australian["revenue"], australian["no_client"]) == (30, -35)
    assert (american["clients"], american["no_client"], american["change"]) == (0, -3, -3)


def test_filtered_clients_leave_it_out_and_a_currency_keeps_its_own(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-04-05", "100", "10")
    overhead(team, "2024-04-01", "50")
    overhead(team, "2024-04-01", "7", currency="NZD")
    filtered = bridge(team.viewer, BEFORE, AFTER, ClientFilter(client_kpi_ids=(client,)))
    assert filtered.left_out
    assert filtered.lines.empty
    assert [row["change"] for row in rows(filtered.totals)] == [Decimal("90.00")]
    report = bridge(team.viewer, BEFORE, AFTER, ClientFilter(currencies=("AUD",)))
    assert not report.left_out
    assert [row["change"] for row in rows(report.totals)] == [Decimal("40.00")]
    with pytest.raises(RatesMissing, match="no exchange rate into AUD for NZD in Apr 2024"):
        bridge(team.viewer, BEFORE, AFTER, target_currency="AUD")


def test_another_tenants_overheads_are_no_part_of_it(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    overhead(team, "2024-04-01", "50")
    assert bridge(other.viewer, BEFORE, AFTER).totals.empty
    assert [row["change"] for row in rows(bridge(team.viewer, BEFORE, AFTER).totals)] == [-50]
