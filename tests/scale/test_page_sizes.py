"""No page sends more than 1 MB or reads more than 5,000 rows, however much is recorded.

Counted are the bytes of every message to the browser and the rows that PostgreSQL returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from tests.conftest import Team
from tests.scale.many_records import ManyRecords, fill
from tests.support.page_runs import open_page
from zixly_data.access.action_permissions import PAGES
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.figures.month_grids.grid_page import GRID_ROWS
from zixly_data.people import tenants
from zixly_data.records import financials
from zixly_data.values.paging import PAGE_ROWS
from zixly_data.values.period import ALL
from zixly_ui.month import editor
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES as FOLDER

MOST_BYTES, MOST_ROWS = 1_000_000, 5_000
# Each kind of record alone exceeds what a page may read.
DAILY = {"clients": 600, "records": 6_000, "overheads": 6_000, "events": 6_000, "values": 6_000}
NIGHTLY = {
    "clients": 2_000, "records": 100_000, "overheads": 100_000, "events": 100_000,
    "values": 100_000,
}  # fmt: skip
NOTES, CURRENCIES, MONTHS = 600, 12, 60
# In the address of a page, so that it shows as much as there is.
QUERIES: dict[str, list[dict[str, str]]] = {
    "bridge": [{"period": "{year}"}],
    "client": [{"id": "{client}", "period": "all"}],
    "enter_month": [
        {"month": "{month}", "what": what}
        for what in ("financials", "overheads", "leads", "metrics")
    ],
    "profitability": [
        {"period": "all"},
        {"period": "all", "by": "industry"},
        {"period": "all", "by": "month"},
    ],
}
CASES = [
    pytest.param(page, query, id="-".join([page, *query.values()]))
    for page, needed in PAGES.items() if needed
    for query in QUERIES.get(page, [{"period": "all"}])
]  # fmt: skip
_NOTES = """
    insert into zixly.date_notes (tenant_id, id, day, words)
    select :tenant, :tenant || '_n' || n, :today - n::integer, 'Prices raised by ' || n || '%'
    from generate_series(1, :notes) as n
"""
_RATES = """
    insert into zixly.exchange_rates (tenant_id, id, month, currency, into_currency, rate)
    select :tenant, :tenant || '_r' || c || '_' || m,
           (date_trunc('month', cast(:today as timestamp)) - make_interval(0, m))::date,
           'A' || chr(64 + c) || 'Z', 'AUD', 1 + m / 100.0
    from generate_series(1, :currencies) as c, generate_series(1, :months) as m
"""
# One client with as many records as all others together.
_ONE_CLIENT = """
    insert into zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses)
    select :tenant, :tenant || '_o' || n, :client, :today - (n % 1400)::integer, 100, 50
    from generate_series(1, :rows) as n;
    insert into zixly.lead_events
      (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value)
    select :tenant, :tenant || '_p' || n, :client, 'O-' || n, s.stage, s.status,
           :today - (n % 1400)::integer, 100
    from generate_series(1, :rows) as n
    join zixly.lead_stages as s on s.tenant_id = :tenant and s.position = 1
