"""The menu: the pages, their addresses, and the least role whose menu shows each.

Every page stays addressable for everybody; the menu only leaves out pages that a role does not
need. The guard in the first line of a page decides whether a person may open it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from zixly_data.identity import Role

PAGES = Path(__file__).parents[2] / "pages"


@dataclass(frozen=True)
class Entry:
    """A page of the menu.

    `menu_role` is the least role whose menu shows the page, None for no menu. An `open_to_all` page
    runs for people who are not signed in, because a link in a mail leads to it.
    """

    file: str
    title: str
    icon: str
    url_path: str
    menu_role: Role | None = Role.VIEWER
    open_to_all: bool = False


def _link_page(file: str, title: str, url_path: str) -> Entry:
    return Entry(file, title, ":material/link:", url_path, menu_role=None, open_to_all=True)


MENU: dict[str, tuple[Entry, ...]] = {
    "": (
        Entry("overview.py", "Overview", ":material/dashboard:", "overview"),
        Entry("account.py", "My account", ":material/account_circle:", "account", menu_role=None),
        _link_page("invitation.py", "Invitation", "invitation"),
        _link_page("forgot_password.py", "Forgotten password", "forgot-password"),
        _link_page("new_password.py", "New password", "new-password"),
        _link_page("set_up.py", "Set up", "set-up"),
    ),
    "Clients": (
        Entry("clients.py", "Clients", ":material/groups:", "clients"),
        Entry("client.py", "Client", ":material/person:", "client", menu_role=None),
        Entry("financials.py", "Financials", ":material/payments:", "financials"),
        Entry("lead_funnel.py", "Lead funnel", ":material/filter_alt:", "lead-funnel"),
        Entry("pipeline.py", "Pipeline", ":material/conversion_path:", "pipeline"),
        Entry("custom_kpis.py", "Custom metrics", ":material/speed:", "custom-kpis"),
        Entry("scorecard.py", "Scorecard", ":material/grid_on:", "scorecard"),
    ),
    "Records": (
        Entry(
            "enter_month.py",
            "Enter a month",
            ":material/edit_calendar:",
            "enter-month",
            menu_role=Role.EDITOR,
        ),
        Entry("overheads.py", "Overheads", ":material/receipt_long:", "overheads"),
        Entry(
            "import_file.py", "Import", ":material/upload_file:", "import", menu_role=Role.EDITOR
        ),
        Entry(
            "exchange_rates.py", "Exchange rates", ":material/currency_exchange:", "exchange-rates"
        ),
        Entry("months.py", "Close months", ":material/lock_clock:", "months"),
    ),
    "Reports": (
        Entry(
            "profitability.py",
            "Service delivery profitability",
            ":material/table_chart:",
            "profitability",
        ),
        Entry("bridge.py", "What changed", ":material/waterfall_chart:", "bridge"),
        Entry("contradictions.py", "Contradictions", ":material/rule:", "contradictions"),
    ),
    "Organisation": (
        Entry(
            "organisation.py",
            "Organisation settings",
            ":material/settings:",
            "organisation",
            menu_role=Role.ADMIN,
        ),
        Entry(
            "lead_stages.py",
            "Lead stages",
            ":material/stairs:",
            "lead-stages",
            menu_role=Role.ADMIN,
        ),
        Entry("team.py", "Team", ":material/badge:", "team", menu_role=Role.ADMIN),
        Entry("audit.py", "Audit trail", ":material/history:", "audit", menu_role=Role.ADMIN),
    ),
}


def navigation(role: Role | None) -> StreamlitPage:
    """Declare the pages and return the current one.

    Signed out (`role` None) the menu is hidden but the addresses exist, so that a bookmarked page
    is not "not found" and is still the current one after signing in.
    """
    # Streamlit marks the page that may run: each run has copies of its own.
    sections = {section: [copy(page) for page in pages] for section, pages in _pages(role).items()}
    position: Literal["hidden", "sidebar"] = "hidden" if role is None else "sidebar"
    # Expanded: the Team page would be hard to find behind "View more".
    return st.navigation(sections, position=position, expanded=True)


def is_open_to_all(page: StreamlitPage) -> bool:
    """Return whether the page runs for people who are not signed in."""
    return any(
        entry.open_to_all and entry.url_path == page.url_path
        for entries in MENU.values()
        for entry in entries
    )


def page_path(file: str) -> str:
    """Return the path of `pages/<file>` for st.switch_page and st.page_link.

    Streamlit resolves a relative path beside the main script, where there are no pages.
    """
    return str(PAGES / file)


@cache
def _pages(role: Role | None) -> dict[str, list[StreamlitPage]]:
    """Return the pages by section. Streamlit looks for each file, which takes 4 ms for all."""
    return {
        section: [_page(entry, role) for entry in entries if (PAGES / entry.file).exists()]
        for section, entries in MENU.items()
    }


def _page(entry: Entry, role: Role | None) -> StreamlitPage:
    menu_role = entry.menu_role
    is_shown = menu_role is not None and role is not None and role.includes(menu_role)
    return st.Page(
        PAGES / entry.file,
        title=entry.title,
        icon=entry.icon,
        url_path=entry.url_path,
        default=entry.file == "overview.py",
        visibility="visible" if is_shown else "hidden",
    )
