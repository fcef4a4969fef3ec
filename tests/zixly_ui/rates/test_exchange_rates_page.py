"""Exchange rates: filled in by editors alone, nothing typed lost, a file shown before it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_ui.rates import grid as rate_grid


@dataclass(frozen=True)
class Rates:
    """A team with amounts in NZD in September, October and November 2026, and one rate."""

    team: Team
    admin: sa.Engine

    def open(self, person: Identity) -> PageRun:
        return open_page(person, "exchange_rates")

    def put(self, month: str, rate: str) -> None:
        statements.run(
            self.admin,
            "insert into zixly.exchange_rates (tenant_id, month, currency, into_currency, rate)"
            " values (:t, cast(:month as date), 'NZD', 'AUD', cast(:rate as numeric))",
            t=self.team.tenant_id, month=month, rate=rate,
        )  # fmt: skip

    def on_file(self) -> list[tuple[str, ...]]:
        return statements.run(
            self.admin,
            "select month::text, rate::text from zixly.exchange_rates"
            " where tenant_id = :t and month >= '2026-10-01' order by 1",
            t=self.team.tenant_id,
        )


@pytest.fixture
def rates(new_team: Callable[[], Team], admin: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Rates:
    monkeypatch.setattr(Tenant, "today", lambda _: date(2026, 11, 22))
    # No browser tells of an edit late here.
    monkeypatch.setattr(rate_grid, "_SETTLED", 0)
    team = new_team()
    client = books.client(team, currency="NZD")
    for day in ("2026-09-05", "2026-10-05", "2026-11-05"):
        books.money(team, client, day, "100")
    made = Rates(team, admin)
    made.put("2026-09-01", "0.9")
    return made


def test_an_editor_fills_in_what_is_missing(rates: Rates) -> None:
    page = rates.open(rates.team.editor)
    title = "Rates are missing for NZD in 2 months: Oct 2026 and Nov 2026."
    assert title in page.headings
    page.edit({0: {"rate": "abc"}, 1: {"rate": "1.09"}})
    assert "2 rates entered, not saved yet." in page.text
    assert "Is 1.0900 what 1 AUD was worth in NZD?" in page.text
    page.press("Save rates")
    assert "Nothing was saved. One cell needs" in page.alerts
    assert "NZD in November 2026: “abc” is not a number." in page.alerts
    assert rates.on_file() == []

    page.go("months")
    page.go("exchange_rates")
    assert title in page.headings
    assert list(page.app.data_editor[0].value["rate"]) == ["abc", "1.09"]
    page.edit({0: {"rate": "0.9140"}})
    assert "Nothing was saved" not in page.alerts
    rates.put("2026-10-01", "0.9")
    page.press("Save rates")
    assert "Someone else entered NZD in October" in page.alerts
    assert "0.9000 is recorded, and you entered 1.09." in page.alerts
    assert any(heading.startswith("One rate is missing: NZD in Nov") for heading in page.headings)
    assert list(page.app.data_editor[0].value["rate"]) == ["0.9140"]
    page.press("Save rates")
    assert "Saved: 1 NZD was 0.9140 AUD in November 2026." in page.alerts
    assert any(heading.startswith("All amounts can be converted") for heading in page.headings)
    assert rates.on_file() == [("2026-10-01", "0.90000000"), ("2026-11-01", "0.91400000")]


def test_a_rate_is_changed_and_a_file_shows_first_what_it_would_change(rates: Rates) -> None:
    rates.put("2026-10-01", "0.9")
    page = rates.open(rates.team.editor).click_row(0, "Recorded rates")
    assert "NZD in October 2026" in page.dialog
    assert page.typed("1 NZD in AUD") == ("0.9",)
    page.fill(("1 NZD in AUD", "0,92")).press("Save changes")
    assert "“0,92” is unclear." in page.dialog
    assert page.typed("1 NZD in AUD") == ("0,92",)
    page.fill(("1 NZD in AUD", "0.92")).press("Save changes")
    assert "Saved: 1 NZD was 0.9200 AUD in October 2026." in page.alerts

    assert "Import rates from a file" in page.text
    page.give("rates.csv", "Month;Currency;Rate\n2026-13;NZD;0,9\n2026-11;NZD;0\n")
    assert "2 lines are not rates" in page.alerts
    assert "Line 2: “2026-13” is not a month." in page.alerts
    assert "Line 3: “0”: A rate must be more than zero" in page.alerts
    assert not page.offers("Import 2 rates")
    page.give("rates.csv", "Month;Currency;Rate\n2026-10;NZD;0,91\n2026-11;NZD;0,93\n")
    assert "1 rate is new and 1 will change." in page.text
    assert rates.on_file() == [("2026-10-01", "0.92000000")]
    page.press("Import 2 rates")
    assert "Imported 2 rates." in page.alerts
    assert rates.on_file() == [("2026-10-01", "0.91000000"), ("2026-11-01", "0.93000000")]


def test_a_viewer_reads_and_has_nothing_to_fill_in(rates: Rates) -> None:
    rates.put("2026-10-01", "0.9152")
    for person, may in ((rates.team.viewer, False), (rates.team.editor, True)):
        page = rates.open(person)
        assert any(
            heading.startswith("One rate is missing: NZD in Nov") for heading in page.headings
        )
        told = "An editor of your organisation can enter it."
        assert (told in page.text) is not may
        assert any(
            heading.startswith("1 NZD was 0.9152 AUD in Oct 2026") for heading in page.headings
        )
        assert page.offers("Download CSV")
        assert bool(page.app.data_editor) is may
        for name in ("Save rates", "Add a rate"):
            assert page.offers(name) is may
        assert ("Import rates from a file" in page.text) is may


def test_an_editor_adds_a_rate_by_its_form(rates: Rates) -> None:
    page = rates.open(rates.team.editor).press("Add a rate")
    page.fill(Month="2026-13", Was_worth="abc").press("Save")
    assert "is not a month" in page.below("Month")
    assert "“abc” is not a number." in page.below("Was worth")
    assert rates.on_file() == []

    page.fill(Month="October 2026", Was_worth="0.9132").press("Save")
    assert page.dialog == ""
    assert "Saved: 1 NZD was 0.9132 AUD in October 2026." in page.alerts
    assert rates.on_file() == [("2026-10-01", "0.91320000")]

    # The same month once more is refused, and a rate that looks inverted is asked about.
    page.press("Add a rate").fill(Month="2026-10", Was_worth="0.92").press("Save")
    assert "already" in page.dialog
    page.reload()
    page.press("Add a rate").fill(Month="2026-11", Was_worth="1.0950").press("Save")
    assert "Is 1.0950 what 1 AUD was worth in NZD?" in page.dialog
    assert rates.on_file() == [("2026-10-01", "0.91320000")]
