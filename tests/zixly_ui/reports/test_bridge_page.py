"""The page of the margin bridge where something is missing: rates, records, anything before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.records import exchange_rates
from zixly_data.records.exchange_rates import parse_month, parse_rate
from zixly_data.records.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.ids import new_id
from zixly_ui.shell import session
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import PAGES

Open = Callable[..., AppTest]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """One client in AUD, one in NZD, each with a record in two quarters."""
    team = new_team()
    for currency, revenue in (("AUD", "100"), ("NZD", "200")):
        client = books.client(team, f"Client {currency}", currency=currency)
        books.money(team, client, "2024-01-05", "100")
        books.money(team, client, "2024-04-05", revenue)
    return team


@pytest.fixture
def opened(team: Team, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Runs the page as the viewer, with these words in its address."""
    monkeypatch.setattr(session, "current_secret", lambda: team.viewer.secret)
    # By itself a page knows no others to link to.
    monkeypatch.setattr("streamlit.page_link", lambda *_, **__: None)

    def run(**address: Any) -> AppTest:
        app = AppTest.from_file(str(PAGES / "bridge.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        assert not app.error
        return app

    return run


def headlines(app: AppTest) -> list[str]:
    return [header.value.replace("\\", "") for header in app.header]


def test_without_rates_each_currency_is_shown_by_itself(opened: Open, team: Team) -> None:
    app = opened(period="2024-Q2", currency="all")
    (warning,) = app.warning
    assert (
        "There is no exchange rate into AUD for NZD in Jan 2024 and NZD in Apr 2024"
        in warning.value
    )
    assert "Exchange rates" in warning.value
    assert [line.partition(":")[0] for line in headlines(app)] == [
        "The profit in Q2 2024 (Apr–Jun) was $100, the same as in Q1 2024 (Jan–Mar).",
        "Profit in Q2 2024 (Apr–Jun) was NZ$200, up NZ$100 vs Q1 2024 (Jan–Mar)",
    ]
    for month, value in (("2024-01", "0.5"), ("2024-04", "0.6")):
        draft = RateDraft(parse_month(month), "NZD", "AUD", parse_rate(value))
        exchange_rates.add(team.editor, draft, row_id=new_id("rate"))
    app = opened(period="2024-Q2", currency="all")
    assert not app.warning
    assert headlines(app) == [
        "Profit in Q2 2024 (Apr–Jun) was $220, up $70 vs Q1 2024 (Jan–Mar): +$50 from revenue of "
        "existing clients and +$20 from exchange rates."
    ]
    assert any("Converted into AUD" in caption.value for caption in app.caption)


def test_both_ends_open_to_what_the_page_shows(opened: Open, team: Team) -> None:
    for month, value in (("2024-01", "0.5"), ("2024-04", "0.6")):
        draft = RateDraft(parse_month(month), "NZD", "AUD", parse_rate(value))
        exchange_rates.add(team.editor, draft, row_id=new_id("rate"))
    for currency, amounts in (
        ("all", ["$150.00", "$220.00"]),
        ("AUD", ["$100.00", "$100.00"]),
        ("NZD", ["NZ$100.00", "NZ$200.00"]),
    ):
        app = opened(period="2024-Q2", currency=currency)
        code = "AUD" if currency == "all" else currency
        for slug, amount in zip(("2024-q1", "2024-q2"), amounts, strict=True):
            app.button(f"passport-{slug}-{code}-profit").click().run()
            assert not app.exception
            (dialog,) = app.get("dialog")
            assert dialog.proto.dialog.title.replace("\\", "") == f"Profit: {amount}"
        app.button(f"parts-2024-q2-2024-q1-{code}").click().run()
        assert not app.exception
        said = "".join(each.value for each in app.markdown).replace("\\", "")
        assert f"Profit in Q1 2024 (Jan–Mar): {amounts[0]}" in said
        assert f"Profit in Q2 2024 (Apr–Jun): {amounts[1]}" in said


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2019-Q1", "Nothing was recorded in Q1 2019 (Jan–Mar) or Q4 2018 (Oct–Dec)"),
        ("all", "All time cannot be compared: there is no earlier period."),
    ],
)
def test_where_nothing_can_be_compared_it_says_so(opened: Open, period: str, said: str) -> None:
    app = opened(period=period)
    assert [each.value.replace("\\", "") for each in app.subheader] == [said]
    assert not app.header


def test_missing_hours_lead_to_the_metric_of_that_purpose(
    opened: Open, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels: list[str] = []
    monkeypatch.setattr("streamlit.page_link", lambda *_, label, **__: labels.append(label))
    without = "No metric is used for billable hours yet."
    books.metric(team, "Billable Hours", unit="hours")
    app = opened(period="2024-Q2", currency="NZD")
    assert any(without in text.value for text in app.markdown)
    assert "Choose a metric for billable hours in Custom metrics" in labels
    labels.clear()
    books.metric(team, "Stunden *für* Kunden", unit="h", purpose=BILLABLE_HOURS)
    app = opened(period="2024-Q2", currency="NZD")
    assert not any(without in text.value for text in app.markdown)
    assert plain("Record “Stunden *für* Kunden” in Custom metrics") in labels


def test_an_unknown_comparison_in_a_link_is_the_period_before(opened: Open) -> None:
    app = opened(period="2024-Q2", against="yesterday")
    assert "against" not in app.query_params
    assert "Q1 2024" in headlines(app)[0]
