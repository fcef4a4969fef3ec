"""A new kind of finding is one definition: everything that is shown of it follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support.records import client, money
from zixly_data.database.schema import client_kpis, financials
from zixly_data.errors import InvalidInput
from zixly_data.findings import contradictions, dismissals, evidence, ranking
from zixly_data.findings.definitions import KINDS
from zixly_data.findings.finding import finding_query, key_of
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, all_time
from zixly_data.identity import Identity
from zixly_data.people import audit, tenants
from zixly_data.values import ids, period
from zixly_data.values.frames import rows
from zixly_ui.audit.text import sentence as trail_sentence
from zixly_ui.findings.links import evidence_link
from zixly_ui.findings.text import icon, sentence
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES

NewTeam = Callable[[], Team]


def without_industry(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    bills = (
        sa.select(sa.func.count())
        .select_from(financials)
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == client_kpis.c.id,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )
    return (
        finding_query(records=bills)
        .select_from(client_kpis)
        .where(client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.industry.is_(None))
    )


WITHOUT_INDUSTRY = FindingKind(
    key="WITHOUT_INDUSTRY",
    group=Group.CONTRADICTION,
    title="Clients without an industry",
    meaning="Clients that no report by industry can place.",
    sentences=("{client} has no industry, and {records}.",),
    icon="factory",
    step="Add the industry",
    page="client.py",
    period=all_time,
    statement=without_industry,
    records=lambda finding: RecordConditions(financials=sa.true()),
)


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    today = tenants.get(team.viewer).today()
    client(team, "Placed", industry="Retail")
    money(team, client(team, "Nowhere"), today, "10")
    return team


@pytest.fixture
def defined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, WITHOUT_INDUSTRY.key, WITHOUT_INDUSTRY)


def test_without_its_definition_there_is_no_such_finding(team: Team) -> None:
    today = tenants.get(team.viewer).today()
    assert rows(ranking.findings(team.viewer, today)) == []
    nowhere = {"kind": "WITHOUT_INDUSTRY", "client_kpi_id": "ckpi_1", "subject": ""}
    with pytest.raises(InvalidInput):
        dismissals.dismiss(team.editor, *nowhere.values(), "No matter", row_id=ids.new_id("dis"))


def test_a_definition_is_all_that_a_new_kind_takes(team: Team, defined: None) -> None:
    today = tenants.get(team.viewer).today()
    (finding,) = rows(ranking.findings(team.viewer, today))
    assert (finding["kind"], finding["client_name"]) == ("WITHOUT_INDUSTRY", "Nowhere")
    assert rows(contradictions.findings(team.viewer, today))[0]["kind"] == "WITHOUT_INDUSTRY"
    assert sentence(finding, today) == "Nowhere has no industry, and 1 record."
    assert icon(finding["kind"]) == ":material/factory:"
    address = {"id": finding["client_kpi_id"], "period": "all"}
    assert evidence_link(finding) == ("client.py", address)
    behind = evidence.evidence(team.viewer, key_of(finding), today)
    assert [
        len(behind.financials.frame),
        len(behind.lead_events.frame),
        len(behind.metric_values.frame),
    ] == [1, 0, 0]


def test_the_page_shows_a_new_kind_and_the_trail_names_it(
    team: Team, defined: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []
    monkeypatch.setattr("streamlit.page_link", lambda *_, label, **__: links.append(label))
    monkeypatch.setattr(session, "current_secret", lambda: team.editor.secret)
    shown = AppTest.from_file(str(PAGES / "contradictions.py"), default_timeout=60).run()
    assert not shown.exception
    assert "Clients without an industry · 1" in [each.value for each in shown.subheader]
    assert "Clients that no report by industry can place." in [each.value for each in shown.caption]
    overview = AppTest.from_file(str(PAGES / "overview.py"), default_timeout=60).run()
    assert not overview.exception
    assert "Add the industry" in links

    today = tenants.get(team.viewer).today()
    key = key_of(rows(ranking.findings(team.viewer, today))[0])
    dismissals.dismiss(
        team.editor, key.kind, key.client_kpi_id, key.subject, "Too small", row_id=ids.new_id("dis")
    )
    dismissed = audit.AuditFilter(tables=("finding_dismissals",))
    (entry,) = rows(audit.page(team.admin, period.ALL, "UTC", dismissed).frame)
    said = "“clients without an industry” for Nowhere (Too small)."
    assert trail_sentence(entry) == f"Editor dismissed {said}"
