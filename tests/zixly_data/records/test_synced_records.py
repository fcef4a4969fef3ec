"""Records of Xero and HubSpot in forms, grids and imports: told where to change them, and nothing
else that was entered is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import synced
from tests.support.imports import did, proposed
from tests.support.records import ALWAYS
from zixly_data.errors import Conflict, FromSource, InvalidCells
from zixly_data.imports import Kind, confirm
from zixly_data.imports.previews import rejected_file
from zixly_data.records import clients, closed_months, financials, month_entry, overheads
from zixly_data.records.delivery import metrics
from zixly_data.records.month_cells import FinancialCells, LeadCells, MetricCell
from zixly_data.records.pipeline import leads
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.values import ids

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)
XERO = "This comes from Xero. Change it there."


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    books.metric(team, "Calls")
    return team


def bill(sync: sa.Engine, team: Team, client: str, row_id: str = "fin_bill1") -> str:
    return synced.write(
        sync, team, "financials", row_id,
        client_kpi_id=client, record_date=MARCH, revenue=100, expenses=40,
    )  # fmt: skip


def deal(sync: sa.Engine, team: Team, client: str) -> str:
    return synced.write(
        sync, team, "lead_events", "lev_deal", source_system="hubspot",
        client_kpi_id=client, lead_id="L-1", stage="Inquiry", status="OPEN", event_date=MARCH,
    )  # fmt: skip


def reading(sync: sa.Engine, team: Team, client: str) -> str:
    return synced.write(
        sync, team, "custom_metrics", "met_calls", source_system="zendesk",
        client_kpi_id=client, metric_name="Calls", unit="points", metric_value=7,
        record_date=MARCH,
    )  # fmt: skip


def test_a_form_says_where_to_change_it(team: Team, admin: sa.Engine) -> None:
    client = books.client(team)
    bill(admin, team, client)
    deal(admin, team, client)
    reading(admin, team, client)
    cases = [
        (financials, "fin_bill1", FinancialDraft(client, MARCH, Decimal(1), Decimal(2)), "Xero"),
        (leads, "lev_deal", LeadEventDraft(client, "L-1", "Consultation", MARCH), "HubSpot"),
        (metrics, "met_calls", MetricDraft(client, "Calls", MARCH, Decimal(8)), "zendesk"),
    ]
    for module, row_id, draft, source in cases:
        before = module.get(team.editor, row_id)  # type: ignore[attr-defined]
        for person in (team.editor, team.admin):
            for version in (1, 7):
                for action in (
                    lambda: module.change(person, row_id, version, draft),  # type: ignore[attr-defined]  # noqa: B023
                    lambda: module.delete(person, row_id, version),  # type: ignore[attr-defined]  # noqa: B023
                ):
                    with pytest.raises(FromSource, match=f"comes from {source}. Change it there."):
                        action()
        assert module.get(team.editor, row_id) == before  # type: ignore[attr-defined]


def test_an_overhead_of_a_source_is_decided_there(team: Team, admin: sa.Engine) -> None:
    client = books.client(team)
    synced.write(
        admin, team, "overheads", "ovh_bill", kind="UNASSIGNED",
        record_date=MARCH, currency="AUD", revenue=0, expenses=90,
    )  # fmt: skip
    draft = OverheadDraft(MARCH, "AUD", Decimal(0), Decimal(90))
    for action in (
        lambda: overheads.change(team.editor, "ovh_bill", 1, draft),
        lambda: overheads.delete(team.editor, "ovh_bill", 1),
        lambda: overheads.assign(team.editor, "ovh_bill", 1, client, row_id=ids.new_id("fin")),
    ):
        with pytest.raises(FromSource, match="comes from Xero"):
            action()
    assert overheads.get(team.editor, "ovh_bill").kind == "UNASSIGNED"
    assert financials.list_records(team.viewer, ALWAYS).empty


def test_a_stale_form_about_ones_own_record_still_conflicts(team: Team) -> None:
    client = books.client(team)
    mine = books.money(team, client, MARCH, "5")
    draft = FinancialDraft(client, MARCH, Decimal(6), Decimal(0))
    financials.change(team.editor, mine, 1, draft)
    with pytest.raises(Conflict):
        financials.change(team.editor, mine, 1, draft)


def test_a_grid_names_the_records_and_keeps_the_rest(team: Team, admin: sa.Engine) -> None:
    client, other = books.client(team), books.client(team, "Other")
    bill(admin, team, client)
    own = books.money(team, other, MARCH, "5")
    seen = ["fin_bill1", own]

    def row(record_id: str, of_client: str, revenue: str, **more: object) -> FinancialCells:
        return FinancialCells(record_id, of_client, "1", revenue, "40", version=1, **more)  # type: ignore[arg-type]

    mine = FinancialCells(own, other, "1", "6", "0", version=1)
    for theirs, column in (
        (row("fin_bill1", client, "101"), "revenue"),
        (row("fin_bill1", client, "100", note="ours"), "note"),
        (row("fin_bill1", client, "100", delete=True), "note"),
    ):
        with pytest.raises(InvalidCells) as refused:
            month_entry.save_financials(team.editor, MARCH, [theirs, mine], seen)
        assert refused.value.cells == (("fin_bill1", column, XERO),)
        assert financials.get(team.editor, own).revenue == 5
    untouched = row("fin_bill1", client, "100")
    assert month_entry.save_financials(team.editor, MARCH, [untouched, mine], seen).changed == 1


def test_the_other_grids_name_them_too(team: Team, admin: sa.Engine) -> None:
    client = books.client(team)
    deal(admin, team, client)
    reading(admin, team, client)
    cells = LeadCells("lev_deal", client, "L-1", "Consultation", "1", "", version=1)
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_leads(team.editor, MARCH, [cells], ["lev_deal"])
    assert refused.value.cells[0][1:] == ("stage", "This comes from HubSpot. Change it there.")
    value = MetricCell("met_calls", client, "Calls", "8", MARCH, version=1)
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_metrics(team.editor, MARCH, [value], ["met_calls"])
    assert refused.value.cells[0][1:] == (
        "metric_value", "This comes from zendesk. Change it there.",
    )  # fmt: skip


def test_an_import_by_id_rejects_their_changes_alone(team: Team, admin: sa.Engine) -> None:
    client = books.client(team, client_id="HBR")
    bill(admin, team, client)
    bill(admin, team, client, "fin_same1")
    own = books.money(team, client, "2024-03-09", "5")
    text = (
        "id,client_id,date,revenue,expenses\n"
        "fin_bill1,HBR,2024-03-01,101.00,40.00\n"
        "fin_same1,HBR,2024-03-01,100.00,40.00\n"
        f"{own},HBR,2024-03-09,6.00,0.00\n"
        ",HBR,2024-03-12,9.00,0.00\n"
    )
    proposal = proposed(team.editor, Kind.FINANCIALS, text)
    assert did(proposal) == "RUCN"
    assert XERO in rejected_file(proposal).decode()
    confirm(team.editor, proposal, skip_rejected=True)
    records = financials.list_records(team.viewer, ALWAYS)
    assert sorted(records["revenue"]) == [6, 9, 100, 100]


def test_a_change_in_a_closed_month_is_rejected_alone_too(team: Team) -> None:
    """It matches a record as well; the rest of the file is still imported."""
    client = books.client(team, client_id="HBR")
    books.money(team, client, "2024-02-01", "5")
    closed_months.close(team.admin, date(2024, 2, 1))
    text = "client_id,date,revenue\nHBR,2024-02-01,6.00\nHBR,2024-03-12,9.00\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, text)
    assert did(proposal) == "RN"
    confirm(team.editor, proposal, skip_rejected=True)
    assert sorted(financials.list_records(team.viewer, ALWAYS)["revenue"]) == [5, 9]


def test_a_deletion_says_how_many_rows_come_from_where(team: Team, admin: sa.Engine) -> None:
    client, other = books.client(team), books.client(team, "Other")
    bill(admin, team, client)
    bill(admin, team, client, "fin_second")
    deal(admin, team, client)
    bill(admin, team, other, "fin_other")
    books.money(team, client, MARCH, "5")
    deletion = clients.deletion(team.editor, client)
    assert (deletion.financials, deletion.lead_events) == (3, 1)
    assert dict(deletion.synced) == {"xero": 2, "hubspot": 1}
    clients.delete(team.editor, client, 1, "Harbour Café")
    assert list(financials.list_records(team.viewer, ALWAYS)["id"]) == ["fin_other"]
