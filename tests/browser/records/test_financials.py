"""Financials in a browser: typed, drawn on canvas and chart, clicked twice, opened by its row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import (
    ZIXLY,
    dialog,
    downloaded,
    eventually,
    own_client,
    remove_client,
    sql,
)
from tests.support.servers.live_app import SUPPORT, LiveApp
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.browser

NAME = "Recorded Test & Co"
SAVED = f"Saved: {NAME}, 31 Mar 2024, revenue $1,234.50, expenses $1,000.00."


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    made = own_client(live_app, NAME)
    yield made
    remove_client(live_app, made)


@pytest.fixture
def record(live_app: LiveApp, client: str) -> str:
    """A record of that client: 1 March 2024, 900.00 and 400.00. Returns its id."""
    row_id = new_id("fin")
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses, note)"
        " values (:tenant, :id, :client, '2024-03-01', 900, 400, 'as it was')",
        tenant=ZIXLY, id=row_id, client=client,
    )  # fmt: skip
    return row_id


# Every day: the double click below, and this story without a browser in `test_financials_page.py`.
@pytest.mark.nightly
def test_a_month_recorded_in_the_form_is_in_table_chart_and_file(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    expect(page.get_by_role("heading", name="Nothing was recorded in Q1 2024")).to_be_visible()
    _open_form(page)
    expect(dialog(page).get_by_role("combobox", name="Client")).to_have_value(f"{NAME} (AUD)")
    _fill(page, "31 March 2024", "$1,234.50", "1 000", note="Invoice 7")
    _press(page, "Save")

    expect(_confirmation(page)).to_contain_text(SAVED)
    expect(dialog(page)).to_have_count(0)
    answer = (
        "Profit from 1 client was $234.50 on $1,234.50 revenue in Q1 2024 (Jan–Mar), "
        "a margin of 19.00%."
    )
    expect(page.get_by_role("heading", name=answer)).to_be_visible()
    cells = page.get_by_test_id("stDataFrame").locator("[role=gridcell]")
    expect(cells.filter(has_text=NAME)).to_be_attached()
    eventually(
        lambda: cells.all_text_contents()[1:],
        [NAME, "1234.5", "1000", "234.5", "Invoice 7", "manual"],
    )
    page.locator(".js-plotly-plot .bars .point").first.wait_for()
    drawn = "() => document.querySelector('.js-plotly-plot').data.map(each => each.y[0])"
    eventually(lambda: page.evaluate(drawn), [1234.5, 1000, 234.5])
    (row,) = downloaded(page, "Download CSV")
    assert row.pop("id").startswith("fin_")
    assert row == {
        "record_date": "2024-03-31", "client_id": client, "client_name": NAME,
        "currency": "AUD", "revenue": "1234.50", "expenses": "1000.00", "profit": "234.50",
        "source_system": "manual", "note": "Invoice 7",
    }  # fmt: skip


def test_a_double_click_records_once(visit: Visit, live_app: LiveApp, client: str) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "1234.50", "1000")
    dialog(page).get_by_role("button", name="Save").dblclick()
    expect(_confirmation(page)).to_contain_text(SAVED)
    assert len(_records(live_app, client)) == 1


# Every day: the same story without a browser in `test_financials_page.py`.
@pytest.mark.nightly
def test_a_record_is_changed_and_the_next_click_on_it_shows_the_change(
    visit: Visit, live_app: LiveApp, client: str, record: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _click_record(page)
    assert _typed(page) == ("1/3/2024", "900.00", "400.00", "as it was")
    _fill(page, "31/3/2024", "1234.50", "1000")
    _press(page, "Save changes")
    expect(_confirmation(page)).to_contain_text(SAVED)
    expect(dialog(page)).to_have_count(0)
    assert _records(live_app, client) == [("2024-03-31", "1234.50", "1000.00", "as it was")]

    for _ in range(2):
        _click_record(page)
        assert _typed(page) == ("31/3/2024", "1,234.50", "1,000.00", "as it was")
        dialog(page).get_by_role("button", name="Close").click()
        expect(dialog(page)).to_have_count(0)


def test_a_record_like_another_is_saved_after_a_question(
    visit: Visit, live_app: LiveApp, client: str, record: str
) -> None:
    """What is typed stays in the form while the question is open, and after it is cancelled."""
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "900", "400", note="second bill")
    _press(page, "Save")
    question = dialog(page).get_by_text(
        f"{NAME} already has a record of $900.00 revenue and $400.00 expenses in March 2024, "
        "dated 1 March. Record this one too?"
    )
    expect(question).to_be_visible()
    _press(page, "Cancel")
    expect(question).to_have_count(0)
    assert _typed(page) == ("31/3/2024", "900", "400", "second bill")
    assert len(_records(live_app, client)) == 1
    _press(page, "Save")
    dialog(page).get_by_role("button", name="Record it too").dblclick()
    expect(_confirmation(page)).to_contain_text(f"Saved: {NAME}, 31 Mar 2024, revenue $900.00")
    assert [row[0] for row in _records(live_app, client)] == ["2024-03-01", "2024-03-31"]


def _books_of(client: str) -> str:
    return f"/financials?period=2024-Q1&client={client}"


def _open_form(page: Page) -> None:
    page.get_by_role("button", name="Record figures").click()
    expect(dialog(page).get_by_label("Revenue", exact=True)).to_be_visible()


def _click_record(page: Page) -> None:
    """Click the first record of a table that was not clicked before, which opens its form.

    Closing the form creates another table without a chosen row.
    """
    table = page.locator("[data-testid=stDataFrame]:not([data-clicked])")
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    table.evaluate("table => table.setAttribute('data-clicked', '')")
    page.locator("[data-clicked]").click(position={"x": 160, "y": 36 + 17})
    expect(dialog(page).get_by_label("Revenue", exact=True)).to_be_visible()


def _fill(page: Page, day: str, revenue: str, expenses: str, note: str | None = None) -> None:
    typed = {"Date": day, "Revenue": revenue, "Expenses": expenses, "Note (optional)": note}
    for label, text in typed.items():
        if text is not None:
            dialog(page).get_by_label(label, exact=True).fill(text)


def _typed(page: Page) -> tuple[str, ...]:
    labels = ("Date", "Revenue", "Expenses", "Note (optional)")
    return tuple(dialog(page).get_by_label(label, exact=True).input_value() for label in labels)


def _press(page: Page, button: str) -> None:
    dialog(page).get_by_role("button", name=button).click()


def _confirmation(page: Page) -> Locator:
    """The confirmation at the top of the page."""
    return page.get_by_test_id("stMain").get_by_role("status").first


def _records(live_app: LiveApp, client: str) -> list[tuple[str | None, ...]]:
    return sql(
        live_app,
        "select record_date::text, revenue::text, expenses::text, note from zixly.financials"
        " where client_kpi_id = :client order by record_date",
        client=client,
    )
