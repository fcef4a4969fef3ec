"""The pages of income on the days that are not like others: a year that has just begun, figures
dated ahead, all time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import open_page
from zixly_data.access.action_permissions import PAGES as WHO_OPENS
from zixly_data.people.tenants import Tenant

Open = Callable[..., AppTest]


@dataclass(frozen=True)
class Ledger:
    team: Team
    alpha: str


@pytest.fixture
def ledger(new_team: Callable[[], Team]) -> Ledger:
    """Alpha with a record in June, in July, in October and in December of 2026."""
    team = new_team()
    alpha = books.client(team, "Alpha")
    for day, revenue, expenses in (
        ("2026-06-10", "500", "300"), ("2026-07-01", "700", "300"),
        ("2026-10-05", "1000", "400"), ("2026-12-05", "5000", "400"),
    ):  # fmt: skip
        books.money(team, alpha, day, revenue, expenses)
    return Ledger(team, alpha)


@pytest.fixture
def opened(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as the viewer on a day, with these words in its address."""

    def run(page: str, today: date, **address: str) -> AppTest:
        monkeypatch.setattr(Tenant, "today", lambda _: today)
        app = open_page(ledger.team.viewer, page, **address).app
        assert not app.error
        return app

    return run


def profits(app: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in app.metric if each.label == "Profit"]


def texts(app: AppTest) -> list[str]:
    return [each.value.replace("\\", "") for each in [*app.header, *app.subheader]]


@pytest.mark.parametrize("day", [1, 20, 31])
def test_the_month_that_begins_a_financial_year_is_not_the_year_twice(
    opened: Open, day: int
) -> None:
    app = opened("overview", date(2026, 7, day))
    assert profits(app) == ["$400.00", "$200.00", "$400.00"]
    assert "FY2027 (Jul 2026 – Jun 2027) so far: Alpha made a profit of $400.00" in texts(app)


def test_the_ranking_goes_as_far_as_the_cards_of_its_year(opened: Open) -> None:
    app = opened("overview", date(2026, 11, 22))
    assert profits(app)[-1] == "$1,000.00"
    assert "FY2027 (Jul 2026 – Jun 2027) so far: Alpha made a profit of $1,000.00" in texts(app)


@pytest.mark.parametrize("page", ["financials", "client", "profitability"])
def test_a_page_says_one_profit_where_figures_are_dated_ahead(
    opened: Open, ledger: Ledger, page: str
) -> None:
    """What is compared stays the part up to today."""
    address = {"id": ledger.alpha} if page == "client" else {}
    app = opened(page, date(2026, 11, 22), period="this-fy", **address)
    assert "was $5,600.00 on" in texts(app)[0]
    (profit,) = (metric for metric in app.metric if metric.label == "Profit")
    assert profits(app) == ["$5,600.00"]
    assert profit.delta == "no comparison"


@pytest.mark.parametrize("page", ["financials", "client", "profitability"])
def test_all_time_is_compared_with_nothing(opened: Open, ledger: Ledger, page: str) -> None:
    address = {"id": ledger.alpha} if page == "client" else {}
    app = opened(page, date(2026, 11, 22), period="all", **address)
    assert [metric.delta for metric in app.metric] == [""] * 4
    drawn = str([element.proto for element in app.main if hasattr(element, "proto")])
    # A year, not a part of some random id.
    assert not re.search(r"(?<![\w-])1899(?!\w)", drawn)


@pytest.mark.parametrize(
    ("today", "until", "pale"),
    [
        # Nothing is recorded in November yet: the last month there is has ended.
        (date(2026, 11, 2), "2026-11-30", []),
        (date(2026, 10, 20), "2026-12-31", ["October 2026"]),
        (date(2026, 12, 4), "2026-12-31", ["December 2026"]),
    ],
)
def test_by_month_what_has_ended_is_never_pale(
    opened: Open, today: date, until: str, pale: list[str]
) -> None:
    app = opened(
        "profitability",
        today,
        by="month",
        **{"period": "custom", "from": "2026-07-01", "to": until},
    )
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]
    shown = zip(bars["x"], bars["marker"]["opacity"], strict=True)
    assert [label for label, opacity in shown if opacity < 1] == pale
    assert bars["x"][:3] == ["July 2026", "August 2026", "September 2026"]


@pytest.mark.parametrize("day", ["2026-07-01", "2026-12-31", "2028-02-29"])
def test_every_page_is_drawn_on_the_first_and_last_day_of_a_year(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    monkeypatch.setattr(Tenant, "today", lambda _: date.fromisoformat(day))
    for name in (name for name, needed in WHO_OPENS.items() if needed):
        page = open_page(ledger.team.admin, name, id=ledger.alpha)
        assert page.title, name
        assert not page.app.error, name
