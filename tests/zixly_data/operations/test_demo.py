"""The demo tells the document's story to the cent, and goes on truly to the day of loading."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import SCENARIO_TODAY
from zixly_data.access import sessions
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import AlreadyExists
from zixly_data.figures import client_totals, conversion, monthly, profitability
from zixly_data.figures.business.lines import business
from zixly_data.findings import attention
from zixly_data.identity import Identity
from zixly_data.operations import demo
from zixly_data.operations.demo import books, delivery, overheads, pipeline, rates
from zixly_data.people import tenants
from zixly_data.records import exchange_rates
from zixly_data.records.pipeline import lead_states
from zixly_data.values import period
from zixly_data.values.client_filter import ClientFilter

Q1_2024 = period.parse("2024-Q1", SCENARIO_TODAY)
DAYS = [
    date(2024, 1, 1),
    date(2024, 2, 10),
    date(2024, 3, 31),
    date(2024, 7, 31),
    date(2025, 2, 28),
    date(2026, 11, 1),
    date(2026, 11, 22),
    date(2031, 12, 31),
]


def test_the_first_quarter_of_2024_is_the_document_s(cole: Identity) -> None:
    report = profitability.profitability(cole, Q1_2024)

    figures = report.clients[["client_id", "revenue", "expenses", "profit", "margin"]]
    assert figures.astype(str).values.tolist() == [
        ["HBC-2024-001", "45000.00", "24000.00", "21000.00", "0.4667"],
        ["SLF-2024-003", "25000.00", "12000.00", "13000.00", "0.5200"],
        ["BES-2024-002", "24000.00", "12000.00", "12000.00", "0.5000"],
    ]
    (total,) = report.totals.to_dict("records")
    assert total["profit"] == Decimal("46000.00")
    assert total["margin"] == Decimal("0.4894")


def test_harbor_and_bondi_bring_the_same_each_month(cole: Identity) -> None:
    months = monthly.monthly(cole, period.parse("2025-Q3", SCENARIO_TODAY))

    harbor = months[months["client_id"] == "HBC-2024-001"]
    bondi = months[months["client_id"] == "BES-2024-002"]
    assert harbor["revenue"].tolist() == [Decimal("15000.00")] * 3
    assert harbor["expenses"].tolist() == [Decimal("8000.00")] * 3
    assert bondi["profit"].tolist() == [Decimal("4000.00")] * 3


def test_no_month_of_the_demo_has_the_same_amounts_twice(cole: Identity) -> None:
    for day in (date(2024, 3, 31), SCENARIO_TODAY):
        assert "POSSIBLE_DUPLICATE" not in set(attention.findings(cole, day)["kind"])


def test_overheads_begin_in_july_2026_and_leave_a_profit(cole: Identity) -> None:
    assert overheads.overheads(date(2026, 6, 30)) == []
    for key in ("2024-Q1", "FY2026"):
        lines = business(cole, period.parse(key, SCENARIO_TODAY)).lines
        assert set(lines[lines["line"] == "overheads"]["expenses"]) == {Decimal("0.00")}
    for month in ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11"):
        lines = business(cole, period.parse(month, SCENARIO_TODAY)).lines
        profits = lines[lines["currency"] == "AUD"].set_index("line")["profit"]
        assert profits["overheads"] < -2000
        assert profits["unassigned"] == 0
        assert profits["business"] > 5000


def test_names_industries_and_statuses_are_the_document_s(cole: Identity) -> None:
    listed = client_totals.list_clients(cole).set_index("client_id")

    columns = ["client_name", "industry", "currency", "status"]
    assert listed.loc["HBC-2024-001", columns].tolist() == [
        "Harbor Bridge Construction", "Construction", "AUD", "ACTIVE",
    ]  # fmt: skip
    assert listed.loc["BES-2024-002", columns].tolist() == [
        "Bondi E-commerce Store", "E-commerce", "AUD", "ACTIVE",
    ]  # fmt: skip
    assert listed.loc["SLF-2024-003", columns].tolist() == [
        "Sydney Law Firm", "Professional Services", "AUD", "COMPLETED",
    ]  # fmt: skip
    # Workflow 2 of the document adds this one by hand.
    assert "MAF-2024-004" not in listed.index
    assert tenants.get(cole).name == "Zixly"


def test_leads_of_the_document_are_on_their_dates() -> None:
    events = {
        (event["client_kpi_id"], event["event_date"].isoformat(), event["stage"])
        for event in pipeline.lead_events(date(2024, 3, 31))
    }

    assert events == {
        ("ckpi_001", "2024-01-15", "Consultation"),
        ("ckpi_001", "2024-02-10", "Contract signed"),
        ("ckpi_002", "2024-03-01", "Consultation"),
        ("ckpi_002", "2024-03-20", "Contract signed"),
        ("ckpi_003", "2024-01-05", "Inquiry"),
        ("ckpi_003", "2024-01-12", "Proposal sent"),
        ("ckpi_003", "2024-01-20", "Contract signed"),
    }


def test_the_year_under_way_on_29_november_2026() -> None:
    """8 leads began since July: 5 are decided, 2 of them won, and 3 are open."""
    events: dict[str, list[dict[str, Any]]] = {}
    for row in pipeline.lead_events(date(2026, 11, 29)):
        events.setdefault(row["lead_id"], []).append(row)
    begun = [of for of in events.values() if of[0]["event_date"] >= date(2026, 7, 1)]
    assert Counter(of[-1]["status"] for of in begun) == {"WON": 2, "LOST": 3, "OPEN": 3}


@pytest.mark.parametrize("today", [date(2024, 3, 31), SCENARIO_TODAY, date(2031, 12, 31)])
def test_metrics_of_the_document_stand_at_the_quarter_s_end_and_today(today: date) -> None:
    latest = {
        (row["client_kpi_id"], row["metric_name"]): (str(row["metric_value"]), row["unit"])
        for row in sorted(delivery.custom_metrics(today), key=lambda row: row["record_date"])
    }

    assert latest["ckpi_001", "Billable Hours"] == ("120", "hours")
    assert latest["ckpi_001", "Project Velocity"] == ("85", "%")
    assert latest["ckpi_001", "Client Satisfaction"] == ("4.8", "out of 5")
    assert latest["ckpi_002", "Automation Workflows"] == ("12", "workflows")
    assert latest["ckpi_002", "Data Sync Accuracy"] == ("99.2", "%")
    assert latest["ckpi_002", "Client Retention"] == ("12", "months")
    assert latest["ckpi_003", "Project Completion Rate"] == ("100", "%")
    assert latest["ckpi_003", "Delivered On-Time"] == ("1", "yes or no")
    assert latest["ckpi_003", "Client Satisfaction"] == ("5.0", "out of 5")


@pytest.mark.parametrize("today", DAYS)
def test_nothing_is_dated_after_today_and_the_past_never_depends_on_it(today: date) -> None:
    dated = [
        *[row["record_date"] for row in books.financials(today)],
        *[row["record_date"] for row in overheads.overheads(today)],
        *[row["event_date"] for row in pipeline.lead_events(today)],
        *[row["record_date"] for row in delivery.custom_metrics(today)],
        *[row["month"] for row in rates.exchange_rates(today)],
    ]
    assert not [day for day in dated if day > today]

    # The last months may tell a story that ends today; before them, two loadings agree.
    settled = today - timedelta(days=190)
    assert [row for row in books.financials(today) if row["record_date"] < settled] == [
        row for row in books.financials(today + timedelta(days=1)) if row["record_date"] < settled
    ]
    assert books.financials(today) == books.financials(today)
    costs = overheads.overheads(today)
    assert [
        row for row in overheads.overheads(date(2032, 1, 1)) if row["record_date"] <= today
    ] == costs
    assert (
        rates.exchange_rates(today)
        == rates.exchange_rates(today + timedelta(days=40))[: len(rates.exchange_rates(today))]
    )


@pytest.mark.parametrize("today", DAYS)
def test_every_record_belongs_to_a_client_that_is_there(today: date) -> None:
    present = {client["id"] for client in books.clients(today)}
    rows = [
        *books.financials(today),
        *pipeline.lead_events(today),
        *delivery.custom_metrics(today),
    ]
    # The first contracts of later clients begin with leads before they sign.
    assert {row["client_kpi_id"] for row in rows} <= present


def test_today_has_something_true_to_say(cole: Identity) -> None:
    last_month = profitability.profitability(cole, period.parse("last-month", SCENARIO_TODAY))
    assert set(last_month.totals["currency"]) == {"AUD", "NZD"}
    assert (last_month.clients["profit"] < 0).sum() == 1

    dairy = monthly.monthly(cole, period.parse("FY2026", SCENARIO_TODAY))
    dairy = dairy[dairy["client_id"] == "TDP-2024-006"]
    assert dairy["revenue"].iloc[-1] < dairy["revenue"].iloc[0] * Decimal("0.75")

    latest = {event["lead_id"]: event["status"] for event in pipeline.lead_events(SCENARIO_TODAY)}
    assert set(latest.values()) == {"OPEN", "WON", "LOST"}


def test_every_month_that_is_over_can_be_converted_and_the_running_one_not_yet(
    cole: Identity,
) -> None:
    year = profitability.profitability(
        cole, period.parse("FY2026", SCENARIO_TODAY), target_currency="AUD"
    )
    assert year.totals["currency"].tolist() == ["AUD"]
    missing = conversion.missing_rates(cole, period.ALL, "AUD")
    assert missing.to_dict("records") == [{"currency": "NZD", "month": date(2026, 11, 1)}]
    rates = exchange_rates.list_rates(cole)
    assert (len(rates), rates["month"].iloc[0]) == (34, date(2026, 10, 1))
    assert rates["rate"].between(Decimal("0.85"), Decimal("0.95")).all()
    q1 = profitability.profitability(cole, Q1_2024, target_currency="AUD")
    assert q1.totals.equals(profitability.profitability(cole, Q1_2024).totals)


def test_a_second_loading_is_refused_and_changes_nothing(
    database: Database, admin: sa.Engine
) -> None:
    count = sa.text("""
        select (select count(*) from zixly.financials), (select count(*) from zixly.users),
               (select count(*) from zixly.client_kpis), (select count(*) from zixly.lead_stages)
    """)
    with admin.connect() as everyone:
        before = everyone.execute(count).one()

    with pytest.raises(AlreadyExists):
        demo.load(database.logins.admin_url)

    with admin.connect() as everyone:
        assert everyone.execute(count).one() == before
    assert demo.contents(database.logins.admin_url) is not None


def test_a_loading_that_fails_half_way_leaves_nothing(
    database: Database, admin: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another organisation's demo with one impossible metric at the very end."""
    monkeypatch.setattr(demo, "TENANT_ID", "half-way")
    monkeypatch.setattr(demo, "PEOPLE", (("half@way.example", "Half", demo.PEOPLE[0][2]),))
    impossible = [{"client_kpi_id": "nobody", "metric_name": "x", "metric_value": Decimal(1),
                   "unit": "x", "record_date": date(2024, 1, 1)}]  # fmt: skip
    monkeypatch.setattr(delivery, "custom_metrics", lambda today: impossible)

    with pytest.raises(Exception, match=r"does not exist|no longer exists"):
        demo.load(database.logins.admin_url, today=SCENARIO_TODAY)

    with admin.connect() as everyone:
        assert not everyone.execute(
            sa.text("select count(*) from zixly.tenants where id = 'half-way'")
        ).scalar_one()


