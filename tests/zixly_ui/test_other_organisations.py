"""What somebody of another organisation gets by the ids and filters of ours: nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.access.action_permissions import PAGES
from zixly_data.identity import Identity

ZIXLY = "zixly-org-001"
HARBOR = (
    "select id from zixly.client_kpis where tenant_id = 'zixly-org-001'"
    " and client_id = 'HBC-2024-001'"
)


@pytest.fixture
def harbor(admin: sa.Engine) -> str:
    ((row_id,),) = statements.run(admin, HARBOR)
    return str(row_id)


def named_on(page: PageRun, admin: sa.Engine) -> list[str]:
    """The names and numbers of Zixly's clients that the browser is sent, seen or not.

    What stands in the address, the page may repeat.
    """
    query = "select client_name, client_id, id from zixly.client_kpis where tenant_id = :t"
    rows = statements.run(admin, query, t=ZIXLY)
    assert len(rows) > 3
    sent = page.sent
    return sorted(word for row in rows for word in row if word in sent and word not in page.address)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("client", {"id": "{}"}),
        ("financials", {"period": "2024-Q1", "client": "{}"}),
        ("profitability", {"period": "2024-Q1", "client": "{}"}),
        ("lead_funnel", {"period": "all", "client": "{}"}),
        ("custom_kpis", {"client": "{}"}),
        ("scorecard", {"client": "{}", "month": "2024-03"}),
        ("clients", {"q": "Harbor"}),
    ],
)
def test_an_id_or_a_filter_of_ours_gives_another_organisation_nothing(
    sarah: Identity, vera: Identity, admin: sa.Engine, harbor: str, name: str, query: dict[str, Any]
) -> None:
    asked = {part: text.format(harbor) for part, text in query.items()}
    assert named_on(open_page(sarah, name, **asked), admin) == []
    assert "Harbor Bridge Construction" in named_on(open_page(vera, name, **asked), admin)


def test_no_page_of_another_organisation_names_our_clients(
    sarah: Identity, cole: Identity, admin: sa.Engine
) -> None:
    named = set()
    for name in (name for name, needed in PAGES.items() if needed):
        assert named_on(open_page(sarah, name, period="all"), admin) == [], name
        named |= set(named_on(open_page(cole, name, period="all"), admin))
    assert "Harbor Bridge Construction" in named
