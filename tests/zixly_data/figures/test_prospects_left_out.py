"""Prospects count in the lead funnel, and in nothing that is about clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures import client_totals, profitability
from zixly_data.figures.delivery import metric_history
from zixly_data.figures.month_grids import financial_lines, lead_lines, metric_lines
from zixly_data.figures.pipeline import funnel
from zixly_data.findings import attention, contradictions
from zixly_data.records import date_notes
from zixly_data.records.delivery import metrics
from zixly_data.records.pipeline import lead_states, leads
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id

TODAY = date(2026, 11, 26)
JANUARY = date(2024, 1, 1)
PROSPECTS = ClientFilter(statuses=("PROSPECT",))


@dataclass(frozen=True)
class Books:
    """A team with a client with a bill, and a prospect that has everything else: a stalled lead, a
    metric that stopped, a note. Both were added long ago."""

    team: Team
    client: str
    prospect: str


@pytest.fixture
def book(new_team: Callable[[], Team], admin: sa.Engine) -> Books:
    team = new_team()
    client = books.client(team, "Harbour")
    prospect = books.client(team, "Surf School", status="PROSPECT", currency="NZD")
    books.money(team, client, TODAY - timedelta(days=5), "100", "20")
    books.event(team, prospect, "Website", "Inquiry", "2024-01-02", "500")
    books.metric(team, "Sites", target="5")
    for day in ("2024-01-05", "2024-02-05", "2024-03-05", "2024-04-05"):
        books.measure(team, prospect, "Sites", day, "3")
    date_notes.add(
        team.editor,
        NoteDraft(day=date(2024, 1, 3), words="Met", client_kpi_id=prospect),
        row_id=new_id("note"),
    )
    with admin.begin() as operator:
        operator.execute(
            sa.text("update zixly.client_kpis set created_at = '2023-01-01' where tenant_id = :t"),
            {"t": team.tenant_id},
        )
    return Books(team, client, prospect)


def names(frame: object) -> list[str]:
    return [str(row["client_name"]) for row in rows(frame)]  # type: ignore[arg-type]


def test_counts_and_reports_are_of_clients(book: Books) -> None:
    viewer = book.team.viewer
    assert names(client_totals.list_clients(viewer)) == ["Harbour"]
    summary = client_totals.summary(viewer, None, "AUD")
    assert (summary.clients, summary.active, summary.prospects) == (1, 1, 0)
    assert client_totals.recorded(viewer).clients == 1
    assert names(profitability.profitability(viewer, books.ALWAYS).clients) == ["Harbour"]
    assert not metric_history.against_targets(viewer, books.ALWAYS).metrics
    assert not metrics.page(viewer, books.ALWAYS).count
    assert not date_notes.page(viewer, books.ALWAYS).count


def test_a_filter_that_names_prospects_finds_them(book: Books) -> None:
    viewer = book.team.viewer
    assert names(client_totals.list_clients(viewer, PROSPECTS)) == ["Surf School"]
    summary = client_totals.summary(viewer, PROSPECTS, "AUD")
    assert (summary.clients, summary.active, summary.prospects) == (0, 0, 1)
    this = ClientFilter(client_kpi_ids=(book.prospect,))
    assert client_totals.recorded(viewer, this).clients == 1
    assert metric_history.against_targets(viewer, books.ALWAYS, this).metrics == 1
    assert metrics.page(viewer, books.ALWAYS, this).count == 4
    assert date_notes.page(viewer, books.ALWAYS, this).count == 1


def test_the_lead_funnel_counts_prospects(book: Books) -> None:
    viewer = book.team.viewer
    assert names(lead_states.page(viewer, books.ALWAYS).frame) == ["Surf School"]
    assert names(leads.events(viewer, books.ALWAYS)) == ["Surf School"]
    assert list(funnel.funnel(viewer, books.ALWAYS)["leads"]) == [1, 0, 0, 0]
    assert names(funnel.leads_at(viewer, books.ALWAYS, None, "Inquiry").frame) == ["Surf School"]
    active = ClientFilter(statuses=("ACTIVE",))
    assert not lead_states.page(viewer, books.ALWAYS, active).count


def test_the_grids_of_a_month_offer_prospects_for_leads_alone(book: Books) -> None:
    editor = book.team.editor
    assert names(financial_lines.financial_lines(editor, JANUARY, "", 0).frame) == ["Harbour"]
    assert list(financial_lines.month_totals(editor, JANUARY)["currency"]) == ["AUD"]
    assert names(metric_lines.metric_lines(editor, JANUARY, "", 0, 1).lines.frame) == ["Harbour"]
    counts = metric_lines.metric_counts(editor, JANUARY)
    assert (counts.clients, counts.filled, counts.last_filled) == (1, 0, 0)
    assert names(lead_lines.lead_clients(editor)) == ["Harbour", "Surf School"]
    lines = lead_lines.lead_lines(editor, JANUARY, "", 0).frame
    assert names(lines) == ["Surf School", "Harbour", "Surf School"]


def test_findings_about_a_prospect_are_about_its_leads(
    book: Books,
) -> None:
    viewer = book.team.viewer
    kinds_and_names = [
        (row["kind"], row["client_name"])
        for frame in (attention.findings(viewer, TODAY), contradictions.findings(viewer, TODAY))
        for row in rows(frame)
    ]
    assert [kind for kind, name in kinds_and_names if name == "Surf School"] == ["STALE_LEAD"]
    # The same records of an active client are found.
    books.event(book.team, book.prospect, "Website", "Contract signed", TODAY)
    kinds = {
        row["kind"]
        for row in rows(contradictions.findings(viewer, TODAY))
        if row["client_name"] == "Surf School"
    }
    assert {"ACTIVE_WITHOUT_RECORDS", "METRIC_STOPPED"} <= kinds


def test_the_data_of_an_organisation_leaves_whole(book: Books) -> None:
    everyone = ClientFilter(prospects=True)
    counts = {
        table: record_files.write(book.team.editor, Rows(table, client_filter=everyone)).rows
        for table in Table
    }
    assert counts == {
        Table.CLIENTS: 2, Table.FINANCIALS: 1, Table.LEAD_EVENTS: 1, Table.LEADS: 1,
        Table.OPEN_LEADS: 1,
        Table.CUSTOM_METRICS: 4, Table.OVERHEADS: 0,
    }  # fmt: skip
