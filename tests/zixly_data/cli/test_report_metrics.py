"""`report metrics`: one line per client and metric with a value, exact on standard output."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from tests.conftest import Team
from tests.support import records as books
from tests.support.servers.command_line import Ended
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.values.period import ALL

HEAD = "client_id,metric,unit,value,target,band,age_days"


def report(zixly: Callable[..., Ended], email: str, *options: str) -> Ended:
    return zixly("report", "metrics", *options, "--as", email)


def test_the_lines_of_a_period(zixly: Callable[..., Ended], new_team: Callable[[], Team]) -> None:
    team = new_team()
    zoe, ada = (books.client(team, name, client_id=name[0]) for name in ("Zoe", "ada"))
    prospect = books.client(team, "Maybe", status="PROSPECT", client_id="M")
    hours = books.metric(team, "Hours", unit="hours", adds_up="SUM", over_clients="SUM")
    books.metric(team, "Calls", unit="calls", adds_up="LAST")
    books.aim(team, hours, client_kpi_id=zoe, low="120", near_low="110")
    books.aim(team, hours, client_kpi_id=ada, low="5", high="6.5", near_low="4", near_high="7")
    for client in (zoe, prospect):
        for day in ("01", "08", "15", "22"):
            books.measure(team, client, "Hours", f"2024-03-{day}", "30")
    for value in ("2.5", "3", "1.25"):
        books.measure(team, ada, "Hours", "2024-03-05", value)
    books.measure(team, ada, "Calls", "2024-02-29", "7")
    email = team.viewer.email
    csv_lines = report(zixly, email, "--period", "2024-03", "--format", "csv").stdout
    assert csv_lines.splitlines() == [
        HEAD,
        "a,Calls,calls,7.0000,,,31",
        "a,Hours,hours,6.7500,5.0000..6.5000,NEAR,26",
        "Z,Hours,hours,120.0000,120.0000,ON_TARGET,9",
    ]
    (entry,) = audit.page(team.admin, ALL, "UTC", AuditFilter(actions=("EXPORT",))).frame[
        "table_name"
    ]
    assert entry == "metrics"
    document = json.loads(report(zixly, email, "--period", "2024-03", "--format", "json").stdout)
    assert document["rows"][2]["value"] == "120.0000"
    assert "120" in report(zixly, email, "--from", "2024-03-01", "--to", "2024-03-31").stdout
    # A quarter is judged by the sum of its months' targets.
    quarter = report(zixly, email, "--period", "2024-Q1", "--format", "csv").stdout.splitlines()
    assert quarter[-1] == "Z,Hours,hours,120.0000,360.0000,OFF,9"
    nothing = report(zixly, email, "--period", "2001-03", "--format", "csv")
    assert (nothing.returncode, nothing.stdout) == (0, f"{HEAD}\n")


def test_the_demo(zixly: Callable[..., Ended]) -> None:
    whole = report(zixly, "vera@zixly.com.au", "--period", "2024-03", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(whole)))
    hours = next(row for row in rows if row["metric"] == "Billable Hours")
    assert (hours["client_id"], hours["value"], hours["band"]) == (
        "HBC-2024-001", "120.0000", "ON_TARGET",
    )  # fmt: skip
    # Every value of the demo is dated at the end of its month.
    assert {row["age_days"] for row in rows} == {"0"}


def test_mistakes_are_one_sentence(zixly: Callable[..., Ended]) -> None:
    twice = report(zixly, "vera@zixly.com.au", "--period", "2024-03", "--from", "2024-03-01")
    assert twice.returncode != 0
    assert "The period is given twice." in twice.stderr
    assert twice.stdout == ""
