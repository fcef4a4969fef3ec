"""Dismissals: made with a reason by editors, for everyone, until something changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.records import client, event, measure, metric, money
from zixly_data.database.connection import scoped
from zixly_data.errors import AccessDenied, AlreadyExists, InvalidInput, NotFound
from zixly_data.findings import contradictions, dismissals, ranking
from zixly_data.findings.finding import key_of
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.records import clients
from zixly_data.records.pipeline import leads
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values import ids, period
from zixly_ui.audit.text import sentence

TODAY = date(2026, 11, 22)
NewTeam = Callable[[], Team]
Row = dict[str, Any]


def standing(team: Team, today: date = TODAY) -> list[Row]:
    rows = ranking.findings(team.viewer, today).to_dict("records")
    return [row for row in rows if not row["dismissed"]]


def put_away(who: Identity, row: Row, reason: str = "Agreed by phone.") -> str:
    key, row_id = key_of(row), ids.new_id("dis")
    dismissals.dismiss(who, key.kind, key.client_kpi_id, key.subject, reason, row_id=row_id)
    return row_id


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """One contradiction: a client billed 500.00 on 1 November, with a contract of the 10th."""
    team = new_team()
    harbour = client(team, "Harbour")
    money(team, harbour, "2026-11-01", "500", "100")
    money(team, client(team, "Other"), "2026-11-01", "5000", "100")
    event(team, harbour, "The job", "Contract signed", "2026-11-10", "900")
    return team


def test_a_finding_that_was_put_away_says_by_whom_when_and_why(team: Team) -> None:
    (row,) = standing(team)
    row_id = put_away(team.editor, row, "  Agreed by phone. ")
    assert standing(team) == []
    (away,) = contradictions.findings(team.viewer, TODAY).to_dict("records")
    assert (away["dismissed"], away["dismissed_by_name"], away["reason"]) == (
        True, "Editor", "Agreed by phone.",
    )  # fmt: skip
    assert away["dismissal_id"] == row_id
    assert away["dismissed_at"] is not None


def test_it_comes_back(team: Team) -> None:
    (row,) = standing(team)
    row_id = put_away(team.editor, row)
    dismissals.restore(team.admin, row_id)
    assert standing(team) == [row]
    with pytest.raises(NotFound):
        dismissals.restore(team.editor, row_id)
    put_away(team.editor, row)
    assert standing(team) == []


def test_who_only_reads_may_do_neither(team: Team) -> None:
    (row,) = standing(team)
    with pytest.raises(AccessDenied):
        put_away(team.viewer, row)
    assert standing(team) == [row]
    # The positive control: an editor may, and it is there to be brought back.
    row_id = put_away(team.editor, row)
    with pytest.raises(AccessDenied):
        dismissals.restore(team.viewer, row_id)
    assert standing(team) == []


def test_another_organisation_can_neither_put_away_nor_bring_back(
    team: Team, new_team: NewTeam
) -> None:
    (row,) = standing(team)
    stranger = new_team()
    with pytest.raises((NotFound, InvalidInput)):
        put_away(stranger.editor, row)
    row_id = put_away(team.editor, row)
    with pytest.raises(NotFound):
        dismissals.restore(stranger.editor, row_id)
    assert standing(team) == []


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_a_reason_is_needed(team: Team, reason: str) -> None:
    (row,) = standing(team)
    with pytest.raises(InvalidInput) as refused:
        put_away(team.editor, row, reason)
    assert refused.value.field == "reason"
    assert standing(team) == [row]


def test_a_kind_nobody_finds_is_refused(team: Team) -> None:
    (row,) = standing(team)
    with pytest.raises(InvalidInput):
        put_away(team.editor, {**row, "kind": "NOTHING_LIKE_IT"})


def test_sent_twice_it_counts_once_and_somebody_else_was_faster(team: Team) -> None:
    (row,) = standing(team)
    key, row_id = key_of(row), ids.new_id("dis")
    for _ in range(2):
        dismissals.dismiss(
            team.editor, key.kind, key.client_kpi_id, key.subject, "Fine.", row_id=row_id
        )
    with pytest.raises(AlreadyExists, match="already dismissed"):
        put_away(team.admin, row)


def test_both_are_on_the_trail_in_words(team: Team) -> None:
    (row,) = standing(team)
    dismissals.restore(team.editor, put_away(team.editor, row))
    entries = audit.page(
        team.admin, period.ALL, "Australia/Brisbane",
        audit.AuditFilter(tables=("finding_dismissals",)),
    ).frame  # fmt: skip
    what = "“billed before the contract was signed” for Harbour (Agreed by phone)."
    assert [sentence(entry) for entry in entries.to_dict("records")] == [
        f"Editor restored {what}", f"Editor dismissed {what}",
    ]  # fmt: skip


def test_a_client_goes_with_what_was_said_of_it(team: Team, admin: sa.Engine) -> None:
    (row,) = standing(team)
    put_away(team.editor, row)
    clients.delete(team.editor, row["client_kpi_id"], 1, "Harbour")
    with scoped(team.viewer) as connection:
        left = connection.execute(sa.text("select count(*) from finding_dismissals"))
        assert left.scalar_one() == 0


# ── what is new is found again ──────────────────────────────────────────────────────────────


def kinds(team: Team, today: date = TODAY) -> list[str]:
    return [row["kind"] for row in standing(team, today)]


def test_another_bill_or_another_date_of_the_contract(team: Team) -> None:
    (row,) = standing(team)
    put_away(team.editor, row)
    # What does not touch it leaves it away.
    money(team, row["client_kpi_id"], "2026-11-11", "70")
    money(team, row["client_kpi_id"], "2026-11-09", "0", "70")
    assert kinds(team) == []
    money(team, row["client_kpi_id"], "2026-11-09", "0.01")
    (again,) = standing(team)
    assert again["amount"] == Decimal("500.01")
    put_away(team.editor, again)
    signed = leads.events(team.viewer, period.ALL).iloc[0]
    draft = LeadEventDraft(row["client_kpi_id"], "The job", "Contract signed", date(2026, 11, 12))
    leads.change(team.editor, signed["id"], signed["version"], draft)
    assert kinds(team) == ["REVENUE_BEFORE_CONTRACT"]


def test_another_lead_another_month_another_silence(new_team: NewTeam) -> None:
    team = new_team()
    harbour = client(team, "Harbour")
    money(team, client(team, "Other"), "2026-11-01", "50000")
    metric(team, "Calls")
    money(team, harbour, "2026-05-05", "0", "9")
    event(team, harbour, "Won", "Contract signed", "2026-06-01")
    for on in ("2026-01-31", "2026-02-28", "2026-03-31"):
        measure(team, harbour, "Calls", on, "5")
    finding_kinds = {
        "ACTIVE_WITHOUT_RECORDS", "EXPENSES_WITHOUT_REVENUE", "METRIC_STOPPED", "WON_NEVER_BILLED",
    }  # fmt: skip
    assert set(kinds(team)) == finding_kinds
    for row in standing(team):
        put_away(team.editor, row)
    assert kinds(team) == []
    money(team, harbour, "2026-07-07", "0", "9")
    event(team, harbour, "Won too", "Contract signed", "2026-07-01")
    measure(team, harbour, "Calls", "2026-04-30", "5")
    again = standing(team)
    assert {row["kind"] for row in again} == finding_kinds
    assert len(again) == len(finding_kinds)


def test_a_loss_of_other_months_and_a_lead_that_stood_still_again(new_team: NewTeam) -> None:
    team = new_team()
    harbour = client(team, "Harbour")
    money(team, harbour, "2026-10-05", "0.01", "9")
    money(team, client(team, "Other"), "2026-10-01", "3")
    money(team, client(team, "Another"), "2026-10-01", "3")
    event(team, harbour, "Offer", "Inquiry", "2026-10-01")
    event(team, harbour, "Won", "Contract signed", "2026-10-01")
    assert sorted(kinds(team)) == ["LOSS", "STALE_LEAD"]
    for row in standing(team):
        put_away(team.editor, row)
    assert kinds(team) == []
    event(team, harbour, "Offer", "Proposal sent", "2026-10-20")
    assert kinds(team) == ["STALE_LEAD"]
    assert "LOSS" in kinds(team, date(2026, 12, 1))