"""
_organisations: dict[tuple[str, int], ManyRecords] = {}


@dataclass
class Sizes:
    """What a page sent to the browser, and the rows it read, by statement."""

    sent: int
    rows: list[tuple[int, str]]

    @property
    def read(self) -> int:
        return sum(count for count, _ in self.rows)


@pytest.fixture(
    params=[
        pytest.param(DAILY, id="thousands"),
        pytest.param(NIGHTLY, id="hundred-thousands", marks=pytest.mark.nightly),
    ]
)
def organisation(
    request: pytest.FixtureRequest,
    database: Database,
    admin: sa.Engine,
    new_team: Callable[[], Team],
) -> ManyRecords:
    """One for all tests of a server and size: nobody writes in it."""
    sizes: dict[str, int] = request.param
    key = database.logins.admin_url, sizes["records"]
    if key not in _organisations:
        team = new_team()
        today = tenants.get(team.viewer).today()
        _organisations[key] = fill(team, admin, today, **sizes)
        given = {"tenant": team.tenant_id, "today": today, "notes": NOTES}
        with admin.begin() as loading:
            loading.execute(sa.text(_NOTES), given)
            of_one = {**given, "client": f"{team.tenant_id}_c2", "rows": sizes["records"]}
            for statement in _ONE_CLIENT.split(";"):
                loading.execute(sa.text(statement), of_one)
            rates = {**given, "currencies": CURRENCIES, "months": MONTHS}
            loading.execute(sa.text(_RATES), rates)
    return _organisations[key]


@contextmanager
def measured() -> Iterator[Sizes]:
    """Count what every script inside sends, and what every statement inside returns."""
    opened = connection.opened()
    assert opened is not None
    sizes = Sizes(0, [])

    class Runner(LocalScriptRunner):
        def run(self, *args: Any, **named: Any) -> Any:
            tree = super().run(*args, **named)
            sizes.sent += sum(message.ByteSize() for message in self.forward_msgs())
            return tree

    def count(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if cursor.description is not None:
            sizes.rows.append((cursor.rowcount, statement))

    sa.event.listen(opened.app, "after_cursor_execute", count)
    try:
        with mock.patch.object(app_test, "LocalScriptRunner", Runner):
            yield sizes
    finally:
        sa.event.remove(opened.app, "after_cursor_execute", count)


def opened_page(
    organisation: ManyRecords, page: str, query: dict[str, str], patches: pytest.MonkeyPatch
) -> AppTest:
    """The page with this query, not run yet."""
    identity = organisation.team.admin
    patches.setattr(session, "current_secret", lambda: identity.secret)
    # A page by itself knows no others that it could lead to.
    patches.setattr(st, "page_link", lambda *_, **__: None)
    app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=120)
    today = tenants.get(identity).today()
    for name, value in query.items():
        app.query_params[name] = value.format(
            client=organisation.client, month=today.strftime("%Y-%m"), year="last-12-months"
        )
    return app


@pytest.mark.parametrize(("page", "query"), CASES)
def test_a_page(
    organisation: ManyRecords, monkeypatch: pytest.MonkeyPatch, page: str, query: dict[str, str]
) -> None:
    app = opened_page(organisation, page, query, monkeypatch)
    with measured() as sizes:
        app.run()
    assert not app.exception
    assert app.title
    assert sizes.sent <= MOST_BYTES, sizes.sent
    assert sizes.read <= MOST_ROWS, sorted(sizes.rows, reverse=True)[:3]


def test_where_a_figure_comes_from_is_as_small(
    organisation: ManyRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened_page(organisation, "financials", {"period": "all"}, monkeypatch)
    app.run()
    menu = app.menu_button[0]
    with measured() as sizes:
        menu.click("revenue").run()
    assert not app.exception
    assert app.button(key="next-of-passport-revenue")
    assert 0 < sizes.sent <= MOST_BYTES, sizes.sent
    assert 0 < sizes.read <= MOST_ROWS, sorted(sizes.rows, reverse=True)[:3]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("financials", "records"),
        ("overheads", "overheads"),
        ("clients", "clients"),
        ("audit", "entries"),
        ("lead_funnel", "leads"),
        ("lead_funnel", "events"),
        ("pipeline", "open-leads"),
        ("custom_kpis", "latest"),
    ],
)
def test_every_page_of_a_list_is_as_small(
    organisation: ManyRecords, monkeypatch: pytest.MonkeyPatch, page: str, name: str
) -> None:
    app = opened_page(organisation, page, {"period": "all"}, monkeypatch)
    app.run()
    with measured() as sizes:
        app.button(key=f"next-of-{name}").click().run()
    assert not app.exception
    assert any(text.value.startswith(f"Showing {PAGE_ROWS + 1}–") for text in app.caption)
    assert 0 < sizes.sent <= MOST_BYTES
    assert 0 < sizes.read <= MOST_ROWS


@pytest.mark.parametrize("what", ["financials", "overheads", "leads", "metrics"])
def test_every_page_of_a_grid_is_as_small(
    organisation: ManyRecords, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    # No browser tells of an edit late here.
    monkeypatch.setattr(editor, "_SETTLED", 0)
    query = {"month": "{month}", "what": what}
    app = opened_page(organisation, "enter_month", query, monkeypatch)
    app.run()
    with measured() as sizes:
        app.button(key="month-next-rows").click().run()
    assert not app.exception
    (shown,) = [text.value for text in app.caption if text.value.startswith("Showing")]
    assert shown.startswith(f"Showing rows {GRID_ROWS + 1}–{2 * GRID_ROWS} of ")
    assert 0 < sizes.sent <= MOST_BYTES
    assert 0 < sizes.read <= MOST_ROWS


def test_a_file_of_many_rows_and_unknown_clients_is_as_small(organisation: ManyRecords) -> None:
    """A third of the rows are new, a third name unknown clients, a third cannot be read."""
    new = (f"2030-03-{1 + n % 28:02},C-{1 + n % 600},,{n},1" for n in range(1_500))
    unknown = (f"2024-03-01,,Stranger {n},{n},1" for n in range(1_500))
    rejected = (f"2024-03-01,C-{1 + n % 600},,none,1" for n in range(1_500))
    header = "Date,Client ID,Client,Revenue,Expenses"
    page = open_page(organisation.team.admin, "import_file")
    with measured() as sizes:
        page.give("march.csv", "\n".join([header, *new, *unknown, *rejected]))
    assert "1,500 unknown clients in the file" in page.sent
    sent = sum(message.ByteSize() for message in page._script.messages)
    assert sent <= MOST_BYTES
    assert sizes.read <= MOST_ROWS


def test_a_page_that_sends_everything_is_noticed(
    organisation: ManyRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the records as they were shown before, all at once."""
    monkeypatch.setattr(session, "current_secret", lambda: organisation.team.admin.secret)

    def everything() -> None:
        import streamlit as st

        st.dataframe(st.session_state.read())

    app = AppTest.from_function(everything, default_timeout=120)
    app.session_state["read"] = lambda: financials.list_records(organisation.team.viewer, ALL)
    with measured() as sizes:
        app.run()
    assert not app.exception
    assert sizes.sent > 0.8 * MOST_BYTES
    assert sizes.read > MOST_ROWS
