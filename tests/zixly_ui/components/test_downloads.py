"""Each table leaves as CSV and as a workbook with the same rows, for those who see the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import imported
from tests.support.page_runs import open_page
from zixly_data.access import sessions
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.imports import Kind
from zixly_data.people import audit, invitations
from zixly_data.people.audit import AuditFilter
from zixly_data.records import closed_months, date_notes, exchange_rates
from zixly_data.records.delivery import metric_targets
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.values.ids import new_id
from zixly_data.values.period import ALL


@dataclass(frozen=True)
class Offered:
    """A button of a page, and the dataset that the audit trail names."""

    page: str
    label: str
    dataset: str
    role: Role = Role.VIEWER
    period: str = "all"


OFFERED = [
    Offered("months", "Download CSV", "months"),
    Offered("import_file", "Download CSV", "imports", Role.EDITOR),
    Offered("profitability", "Download CSV", "profitability"),
    Offered("profitability", "Download totals", "totals"),
    Offered("bridge", "Download CSV", "bridge", period="2024-Q2"),
    Offered("lead_stages", "Download CSV", "lead_stages", Role.ADMIN),
    Offered("financials", "Download notes", "date_notes"),
    Offered("financials", "Download CSV", "financials"),
    Offered("custom_kpis", "Download targets", "metric_targets"),
    Offered("custom_kpis", "Download definitions", "metric_definitions", Role.EDITOR),
    Offered("pipeline", "Download stages", "pipeline_stages"),
    Offered("lead_funnel", "Download funnel", "funnel"),
    Offered("lead_funnel", "Download reasons", "lost_reasons"),
    Offered("team", "Download CSV", "users", Role.ADMIN),
    Offered("team", "Download invitations", "invitations", Role.ADMIN),
    Offered("exchange_rates", "Download CSV", "exchange_rates"),
    Offered("audit", "Download CSV", "audit_log", Role.ADMIN),
]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """A team with a row in each of the tables."""
    team = new_team()
    today = date.today()
    for currency, name in (("AUD", "Café Müller"), ("NZD", "=1+1")):
        client = books.client(team, name, currency=currency)
        books.money(team, client, "2024-02-29", "1234.50", "0.10")
        books.money(team, client, "2024-05-31", "10.00")
        books.event(team, client, "L-1", "Inquiry", "2024-02-01")
        books.event(team, client, "L-2", "Inquiry", "2024-02-01")
        books.event(team, client, "L-2", "Lost", "2024-02-09")
    metric_id = books.metric(team, "Calls")
    books.measure(team, client, "Calls", today.isoformat(), "1")
    target = TargetDraft(metric_id, date(2024, 1, 1), "AT_LEAST", low=Decimal(3))
    metric_targets.add(team.editor, target, row_id=new_id("mtg"))
    note = NoteDraft(date(2024, 2, 29), "Preise erhöht")
    date_notes.add(team.editor, note, row_id=new_id("note"))
    rate = RateDraft(date(2024, 2, 1), "NZD", "AUD", exchange_rates.parse_rate("0.9"))
    exchange_rates.put_all(team.editor, [rate])
    imported(team.editor, Kind.FINANCIALS, "client,date,revenue\nCafé Müller,2024-03-01,5\n")
    invitations.invite(team.admin, "zoë@a.example", Role.VIEWER, row_id=new_id("inv"))
    closed_months.close(team.admin, date(2024, 2, 1))
    return team


def person(team: Team, role: Role) -> Identity:
    return {Role.VIEWER: team.viewer, Role.EDITOR: team.editor, Role.ADMIN: team.admin}[role]


def exports(team: Team) -> list[str]:
    entries = audit.page(team.admin, ALL, "UTC", AuditFilter(actions=("EXPORT",))).frame
    return list(entries["table_name"])


def test_csv_and_workbook_have_the_same_rows(team: Team) -> None:
    for offered in OFFERED:
        page = open_page(person(team, offered.role), offered.page, period=offered.period)
        assert page.offers(offered.label), offered
        before = exports(team)
        rows = page.downloaded(offered.label)
        header, *cells = page.workbook(offered.label)
        assert list(header) == list(rows[0]), offered
        # The export of the CSV is an entry of the trail, and so one row more of the workbook.
        assert len(cells) - len(rows) == (offered.dataset == "audit_log"), offered
        assert exports(team)[: -len(before) or None] == [offered.dataset] * 2, offered


def test_the_file_of_months_has_all_of_them_with_their_amounts(team: Team) -> None:
    page = open_page(team.viewer, "months")
    (february,) = (row for row in page.downloaded() if row["month"] == "2024-02-01")
    assert (february["state"], february["records"]) == ("Closed", "8")
    assert (february["revenue_AUD"], february["expenses_NZD"]) == ("1234.50", "0.10")
    assert february["closed_at"].endswith("Z")
    header, *cells = page.workbook()
    (row,) = (row for row in cells if row[0].date() == date(2024, 2, 1))
    assert dict(zip(header, row, strict=True))["revenue_AUD"] == 1234.5


def test_currencies_stay_apart_in_the_totals(team: Team) -> None:
    page = open_page(team.viewer, "profitability", period="2024-Q1")
    totals = {row["currency"]: row["revenue"] for row in page.downloaded("Download totals")}
    assert totals == {"AUD": "1239.50", "NZD": "1234.50"}


def test_a_button_left_open_gives_nothing_after_the_session(team: Team) -> None:
    page = open_page(team.viewer, "months")
    assert page.workbook(), "positive control"
    sessions.end_session(team.viewer.secret)
    with pytest.raises(SessionEnded):
        page.workbook()
