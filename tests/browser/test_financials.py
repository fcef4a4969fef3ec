"""Financials: an editor's month, every slip of theirs, and whoever gets in between.

Every test that writes makes a client of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, impatient
from tests.support.pages import (
    ZIXLY,
    choose,
    dialog,
    downloaded,
    eventually,
    own_client,
    remove_client,
    sql,
)
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp
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
    """A record of that client: 1 March 2024, 900.00 and 400.00. The answer is its id."""
    row_id = new_id("fin")
    sql(
        live_app,
        "insert into zixly.financials"
        " (tenant_id, id, client_kpi_id, record_date, revenue, expenses, note)"
        " values (:tenant, :id, :client, '2024-03-01', 900, 400, 'as it was')",
        tenant=ZIXLY, id=row_id, client=client,
    )  # fmt: skip
    return row_id


def test_a_month_recorded_in_the_form_is_in_table_chart_report_and_files(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    expect(page.get_by_role("heading", name="Nothing was recorded in Q1 2024")).to_be_visible()
    _open_form(page)
    expect(dialog(page).get_by_role("combobox", name="Client")).to_have_value(f"{NAME} (AUD)")
    _fill(page, "31 March 2024", "$1,234.50", "1 000", note="Invoice 7")
    _press(page, "Save")

    expect(_said(page)).to_contain_text(SAVED)
    expect(dialog(page)).to_have_count(0)
    answer = (
        "1 client brought $234.50 profit on $1,234.50 revenue in Q1 2024 (Jan–Mar), "
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

    report = visit(VERA, f"/profitability?period=2024-Q1&client={client}")
    expect(report.get_by_role("heading", name=answer)).to_be_visible()
    (row,) = downloaded(report, "Download CSV")
    assert (row["revenue"], row["expenses"], row["profit"], row["margin"]) == (
        "1234.50", "1000.00", "234.50", "0.1900",
    )  # fmt: skip


def test_a_viewer_reads_and_downloads_and_has_no_form(
    visit: Visit, client: str, record: str
) -> None:
    page = visit(VERA, _books_of(client))
    expect(page.get_by_role("heading", name="1 client brought $500.00 profit")).to_be_visible()
    expect(page.get_by_role("button", name="Record figures")).to_have_count(0)
    expect(page.get_by_text("Click a record to change")).to_have_count(0)
    _click_record(page)
    (row,) = downloaded(page, "Download CSV")
    assert row["profit"] == "500.00"
    expect(dialog(page)).to_have_count(0)


def test_each_slip_is_told_beside_its_field_and_nothing_typed_is_lost(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    slips = [
        ("", "An amount is needed", "", "A date is needed"),
        ("lots", "“lots” is not an amount", "31/2/2024", "“31/2/2024” is not a date"),
        ("1234567890123", "at most 12 digits", "1/3/20245", "has the year 20245"),
        ("1.005", "Round it to cents", "someday", "“someday” is not a date"),
    ]
    for expenses, told, day, told_of_day in slips:
        _fill(page, day, "1234.50", expenses, note="typed at length")
        _press(page, "Save")
        expect(_problem(page, "Expenses")).to_contain_text(told)
        expect(_problem(page, "Date")).to_contain_text(told_of_day)
        assert _typed(page) == (day, "1234.50", expenses, "typed at length")
    assert _records(live_app, client) == []

    _fill(page, "31/3/2024", "1234.50", "1000")
    _press(page, "Save")
    expect(_said(page)).to_contain_text(SAVED)
    assert _records(live_app, client) == [("2024-03-31", "1234.50", "1000.00", "typed at length")]


def test_without_a_client_the_form_asks_for_one(visit: Visit, client: str) -> None:
    page = visit(SUPPORT, "/financials?period=2024-Q1")
    _open_form(page)
    _fill(page, "31/3/2024", "1234.50", "1000")
    _press(page, "Save")
    expect(dialog(page).get_by_text("Choose the client these figures are about.")).to_be_visible()
    choose(page, "Client", f"{NAME} (AUD)")
    _press(page, "Save")
    expect(_said(page)).to_contain_text(SAVED)


def test_a_negative_revenue_is_a_credit_after_a_question(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "(500.00)", "0")
    _press(page, "Save")
    question = dialog(page).get_by_text("−$500.00 is negative. Record it as a credit?")
    expect(question).to_be_visible()
    assert _records(live_app, client) == []
    question.click()
    _press(page, "Save")
    expect(_said(page)).to_contain_text("revenue −$500.00, expenses $0.00")
    expect(page.get_by_role("heading", name="1 client cost $500.00 more than")).to_be_visible()
    assert _records(live_app, client) == [("2024-03-31", "-500.00", "0.00", None)]


def test_a_note_stays_as_it_was_typed(visit: Visit, live_app: LiveApp, client: str) -> None:
    note = "'; DROP TABLE financials; -- Café 🦘 שלום [a](https://example.com) *$1*"
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "1", "0", note=note)
    _press(page, "Save")
    expect(_said(page)).to_be_visible()
    assert [row[3] for row in _records(live_app, client)] == [note]
    assert [row["note"] for row in downloaded(page, "Download CSV")] == [note]


def test_a_client_that_someone_deletes_meanwhile_is_told(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "1234.50", "1000", note="typed at length")
    remove_client(live_app, client)
    _press(page, "Save")
    expect(dialog(page).get_by_text("not there any more")).to_be_visible()
    assert _typed(page) == ("31/3/2024", "1234.50", "1000", "typed at length")


def test_a_double_click_records_once(visit: Visit, live_app: LiveApp, client: str) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "1234.50", "1000")
    dialog(page).get_by_role("button", name="Save").dblclick()
    expect(_said(page)).to_contain_text(SAVED)
    assert len(_records(live_app, client)) == 1


def test_the_same_figures_meant_twice_are_two_records(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    for times in (1, 2):
        _open_form(page)
        expect(dialog(page).get_by_label("Revenue", exact=True)).to_have_value("")
        _fill(page, "31/3/2024", "1234.50", "1000")
        _press(page, "Save")
        expect(page.get_by_role("heading", name=f"on ${times * 1234.5:,.2f}")).to_be_visible()
    assert len(_records(live_app, client)) == 2


def test_a_record_is_changed_and_the_next_click_on_it_shows_the_change(
    visit: Visit, live_app: LiveApp, client: str, record: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _click_record(page)
    assert _typed(page) == ("1/3/2024", "900.00", "400.00", "as it was")
    _fill(page, "31/3/2024", "1234.50", "1000")
    _press(page, "Save changes")
    expect(_said(page)).to_contain_text(SAVED)
    expect(dialog(page)).to_have_count(0)
    assert _records(live_app, client) == [("2024-03-31", "1234.50", "1000.00", "as it was")]

    for _ in range(2):
        _click_record(page)
        assert _typed(page) == ("31/3/2024", "1,234.50", "1,000.00", "as it was")
        dialog(page).get_by_role("button", name="Close").click()
        expect(dialog(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("Keep mine", ("2024-03-01", "950.00", "400.00", "as it was")),
        ("Take theirs", ("2024-03-01", "900.00", "450.00", "as it was")),
    ],
)
def test_the_second_of_two_editors_sees_both_versions(
    visit: Visit, live_app: LiveApp, client: str, record: str, choice: str, kept: tuple[str, ...]
) -> None:
    mine, theirs = visit(SUPPORT, _books_of(client)), visit(COLE, _books_of(client))
    for page in (mine, theirs):
        _click_record(page)
    dialog(theirs).get_by_label("Expenses", exact=True).fill("450")
    _press(theirs, "Save changes")
    expect(_said(theirs)).to_contain_text("expenses $450.00")

    dialog(mine).get_by_label("Revenue", exact=True).fill("950")
    _press(mine, "Save changes")
    expect(dialog(mine).get_by_text("Someone else saved this record")).to_be_visible()
    for amount in ("$950.00", "$900.00", "$400.00", "$450.00"):
        expect(dialog(mine).get_by_role("cell", name=amount)).to_be_visible()
    assert _records(live_app, client) == [("2024-03-01", "900.00", "450.00", "as it was")]

    dialog(mine).get_by_role("button", name=choice).click()
    expect(dialog(mine)).to_have_count(0)
    assert _records(live_app, client) == [kept]


def test_a_record_is_deleted_after_a_question(
    visit: Visit, live_app: LiveApp, client: str, record: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _click_record(page)
    dialog(page).get_by_text("Delete …").click()
    question = f"Delete {NAME}, 1 Mar 2024, revenue $900.00, expenses $400.00?"
    expect(page.get_by_text(question)).to_be_visible()
    assert len(_records(live_app, client)) == 1
    page.get_by_role("button", name="Delete for good").click()
    expect(_said(page)).to_contain_text("Deleted: ")
    expect(page.get_by_role("heading", name="Nothing was recorded in Q1 2024")).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    assert _records(live_app, client) == []


def test_a_record_that_someone_deletes_meanwhile_is_told(
    visit: Visit, live_app: LiveApp, client: str, record: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _click_record(page)
    dialog(page).get_by_label("Note (optional)").fill("typed at length")
    sql(live_app, "delete from zixly.financials where id = :id", id=record)
    _press(page, "Save changes")
    expect(dialog(page).get_by_text("This record is not there any more.")).to_be_visible()
    expect(dialog(page).get_by_label("Note (optional)")).to_have_value("typed at length")


def test_a_database_that_goes_away_while_saving_gets_the_record_when_it_is_back(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "1234.50", "1000", note="typed at length")
    impatient(page)
    with live_app.without_database():
        _press(page, "Save")
        expect(page.get_by_text("What you typed is safe")).to_be_visible()
        assert _typed(page) == ("31/3/2024", "1234.50", "1000", "typed at length")
    expect(_said(page)).to_contain_text(SAVED)
    assert _records(live_app, client) == [("2024-03-31", "1234.50", "1000.00", "typed at length")]


def test_a_right_taken_away_counts_at_the_next_press(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    page = visit(SUPPORT, _books_of(client))
    _open_form(page)
    _fill(page, "31/3/2024", "1234.50", "1000")
    demote = "update zixly.users set role = :role where email = :email"
    sql(live_app, demote, role="VIEWER", email=SUPPORT)
    try:
        _press(page, "Save")
        expect(dialog(page).get_by_text("Your role does not allow this.")).to_be_visible()
    finally:
        sql(live_app, demote, role="EDITOR", email=SUPPORT)
    assert _records(live_app, client) == []


def _books_of(client: str) -> str:
    return f"/financials?period=2024-Q1&client={client}"


def _open_form(page: Page) -> None:
    page.get_by_role("button", name="Record figures").click()
    expect(dialog(page).get_by_label("Revenue", exact=True)).to_be_visible()


def _click_record(page: Page) -> None:
    """Click the first record of a table not clicked before; an editor's form is then there.

    The table is another one once the form has been closed: nothing is chosen in it any more.
    """
    table = page.locator("[data-testid=stDataFrame]:not([data-clicked])")
    expect(table.locator("[role=gridcell]").first).to_be_attached()
    table.evaluate("table => table.setAttribute('data-clicked', '')")
    page.locator("[data-clicked]").click(position={"x": 160, "y": 36 + 17})
    if page.get_by_role("button", name="Record figures").count():
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


def _problem(page: Page, label: str) -> Locator:
    """What stands right below a field of the open form."""
    field = (
        dialog(page)
        .get_by_test_id("stElementContainer")
        .filter(has=page.get_by_label(label, exact=True))
    )
    return field.locator("xpath=following-sibling::*[1]")


def _said(page: Page) -> Locator:
    """The confirmation at the top of the page."""
    return page.get_by_test_id("stMain").get_by_role("status").first


def _records(live_app: LiveApp, client: str) -> list[tuple[str | None, ...]]:
    return sql(
        live_app,
        "select record_date::text, revenue::text, expenses::text, note from zixly.financials"
        " where client_kpi_id = :client order by record_date",
        client=client,
    )
