"""The finding about two clients with one name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.findings import attention, dismissals, evidence
from zixly_data.findings.finding import key_of
from zixly_data.identity import Identity
from zixly_data.records import client_merges
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_ui.findings.links import evidence_link
from zixly_ui.findings.text import sentence

NewTeam = Callable[[], Team]
TODAY = date(2024, 11, 1)


def twins(identity: Identity) -> list[dict[str, Any]]:
    return [
        row for row in rows(attention.findings(identity, TODAY)) if row["kind"] == "POSSIBLE_TWINS"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Harbour Cafe", "HARBOUR  CAFE"),
        ("Harbour Cafe", "Harbour Cafe Pty Ltd"),
        ("Harbour Cafe Pty. Ltd.", "Harbour-Cafe, Limited"),
        ("Müller & Söhne", "Müller und Söhne GmbH & Co. KG".replace("und", "and")),
        ("O'Brien", "O’Brien Inc."),
        ("Kiwi", "Kiwi B.V."),
        ("Co", "co."),
    ],
)
def test_one_name_written_in_two_ways_is_found(new_team: NewTeam, first: str, second: str) -> None:
    team = new_team()
    one, two = books.client(team, first), books.client(team, second)
    (finding,) = twins(team.viewer)
    assert (finding["client_kpi_id"], finding["subject"]) == (two, one)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Harbour Cafe", "Harbour Cafe North"),
        ("Harbour", "Harbor"),
        ("Limited Editions", "Editions"),
        ("Pty", "Ltd"),
        ("Kea Ltd", "Kea Group Ltd"),
    ],
)
def test_two_names_are_two_clients(new_team: NewTeam, first: str, second: str) -> None:
    team = new_team()
    books.client(team, first)
    books.client(team, second)
    assert twins(team.viewer) == []


def test_each_is_told_by_its_external_id_records_and_revenue(
    new_team: NewTeam, sarah: Identity
) -> None:
    team = new_team()
    one = books.client(team, "Kea", client_id="K-1")
    two = books.client(team, "Kea Ltd", client_id="K-2")
    books.money(team, one, "2024-01-01", "1000")
    books.money(team, one, "2024-02-01", "234.5")
    books.money(team, two, "2024-02-01", "70")
    books.event(team, two, "L-1", "Inquiry", "2024-02-01")
    (finding,) = twins(team.viewer)
    assert (finding["amount"], finding["against"]) == (Decimal("70.00"), Decimal("1234.50"))
    assert sentence(finding, TODAY) == (
        "Kea Ltd may be in Zixly twice: K-2 with 2 records and $70.00 revenue, and K-1 with 2 "
        "records and $1,234.50 revenue."
    )
    assert evidence_link(finding) == ("clients.py", {"merge": two, "into": one})
    behind = evidence.evidence(team.viewer, key_of(finding), TODAY)
    assert (behind.financials.count, behind.lead_events.count) == (1, 1)
    assert twins(sarah) == []


def test_a_third_one_is_compared_with_the_oldest_and_other_currencies_with_none(
    new_team: NewTeam,
) -> None:
    team = new_team()
    first, second, third = (books.client(team, name) for name in ("Kea", "kea", "KEA"))
    books.client(team, "Kea", currency="NZD")
    assert {(row["client_kpi_id"], row["subject"]) for row in twins(team.viewer)} == {
        (second, first), (third, first),
    }  # fmt: skip
    assert sentence(twins(team.viewer)[0], TODAY).endswith(" with 0 records.")


def test_prospects_have_twins_too(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Kea", status="PROSPECT")
    books.client(team, "Kea")
    assert len(twins(team.viewer)) == 1


def test_merged_or_dismissed_it_is_gone_and_comes_back(new_team: NewTeam) -> None:
    team = new_team()
    one, two = books.client(team, "Kea"), books.client(team, "Kea")
    merge_id = client_merges.merge(team.editor, client_merges.preview(team.editor, one, two))
    assert twins(team.viewer) == []
    client_merges.undo(team.editor, merge_id)
    (finding,) = twins(team.viewer)
    row_id = new_id("dis")
    dismissals.dismiss(
        team.editor, "POSSIBLE_TWINS", two, finding["subject"], "Two cafés.", row_id=row_id
    )
    assert [row["dismissed"] for row in twins(team.viewer)] == [True]
    dismissals.restore(team.editor, row_id)
    assert [row["dismissed"] for row in twins(team.viewer)] == [False]
