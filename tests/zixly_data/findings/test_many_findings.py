"""Of many findings a page shows the most at stake, and the number of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.scale.many_records import fill
from zixly_data.findings import attention, contradictions, dismissals, ranking
from zixly_data.findings.definitions import is_contradiction
from zixly_data.findings.finding import Finding
from zixly_data.people import tenants
from zixly_data.values import ids
from zixly_data.values.frames import rows

CLIENTS = 130
SILENT = "ACTIVE_WITHOUT_RECORDS"


@pytest.fixture
def team(new_team: Callable[[], Team], admin: sa.Engine) -> Team:
    """Each client is active, and nothing was recorded for it in half a year."""
    team = new_team()
    long_ago = tenants.get(team.viewer).today() - timedelta(days=200)
    fill(team, admin, long_ago, clients=CLIENTS, records=2 * CLIENTS, events=4, values=0)
    return team


def dismiss(team: Team, finding: Finding) -> None:
    key = finding["kind"], finding["client_kpi_id"], finding["subject"]
    dismissals.dismiss(team.editor, *key, "We know.", row_id=ids.new_id("dis"))


def everything(team: Team) -> list[Finding]:
    today = tenants.get(team.viewer).today()
    return [
        finding
        for read in (contradictions.findings, attention.findings)
        for finding in rows(read(team.viewer, today))
    ]


def counts(findings: list[Finding], *columns: str) -> set[tuple[object, ...]]:
    return {tuple(finding[column] for column in columns) for finding in findings}


def test_a_hundred_of_a_kind_are_listed_and_all_are_counted(team: Team) -> None:
    today = tenants.get(team.viewer).today()
    listed = rows(ranking.findings(team.viewer, today))
    dismissed = [finding for finding in listed if finding["kind"] == SILENT][:2]
    for finding in dismissed:
        dismiss(team, finding)
    whole = everything(team)
    assert sum(finding["kind"] == SILENT for finding in whole) == CLIENTS
    listed = rows(ranking.findings(team.viewer, today))
    by_kind = Counter((finding["kind"], finding["dismissed"]) for finding in whole)
    assert Counter((finding["kind"], finding["dismissed"]) for finding in listed) == {
        kind: min(count, ranking.MOST_OF_A_KIND) for kind, count in by_kind.items()
    }
    assert counts(listed, "kind", "dismissed", "of_kind") == {
        (*kind, count) for kind, count in by_kind.items()
    }
    clients: dict[tuple[bool, bool], set[str]] = {}
    for finding in whole:
        group = finding["dismissed"], is_contradiction(finding)
        clients.setdefault(group, set()).add(finding["client_kpi_id"])
    assert {
        (finding["dismissed"], is_contradiction(finding), finding["clients"]) for finding in listed
    } == {(*group, len(ids_of_group)) for group, ids_of_group in clients.items()}


def test_the_overview_gets_five_and_the_number_of_all(team: Team) -> None:
    today = tenants.get(team.viewer).today()
    dismiss(team, rows(ranking.most_urgent(team.viewer, today))[0])
    urgent = rows(ranking.most_urgent(team.viewer, today))
    count = len(everything(team))
    assert counts(urgent, "dismissed", "of_all") == {(False, count - 1), (True, 1)}
    active = [finding for finding in urgent if not finding["dismissed"]]
    assert len(active) == len(counts(active, "kind", "client_kpi_id")) == ranking.MOST_URGENT
    first = [row for row in rows(ranking.findings(team.viewer, today)) if not row["dismissed"]]
    assert active[0]["client_kpi_id"] == first[0]["client_kpi_id"]
