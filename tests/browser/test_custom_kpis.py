"""Custom KPIs, as each role meets them. Every test that writes makes a client of its own."""

from __future__ import annotations

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
)
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.browser

NAME = "Measured Test Ltd"


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    made = own_client(live_app, NAME)
    yield made
    remove_client(live_app, made)


def measure(live_app: LiveApp, client: str, metric: str, unit: str, day: str, value: str) -> str:
    row_id = new_id("met")
    sql(
        live_app,
        "insert into zixly.custom_metrics"
        " (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date)"
        " values (:tenant, :id, :client, :metric, :value, :unit, :day)",
        tenant=ZIXLY, id=row_id, client=client, metric=metric, value=value, unit=unit, day=day,
    )  # fmt: skip
    return row_id


def satisfied(live_app: LiveApp, client: str, day: str, value: str) -> str:
    return measure(live_app, client, "Client Satisfaction", "out of 5", day, value)


def values_of(live_app: LiveApp, client: str) -> list[tuple[str | None, ...]]:
    query = (
        "select metric_name, metric_value::text, record_date::text, note"
        " from zixly.custom_metrics where client_kpi_id = :client order by record_date"
    )
    return sql(live_app, query, client=client)


def open_form(page: Page, metric: str) -> None:
    page.get_by_role("button", name="Record a value").click()
    expect(dialog(page)).to_be_visible()
    choose(page, "Client", NAME)
    choose(page, "Metric", metric)


def test_a_viewer_reads_the_answer_and_is_offered_no_form(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    satisfied(live_app, client, "2024-03-31", "4.8")
    satisfied(live_app, client, "2024-04-30", "3.9")
    page = visit(VERA, f"/custom-kpis?client={client}")
    expect(page.get_by_role("heading", name="0 of 1 metric with a target are on")).to_contain_text(
        f"furthest off: Client Satisfaction of {NAME}, 3.9 / 5 against 4.5 / 5."
    )
    expect(page.get_by_role("heading", name="2 recorded values")).to_be_visible()
    for button in ("Record a value", "Define a metric"):
        expect(page.get_by_role("button", name=button)).to_have_count(0)
    expect(page.get_by_text("Click a value to change")).to_have_count(0)

    (latest,) = downloaded(page, "Download metrics")
    assert (latest["metric_value"], latest["previous_value"], latest["on_target"]) == (
        "3.9000", "4.8000", "false",
    )  # fmt: skip
    assert [row["metric_value"] for row in downloaded(page, "Download values")] == [
        "3.9000", "4.8000",
    ]  # fmt: skip


def test_nothing_measured_yet_says_what_to_do(visit: Visit) -> None:
    page = visit(SARAH, "/custom-kpis")
    expect(page.get_by_text("No value is on record")).to_be_visible()
    expect(page.get_by_role("button", name="Define a metric")).to_be_visible()


def test_a_value_above_its_scale_is_told_and_then_recorded_as_it_should_be(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, f"/custom-kpis?client={client}")
    open_form(page, "Client Satisfaction")
    form = dialog(page)
    expect(form.get_by_text("A rating from 0 to 5.")).to_be_visible()
    value = form.get_by_label("Value (out of 5)")
    for typed, told in (("12k5", "“12k5” is not a number"), ("5.5", "This one is out of 5")):
        value.fill(typed)
        form.get_by_label("Date").fill("31/3/2024")
        form.get_by_role("button", name="Record value").click()
        expect(form.get_by_text(told)).to_be_visible()
        expect(value).to_have_value(typed)
    assert values_of(live_app, client) == []

    value.fill("4.75")
    form.get_by_role("button", name="Record value").dblclick()
    expect(
        page.get_by_role("heading", name="1 of 1 metric with a target is on target.")
    ).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("Recorded:").first).to_be_visible()
    assert values_of(live_app, client) == [("Client Satisfaction", "4.7500", "2024-03-31", None)]


def test_a_year_of_five_digits_is_told(visit: Visit, client: str) -> None:
    page = visit(SUPPORT, f"/custom-kpis?client={client}")
    open_form(page, "Billable Hours")
    dialog(page).get_by_label("Value (hours)").fill("120")
    dialog(page).get_by_label("Date").fill("1/3/20245")
    dialog(page).get_by_role("button", name="Record value").click()
    expect(dialog(page).get_by_text("has the year 20245")).to_be_visible()


def test_yes_or_no_is_a_choice(visit: Visit, live_app: LiveApp, client: str) -> None:
    page = visit(COLE, f"/custom-kpis?client={client}")
    open_form(page, "Delivered On-Time")
    choose(page, "Value", "No")
    dialog(page).get_by_role("button", name="Record value").click()
    expect(page.get_by_role("heading", name="furthest off: Delivered On-Time")).to_contain_text(
        "No against Yes"
    )
    assert [row[1] for row in values_of(live_app, client)] == ["0.0000"]


def test_a_client_deleted_meanwhile_is_told(visit: Visit, live_app: LiveApp, client: str) -> None:
    page = visit(SUPPORT, f"/custom-kpis?client={client}")
    open_form(page, "Billable Hours")
    dialog(page).get_by_label("Value (hours)").fill("120")
    remove_client(live_app, client)
    dialog(page).get_by_role("button", name="Record value").click()
    expect(dialog(page).get_by_text("not there any more")).to_be_visible()
    expect(dialog(page).get_by_label("Value (hours)")).to_have_value("120")


def test_the_second_of_two_editors_sees_both_versions(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    record = satisfied(live_app, client, "2024-03-31", "4.1")
    page = visit(SUPPORT, f"/custom-kpis?client={client}")
    click_row(page, table_below(page, "1 recorded value"), 0)
    dialog(page).get_by_label("Value (out of 5)").fill("4.2")
    sql(
        live_app,
        "update zixly.custom_metrics set metric_value = 4.3, version = version + 1 where id = :id",
        id=record,
    )
    dialog(page).get_by_role("button", name="Save changes").click()
    expect(dialog(page).get_by_role("cell", name="4.2 / 5")).to_be_visible()
    expect(dialog(page).get_by_role("cell", name="4.3 / 5")).to_be_visible()
    dialog(page).get_by_role("button", name="Keep mine").click()
    expect(dialog(page)).to_have_count(0)
    assert [row[1] for row in values_of(live_app, client)] == ["4.2000"]


def test_a_metric_is_defined_once_and_a_target_changed(visit: Visit, live_app: LiveApp) -> None:
    page = visit(SUPPORT, "/custom-kpis")
    form = dialog(page)
    for told in ("Defined: Test Tickets", "A metric with this name exists"):
        page.get_by_role("button", name="Define a metric").click()
        choose(page, "What is measured", "A count of whole things")
        form.get_by_label("Name").fill("Test Tickets")
        form.get_by_label("Unit").fill("tickets")
        form.get_by_label("Target (optional)").fill("2")
        form.get_by_role("button", name="Define metric").click()
        expect(page.get_by_text(told).first).to_be_visible()
    query = "select unit, kind, target::text from zixly.metric_definitions where metric_name = :n"
    assert sql(live_app, query, n="Test Tickets") == [("tickets", "COUNT", "2.0000")]
    sql(live_app, "delete from zixly.metric_definitions where metric_name = 'Test Tickets'")
