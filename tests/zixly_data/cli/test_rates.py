"""Exchange rates on the command line, and reports converted with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.servers.command_line import Ended
from zixly_data.records import closed_months, exchange_rates

Zixly = Callable[..., Ended]
HEADER = "month,currency,into_currency,rate,source_system"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """Two clients, one of them paid in NZD, with figures in January and February 2024."""
    team = new_team()
    for currency in ("NZD", "AUD"):
        client = books.client(team, f"{currency} client", currency=currency, client_id=currency)
        books.money(team, client, "2024-01-31", "100", "40")
        books.money(team, client, "2024-02-01", "100.01", "40")
    return team


def test_a_rate_is_entered_listed_and_removed(zixly: Zixly, team: Team) -> None:
    editor, viewer = ("--as", team.editor.email), ("--as", team.viewer.email)
    empty = zixly("rates", "list", *viewer)
    assert (empty.returncode, empty.stdout) == (0, "")
    assert empty.stderr == "No exchange rate is recorded.\n"
    done = zixly("rates", "set", "2024-03", "nzd", "0.9132", *editor)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "March 2024: 1 NZD is 0.9132 AUD.\n"
    again = zixly("rates", "set", "2024-03", "NZD", "0.9132", *editor)
    assert again.stderr == "March 2024: 1 NZD is 0.9132 AUD, as before.\n"
    assert zixly("rates", "set", "2024-03", "NZD", "0.6", "--into", "usd", *editor).returncode == 0
    listed = zixly("rates", "list", "--format", "csv", *viewer)
    assert (listed.stdout, listed.stderr) == (
        f"{HEADER}\n2024-03-01,NZD,AUD,0.91320000,manual\n2024-03-01,NZD,USD,0.60000000,manual\n",
        "",
    )
    table = zixly("rates", "list", *viewer).stdout.splitlines()
    assert [line.split() for line in table][1][:4] == ["2024-03-01", "NZD", "AUD", "0.91320000"]
    gone = zixly("rates", "remove", "2024-03", "NZD", *editor)
    assert gone.stderr == "March 2024: the rate from NZD to AUD was deleted.\n"
    nothing = zixly("rates", "remove", "2024-03", "NZD", *editor)
    assert (nothing.returncode, nothing.stderr.splitlines()[0]) == (
        2, "There is no rate from NZD to AUD for March 2024.")  # fmt: skip
    assert len(exchange_rates.list_rates(team.viewer)) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("set", "2024-13", "NZD", "0.9"), "“2024-13” is not a month."),
        (("set", "2024-03", "KIWI", "0.9"), "“KIWI” is not a currency."),
        (("set", "2024-03", "NZD", "0,913"), "“0,913” is unclear."),
        (("set", "2024-03", "NZD", "0"), "A rate must be more than zero"),
        (("set", "2024-03", "AUD", "0.9"), "A rate needs two different currencies."),
        (("set", "2024-03", "NZD", "0.9", "--into", "X"), "“X” is not a currency."),
        (
            ("set", "2024-02", "NZD", "0.9"),
            "February 2024 is closed. Its exchange rates cannot change",
        ),
        (("import", "there-is-no-such.csv"), "The file there-is-no-such.csv cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    zixly: Zixly, team: Team, given: tuple[str, ...], words: str
) -> None:
    closed_months.close(team.admin, books.Q1_2024.start.replace(month=2))
    refused = zixly("rates", *given, "--as", team.editor.email)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(words)
    assert len(refused.stderr.splitlines()) == 2
    assert exchange_rates.list_rates(team.viewer).empty


def test_a_file_is_imported_whole_or_not_at_all(zixly: Zixly, team: Team, tmp_path: Path) -> None:
    editor = ("--as", team.editor.email)
    file = tmp_path / "rates.csv"
    file.write_text("Month;Currency;Rate\n2024-01;NZD;0,9\n2024-14;NZD;0,9\n2024-02;NZD;x\n")
    refused = zixly("rates", "import", str(file), *editor)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "Line 3: “2024-14” is not a month. Enter it like 2024-03.",
        "Line 4: “x” is not a number. Write it like 0.9132.",
        "2 lines are not rates, so nothing was imported.",
        "Correct the file and import it again.",
    ]
    assert exchange_rates.list_rates(team.viewer).empty
    file.write_text("Month;Currency;Rate\n2024-01;NZD;0,9\n2024-02;NZD;0,8\n")
    done = zixly("rates", "import", str(file), *editor)
    assert (done.returncode, done.stderr) == (0, "2 rates were imported; 0 already recorded.\n")
    own = zixly("rates", "list", "--format", "csv", *editor).stdout
    assert own.splitlines()[1] == "2024-02-01,NZD,AUD,0.80000000,file"
    file.write_text(own)
    again = zixly("rates", "import", str(file), *editor)
    assert again.stderr == "0 rates were imported; 2 already recorded.\n"


def test_reports_are_converted_and_say_so(zixly: Zixly, team: Team) -> None:
    viewer = ("--period", "2024-Q1", "--as", team.viewer.email)
    for report in ("profitability", "monthly"):
        plain = zixly("report", report, "--format", "csv", *viewer)
        assert {line.split(",")[-5] for line in plain.stdout.splitlines()[1:]} == {"AUD", "NZD"}
        missing = zixly("report", report, "--into", "AUD", "--format", "csv", *viewer)
        assert (missing.returncode, missing.stdout) == (2, "")
        assert missing.stderr.splitlines() == [
            "There is no exchange rate into AUD for NZD in Jan 2024 and NZD in Feb 2024.",
            "Enter the missing rates under Exchange rates, or view each currency separately.",
        ]
    for month, rate in (("2024-01", "0.9"), ("2024-02", "0.5")):
        zixly("rates", "set", month, "NZD", rate, "--as", team.editor.email)
    report = zixly("report", "profitability", "--into", "aud", "--format", "csv", *viewer)
    assert report.stdout.splitlines() == [
        "client_id,client_name,currency,revenue,expenses,profit,margin",
        "AUD,AUD client,AUD,200.01,80.00,120.01,0.6000",
        # 100 × 0.9 + 50.005, which is 50.01
        "NZD,NZD client,AUD,140.01,56.00,84.01,0.6000",
    ]
    months = zixly("report", "monthly", "--into", "AUD", "--format", "csv", *viewer)
    assert months.stdout.splitlines()[2] == "2024-01-01,NZD,NZD client,AUD,90.00,36.00,54.00,0.6000"
    table = zixly("report", "profitability", "--into", "AUD", *viewer).stdout
    assert "Converted into AUD: each month's amounts at the rate of that month" in table
    assert ["NZD", "2024-02-01", "0.50000000"] in [line.split() for line in table.splitlines()]
    assert ["AUD", "2", "340.02", "136.00", "204.02", "0.6000"] in [
        line.split() for line in table.splitlines()
    ]
    document = json.loads(
        zixly("report", "monthly", "--into", "AUD", "--format", "json", *viewer).stdout
    )
    assert document["converted"]["into"] == "AUD"
    assert [each["rate"] for each in document["converted"]["rates"]] == ["0.90000000", "0.50000000"]
    assert [each["currency"] for each in document["totals"]] == ["AUD"]


def test_without_into_nothing_is_said_of_converting(zixly: Zixly, team: Team) -> None:
    viewer = ("--period", "2024-Q1", "--as", team.viewer.email)
    assert "onverted" not in zixly("report", "profitability", *viewer).stdout
    document = json.loads(zixly("report", "profitability", "--format", "json", *viewer).stdout)
    assert set(document) == {"period", "rows", "totals"}


def test_where_all_is_in_that_currency_no_rate_is_needed(
    zixly: Zixly, new_team: Callable[[], Team]
) -> None:
    team = new_team()
    books.money(team, books.client(team), "2024-01-31", "1")
    report = zixly(
        "report", "profitability", "--into", "AUD", "--period", "all", "--as", team.viewer.email
    )
    assert report.stdout.splitlines()[-1] == "All amounts are in AUD; no conversion was needed."
    wrong = zixly(
        "report", "profitability", "--into", "X", "--period", "all", "--as", team.viewer.email
    )
    assert (wrong.returncode, wrong.stderr.splitlines()[0][:19]) == (2, "“X” is not a curren")
