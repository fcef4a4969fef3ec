"""A month's grids, saved all or nothing: what is refused, what is named, and who wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import AccessDenied, Conflict, InvalidCells, MonthClosed, ZixlyError
from zixly_data.records import closed_months, financials, month_entry
from zixly_data.records.bulk_saving import Saved
from zixly_data.records.delivery import metrics
from zixly_data.records.month_cells import FinancialCells, LeadCells, MetricCell
from zixly_data.records.pipeline import lead_stages, leads, stage_changes
from zixly_data.tables.lead_events import ONLY_LOST
from zixly_data.values import ids
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)
IN_MARCH = Period("2024-03", MARCH, date(2024, 3, 31), "March 2024")


def figures(client: str, revenue: str, expenses: str = "0", **more: str) -> FinancialCells:
    day = more.pop("record_date", "31/3/2024")
    return FinancialCells(ids.new_id("fin"), client, day, revenue, expenses, **more)


def standing(record_id: str, client: str, revenue: str, version: int = 1) -> FinancialCells:
    return FinancialCells(record_id, client, "31", revenue, "0", version=version)


def on_record(team: Team) -> list[tuple[str, str, str, str]]:
    """Client, day, revenue and note of March, by client."""
    records = financials.list_records(team.viewer, IN_MARCH).sort_values("client_name")
    return [
        (row.client_name, str(row.record_date), str(row.revenue), row.note or "")
        for row in records.fillna({"note": ""}).itertuples()
    ]


def slips(refused: pytest.ExceptionInfo[InvalidCells]) -> set[tuple[str, str, str]]:
    return set(refused.value.cells)


# ── figures ─────────────────────────────────────────────────────────────────────────────────


def test_a_grid_adds_changes_and_deletes_at_once(new_team: NewTeam) -> None:
    team = new_team()
    one, two, three = (books.client(team, name) for name in ("One", "Two", "Three"))
    changed = books.money(team, two, "2024-03-31", "5")
    gone = books.money(team, three, "2024-03-31", "6")
    rows = [
        figures(one, "$1,234.50", "(500)", note="typed"),
        standing(changed, two, "7.00"),
        FinancialCells(gone, three, "", "", "", version=1, delete=True),
    ]
    assert month_entry.save_financials(team.editor, MARCH, rows, {changed, gone}) == Saved(1, 1, 1)
    assert on_record(team) == [
        ("One", "2024-03-31", "1234.50", "typed"),
        ("Two", "2024-03-31", "7.00", ""),
    ]
    assert financials.get(team.viewer, rows[0].id).expenses == Decimal("-500")


def test_every_bad_cell_is_named_and_nothing_is_saved(new_team: NewTeam) -> None:
    team = new_team()
    one, two = books.client(team, "One"), books.client(team, "Two")
    good = figures(one, "10")
    bad = figures(two, "12x", " ", record_date="1/4/2024", note="n" * 2001)
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_financials(team.editor, MARCH, [good, bad], ())
    assert slips(refused) == {
        (bad.id, "revenue", "“12x” is not an amount. Write it like 1,234.50."),
        (bad.id, "expenses", "Enter an amount, or 0 if there was none."),
        (bad.id, "record_date", "“1/4/2024” is not in March 2024."),
        (bad.id, "note", "This is too long: 2,001 characters. The limit is 2,000."),
    }
    assert str(refused.value) == "4 cells need to be corrected. Nothing was saved."
    assert on_record(team) == []
    mended = replace(bad, revenue="12", expenses="0", record_date="1", note="")
    month_entry.save_financials(team.editor, MARCH, [good, mended], ())
    assert [row[:3] for row in on_record(team)] == [
        ("One", "2024-03-31", "10.00"),
        ("Two", "2024-03-01", "12.00"),
    ]


def test_emptied_cells_alone_delete_nothing(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    record = books.money(team, client, "2024-03-31", "5")
    with pytest.raises(InvalidCells):
        month_entry.save_financials(
            team.editor, MARCH, [FinancialCells(record, client, "31", "", "", version=1)], {record}
        )
    assert len(on_record(team)) == 1


def test_a_row_that_was_never_saved_is_deleted_without_a_trace(new_team: NewTeam) -> None:
    team = new_team()
    row = FinancialCells(ids.new_id("fin"), books.client(team), "", "", "", delete=True)
    assert month_entry.save_financials(team.editor, MARCH, [row], set()) == Saved()
    assert on_record(team) == []


def test_a_grid_sent_twice_counts_once(new_team: NewTeam) -> None:
    team = new_team()
    one, two = books.client(team, "One"), books.client(team, "Two")
    changed = books.money(team, two, "2024-03-31", "5")
    rows = [figures(one, "10"), standing(changed, two, "7")]
    assert month_entry.save_financials(team.editor, MARCH, rows, {changed}).total == 2
    assert month_entry.save_financials(team.editor, MARCH, rows, {changed}).total == 0
    assert [row[2] for row in on_record(team)] == ["10.00", "7.00"]
    assert financials.get(team.viewer, changed).version == 2


def test_the_second_to_save_gets_all_that_changed_and_saves_nothing(new_team: NewTeam) -> None:
    team = new_team()
    one, two, three = (books.client(team, name) for name in ("One", "Two", "Three"))
    changed = books.money(team, one, "2024-03-31", "5")
    deleted = books.money(team, two, "2024-03-31", "6")
    seen = {changed, deleted}
    month_entry.save_financials(team.admin, MARCH, [standing(changed, one, "55")], seen)
    financials.delete(team.admin, deleted, 1)
    theirs = figures(three, "33")
    month_entry.save_financials(team.admin, MARCH, [theirs], seen)

    mine = [standing(changed, one, "500"), standing(deleted, two, "600"), figures(three, "300")]
    with pytest.raises(Conflict) as refused:
        month_entry.save_financials(team.editor, MARCH, mine, seen)
    current = {change.row: change for change in refused.value.current}  # type: ignore[attr-defined]
    assert (current[changed].version, current[changed].values["revenue"]) == (2, Decimal("55"))
    assert (current[deleted].id, current[deleted].values) == (None, {})
    assert current[mine[2].id].id == theirs.id
    assert [row[2] for row in on_record(team)] == ["55.00", "33.00"]

    again = [replace(mine[0], version=2), figures(two, "600"), mine[2]]
    assert month_entry.save_financials(team.editor, MARCH, again, {*seen, theirs.id}).total == 3


def test_deleting_what_somebody_changed_meanwhile_is_a_conflict(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    record = books.money(team, client, "2024-03-31", "5")
    seen = {record}
    month_entry.save_financials(team.admin, MARCH, [standing(record, client, "55")], seen)
    row = FinancialCells(record, client, "", "", "", version=1, delete=True)
    with pytest.raises(Conflict):
        month_entry.save_financials(team.editor, MARCH, [row], seen)
    assert month_entry.save_financials(
        team.editor, MARCH, [replace(row, version=2)], seen
    ) == Saved(deleted=1)


def test_two_who_fill_the_same_month_at_once_make_one_record_each_client(new_team: NewTeam) -> None:
    team = new_team()
    clients = [books.client(team, f"Client {n}") for n in range(20)]
    outcome: list[Saved | ZixlyError] = []

    def fill(revenue: str) -> None:
        rows = [figures(client, revenue) for client in clients]
        try:
            outcome.append(month_entry.save_financials(team.editor, MARCH, rows, ()))
        except ZixlyError as error:
            outcome.append(error)

    both = [Thread(target=fill, args=(revenue,)) for revenue in ("1", "2")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(type(ending).__name__ for ending in outcome) == ["Conflict", "Saved"]
    assert len(on_record(team)) == 20
    assert len({row[2] for row in on_record(team)}) == 1


def test_a_client_of_another_organisation_is_not_there(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    ours, theirs = books.client(team, "Ours"), books.client(others, "Theirs")
    rows = [figures(ours, "1"), figures(theirs, "2")]
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_financials(team.editor, MARCH, rows, ())
    assert [cell[:2] for cell in refused.value.cells] == [(rows[1].id, "client_kpi_id")]
    assert on_record(team) == on_record(others) == []
    month_entry.save_financials(others.editor, MARCH, rows[1:], ())
    assert len(on_record(others)) == 1


def test_a_record_of_another_organisation_cannot_be_reached(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    client, theirs = books.client(team, "Ours"), books.client(others, "Theirs")
    record = books.money(others, theirs, "2024-03-31", "5")
    with pytest.raises(Conflict) as refused:
        month_entry.save_financials(team.editor, MARCH, [standing(record, client, "9")], {record})
    assert refused.value.current[0].values == {}  # type: ignore[index]
    row = FinancialCells(record, client, "", "", "", version=1, delete=True)
    assert month_entry.save_financials(team.editor, MARCH, [row], {record}).total == 0
    assert [record[2] for record in on_record(others)] == ["5.00"]


def test_nothing_is_saved_in_a_closed_month(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    record = books.money(team, client, "2024-03-31", "5")
    closed_months.close(team.admin, MARCH)
    april = date(2024, 4, 1)
    for row in (
        standing(record, client, "6"),
        FinancialCells(record, client, "", "", "", version=1, delete=True),
        figures(client, "6"),
    ):
        with pytest.raises(MonthClosed) as refused:
            month_entry.save_financials(team.editor, MARCH, [row], {record})
        assert (str(refused.value), refused.value.month) == ("March 2024 is closed.", MARCH)
    assert [row[2] for row in on_record(team)] == ["5.00"]
    month_entry.save_financials(
        team.editor, april, [figures(client, "6", record_date="1/4/2024")], ()
    )
    closed_months.reopen(team.admin, MARCH)
    month_entry.save_financials(team.editor, MARCH, [standing(record, client, "6")], {record})


def test_many_rows_are_one_entry_of_the_trail_each_and_few_statements(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    clients = [books.client(team, f"Client {n}") for n in range(50)]
    rows = [figures(client, "1") for client in clients]
    month_entry.save_financials(team.editor, MARCH, rows, ())
    changed = [replace(row, revenue="2", version=1) for row in rows]
    month_entry.save_financials(team.editor, MARCH, changed, {row.id for row in rows})
    with admin.connect() as connection:
        trail = connection.execute(
            sa.text(
                "select action, count(*), count(distinct left(id, 28)) from zixly.audit_log"
                " where tenant_id = :tenant and table_name = 'financials' group by 1 order by 1"
            ),
            {"tenant": team.tenant_id},
        ).all()
    assert [tuple(row) for row in trail] == [("INSERT", 50, 1), ("UPDATE", 50, 1)]


# ── lead events ─────────────────────────────────────────────────────────────────────────────


def event(client: str, lead: str, stage: str = "Inquiry", **more: str) -> LeadCells:
    return LeadCells(ids.new_id("lev"), client, lead, stage, more.pop("day", "15"), **more)


def test_lead_events_of_a_month(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    recorded_id = books.event(team, client, "L-1", "Inquiry", "2024-03-02", "100")
    change = LeadCells(recorded_id, client, "L-1", "Contract signed", "2", "$1,200", version=1)
    added = event(client, "L-2", note="by phone")
    assert month_entry.save_leads(team.editor, MARCH, [change, added], {recorded_id}) == Saved(1, 1)
    saved = leads.get(team.viewer, recorded_id)
    assert (saved.status, saved.value, saved.version) == ("WON", Decimal("1200"), 2)
    assert leads.get(team.viewer, added.id).event_date == date(2024, 3, 15)
    gone = replace(change, version=2, delete=True)
    assert month_entry.save_leads(team.editor, MARCH, [gone], {recorded_id}) == Saved(deleted=1)
    assert len(leads.events(team.viewer, IN_MARCH)) == 1


def test_every_slip_in_the_lead_events_is_named(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    good, bad = event(client, "L-1"), event("", " ", "Nowhere", day="32", value="-5")
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_leads(team.editor, MARCH, [good, bad], ())
    assert slips(refused) == {
        (bad.id, "client_kpi_id", "Choose a client from the list."),
        (bad.id, "lead_id", "This is required."),
        (bad.id, "stage", "Choose a stage from the list."),
        (bad.id, "event_date", "“32/3/2024” is not a date: March 2024 has 31 days."),
        (bad.id, "value", "The value of a lead cannot be negative."),
    }
    assert leads.events(team.viewer, IN_MARCH).empty


def test_retired_stages_and_reasons_in_the_grid(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    kept_id = books.event(team, client, "L-1", "Inquiry", "2024-03-02")
    stage = lead_stages.find(team.admin, "Inquiry")
    stage_changes.retire(team.admin, stage.id, stage.version)
    kept = LeadCells(kept_id, client, "L-1", "Inquiry", "2", note="called", version=1)
    lost = event(client, "L-2", "Lost", reason="Price")
    bad = event(client, "L-3"), event(client, "L-4", "Consultation", reason="Price")
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_leads(team.editor, MARCH, [kept, lost, *bad], {kept_id})
    retired = "“Inquiry” is retired and takes no new events. Choose another stage."
    assert slips(refused) == {(bad[0].id, "stage", retired), (bad[1].id, "reason", ONLY_LOST)}
    assert month_entry.save_leads(team.editor, MARCH, [kept, lost], {kept_id}) == Saved(1, 1)
    assert leads.get(team.viewer, lost.id).reason == "Price"


def test_the_same_lead_at_the_same_stage_is_not_recorded_by_two_people_unasked(
    new_team: NewTeam,
) -> None:
    team = new_team()
    client = books.client(team, "One")
    theirs = event(client, "L-1")
    month_entry.save_leads(team.admin, MARCH, [theirs], ())
    with pytest.raises(Conflict):
        month_entry.save_leads(team.editor, MARCH, [event(client, "L-1")], ())
    another = [event(client, "L-1", "Consultation"), event(client, "L-2")]
    assert month_entry.save_leads(team.editor, MARCH, another, ()).added == 2
    assert month_entry.save_leads(team.editor, MARCH, [event(client, "L-1")], {theirs.id}).added


# ── metrics ─────────────────────────────────────────────────────────────────────────────────


def value(client: str, metric: str, typed: str) -> MetricCell:
    return MetricCell(ids.new_id("met"), client, metric, typed, date(2024, 3, 31))


def test_values_of_metrics_of_a_month(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    books.metric(team, "Rating", "RATING", unit="points", out_of="5")
    books.metric(team, "On time", "PERCENT", unit="%")
    books.metric(team, "Signed", "YES_NO", unit="yes or no")
    recorded_id = books.measure(team, client, "Rating", "2024-03-05", "4", "asked by phone")
    change = MetricCell(recorded_id, client, "Rating", "4.5", date(2024, 3, 5), "asked by phone", 1)
    new = [value(client, "On time", "85%"), value(client, "Signed", "Yes")]
    assert month_entry.save_metrics(team.editor, MARCH, [change, *new], {recorded_id}) == Saved(
        2, 1
    )
    saved = metrics.get(team.viewer, recorded_id)
    assert (saved.metric_value, saved.record_date, saved.note) == (
        Decimal("4.5"), date(2024, 3, 5), "asked by phone",
    )  # fmt: skip
    assert metrics.get(team.viewer, new[0].id).metric_value == 85
    assert metrics.get(team.viewer, new[1].id).metric_value == 1


def test_every_slip_in_the_metrics_is_named(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    books.metric(team, "Rating", "RATING", unit="points", out_of="5")
    books.metric(team, "On time", "PERCENT", unit="%")
    cells = [
        value(client, "Rating", "4"),
        value(client, "Rating", "6"),
        value(client, "On time", "120"),
        value(client, "On time", "most"),
        value(client, "Unheard of", "1"),
        replace(value(client, "Rating", "1"), record_date=date(2024, 4, 1)),
    ]
    with pytest.raises(InvalidCells) as refused:
        month_entry.save_metrics(team.editor, MARCH, cells, ())
    assert [cell[0] for cell in refused.value.cells] == [cell.id for cell in cells[1:]]
    sentences = [cell[2].split(".")[0] for cell in refused.value.cells]
    assert sentences == [
        "A rating must be between 0 and the top of its scale",
        "This is more than 100%",
        "“most” is not a number",
        "This metric no longer exists",
        "“2024-04-01” is not in March 2024",
    ]
    assert metrics.list_records(team.viewer, IN_MARCH).empty


# ── who may ──────────────────────────────────────────────────────────────────


def test_a_viewer_saves_nothing_and_an_editor_the_same_rows(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    books.metric(team, "Velocity")
    record = books.money(team, client, "2024-03-31", "5")
    attempts = (
        (month_entry.save_financials, [figures(client, "1")], {record}),
        (month_entry.save_financials, [standing(record, client, "6")], {record}),
        (month_entry.save_leads, [event(client, "L-1")], ()),
        (month_entry.save_metrics, [value(client, "Velocity", "1")], ()),
    )
    for save, rows, seen in attempts:
        with pytest.raises(AccessDenied):
            save(team.viewer, MARCH, rows, seen)  # type: ignore[operator]
        assert save(team.editor, MARCH, rows, seen).total == 1  # type: ignore[operator]
