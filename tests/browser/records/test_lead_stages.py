"""A stage is added, moved, renamed, retired and restored by clicks, in forms over the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import ZIXLY, dialog, sql, take
from tests.support.servers.live_app import COLE, LiveApp

pytestmark = pytest.mark.browser

_NAMES = ("Site visit", "Walk & talk")
_OF_ZIXLY = "tenant_id = :t"
_HEADER, _ROW = 36, 35


@pytest.fixture
def own_stage(live_app: LiveApp) -> Iterator[None]:
    """The order of the demo's stages, restored without the stage that the test adds."""
    before = sql(live_app, f"select id, position from zixly.lead_stages where {_OF_ZIXLY}", t=ZIXLY)
    yield
    sql(
        live_app,
        f"delete from zixly.lead_stages where {_OF_ZIXLY} and stage = any(:names)",
        t=ZIXLY, names=list(_NAMES),
    )  # fmt: skip
    for stage_id, position in before:
        sql(
            live_app,
            "update zixly.lead_stages set position = :position where id = :id",
            id=stage_id, position=position,
        )  # fmt: skip


# Every day: the same story without a browser in `test_lead_stages_page.py`.
@pytest.mark.nightly
def test_a_stage_lives_from_its_form(visit: Visit, live_app: LiveApp, own_stage: None) -> None:
    page = visit(COLE, "/lead-stages")
    expect(page.get_by_role("heading", name="Leads go through 5 stages.")).to_be_visible()
    page.get_by_role("button", name="Add stage").click()
    dialog(page).get_by_label("Name").fill("Inquiry")
    dialog(page).get_by_role("button", name="Add stage").click()
    expect(dialog(page)).to_contain_text("A stage is already called “Inquiry”.")
    dialog(page).get_by_label("Name").fill(_NAMES[0])
    dialog(page).get_by_role("button", name="Add stage").click()
    expect(_confirmation(page)).to_contain_text("Added: Site visit (open).")

    _open(page, _place(live_app, _NAMES[0]))
    dialog(page).get_by_role("button", name="Move…").click()
    page.get_by_role("combobox", name="New place").click()
    take(page.get_by_role("option", name="After Inquiry", exact=True))
    page.get_by_role("button", name="Move stage").click()
    expect(_confirmation(page)).to_contain_text("Moved: “Site visit” is after Inquiry now.")
    assert _place(live_app, _NAMES[0]) == 1

    _open(page, 1)
    dialog(page).get_by_label("Name").fill(_NAMES[1])
    dialog(page).get_by_role("button", name="Save changes").click()
    expect(_confirmation(page)).to_contain_text("Saved: Walk & talk (open).")

    _open(page, 1)
    dialog(page).get_by_role("button", name="Retire…").click()
    page.get_by_role("button", name="Retire stage").click()
    expect(_confirmation(page)).to_contain_text("Retired: “Walk & talk” takes no new events.")
    expect(page.get_by_role("heading", name="1 more is retired.")).to_be_visible()

    _open(page, 1)
    dialog(page).get_by_role("button", name="Restore").click()
    expect(_confirmation(page)).to_contain_text("Restored: “Walk & talk” takes events again.")


def _open(page: Page, row: int) -> None:
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    table.click(position={"x": 120, "y": _HEADER + _ROW * row + _ROW // 2})
    expect(dialog(page)).to_be_visible()


def _place(live_app: LiveApp, name: str) -> int:
    stages = sql(
        live_app,
        f"select stage from zixly.lead_stages where {_OF_ZIXLY} order by position",
        t=ZIXLY,
    )
    return stages.index((name,))


def _confirmation(page: Page) -> Locator:
    return page.get_by_test_id("stAlertContentSuccess")
