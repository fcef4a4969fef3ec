"""Two clients are merged from the link of a finding, and unmerged, by clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.support.pages import dialog, own_client, remove_client, sql
from tests.support.servers.live_app import SUPPORT, LiveApp

pytestmark = pytest.mark.browser

_COUNT = "select count(*) from zixly.client_kpis where id = any(:ids)"


@pytest.fixture
def twins(live_app: LiveApp) -> Iterator[tuple[str, str]]:
    kept, merged = own_client(live_app, "Twin & Co"), own_client(live_app, "Twin")
    yield kept, merged
    for client in (kept, merged):
        remove_client(live_app, client)
        sql(live_app, "delete from zixly.client_merges where kept_id = :id", id=client)


# Every day: the same story without a browser in `test_merging_clients.py` of the pages.
@pytest.mark.nightly
def test_clients_are_merged_and_unmerged(
    visit: Visit, live_app: LiveApp, twins: tuple[str, str]
) -> None:
    kept, merged = twins
    page = visit(SUPPORT, f"/clients?merge={merged}&into={kept}", PHONE)
    expect(dialog(page)).to_contain_text("has no records to move")
    dialog(page).get_by_role("button", name="Keep the other one").click()
    expect(dialog(page)).to_contain_text("Twin stays as it is.")
    dialog(page).get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Merged: Twin & Co").first).to_be_visible()
    assert sql(live_app, _COUNT, ids=[kept, merged]) == [(1,)]

    page.get_by_role("button", name="Merge clients").click()
    dialog(page).get_by_text("Earlier merges").click()
    dialog(page).get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("Undone: Twin & Co").first).to_be_visible()
    assert sql(live_app, _COUNT, ids=[kept, merged]) == [(2,)]
