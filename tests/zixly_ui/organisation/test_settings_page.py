"""The page of the organisation's settings: what a change means, two at once, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import Team
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records import closed_months
from zixly_data.tables.tenants import TENANTS, OrganisationDraft
from zixly_ui import sidebar

MONTH = "First month of the financial year"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


def page_of(person: Identity) -> PageRun:
    return open_page(person, "organisation")


def save_elsewhere(team: Team, **changed: object) -> None:
    """Another administrator saves."""
    tenant = tenants.get(team.admin)
    draft = OrganisationDraft(**{name: getattr(tenant, name) for name in TENANTS.entered})
    tenants.change(team.admin, tenant.version, replace(draft, **changed))  # type: ignore[arg-type]


def test_each_field_says_what_changing_it_does(team: Team) -> None:
    page = page_of(team.admin)
    assert page.title == "Organisation settings"
    for field in TENANTS.entered.values():
        assert field.help in page.text
    assert "The demo" not in page.headings
    assert "Organisation settings" in page.menu


def test_settings_are_saved_and_shown_at_once(team: Team) -> None:
    page = page_of(team.admin)
    page.fill(Name="Own Books").choose(MONTH, "January").choose("Reporting currency", "EUR")
    page.press("Save changes")
    assert (
        "Saved: the name is now Own Books, the reporting currency is now EUR and the first month "
        "of the financial year is now January." in page.alerts
    )
    assert "Own Books" in page.sidebar
    assert page.typed("Name") == ("Own Books",)
    tenant = tenants.get(team.viewer)
    assert (tenant.reporting_currency, tenant.financial_year_start_month) == ("EUR", 1)
    assert "Nothing was changed." in page.press("Save changes").alerts


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(team: Team) -> None:
    page = page_of(team.admin)
    page.fill(("Name", " "), ("Industry", "x" * 201)).press("Save changes")
    assert page.problems == [
        "This is required.", "This is too long: 201 characters. The limit is 200.",
    ]  # fmt: skip
    assert page.typed("Industry") == ("x" * 201,)


def test_a_new_financial_year_is_confirmed_while_months_are_closed(team: Team) -> None:
    closed_months.close(team.admin, date(2024, 3, 1))
    page = page_of(team.admin)
    page.fill(Name="Own Books").choose(MONTH, "April").press("Save changes")
    assert "One month is closed. The figures of closed months stay as they are" in page.sent
    assert tenants.get(team.admin).financial_year_start_month == 7
    page.tick("One month is closed.").press("Save changes")
    assert "the first month of the financial year is now April" in page.alerts
    assert tenants.get(team.admin).name == "Own Books"


def test_the_second_of_two_compares_and_keeps_what_they_typed(team: Team) -> None:
    page = page_of(team.admin).fill(Name="Mine", Industry="Mining")
    save_elsewhere(team, name="Theirs")
    page.press("Save changes")
    assert "Someone else saved this record while you were editing it." in page.alerts
    assert "| Name | **Mine** | **Theirs** |" in page.sent
    page.press("Keep my version")
    assert "Saved: the name is now Mine and the industry is now Mining." in page.alerts
    assert tenants.get(team.admin).name == "Mine"


def test_or_takes_the_other_version(team: Team) -> None:
    page = page_of(team.admin).fill(Name="Mine")
    save_elsewhere(team, name="Theirs")
    page.press("Save changes").press("Use the saved version")
    assert "Kept the saved version." in page.alerts
    assert page.typed("Name") == ("Theirs",)
    assert tenants.get(team.admin).name == "Theirs"


def test_what_needs_a_word_is_asked_after_a_conflict_too(team: Team) -> None:
    closed_months.close(team.admin, date(2024, 3, 1))
    page = page_of(team.admin).fill(Name="Mine").choose(MONTH, "April")
    save_elsewhere(team, name="Theirs")
    page.press("Save changes").press("Keep my version")
    assert tenants.get(team.admin).name == "Theirs"
    assert page.typed("Name") == ("Mine",)
    page.press("Save changes").tick("One month is closed.").press("Save changes")
    assert tenants.get(team.admin).name == "Mine"
    assert tenants.get(team.admin).financial_year_start_month == 4


def test_others_are_told_whom_to_ask_and_what_they_may_do(team: Team) -> None:
    for person in (team.editor, team.viewer):
        page = page_of(person)
        assert "You do not have access to this page" in page.text
        assert "Ask an administrator of your organisation for access." in page.text
        assert (
            "You can change your own password and two-step sign-in under My account." in page.text
        )
        assert not page.offers("Save changes")
        assert "Organisation settings" not in page.menu


def test_everyone_s_sidebar_follows_within_a_minute(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(team.viewer, "clients")
    before = tenants.get(team.viewer).name
    assert before in page.sidebar
    save_elsewhere(team, name="Own Books")
    assert sidebar._SECONDS < 60
    monkeypatch.setattr(sidebar, "_SECONDS", 0)
    assert "Own Books" in page.reload().sidebar
