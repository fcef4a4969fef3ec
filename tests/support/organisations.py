"""A separate organisation for a test, so that changes to its people affect no other test."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.support.pages import click_row, dialog
from tests.support.servers.live_app import LiveApp
from zixly_data.identity import Role
from zixly_data.operations import operator

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Company:
    """Ada ADMIN, Ed EDITOR, Vi VIEWER: in this order in the table of the team."""

    tenant_id: str
    ada: str
    ed: str
    vi: str


def new_company(live_app: LiveApp) -> Company:
    number = next(_numbers)
    tenant_id = f"company-{number:03}"
    people = {
        name: f"{name.lower()}@company-{number:03}.example.com" for name in ("Ada", "Ed", "Vi")
    }
    operator.create_tenant(live_app.admin_url, tenant_id, f"Company {number}")
    for name, role in zip(people, (Role.ADMIN, Role.EDITOR, Role.VIEWER), strict=True):
        operator.add_user(live_app.admin_url, tenant_id, people[name], name, role)
    return Company(tenant_id, *people.values())


def open_person(page: Page, live_app: LiveApp, row: int) -> Locator:
    """Open the team page and the dialog of one person; return the dialog."""
    page.goto(f"{live_app.url}/team")
    expect(page.get_by_role("heading", name="What each role can do")).to_be_visible()
    click_row(page, page.get_by_test_id("stDataFrame").first, row)
    expect(dialog(page)).to_be_visible()
    return dialog(page)
