"""The settings of an organisation: who changes them, what is refused, and two at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from zixly_data.database.connection import scoped
from zixly_data.errors import AccessDenied, Conflict, InvalidInput, NotConfirmed, NotFound
from zixly_data.identity import Identity
from zixly_data.people import audit, tenants
from zixly_data.people.tenants import Tenant
from zixly_data.records import closed_months
from zixly_data.tables.tenants import OrganisationDraft
from zixly_data.values import period
from zixly_ui.audit import text as audit_text

DRAFT = OrganisationDraft("Own Books", "Bookkeeping", "Europe/Berlin", "EUR", 1)


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


def change(person: Identity, draft: OrganisationDraft, **options: Any) -> Tenant:
    return tenants.change(person, tenants.get(person).version, draft, **options)


def sentences(person: Identity) -> list[str]:
    entries = audit.page(person, period.ALL, "UTC").frame
    return [audit_text.sentence(entry) for entry in entries.to_dict("records")]


def test_an_administrator_changes_every_setting_and_everyone_reads_it(team: Team) -> None:
    before = tenants.get(team.admin)
    after = change(team.admin, DRAFT)
    assert after.version == before.version + 1
    for person in (team.admin, team.editor, team.viewer):
        tenant = tenants.get(person)
        assert tenant == after
        assert (tenant.name, tenant.industry, tenant.time_zone) == (
            "Own Books", "Bookkeeping", "Europe/Berlin",
        )  # fmt: skip
        assert (tenant.reporting_currency, tenant.financial_year_start_month) == ("EUR", 1)


def test_nobody_else_changes_one(team: Team) -> None:
    for person in (team.editor, team.viewer):
        with pytest.raises(AccessDenied):
            change(person, DRAFT)
    assert change(team.admin, DRAFT).name == "Own Books"


def test_a_change_is_of_one_s_own_organisation(team: Team, new_team: Callable[[], Team]) -> None:
    other = new_team()
    before = tenants.get(other.admin)
    change(team.admin, DRAFT)
    assert tenants.get(other.admin) == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"industry": "x" * 201}, "industry"),
        ({"time_zone": "Australia/Atlantis"}, "time_zone"),
        ({"reporting_currency": "XXX"}, "reporting_currency"),
        ({"financial_year_start_month": 13}, "financial_year_start_month"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    team: Team, wrong: dict[str, Any], field: str
) -> None:
    before = tenants.get(team.admin)
    with pytest.raises(InvalidInput) as refused:
        change(team.admin, replace(DRAFT, **wrong))
    assert refused.value.field == field
    assert tenants.get(team.admin) == before


def test_a_time_zone_is_typed_as_people_write_it(team: Team) -> None:
    draft = replace(DRAFT, time_zone="america/new york")
    assert change(team.admin, draft).time_zone == "America/New_York"


def test_the_database_itself_knows_time_zones(team: Team) -> None:
    change_to = sa.text("update tenants set time_zone = :zone")
    with pytest.raises(NotFound), scoped(team.admin) as connection:
        connection.execute(change_to, {"zone": "Australia/Atlantis"})
    with scoped(team.admin) as connection:
        connection.execute(change_to, {"zone": "Australia/Perth"})
    assert tenants.get(team.admin).time_zone == "Australia/Perth"


def test_the_second_of_two_gets_the_first_ones_settings(team: Team) -> None:
    seen = tenants.get(team.admin)
    saved = change(team.admin, DRAFT)
    with pytest.raises(Conflict) as conflict:
        tenants.change(team.admin, seen.version, replace(DRAFT, name="Other Books"))
    assert conflict.value.current == saved
    assert tenants.get(team.admin) == saved
    # What is recorded already is no conflict.
    assert tenants.change(team.admin, seen.version, DRAFT) == saved


def test_of_two_at_once_one_is_told(team: Team) -> None:
    version = tenants.get(team.admin).version
    together = Barrier(2)

    def rename(number: int) -> str:
        together.wait(timeout=60)
        draft = replace(DRAFT, name=f"Name {number}")
        try:
            return tenants.change(team.admin, version, draft).name
        except Conflict as conflict:
            return f"conflict with {getattr(conflict.current, 'name', None)}"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(rename, range(2)))
    assert ended in (
        ["Name 0", "conflict with Name 0"], ["Name 1", "conflict with Name 1"],
    )  # fmt: skip


def test_a_new_financial_year_is_asked_about_while_months_are_closed(team: Team) -> None:
    for month in (date(2024, 1, 1), date(2024, 2, 1)):
        closed_months.close(team.admin, month)
    before = tenants.get(team.admin)
    with pytest.raises(NotConfirmed, match=r"2 months are closed\. .* from January"):
        change(team.admin, DRAFT)
    assert tenants.get(team.admin) == before
    assert change(team.admin, DRAFT, confirms_new_years=True).financial_year_start_month == 1
    # Everything else is nobody's year.
    assert change(team.admin, replace(DRAFT, name="New name")).name == "New name"
    assert len(closed_months.list_closed(team.admin)) == 2


def test_each_change_is_on_the_trail_in_words(team: Team) -> None:
    start = OrganisationDraft("Own Books")
    change(team.admin, start)
    change(team.admin, replace(start, time_zone="Europe/Berlin"))
    change(team.admin, replace(start, time_zone="Europe/Berlin", financial_year_start_month=1))
    said = sentences(team.admin)
    assert (
        "Admin changed the time zone of the organisation, from Australia/Brisbane to Europe/Berlin."
        in said
    )
    assert (
        "Admin changed the first month of the financial year of the organisation, from July to "
        "January." in said
    )


def test_saving_the_same_settings_leaves_no_entry(team: Team) -> None:
    change(team.admin, DRAFT)
    count = len(sentences(team.admin))
    change(team.admin, DRAFT)
    assert len(sentences(team.admin)) == count
