"""Shared by tests of pages with forms: creating a client, clicking rows, opening files."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.support.servers.live_app import LiveApp
from zixly_data.database import administration
from zixly_data.values.ids import new_id

T = TypeVar("T")

ZIXLY = "zixly-org-001"
_HEADER, _ROW = 36, 35


def eventually(read: Callable[[], T], expected: T) -> None:
    """A page is drawn piece by piece: wait until the value read from it is `expected`."""
    deadline = time.monotonic() + 60
    while (current := read()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert current == expected


def at_rest(drawing: Locator) -> FloatRect:
    """The place of a drawing that has stopped moving: a chart is laid out more than once."""
    boxes: list[FloatRect | None] = [None]

    def has_moved() -> bool:
        boxes.append(drawing.bounding_box())
        return boxes[-1] is None or boxes[-1] != boxes[-2]

    eventually(has_moved, False)
    assert boxes[-1] is not None
    return boxes[-1]


def sql(live_app: LiveApp, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement as another person would, or read the actual rows."""
    engine = administration.admin_engine(live_app.admin_url)
    with engine.begin() as admin:
        result = admin.execute(sa.text(statement), values)
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def own_client(live_app: LiveApp, name: str) -> str:
    """Adds a client of Zixly; returns our id of it."""
    row_id = new_id("ckpi")
    sql(
        live_app,
        "insert into zixly.client_kpis (tenant_id, id, client_id, client_name)"
        " values (:tenant, :id, :id, :name)",
        tenant=ZIXLY, id=row_id, name=name,
    )  # fmt: skip
    return row_id


def remove_client(live_app: LiveApp, client: str) -> None:
    sql(live_app, "delete from zixly.client_kpis where id = :id", id=client)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def choose(page: Page, label: str, option: str) -> None:
    """Pick one option of a list in the open form."""
    dialog(page).get_by_role("combobox", name=label).click()
    take(page.get_by_role("option", name=option, exact=True))


def take(option: Locator, timeout: float | None = None) -> None:
    """Click on an option of an open list. Moving the pointer may scroll the list, even twice. A
    scrolling list ignores clicks, but notices a frame late that it scrolls."""
    for come_near in (option.scroll_into_view_if_needed, option.hover):
        come_near(timeout=timeout)
        option.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
    option.click(timeout=timeout)


def click_row(page: Page, table: Locator, row: int) -> None:
    """Tick a row of a table by its position, because a table is drawn on a canvas."""
    table.scroll_into_view_if_needed()
    expect(table.locator("canvas").first).to_be_visible()
    # The table's cells for screen readers exist once it can be used.
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    table.click(position={"x": 16, "y": _HEADER + _ROW * row + _ROW // 2})


def table_below(page: Page, heading: str) -> Locator:
    """The first table under the heading that contains these words."""
    title = page.get_by_role("heading", name=heading)
    expect(title).to_be_visible()
    return title.locator("xpath=following::*[@data-testid='stDataFrame'][1]")


def download_button(page: Page, label: str = "Download CSV") -> Locator:
    """The control that downloads a file: a link to its address, or a button that creates it."""
    return page.get_by_role("link", name=label).or_(page.get_by_role("button", name=label))


def downloaded(page: Page, button: str) -> list[dict[str, str]]:
    """The rows of the file behind a button."""
    with page.expect_download() as download:
        download_button(page, button).click()
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith("\ufeff"), "Excel would read the accents wrongly"
    text = text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))