def test_cole_signs_in_with_the_password_and_it_is_kept_as_a_hash(
    database: Database, cole: Identity, admin: sa.Engine
) -> None:
    credentials = sessions.credentials("cole@zixly.com.au", "127.0.0.1")
    assert credentials is not None
    assert credentials.password_hash.startswith("$2b$")


def test_what_cole_loaded_is_in_the_audit_as_his(cole: Identity) -> None:
    query = sa.text("""
        select count(*) filter (where user_id = :cole), count(*) from audit_log
        where table_name = 'financials' and action = 'INSERT'
    """)
    with connection.scoped(cole) as transaction:
        by_cole, all_of_them = transaction.execute(query, {"cole": cole.user_id}).one()
    assert by_cole == all_of_them == len(books.financials(SCENARIO_TODAY))


def test_one_prospect_has_an_open_lead_and_no_record(cole: Identity) -> None:
    prospects = ClientFilter(statuses=("PROSPECT",))
    (prospect,) = client_totals.list_clients(cole, prospects).to_dict("records")
    assert prospect["client_name"] == "Byron Bay Surf School"
    assert client_totals.recorded(cole, prospects).last_record is None
    (lead,) = lead_states.page(cole, period.ALL, prospects).frame.to_dict("records")
    assert (lead["stage"], lead["status"]) == ("Consultation", "OPEN")
