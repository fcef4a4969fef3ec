"""Never a silent sum: without exchange rates no page, file or command adds two currencies.

One client is paid in AUD and one in NZD, in amounts whose sum stands out. Everything a person can
read is searched for it, exact, rounded or shortened; and for the amounts themselves, so that a page
that shows nothing proves nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import proposed
from tests.support.servers.command_line import Ended
from zixly_data.access.action_permissions import PAGES
from zixly_data.database.connection import Database
from zixly_data.figures import profitability
from zixly_data.figures.pipeline import funnel
from zixly_data.identity import Identity
from zixly_data.imports import Kind
from zixly_data.imports.previews import totals
from zixly_data.people import tenants
from zixly_data.records import closed_months
from zixly_data.values.dates import add_months
from zixly_ui.components.formatting import money
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES as FOLDER

# Revenue, expenses, profit, the value of a lead.
AUD = tuple(map(Decimal, ("1003.07", "401.05", "602.02", "3131.13")))
NZD = tuple(map(Decimal, ("20010.11", "7007.03", "13003.08", "50505.17")))
# Expenses of no client, and what they make of the expenses and the profit of the business.
OVERHEADS = (Decimal("2020.03"), Decimal("40404.09"))
SUMS = [one + other for one, other in zip(AUD, NZD, strict=True)]
SUMS += [sum(OVERHEADS), SUMS[1] + sum(OVERHEADS), SUMS[2] - sum(OVERHEADS)]
# What stands in the address, so that a page shows everything there is.
QUERIES: dict[str, dict[str, str]] = {
    "bridge": {"period": "{month}"},
    "enter_month": {"month": "{month}"},
    "client": {"id": "{client}", "period": "all"},
}
# Pages on which no amount stands: people, settings, files to come; the trail has each by itself.
WITHOUT_AMOUNTS = {
    "custom_kpis", "scorecard", "lead_stages", "import_file", "account", "team", "organisation",
    "exchange_rates",
}  # fmt: skip
REPORTS = [
    ("report", report, "--period", "all", "--format", written)
    for report in ("profitability", "monthly", "breakdown", "business")
    for written in ("csv", "table", "json")
]
EXPORTS = [
    ("export", kind) for kind in ("clients", "financials", "overheads", "lead-events", "leads")
]


@dataclass(frozen=True)
class Ledger:
    """A team whose clients were paid last month, the one in AUD, the other in NZD; as much of no
    client."""

    team: Team
    client: str
    month: str


_ledgers: dict[str, Ledger] = {}


@pytest.fixture
def ledger(database: Database, new_team: Callable[[], Team]) -> Ledger:
    """One for all tests of a server: nobody writes in it."""
    key = database.logins.admin_url
    if key not in _ledgers:
        team = new_team()
        month = add_months(tenants.get(team.viewer).today().replace(day=1), -1)
        for currency, amounts, costs in zip(("AUD", "NZD"), (AUD, NZD), OVERHEADS, strict=True):
            client = books.client(team, f"Paid in {currency}", currency=currency)
            books.money(team, client, month, amounts[0], amounts[1])
            books.overhead(team, month, costs, currency=currency)
            books.event(team, client, f"L-{currency}", "Inquiry", month, amounts[3])
        _ledgers[key] = Ledger(team, client, f"{month:%Y-%m}")
    return _ledgers[key]


def added(text: str) -> list[str]:
    """The sums of two currencies that a text holds. Digits inside a word, as in an id, are none."""
    sums = []
    digits = text.replace(",", "").replace("\\n", " ")
    for amount in SUMS:
        for shown in (f"{amount:f}", f"{amount:.0f}", money(amount, "AUD", compact=True)[1:]):
            if re.search(rf"(?<![\w.]){re.escape(shown)}(?!\w)", digits):
                sums.append(shown)
    return sums


def has_amounts(text: str) -> bool:
    """Whether an amount of each of the two currencies stands there."""
    digits = text.replace(",", "")
    return all(
        any(f"{amount:.0f}" in digits for amount in (*amounts, costs))
        for amounts, costs in zip((AUD, NZD), OVERHEADS, strict=True)
    )


def test_a_sum_would_be_found_however_it_is_written() -> None:
    for shown in (
        "21013.18",
        "A$21,013",
        "$21.0k",
        "profit 13605.10",
        "[7408.08]",
        "53,636.30",
        r"\n7408",
    ):
        assert added(shown), shown
    assert not added("20,010.11 and 1,003.07 and 121013.18 and 21013185")
    assert not added("ckpi_01a22cbaffab7408ac998a348a8603b8")
    assert has_amounts("$1,003 and NZ$13,003.08")
    assert not has_amounts("$1,003.07")


# ── pages ───────────────────────────────────────────────────────────────────────────────────


def everything_on(app: AppTest) -> str:
    """All texts, figures, cells and charts of a page."""
    said = []
    for element in app.main:
        proto = getattr(element, "proto", None)
        said.append(str(proto) if proto is not None else "")
        value = getattr(element, "value", None)
        if isinstance(value, pd.DataFrame | pd.Series):
            said.append(value.to_csv())
    return "\n".join(said)


@pytest.mark.parametrize("page", [page for page, needed in PAGES.items() if needed])
def test_a_page(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """As it opens, and where it shows one currency at a time, by each and by all of them."""
    identity = ledger.team.admin
    monkeypatch.setattr(session, "current_secret", lambda: identity.secret)
    # A page by itself knows no others that it could lead to.
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)
    everything = ""
    ways = [""]
    for way in ways:
        app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=60)
        for name, value in QUERIES.get(page, {"period": "all"}).items():
            app.query_params[name] = value.format(client=ledger.client, month=ledger.month)
        if way:
            app.query_params["currency"] = way
        app.run()
        assert not app.exception
        assert app.title
        if not way and "filter-currency" in app.session_state:
            ways += ["NZD", "all"]
        shown = everything_on(app)
        assert added(shown) == []
        everything += shown
    if page == "client":
        assert "20010.11" in everything.replace(",", "")
    elif page not in WITHOUT_AMOUNTS:
        assert has_amounts(everything), "a page that shows no amounts proves nothing"


# ── the command line and its files ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [*REPORTS, *EXPORTS], ids=" ".join)
def test_a_command(ledger: Ledger, zixly: Callable[..., Ended], command: tuple[str, ...]) -> None:
    done = zixly(*command, "--as", ledger.team.viewer.email)
    assert done.returncode == 0
    assert added(done.stdout) == []
    assert has_amounts(done.stdout)


# ── below them ──────────────────────────────────────────────────────────────────────────────


def by_currency(frame: Any, *columns: str) -> dict[str, list[Decimal]]:
    return {row["currency"]: [row[name] for name in columns] for row in frame.to_dict("records")}


def test_figures_are_one_row_per_currency(ledger: Ledger) -> None:
    viewer: Identity = ledger.team.viewer
    amounts = {"AUD": list(AUD), "NZD": list(NZD)}
    money_of = {code: client_amounts[:2] for code, client_amounts in amounts.items()}
    assert by_currency(closed_months.figures(viewer), "revenue", "expenses") == money_of
    report = profitability.profitability(viewer, books.ALWAYS)
    assert by_currency(report.totals, "revenue", "expenses", "profit") == {
        code: client_amounts[:3] for code, client_amounts in amounts.items()
    }
    values = funnel.funnel_values(viewer, books.ALWAYS)
    reached = values[values["stage"] == "Inquiry"]
    assert by_currency(reached, "value") == {
        code: client_amounts[3:] for code, client_amounts in amounts.items()
    }


def test_a_file_to_import_is_summed_per_currency_and_not_where_nobody_knows_it(
    new_team: Callable[[], Team],
) -> None:
    """Rows of clients that Zixly does not know may be in any currency."""
    team = new_team()
    for code in ("AUD", "NZD"):
        books.client(team, code, currency=code)
    header = "client_name,record_date,revenue,expenses\n"
    lines = [
        f"{name},2024-01-0{day},{client_amounts[0]},{client_amounts[1]}\n"
        for day, (name, client_amounts) in enumerate(
            itertools.chain((("AUD", AUD), ("NZD", NZD)), (("Stranger", AUD), ("Another", NZD))),
            start=1,
        )
    ]
    proposal = proposed(team.editor, Kind.FINANCIALS, header + "".join(lines))
    proposal_totals = totals(proposal)
    assert added(proposal_totals.to_csv()) == []
    new = proposal_totals[proposal_totals["action"] == "NEW"]
    assert by_currency(new, "revenue") == {"AUD": [AUD[0]], "NZD": [NZD[0]]}
    unknown = proposal_totals[proposal_totals["currency"].isna()]
    assert unknown["rows"].sum() == 2
    assert unknown["revenue"].isna().all()
