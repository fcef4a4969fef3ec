"""People give names with links, pictures and tags, and wait for someone to open a page.

A real browser opens every page of the organisation, and every list of options.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import go_in
from tests.support.pages import sql
from tests.support.servers.live_app import COLE, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from zixly_data.access.action_permissions import PAGES
from zixly_ui.shell.navigation import MENU

pytestmark = pytest.mark.nightly

HOSTILE = "**b** [x](https://e.vil) :red[r] $x$ ![i](https://e.vil/p) <b>x</b>"
# An invisible character keeps the browser from making a link of an address in Markdown.
SHOWN = HOSTILE.replace("://", "://\N{WORD JOINER}")
NAMED = {
    "clients": "client_kpis set client_name = :n || ' ' || id, industry = :n",
    "stages": "lead_stages set stage = :n || ' ' || position",
    "leads": "lead_events set note = :n",
    "metrics": "metric_definitions set metric_name = left(:n || ' ' || right(id, 6), 100)",
    "people": "users set full_name = :n",
}
TENANT = "zixly-org-001"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    with running(tmp_path_factory.mktemp("markup"), SCENARIO_TODAY) as live_app:
        for change in NAMED.values():
            sql(live_app, f"update zixly.{change} where tenant_id = :t", n=HOSTILE, t=TENANT)
        sql(live_app, "update zixly.tenants set name = :n where id = :t", n=HOSTILE, t=TENANT)
        yield live_app


def effects(page: Page) -> list[str]:
    """What the browser made of the names: links, pictures, bold, coloured or mathematical text."""
    made = page.locator(
        "a[href^='https://e.vil'], img[src*='e.vil'], .katex, .stMarkdownColoredText:text-is('r'),"
        " strong:text-is('b'), b:text-is('x'), tspan[style*='bold']:text-is('x')"
    )
    return list(made.evaluate_all("found => found.map(f => f.parentElement.outerHTML)"))


def test_no_page_draws_a_name_as_markup(page: Page, app: LiveApp) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    addresses = {
        entry.file.removesuffix(".py"): entry.url_path
        for entries in MENU.values()
        for entry in entries
    }
    ((client_id,),) = sql(
        app, "select min(id) from zixly.client_kpis where tenant_id = :t", t=TENANT
    )
    shown = set()
    for name in (name for name, needed in PAGES.items() if needed):
        query = f"id={client_id}" if name == "client" else "period=all"
        go_in(page, app, COLE, f"/{addresses[name]}?{query}")
        page.wait_for_load_state("networkidle")
        assert effects(page) == [], name
        if page.get_by_test_id("stMain").get_by_text(SHOWN).count():
            shown.add(name)
        for box in page.locator("[data-testid=stPopover] button").all():
            if not box.is_visible():
                continue
            box.click()
            assert effects(page) == [], name
            page.keyboard.press("Escape")
    assert {"overview", "client", "lead_funnel", "custom_kpis", "contradictions"} <= shown
    assert not [url for url in asked if "e.vil" in url]


def test_lists_of_options_show_the_characters(page: Page, app: LiveApp) -> None:
    go_in(page, app, COLE, "/lead-funnel?period=all")
    stages = page.get_by_role("radiogroup", name="Show one stage")
    expect(stages.get_by_role("radio", name=f"{SHOWN} 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Choose clients").click()
    page.get_by_role("combobox", name="Clients").click()
    expect(page.get_by_role("option", name=HOSTILE).first).to_be_visible()
    assert effects(page) == []

    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<a href=https://e.vil>x</a><b>x</b>')"
    )
    assert len(effects(page)) == 2, "positive control"


def test_the_log_holds_no_error(app: LiveApp) -> None:
    assert "Traceback" not in Path(app.log).read_text()
