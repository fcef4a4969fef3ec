"""A record of Xero opens to be read, and says where it is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import synced
from tests.support.page_runs import open_page

NewTeam = Callable[[], Team]
SENTENCE = "This comes from Xero. Change it there."


def test_a_record_of_xero_opens_to_be_read(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    client = books.client(team, "Harbour")
    synced.write(
        admin, team, "financials", "fin_bill",
        client_kpi_id=client, record_date=date(2024, 3, 1), revenue=100, expenses=40, note="*INV*",
    )  # fmt: skip
    books.money(team, client, "2024-02-01", "5")
    page = open_page(team.editor, "financials", period="2024-Q1").click_row(0, "Records")
    assert SENTENCE in page.dialog
    assert "Revenue: $100.00" in page.dialog
    assert "*INV*" in page.dialog
    assert not page.offers("Save changes")
    assert not page.offers("Delete permanently")

    page = open_page(team.editor, "financials", period="2024-Q1").click_row(1, "Records")
    assert SENTENCE not in page.dialog
    assert page.offers("Save changes")


def test_events_and_values_of_a_source_open_to_be_read(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    client = books.client(team, "Harbour")
    books.metric(team, "Calls")
    synced.write(
        admin, team, "lead_events", "lev_deal", client_kpi_id=client, lead_id="L-1",
        stage="Inquiry", status="OPEN", event_date=date(2024, 3, 1),
    )  # fmt: skip
    synced.write(
        admin, team, "custom_metrics", "met_calls", client_kpi_id=client, metric_name="Calls",
        unit="points", metric_value=7, record_date=date(2024, 3, 1),
    )  # fmt: skip
    for name, below in (("lead_funnel", "1 event"), ("custom_kpis", "1 recorded value")):
        page = open_page(team.editor, name, period="2024-Q1").click_row(0, below)
        assert SENTENCE in page.dialog, name
        assert not page.offers("Save changes"), name


def test_the_question_before_a_deletion_says_what_comes_from_xero(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    client = books.client(team, "Harbour")
    synced.write(
        admin, team, "financials", "fin_bill",
        client_kpi_id=client, record_date=date(2024, 3, 1), revenue=100, expenses=40,
    )  # fmt: skip
    page = open_page(team.editor, "client", id=client).press("Delete")
    assert "(1 of them from Xero)" in page.text
