"""Reports and exports: exact on standard output, and nothing else there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.records import overhead
from tests.support.servers.command_line import Q1_2024, REPORT, Ended
from zixly_data.findings import dismissals
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values import ids


def test_the_table_adds_the_totals(zixly: Callable[..., Ended]) -> None:
    table = zixly(*REPORT, "--as", "vera@zixly.com.au", "--format", "table")

    assert table.returncode == 0
    lines = [line.split() for line in table.stdout.splitlines()]
    assert ["AUD", "3", "94,000.00", "48,000.00", "46,000.00", "0.4894"] in lines


def test_totals_are_per_currency(zixly: Callable[..., Ended]) -> None:
    table = zixly("report", "profitability", "--period", "2025-02", "--as", "vera@zixly.com.au")

    totals = table.stdout.partition("Totals")[2].splitlines()[2:]
    assert [line.split()[0] for line in totals] == ["AUD", "NZD"]


def test_json_is_exact(zixly: Callable[..., Ended]) -> None:
    document = json.loads(zixly(*REPORT, "--as", "cole@zixly.com.au", "--format", "json").stdout)

    assert document["period"]["from"] == "2024-01-01"
    assert document["rows"][0]["profit"] == "21000.00"
    assert document["totals"] == [
        {"currency": "AUD", "clients": 3, "revenue": "94000.00", "expenses": "48000.00",
         "profit": "46000.00", "margin": "0.4894"}
    ]  # fmt: skip


def test_the_same_by_month(zixly: Callable[..., Ended]) -> None:
    report = zixly(
        "report", "monthly", "--period", "2024-Q1", "--as", "cole@zixly.com.au", "--format", "csv"
    )

    lines = report.stdout.splitlines()
    assert lines[0] == "month," + Q1_2024.splitlines()[0]
    assert "2024-02-01,HBC-2024-001,Harbor Bridge Construction,AUD,15000.00,8000.00,7000.00,0.4667" in lines  # fmt: skip # noqa: E501
    assert len(lines) == 1 + 9


def test_the_lines_of_the_business(
    zixly: Callable[..., Ended], new_team: Callable[[], Team]
) -> None:
    team = new_team()
    client = books.client(team)
    books.money(team, client, "2024-02-01", "1000", "400")
    overhead(team, "2024-02-10", "250")
    overhead(team, "2024-03-31", "50", kind="UNASSIGNED")
    asked = ("report", "business", "--from", "2024-01-01", "--to", "2024-03-31", "--as")
    report = zixly(*asked, team.viewer.email, "--format", "csv")
    assert report.stdout.splitlines() == [
        "line,currency,revenue,expenses,profit",
        "clients,AUD,1000.00,400.00,600.00",
        "unassigned,AUD,0.00,50.00,-50.00",
        "overheads,AUD,0.00,250.00,-250.00",
        "business,AUD,1000.00,700.00,300.00",
    ]
    document = json.loads(zixly(*asked, team.viewer.email, "--format", "json").stdout)
    assert [row["profit"] for row in document["rows"]] == ["600.00", "-50.00", "-250.00", "300.00"]
    assert document["totals"] == [
        {"currency": "AUD", "contribution_margin": "0.6000", "business_margin": "0.3000"}
    ]
    exports = audit.page(team.admin, books.ALWAYS, "UTC", AuditFilter(actions=("EXPORT",))).frame
    assert list(exports["table_name"]) == ["business", "business"]
    assert json.loads(exports["after"].iloc[0])["rows"] == 4
    table = zixly(*asked, team.viewer.email)
    assert ["business", "AUD", "1,000.00", "700.00", "300.00"] in [
        line.split() for line in table.stdout.splitlines()
    ]
    refused = zixly(*asked, team.viewer.email, "--into", "NZD")
    assert "There is no exchange rate into NZD for AUD in Feb 2024 and AUD in Mar 2024." in (
        refused.stderr
    )
    drafts = [RateDraft(date(2024, month, 1), "AUD", "NZD", Decimal("1.1")) for month in (2, 3)]
    exchange_rates.put_all(team.editor, drafts)
    converted = zixly(*asked, team.viewer.email, "--into", "NZD")
    assert ["business", "NZD", "1,100.00", "770.00", "330.00"] in [
        line.split() for line in converted.stdout.splitlines()
    ]
    assert "Converted into NZD: each month's amounts at the rate of that month" in converted.stdout


def test_without_records_there_are_no_lines_and_without_overheads_they_are_zero(
    zixly: Callable[..., Ended], new_team: Callable[[], Team]
) -> None:
    asked = ("report", "business", "--period", "2024-Q1", "--format", "csv", "--as")
    nothing = zixly(*asked, new_team().viewer.email)
    assert nothing.stdout == "line,currency,revenue,expenses,profit\n"
    assert zixly(*asked, "vera@zixly.com.au").stdout.splitlines()[1:] == [
        "clients,AUD,94000.00,48000.00,46000.00",
        "unassigned,AUD,0.00,0.00,0.00",
        "overheads,AUD,0.00,0.00,0.00",
        "business,AUD,94000.00,48000.00,46000.00",
    ]


def test_where_records_contradict_each_other(zixly: Callable[..., Ended]) -> None:
    asked = ("report", "contradictions", "--as", "vera@zixly.com.au", "--format")

    header, *rows = zixly(*asked, "csv").stdout.splitlines()
    assert header.startswith("kind,client_id,client_name,currency,amount,subject,")
    early = [row for row in rows if row.startswith("REVENUE_BEFORE_CONTRACT,")]
    assert [row.split(",")[1:5] for row in early] == [
        ["HBC-2024-001", "Harbor Bridge Construction", "AUD", "30000.00"],
        ["BES-2024-002", "Bondi E-commerce Store", "AUD", "24000.00"],
    ]
    document = json.loads(zixly(*asked, "json").stdout)
    assert document["rows"][0]["amount"] == "30000.00"
    assert document["rows"][0]["until"] == "2024-02-10"
    assert "30,000.00" in zixly(*asked, "table").stdout


def test_contradictions_that_were_put_away_are_left_out_unless_asked_for(
    zixly: Callable[..., Ended], new_team: Callable[[], Team]
) -> None:
    team = new_team()
    client = books.client(team, "Harbour")
    books.money(team, client, "2024-02-01", "0", "70")
    key = ("EXPENSES_WITHOUT_REVENUE", client, "2024-02")
    dismissals.dismiss(team.editor, *key, "Set-up.", row_id=ids.new_id("dis"))
    asked = ("report", "contradictions", "--as", team.viewer.email)

    def listed(*more: str) -> list[list[str]]:
        rows = [line.split(",") for line in zixly(*asked, "--format", "csv", *more).stdout.split()]
        return [row for row in rows if row[0] == key[0]]

    assert listed() == []
    ((*_, dismissed, by, at, reason),) = listed("--all")
    assert (dismissed, by, reason) == ("true", "Editor", "Set-up.")
    assert at.endswith("Z")
    nothing = zixly("report", "contradictions", "--as", new_team().viewer.email)
    assert (nothing.returncode, nothing.stdout) == (0, "No contradictions.\n")


@pytest.mark.parametrize(
    ("kind", "first_columns"),
    [
        ("clients", "client_id,client_name"),
        ("financials", "record_date,client_id"),
        ("lead-events", "event_date,client_id"),
        ("leads", "client_id,client_name,lead_id"),
        ("custom-metrics", "record_date,client_id"),
    ],
)
def test_everything_can_be_exported(
    zixly: Callable[..., Ended], kind: str, first_columns: str
) -> None:
    export = zixly("export", kind, "--as", "vera@zixly.com.au")

    assert (export.returncode, export.stderr) == (0, "")
    header, *rows = export.stdout.splitlines()
    assert header.startswith(first_columns)
    is_record = kind != "leads"
    assert header.endswith(",id") is is_record, "so that a mended file finds its rows again"
    assert {"version", "client_kpi_id"}.isdisjoint(header.split(","))
    assert len(rows) > 5


def test_a_breakdown_by_month_stands_beside_what_it_is_compared_with(
    zixly: Callable[..., Ended],
) -> None:
    asked = ("report", "breakdown", "--by", "month", "--period", "2024-Q1")
    report = zixly(*asked, "--as", "vera@zixly.com.au", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(report.stdout)))
    assert [(row["month"], row["profit"], row["profit_before"]) for row in rows] == [
        ("2024-01-01", "14500.00", ""), ("2024-02-01", "18000.00", "14500.00"),
        ("2024-03-01", "13500.00", "18000.00"),
    ]  # fmt: skip
    refused = zixly("report", "breakdown", "--by", "luck", "--period", "2024-Q1", "--as", "x@y.z")
    assert refused.returncode == 2
