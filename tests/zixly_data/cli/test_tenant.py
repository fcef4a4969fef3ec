"""The command `tenant set`: what changed and what it means, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support.servers.command_line import Ended
from zixly_data.database.connection import Database
from zixly_data.operations import operator
from zixly_data.people import tenants
from zixly_data.records import closed_months

Zixly = Callable[..., Ended]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


def test_it_prints_what_changed_and_what_that_means(zixly: Zixly, team: Team) -> None:
    ended = zixly("tenant", "set", "--name", "Own Books", "--industry", "Bookkeeping",
                  "--time-zone", "europe/berlin", "--currency", "eur",
                  "--financial-year-start", "jan", "--as", team.admin.email)  # fmt: skip
    name = f"Team {team.tenant_id.removeprefix('team-').lstrip('0')}"
    assert (ended.returncode, ended.stdout.splitlines()) == (0, [
        f"Name: {name} → Own Books",
        "Industry: none → Bookkeeping",
        "Time zone: Australia/Brisbane → Europe/Berlin",
        "Reporting currency: AUD → EUR",
        "First month of the financial year: July → January",
    ]), ended.stderr  # fmt: skip
    assert "Dates that are recorded never move." in ended.stderr
    assert "exchange rates into it" in ended.stderr
    tenant = tenants.get(team.viewer)
    assert (tenant.time_zone, tenant.reporting_currency) == ("Europe/Berlin", "EUR")

    again = zixly("tenant", "set", "--industry", "", "--currency", "EUR", "--as", team.admin.email)
    assert again.stdout.splitlines() == ["Industry: Bookkeeping → none"]
    same = zixly("tenant", "set", "--currency", "EUR", "--as", team.admin.email)
    assert (same.returncode, same.stdout, same.stderr) == (0, "", "Nothing was changed.\n")


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("--name", " ", "This is required."),
        ("--time-zone", "Atlantis", "“Atlantis” is not a time zone."),
        ("--currency", "dollars", "“dollars” is not a currency."),
        ("--financial-year-start", "13", "“13” is not a month."),
    ],
)
def test_what_cannot_be_is_said(
    zixly: Zixly, team: Team, option: str, text: str, told: str
) -> None:
    before = tenants.get(team.admin)
    ended = zixly("tenant", "set", option, text, "--as", team.admin.email)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(told)
    assert tenants.get(team.admin) == before


def test_a_setting_is_named(zixly: Zixly, team: Team) -> None:
    ended = zixly("tenant", "set", "--as", team.admin.email)
    assert (ended.returncode, ended.stderr.splitlines()[0]) == (2, "No setting was named.")


def test_years_are_grouped_again_on_a_word_while_months_are_closed(
    zixly: Zixly, team: Team
) -> None:
    closed_months.close(team.admin, date(2024, 3, 1))
    command = ("tenant", "set", "--financial-year-start", "April", "--as", team.admin.email)
    asked = zixly(*command)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("One month is closed.")
    assert asked.stderr.splitlines()[-1] == "To change it anyway, add --yes."
    assert tenants.get(team.admin).financial_year_start_month == 7
    assert zixly(*command, "--yes").returncode == 0
    assert tenants.get(team.admin).financial_year_start_month == 4


def test_creating_one_refuses_the_same(zixly: Zixly, database: Database) -> None:
    for options, told in (
        (("--time-zone", "Atlantis"), "“Atlantis” is not a time zone."),
        (("--currency", "dollars"), "“dollars” is not a currency."),
        (("--industry", "x" * 201), "This is too long"),
    ):
        ended = zixly("tenant", "create", "never", "Never", *options)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith(told)
    assert "never" not in operator.list_tenants(database.logins.admin_url)["id"].tolist()
