"""Where records contradict each other: found on crafted ledgers, and one step beside not found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import SCENARIO_TODAY, Team
from tests.support.records import client, event, measure, metric, money
from zixly_data.errors import NotFound
from zixly_data.findings import contradictions, evidence
from zixly_data.findings.finding import FindingKey, Findings, key_of
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.frames import arrow_types

TODAY = date(2026, 11, 22)
NewTeam = Callable[[], Team]


def findings_of(identity: Identity, kind: str, today: date = TODAY) -> list[dict[str, Any]]:
    rows = contradictions.findings(identity, today).to_dict("records")
    return [row for row in rows if row["kind"] == kind]


def names(team: Team, kind: str, today: date = TODAY) -> list[str]:
    return [row["client_name"] for row in findings_of(team.viewer, kind, today)]


# ── the demo ────────────────────────────────────────────────────────────────────────────────


def test_harbor_and_bondi_were_billed_before_they_signed(vera: Identity) -> None:
    rows = contradictions.findings(vera, SCENARIO_TODAY)
    assert [
        (row["kind"], row["client_id"], row["amount"], row["since"], row["until"], row["records"])
        for row in rows.to_dict("records")
    ] == [
        ("REVENUE_BEFORE_CONTRACT", "HBC-2024-001", Decimal("30000.00"), date(2024, 1, 1),
         date(2024, 2, 10), 2),
        ("REVENUE_BEFORE_CONTRACT", "BES-2024-002", Decimal("24000.00"), date(2024, 1, 15),
         date(2024, 3, 20), 3),
    ]  # fmt: skip


def test_another_organisation_s_contradictions_are_its_own(vera: Identity, sarah: Identity) -> None:
    hers, ours = (contradictions.findings(who, SCENARIO_TODAY) for who in (sarah, vera))
    # Her client has a lead that was never won, and 777,000.77 of revenue.
    assert set(hers["kind"]) >= {"BILLED_NEVER_WON"}
    assert set(hers["client_kpi_id"]) <= {"ckpi_abc_001", "ckpi_abc_002"}
    assert not set(hers["client_kpi_id"]) & set(ours["client_kpi_id"])
    of_hers = FindingKey("BILLED_NEVER_WON", "ckpi_abc_001", "abc-lead-1")
    assert len(evidence.evidence(sarah, of_hers, SCENARIO_TODAY).financials.frame) == 1
    with pytest.raises(NotFound):
        evidence.evidence(vera, of_hers, SCENARIO_TODAY)


def test_an_empty_organisation_contradicts_nothing(new_team: NewTeam) -> None:
    frame = contradictions.findings(new_team().viewer, TODAY)
    assert frame.empty
    assert list(frame.columns) == list(arrow_types(Findings))


def test_a_file_begins_with_kind_and_client_and_holds_no_id_of_ours(vera: Identity) -> None:
    file = contradictions.as_file(contradictions.findings(vera, SCENARIO_TODAY))
    assert list(file.columns)[:2] == ["kind", "client_id"]
    assert not {"client_kpi_id", "dismissal_id"} & set(file.columns)


# ── contracts and bills ─────────────────────────────────────────────────────────────────────


def test_revenue_before_the_first_contract(new_team: NewTeam) -> None:
    team = new_team()
    early, on_the_day, twice = (client(team, name) for name in ("Early", "On the day", "Twice"))
    for client_id in (early, on_the_day, twice):
        event(team, client_id, "First", "Contract signed", "2026-10-10")
    money(team, early, "2026-10-09", "0.01", "5")
    money(team, on_the_day, "2026-10-10", "500")
    # A second contract is no contradiction of what was billed for the first.
    money(team, twice, "2026-10-20", "500")
    event(team, twice, "Second", "Contract signed", "2026-11-01")
    # Without any contract on record, nobody knows when one was signed.
    money(team, client(team, "No leads"), "2026-10-01", "500")
    assert names(team, "REVENUE_BEFORE_CONTRACT") == ["Early"]


def test_costs_before_a_contract_and_bills_that_were_credited_are_none(new_team: NewTeam) -> None:
    team = new_team()
    costs, credited, more = (client(team, name) for name in ("Costs", "Credited", "More"))
    for client_id in (costs, credited, more):
        event(team, client_id, "First", "Contract signed", "2026-10-10")
        money(team, client_id, "2026-10-01", "0", "700")
    money(team, credited, "2026-10-02", "500")
    money(team, credited, "2026-10-03", "-500")
    money(team, more, "2026-10-02", "500")
    money(team, more, "2026-10-03", "-499.99")
    (row,) = findings_of(team.viewer, "REVENUE_BEFORE_CONTRACT")
    assert (row["client_name"], row["amount"], row["records"]) == ("More", Decimal("0.01"), 2)
    behind = evidence.evidence(team.viewer, key_of(row), TODAY)
    assert set(behind.financials.frame["record_date"]) == {date(2026, 10, 2), date(2026, 10, 3)}
    assert list(behind.lead_events.frame["stage"]) == ["Contract signed"]


def test_a_contract_that_was_never_billed(new_team: NewTeam) -> None:
    team = new_team()
    stories = {
        "Never": (), "Before": ("2026-10-22",), "Since": ("2026-10-23",),
        "Costs and credits": ("2026-11-01",),
    }  # fmt: skip
    for name, bills in stories.items():
        client_id = client(team, name)
        event(team, client_id, "The job", "Proposal sent", "2026-10-01", "900")
        event(team, client_id, "The job", "Contract signed", "2026-10-23")
        for on in bills:
            revenue = "-1" if name == "Costs and credits" else "1"
            money(team, client_id, on, revenue, "5")
    recent, lost = client(team, "Recent"), client(team, "Lost after all")
    event(team, recent, "The job", "Contract signed", "2026-10-24")
    event(team, lost, "The job", "Contract signed", "2026-10-01")
    event(team, lost, "The job", "Lost", "2026-10-20")
    assert sorted(names(team, "WON_NEVER_BILLED")) == ["Before", "Costs and credits", "Never"]
    row = findings_of(team.viewer, "WON_NEVER_BILLED")[0]
    assert (row["amount"], row["about"], row["since"]) == (
        Decimal("900.00"), "The job", date(2026, 10, 23),
    )  # fmt: skip
    # On the next day the recent one is 30 days old.
    assert "Recent" in names(team, "WON_NEVER_BILLED", TODAY + timedelta(days=1))


def test_a_client_that_is_billed_and_was_never_won(new_team: NewTeam) -> None:
    team = new_team()
    open_, lost, won, without, credit = (
        client(team, name) for name in ("Open", "Lost", "Won", "No leads", "Credit only")
    )
    for client_id in (open_, lost, won, without):
        money(team, client_id, "2026-11-01", "100", "5")
    money(team, credit, "2026-11-01", "-100", "5")
    for client_id in (open_, lost, won, credit):
        event(team, client_id, "L-1", "Inquiry", "2026-11-02")
    event(team, lost, "L-1", "Lost", "2026-11-03")
    event(team, won, "L-2", "Contract signed", "2026-10-01")
    assert sorted(names(team, "BILLED_NEVER_WON")) == ["Lost", "Open"]
    row = next(
        finding
        for finding in findings_of(team.viewer, "BILLED_NEVER_WON")
        if finding["records"] == 3
    )
    assert (row["client_name"], row["amount"]) == ("Lost", Decimal("100.00"))


# ── what is missing ─────────────────────────────────────────────────────────────────────────


def test_an_active_client_without_a_record_for_sixty_days(new_team: NewTeam) -> None:
    team = new_team()
    silent, recent = client(team, "Silent"), client(team, "Recent")
    over = client(team, "Over", status="COMPLETED")
    money(team, silent, "2026-09-22", "100", "50")
    money(team, recent, "2026-09-23", "100", "50")
    money(team, over, "2026-01-01", "100", "50")
    (row,) = findings_of(team.viewer, "ACTIVE_WITHOUT_RECORDS")
    assert (row["client_name"], row["since"], row["records"]) == ("Silent", date(2026, 9, 22), 1)


def test_a_client_that_is_new_has_sixty_days(new_team: NewTeam) -> None:
    """A client is as old as its row, or as its first lead where that is older."""
    team = new_team()
    added = tenants.get(team.viewer).today()
    client(team, "New")
    older = client(team, "Older by its lead")
    event(team, older, "L-1", "Inquiry", added - timedelta(days=10))
    kind = "ACTIVE_WITHOUT_RECORDS"
    assert names(team, kind, added + timedelta(days=50)) == []
    assert names(team, kind, added + timedelta(days=51)) == ["Older by its lead"]
    assert names(team, kind, added + timedelta(days=60)) == ["Older by its lead"]
    assert sorted(names(team, kind, added + timedelta(days=61))) == ["New", "Older by its lead"]
    row = findings_of(team.viewer, kind, added + timedelta(days=61))[0]
    assert (row["since"], row["subject"], row["records"]) == (None, "", 0)


def test_a_month_with_costs_alone(new_team: NewTeam) -> None:
    team = new_team()
    client_id = client(team)
    money(team, client_id, "2026-08-01", "0", "70")
    money(team, client_id, "2026-08-31", "0", "0.50")
    money(team, client_id, "2026-09-01", "0.01", "70")  # revenue
    money(team, client_id, "2026-10-01", "0", "0")  # no costs
    money(team, client_id, "2026-11-01", "0", "70")  # not over
    money(team, client_id, "2026-06-01", "50", "70")
    money(team, client_id, "2026-06-30", "-50", "0")  # credited in full
    rows = findings_of(team.viewer, "EXPENSES_WITHOUT_REVENUE")
    assert [(row["subject"], row["amount"], row["records"]) for row in rows] == [
        ("2026-08", Decimal("70.50"), 2), ("2026-06", Decimal("70.00"), 2),
    ]  # fmt: skip
    assert (rows[0]["since"], rows[0]["until"]) == (date(2026, 8, 1), date(2026, 8, 31))
    after = findings_of(team.viewer, "EXPENSES_WITHOUT_REVENUE", date(2026, 12, 1))
    assert {row["subject"] for row in after} == {"2026-06", "2026-08", "2026-11"}


@pytest.mark.parametrize(
    ("dates", "stopped_on"),
    [
        # Monthly: a gap of 31 days, so more than 62 days after the last value.
        (("2026-06-30", "2026-07-31", "2026-08-31"), date(2026, 11, 2)),
        # Weekly in three months: 60 days all the same.
        (("2026-07-20", "2026-07-27", "2026-08-03", "2026-08-31", "2026-09-07"),
         date(2026, 11, 6)),
        # Quarterly: twice a quarter.
        (("2025-12-31", "2026-03-31", "2026-06-30"), date(2026, 12, 28)),
    ],
)  # fmt: skip
def test_a_metric_that_stopped(new_team: NewTeam, dates: tuple[str, ...], stopped_on: date) -> None:
    team = new_team()
    client_id = client(team)
    metric(team, "Calls")
    for on in dates:
        measure(team, client_id, "Calls", on, "5")
    assert not findings_of(team.viewer, "METRIC_STOPPED", stopped_on - timedelta(days=1))
    (row,) = findings_of(team.viewer, "METRIC_STOPPED", stopped_on)
    assert (row["about"], str(row["since"]), row["records"]) == ("Calls", dates[-1], len(dates))


def test_a_metric_that_never_came_regularly_or_of_a_completed_client(new_team: NewTeam) -> None:
    team = new_team()
    active, completed = client(team, "Active"), client(team, "Over", status="COMPLETED")
    for name in ("Calls", "Faxes"):
        metric(team, name)
    # Four values, in two months.
    for on in ("2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28"):
        measure(team, active, "Calls", on, "5")
    for on in ("2026-01-31", "2026-02-28", "2026-03-31"):
        measure(team, completed, "Calls", on, "5")
    assert findings_of(team.viewer, "METRIC_STOPPED") == []
    # The positive control: the same values of an active client.
    for on in ("2026-01-31", "2026-02-28", "2026-03-31"):
        measure(team, active, "Faxes", on, "5")
    assert [row["about"] for row in findings_of(team.viewer, "METRIC_STOPPED")] == ["Faxes"]


# ── the records behind ──────────────────────────────────────────────────────────────────────


def test_each_finding_names_as_many_records_as_it_counts(new_team: NewTeam) -> None:
    team = new_team()
    billed, silent = client(team, "Billed"), client(team, "Silent")
    metric(team, "Calls")
    money(team, billed, "2026-11-01", "100", "5")
    event(team, billed, "L-1", "Inquiry", "2026-11-02")
    money(team, silent, "2026-03-01", "0", "5")
    money(team, silent, "2026-03-01", "0", "6")
    event(team, silent, "L-2", "Contract signed", "2026-02-02")
    for on in ("2026-01-31", "2026-02-28", "2026-03-31"):
        measure(team, silent, "Calls", on, "5")
    counted = {}
    for row in contradictions.findings(team.viewer, TODAY).to_dict("records"):
        behind = evidence.evidence(team.viewer, key_of(row), TODAY)
        frames = (behind.financials.frame, behind.lead_events.frame, behind.metric_values.frame)
        counted[row["kind"]] = tuple(map(len, frames))
        assert sum(map(len, frames)) == row["records"]
        assert {row_id for frame in frames for row_id in frame["client_kpi_id"]} == {
            row["client_kpi_id"]
        }
    assert counted == {
        "BILLED_NEVER_WON": (1, 1, 0), "WON_NEVER_BILLED": (0, 1, 0),
        "ACTIVE_WITHOUT_RECORDS": (2, 0, 0), "EXPENSES_WITHOUT_REVENUE": (2, 0, 0),
        "METRIC_STOPPED": (0, 0, 3),
    }  # fmt: skip


def test_a_client_that_never_had_a_record_has_none_behind_its_finding(new_team: NewTeam) -> None:
    team = new_team()
    new = client(team)
    event(team, new, "L-1", "Inquiry", "2026-03-01")
    (row,) = contradictions.findings(team.viewer, TODAY).to_dict("records")
    assert (row["kind"], row["records"]) == ("ACTIVE_WITHOUT_RECORDS", 0)
    behind = evidence.evidence(team.viewer, key_of(row), TODAY)
    assert [len(frame) for frame in (behind.financials.frame, behind.lead_events.frame)] == [0, 0]


@pytest.mark.parametrize("kind", ["WON_NEVER_BILLED", "NOTHING_LIKE_IT"])
def test_what_is_no_finding_has_no_evidence(new_team: NewTeam, kind: str) -> None:
    team = new_team()
    key = FindingKey(kind, client(team), "L-1")
    with pytest.raises(NotFound):
        evidence.evidence(team.viewer, key, TODAY)
