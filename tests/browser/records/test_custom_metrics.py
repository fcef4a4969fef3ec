"""A computed metric and a target in their forms, which cover the page of custom metrics."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, at_rest, choose, dialog, sql
from tests.support.servers.live_app import SUPPORT, LiveApp

pytestmark = pytest.mark.browser

NAME = "Profit of an Hour"


@pytest.fixture
def own_metric(live_app: LiveApp) -> Iterator[None]:
    """The metric that the test defines is removed again, with its targets."""
    yield
    metric = "select id from zixly.metric_definitions where metric_name = :name and tenant_id = :t"
    for statement in (
        f"delete from zixly.metric_targets where metric_id in ({metric})",
        f"delete from zixly.metric_inputs where metric_id in ({metric})",
        f"delete from zixly.metric_definitions where id in ({metric})",
    ):
        sql(live_app, statement, name=NAME, t=ZIXLY)


# Every day: the same without a browser in `test_formula_forms.py` and `test_targets_on_page.py`.
@pytest.mark.nightly
def test_a_formula_is_previewed_saved_and_judged(
    visit: Visit, live_app: LiveApp, own_metric: None
) -> None:
    page = visit(SUPPORT, "/custom-kpis?period=2024-03")
    page.get_by_role("button", name="Define a metric").click()
    choose(page, "Values", "Computed: a formula")
    form = dialog(page)
    form.get_by_label("Name", exact=True).fill(NAME)
    form.get_by_label("Formula", exact=True).fill("profit / hours_of_work")
    form.get_by_label("Unit", exact=True).fill("per hour")
    form.get_by_role("button", name="Preview").click()
    expect(form).to_contain_text("hours_of_work")
    assert _saved(live_app) == []
    form.get_by_label("Formula", exact=True).fill("profit / billable_hours")
    form.get_by_role("button", name="Preview").click()
    expect(form.get_by_text("The last twelve months")).to_be_visible()
    expect(form.get_by_label("Name", exact=True)).to_have_value(NAME)
    form.get_by_role("button", name="Define metric").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(f"Defined: {NAME}.")
    assert _saved(live_app) == [("profit / billable_hours",)]

    _set_target(page, "lots")
    expect(dialog(page)).to_contain_text("“lots” is not a number.")
    dialog(page).get_by_label("At least (per hour)").fill("500")
    dialog(page).get_by_role("button", name="Set target").click()
    confirmation = page.get_by_test_id("stAlertContentSuccess")
    expect(confirmation).to_contain_text(f"Set: {NAME} for everyone, at least 500 per hour")
    # Escape leaves a form without saving, and the same button opens it again.
    for _ in range(2):
        _open_form(page)
        page.keyboard.press("Escape")
        expect(dialog(page)).to_have_count(0)


def _saved(live_app: LiveApp) -> list[tuple[str, ...]]:
    formulas = "select formula from zixly.metric_definitions where metric_name = :name"
    return sql(live_app, formulas, name=NAME)


def _set_target(page: Page, low: str) -> None:
    page.get_by_text("Targets", exact=True).click()
    _open_form(page)
    choose(page, "Metric", NAME)
    dialog(page).get_by_label("At least (per hour)").fill(low)
    dialog(page).get_by_role("button", name="Set target").click()


def _open_form(page: Page) -> None:
    """The charts above are still being drawn: a click where the button was would miss it."""
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    button = page.get_by_role("button", name="Set a target")
    button.scroll_into_view_if_needed()
    at_rest(button)
    button.click()
    expect(dialog(page)).to_be_visible()
