"""Entering a month in a grid: keys, a block from a spreadsheet, emptied cells, a phone.

The clients of each test come first in the grid, in months in which nothing else is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import DESK, PHONE, Visit
from tests.support.pages import ZIXLY, own_client, remove_client, sql
from tests.support.servers.live_app import SUPPORT, LiveApp
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.browser

ONE, TWO = "Aardvark & Co", "Abacus Test"
REVENUE, EXPENSES, PROFIT, NOTE = 3, 4, 5, 8
_WIDTHS = (180, 76, 96, 106, 106, 106, 106, 106, 260)
_ROW = 33
_SELECTED = "() => document.querySelector('[id^=glide-cell-][aria-selected=true]')?.id ?? ''"
# Between two keys. Within one frame the grid would lose a key after Enter.
_KEYS = 60


@pytest.fixture
def clients(live_app: LiveApp) -> Iterator[tuple[str, str]]:
    made = own_client(live_app, ONE), own_client(live_app, TWO)
    yield made
    for client_id in made:
        remove_client(live_app, client_id)


@pytest.fixture
def many_clients(live_app: LiveApp) -> Iterator[None]:
    """Two hundred more, after all others."""
    statement = """
        insert into zixly.client_kpis (tenant_id, id, client_id, client_name)
        select :tenant, 'ckpi_many' || n, 'many' || n, 'Zz Many ' || n
        from generate_series(1, 200) as n
    """
    sql(live_app, statement, tenant=ZIXLY)
    yield
    sql(live_app, "delete from zixly.client_kpis where id like 'ckpi_many%'")


def test_typing_with_tab_and_enter_as_in_a_spreadsheet(
    visit: Visit, live_app: LiveApp, clients: tuple[str, str]
) -> None:
    page = _open(visit, "month=2023-03")
    expect(_cell(page, 0, 0)).to_have_text(ONE)
    expect(_cell(page, 2, 0)).to_have_text("31/3/2023")
    at(page, REVENUE, 0)
    type_text(page, "$1,234.50", "Tab")
    type_text(page, "(500)", "Enter")
    expect(_cell(page, PROFIT, 0)).to_have_text("1,734.50")
    expect(_figure(page, "Revenue")).to_have_text("$1,234.50")
    expect(_figure(page, "Expenses")).to_have_text("−$500.00")
    expect(page.get_by_text(f"recorded as credits: {ONE}, expenses −$500.00")).to_be_visible()
    type_text(page, "200", "Enter")
    expect(_cell(page, EXPENSES, 1)).to_have_text("200")
    expect(_figure(page, "Expenses")).to_have_text("−$300.00")
    at(page, REVENUE, 1)
    # Saved at once, with the last typed value.
    type_text(page, "300")
    press_save(page)
    expect(_confirmation(page)).to_contain_text(
        "Saved 2 records for March 2023: revenue $1,534.50, expenses −$300.00."
    )
    assert _records(live_app, clients) == [
        ("2023-03-31", "1234.50", "-500.00", None),
        ("2023-03-31", "300.00", "200.00", None),
    ]
    expect(_cell(page, REVENUE, 0)).to_have_text("1,234.50")

    page.get_by_role("button", name="Next month").click()
    expect(_cell(page, 6, 0)).to_have_text("1,734.50")
    expect(page).to_have_url(f"{live_app.url}/enter-month?month=2023-04")
    at(page, REVENUE, 0)
    type_text(page, "2000", "Tab")
    type_text(page, "0", "Enter")
    expect(_cell(page, 7, 0)).to_have_text("+265.50")
    expect(_figure(page, "Change vs Mar 2023")).to_have_text("+$165.50")


@pytest.mark.nightly
def test_a_pasted_block_with_a_bad_cell_saves_nothing_and_loses_nothing(
    visit: Visit, live_app: LiveApp, clients: tuple[str, str]
) -> None:
    page = _open(visit, "month=2023-05")
    at(page, REVENUE, 0)
    _paste(page, "$2,000.00\t1 000\n12x\t1,500.25")
    expect(page.get_by_text("Row 2, Revenue: “12x” is not an amount.")).to_be_visible()
    put_into_grid(page)
    expect(_cell(page, REVENUE, 1)).to_have_text("12x")
    expect(_cell(page, EXPENSES, 1)).to_have_text("1,500.25")
    expect(page.get_by_text("The totals leave out 1 cell")).to_be_visible()
    press_save(page)
    message = page.get_by_test_id("stAlert").filter(has_text="Nothing was saved")
    expect(message).to_contain_text("Nothing was saved. One cell needs to be corrected")
    expect(message).to_contain_text(f"{TWO}, revenue: “12x” is not an amount.")
    assert _records(live_app, clients) == []
    for column, row, text in (
        (REVENUE, 0, "2,000.00"), (EXPENSES, 0, "1,000.00"), (REVENUE, 1, "12x"),
        (EXPENSES, 1, "1,500.25"),
    ):  # fmt: skip
        expect(_cell(page, column, row)).to_have_text(text)

    # Open another month and another page, and return: the values are unchanged.
    page.get_by_role("button", name="Previous month").click()
    expect(page.get_by_text("Unsaved changes: Financials for May 2023")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Clients").click()
    expect(page.get_by_role("heading", level=1, name="Clients")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Next month").click()
    expect(_cell(page, REVENUE, 1)).to_have_text("12x")

    at(page, REVENUE, 1)
    type_text(page, "1200", "Enter")
    expect(page.get_by_text("4 changed cells, not saved yet.")).to_be_visible()
    press_save(page)
    expect(_confirmation(page)).to_contain_text("Saved 2 records for May 2023: revenue $3,200.00")
    assert _records(live_app, clients) == [
        ("2023-05-31", "2000.00", "1000.00", None),
        ("2023-05-31", "1200.00", "1500.25", None),
    ]


# Every day: the same stories without a browser in `pasting/test_pasting.py`.
@pytest.mark.nightly
def test_a_block_with_names_goes_to_the_clients_it_names(
    visit: Visit, live_app: LiveApp, clients: tuple[str, str]
) -> None:
    page = _open(visit, "month=2023-10")
    rows = page.locator("[id^=glide-cell-0-]").count()
    names = [_cell(page, 0, row).inner_text() for row in range(rows)]
    pasted = [*reversed(names), "Zz Unknown", "Zz Unknown Too"]
    lines = [f"{name}\t\t\t{number}00\t{number}" for number, name in enumerate(pasted, start=1)]
    at(page, 0, 0)
    _paste(page, "Client\tCurrency\tDate\tRevenue\tExpenses\n" + "\n".join(lines))
    expect(page.get_by_text(f"{rows} of {rows + 2} rows go into the grid.")).to_be_visible()
    expect(page.get_by_text("2 rows have no client here.")).to_be_visible()
    expect(page.get_by_role("button", name="Put into the grid")).to_be_disabled()
    page.get_by_role("button", name="Leave out all 2").click()
    put_into_grid(page)
    expect(_cell(page, REVENUE, 0)).to_have_text(f"{rows}00.00")
    expect(_cell(page, EXPENSES, 1)).to_have_text(f"{rows - 1}.00")
    expect(_cell(page, REVENUE, rows - 1)).to_have_text("100.00")
    # One cell is the grid's own to paste, and so is a text in the cell that is being typed in.
    at(page, NOTE - 1, 0)
    page.keyboard.press("ArrowRight")
    _paste(page, "one\n")
    expect(_cell(page, NOTE, 0)).to_have_text("one")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press_save(page)
    expect(_confirmation(page)).to_contain_text(f"Saved {rows} records for October 2023")
    assert _records(live_app, clients) == [
        ("2023-10-31", f"{rows}00.00", f"{rows}.00", "one"),
        ("2023-10-31", f"{rows - 1}00.00", f"{rows - 1}.00", None),
    ]


# Every day: typing and saving in `test_typing_with_tab_and_enter_as_in_a_spreadsheet`.
@pytest.mark.nightly
def test_a_value_that_is_still_being_typed_is_kept_when_the_page_is_turned(
    visit: Visit, live_app: LiveApp, clients: tuple[str, str], many_clients: None
) -> None:
    """The browser reports the edit after the click."""
    page = _open(visit, "month=2023-09")
    expect(_cell(page, 0, 0)).to_have_text(ONE)
    at(page, REVENUE, 0)
    type_text(page, "1234")
    page.get_by_role("button", name="Next rows").click()
    expect(page.get_by_text("Showing rows 201–")).to_be_visible()
    expect(page.get_by_text("1 changed cell, 1 on other pages, not saved yet.")).to_be_visible()
    expect(_figure(page, "Revenue").first).to_have_text("$1,234.00")
    at(page, EXPENSES, 0)
    type_text(page, "100", "Enter")
    page.get_by_role("button", name="Previous rows").click()
    expect(_cell(page, REVENUE, 0)).to_have_text("1234")
    at(page, EXPENSES, 0)
    type_text(page, "5", "Enter")
    page.get_by_label("Find a client").fill("abacus")
    page.get_by_label("Find a client").press("Enter")
    expect(_cell(page, 0, 0)).to_have_text(TWO)
    expect(page.get_by_text("3 changed cells, 3 on other pages, not saved yet.")).to_be_visible()
    # Its revenue is missing: the message names a client of another page.
    press_save(page)
    expect(page.get_by_test_id("stAlert")).to_contain_text("Enter an amount, or 0")
    assert _records(live_app, clients) == []


# Every day: the same story without a browser in `test_enter_month_page.py`.
@pytest.mark.nightly
def test_emptied_cells_are_deleted_after_a_question(
    visit: Visit, live_app: LiveApp, clients: tuple[str, str]
) -> None:
    _put(live_app, clients[0], "2023-06-15", 900)
    page = _open(visit, "month=2023-06")
    for column, count in ((REVENUE, "1 changed cell,"), (EXPENSES, "2 changed cells,")):
        at(page, column, 0)
        page.keyboard.press("Delete")
        expect(page.get_by_text(count)).to_be_visible()
    question = page.get_by_text(f"Delete 1 record whose amounts you cleared: {ONE}.")
    expect(question).to_be_visible()
    press_save(page)
    expect(page.get_by_test_id("stAlert")).to_contain_text("Tick the box above")
    assert len(_records(live_app, clients)) == 1
    question.click()
    press_save(page)
    expect(_confirmation(page)).to_contain_text("Deleted 1 record for June 2023.")
    assert _records(live_app, clients) == []


@pytest.mark.nightly
def test_on_a_phone_the_grid_is_typed_in_and_saved(
    visit: Visit, live_app: LiveApp, clients: tuple[str, str]
) -> None:
    page = _open(visit, "month=2023-11", PHONE)
    expect(_cell(page, 0, 0)).to_have_text(ONE)
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
    # The date of the first client; then by keyboard, because the rest is not visible.
    _grid(page).click(position={"x": 290, "y": _ROW + _ROW // 2})
    expect(_cell(page, REVENUE - 1, 0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(_cell(page, REVENUE, 0)).to_have_attribute("aria-selected", "true")
    type_text(page, "800", "Tab")
    type_text(page, "300", "Enter")
    expect(_figure(page, "Profit")).to_have_text("$500.00")
    press_save(page)
    expect(_confirmation(page)).to_contain_text("Saved 1 record for November 2023")
    assert _records(live_app, clients) == [("2023-11-30", "800.00", "300.00", None)]


def _open(visit: Visit, query: str, size: ViewportSize = DESK) -> Page:
    page = visit(SUPPORT, f"/enter-month?{query}", size)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(_cell(page, 0, 0)).to_be_attached()
    return page


def _grid(page: Page) -> Locator:
    return page.get_by_test_id("stDataFrame")


def _cell(page: Page, column: int, row: int) -> Locator:
    return page.locator(f"#glide-cell-{column}-{row}")


def at(page: Page, column: int, row: int) -> None:
    """Click a cell by its position, because the grid is drawn on a canvas."""
    _grid(page).scroll_into_view_if_needed()
    place = {"x": sum(_WIDTHS[:column]) + 20, "y": _ROW * (row + 1) + _ROW // 2}
    # A click without a pointer move focuses the grid, but does not choose the cell.
    _grid(page).hover(position=place)  # type: ignore[arg-type]
    page.wait_for_timeout(_KEYS * 2)
    _grid(page).click(position=place, delay=_KEYS)  # type: ignore[arg-type]
    expect(_cell(page, column, row)).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(_KEYS * 2)


def type_text(page: Page, text: str, key: str | None = None) -> None:
    page.keyboard.type(text, delay=_KEYS)
    if key:
        before = page.evaluate(_SELECTED)
        page.keyboard.press(key)
        # At the edge of the grid the chosen cell does not change.
        with suppress(PlaywrightTimeout):
            page.wait_for_function(
                f"before => ({_SELECTED})() !== before", arg=before, timeout=2000
            )
        page.wait_for_timeout(_KEYS * 2)


def _paste(page: Page, block: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", block)
    page.keyboard.press("Control+v")


def put_into_grid(page: Page) -> None:
    page.get_by_role("button", name="Put into the grid").click()
    # Its preview has cells of the same ids.
    expect(page.get_by_role("dialog")).to_have_count(0)


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def _confirmation(page: Page) -> Locator:
    return page.get_by_test_id("stAlertContentSuccess")


def _figure(page: Page, label: str) -> Locator:
    """The text of the card with this label, for the first currency."""
    card = page.get_by_test_id("stMetric").filter(has_text=label).first
    return card.get_by_test_id("stMetricValue")


def _put(live_app: LiveApp, client: str, day: str, revenue: int) -> None:
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses)"
        " values (:tenant, :id, :client, cast(:day as date), :revenue, 0)",
        tenant=ZIXLY, id=new_id("fin"), client=client, day=day, revenue=revenue,
    )  # fmt: skip


def _records(live_app: LiveApp, clients: tuple[str, str]) -> list[tuple[str, ...]]:
    return sql(
        live_app,
        "select f.record_date::text, f.revenue::text, f.expenses::text, f.note"
        " from zixly.financials as f join zixly.client_kpis as c on c.id = f.client_kpi_id"
        " where c.id = any (:clients) order by c.client_name, f.record_date",
        clients=list(clients),
    )
