"""The lead funnel, as each role meets it. Every test that writes makes a client of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import (
    ZIXLY,
    choose,
    click_row,
    dialog,
    downloaded,
    own_client,
    remove_client,
    sql,
    table_below,
    take,
)
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.browser

NAME = "Funnel Test & Sons"


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    made = own_client(live_app, NAME)
    yield made
    remove_client(live_app, made)


def event(live_app: LiveApp, client: str, stage: str, day: str, value: str | None = None) -> str:
    row_id = new_id("lev")
    statuses = {"Contract signed": "WON", "Lost": "LOST"}
    sql(
        live_app,
        "insert into zixly.lead_events"
        " (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value)"
        " values (:tenant, :id, :client, 'L-1', :stage, :status, :day, :value)",
        tenant=ZIXLY, id=row_id, client=client, stage=stage,
        status=statuses.get(stage, "OPEN"), day=day, value=value,
    )  # fmt: skip
    return row_id


def events_of(live_app: LiveApp, client: str) -> list[tuple[str | None, ...]]:
    query = (
        "select lead_id, stage, event_date::text, value::text, note from zixly.lead_events"
        " where client_kpi_id = :client order by event_date"
    )
    return sql(live_app, query, client=client)


def open_form(page: Page, client_name: str = NAME, lead: str = "L-9") -> None:
    page.get_by_role("button", name="Add an event").click()
    expect(dialog(page)).to_be_visible()
    choose(page, "Client", client_name)
    box = dialog(page).get_by_role("combobox", name="Lead")
    expect(dialog(page).get_by_label("Value in AUD (optional)")).to_be_visible()
    box.fill(lead)
    take(page.get_by_role("option").first)


def test_a_viewer_reads_the_answer_and_is_offered_no_form(visit: Visit) -> None:
    page = visit(VERA, "/lead-funnel?period=2024-Q1")
    expect(
        page.get_by_role("heading", name="3 of 3 leads that began in Q1 2024 (Jan–Mar) became")
    ).to_be_visible()
    expect(page.get_by_role("heading", name="7 events in Q1 2024")).to_be_visible()
    expect(page.get_by_role("button", name="Add an event")).to_have_count(0)
    expect(page.get_by_text("Click an event to change")).to_have_count(0)


def test_an_empty_funnel_says_what_to_do(visit: Visit) -> None:
    page = visit(SARAH, "/lead-funnel?period=2024-Q1")
    expect(page.get_by_text("There are no clients yet")).to_be_visible()
    expect(page.get_by_role("link", name="Go to Clients")).to_be_visible()


def test_an_editor_adds_an_event_and_sees_it_everywhere(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, f"/lead-funnel?period=all&client={client}")
    open_form(page, lead="Second pipeline")
    dialog(page).get_by_label("Date").fill("1 March 2024")
    dialog(page).get_by_label("Value in AUD (optional)").fill("$18,000.50")
    dialog(page).get_by_role("button", name="Add event").click()
    expect(page.get_by_role("heading", name="None of 1 lead has become a contract")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("Added:").first).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="open leads")).to_contain_text("$18,001")
    assert events_of(live_app, client) == [
        ("Second pipeline", "Inquiry", "2024-03-01", "18000.50", None)
    ]
    (row,) = downloaded(page, "Download events")
    assert (row["lead_id"], row["event_date"], row["value"]) == (
        "Second pipeline", "2024-03-01", "18000.50",
    )  # fmt: skip


def test_each_slip_is_told_beside_its_field_and_nothing_is_lost(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, f"/lead-funnel?period=all&client={client}")
    open_form(page)
    form = dialog(page)
    for value, told in (("12k5", "“12k5” is not an amount"), ("-5", "cannot be negative")):
        form.get_by_label("Date").fill("1/3/20245")
        form.get_by_label("Value in AUD (optional)").fill(value)
        form.get_by_role("button", name="Add event").click()
        expect(form.get_by_text(told)).to_be_visible()
        expect(form.get_by_text("has the year 20245")).to_be_visible()
        expect(form.get_by_label("Date")).to_have_value("1/3/20245")
        expect(form.get_by_label("Value in AUD (optional)")).to_have_value(value)
    assert events_of(live_app, client) == []


def test_a_client_deleted_meanwhile_is_told_and_the_event_goes_nowhere_else(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, f"/lead-funnel?period=all&client={client}")
    before = sql(live_app, "select count(*) from zixly.lead_events")
    open_form(page, lead="Gone")
    dialog(page).get_by_label("Note (optional)").fill("typed at length")
    remove_client(live_app, client)
    dialog(page).get_by_role("button", name="Add event").click()
    expect(dialog(page).get_by_text("not there any more")).to_be_visible()
    expect(dialog(page).get_by_label("Note (optional)")).to_have_value("typed at length")
    assert sql(live_app, "select count(*) from zixly.lead_events") == before


def test_a_form_sent_twice_is_one_event(visit: Visit, live_app: LiveApp, client: str) -> None:
    page = visit(COLE, f"/lead-funnel?period=all&client={client}")
    open_form(page)
    dialog(page).get_by_role("button", name="Add event").dblclick()
    expect(page.get_by_role("heading", name="None of 1 lead")).to_be_visible()
    assert len(events_of(live_app, client)) == 1


@pytest.mark.parametrize(("choice", "kept"), [("Keep mine", "mine"), ("Take theirs", "theirs")])
def test_the_second_of_two_editors_sees_both_versions(
    visit: Visit, live_app: LiveApp, client: str, choice: str, kept: str
) -> None:
    theirs = event(live_app, client, "Inquiry", "2024-03-01", "500")
    page = visit(SUPPORT, f"/lead-funnel?period=all&client={client}")
    click_row(page, table_below(page, "1 event"), 0)
    dialog(page).get_by_label("Note (optional)").fill("mine")
    sql(
        live_app,
        "update zixly.lead_events set note = 'theirs', version = version + 1 where id = :id",
        id=theirs,
    )
    dialog(page).get_by_role("button", name="Save changes").click()
    expect(dialog(page).get_by_text("Someone else saved this record")).to_be_visible()
    expect(dialog(page).get_by_role("cell", name="theirs")).to_be_visible()
    dialog(page).get_by_role("button", name=choice).click()
    expect(dialog(page)).to_have_count(0)
    assert events_of(live_app, client) == [("L-1", "Inquiry", "2024-03-01", "500.00", kept)]


def test_an_event_is_deleted_after_a_question(visit: Visit, live_app: LiveApp, client: str) -> None:
    event(live_app, client, "Inquiry", "2024-03-01")
    page = visit(SUPPORT, f"/lead-funnel?period=all&client={client}")
    click_row(page, table_below(page, "1 event"), 0)
    dialog(page).get_by_text("Delete …").click()
    assert len(events_of(live_app, client)) == 1
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("No lead began")).to_be_visible()
    assert events_of(live_app, client) == []


def test_a_stage_in_the_link_narrows_tables_and_files(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    event(live_app, client, "Inquiry", "2024-03-01")
    event(live_app, client, "Contract signed", "2024-03-21", "900")
    # Signed without a proposal on record: it got past the proposal all the same.
    page = visit(VERA, f"/lead-funnel?period=all&client={client}&stage=Proposal+sent")
    expect(page.get_by_role("heading", name="1 of 1 lead became a contract, 100%")).to_contain_text(
        "20 days"
    )
    expect(page.get_by_role("heading", name="1 lead at Proposal sent")).to_be_visible()
    expect(page.get_by_role("heading", name="0 events at Proposal sent")).to_be_visible()
    (lead,) = downloaded(page, "Download leads")
    assert (lead["lead_id"], lead["stage"], lead["value"]) == ("L-1", "Contract signed", "900.00")
    page.get_by_test_id("stButtonGroup").get_by_text("Proposal sent").click()
    expect(page.get_by_role("heading", name="2 events")).to_be_visible()
    expect(page).not_to_have_url(re.compile("stage="))
    assert len(downloaded(page, "Download events")) == 2


def test_a_link_to_an_unknown_stage_shows_all_and_says_so(visit: Visit) -> None:
    page = visit(VERA, "/lead-funnel?period=2024-Q1&stage=Nonsense")
    expect(page.get_by_text("The stage you asked for is not here")).to_be_visible()
    expect(page.get_by_role("heading", name="7 events in Q1 2024")).to_be_visible()
