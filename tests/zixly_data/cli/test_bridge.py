"""`report bridge`: the margin bridge as rows that add up, as a table, and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal

from tests.support.ledgers.bridge_by_hand import expected
from tests.support.servers.command_line import Ended
from zixly_data.identity import Identity
from zixly_data.values.period import between

HEADER = (
    "client_id,client_name,currency,profit_before,profit_after,won,lost,volume,price,revenue,cost,"
    "currency_effect,change"
)
DAYS = (
    *("--from", "2025-04-01", "--to", "2025-06-30"),
    *("--against-from", "2024-04-01", "--against-to", "2024-06-30"),
)
COLE = ("--as", "cole@zixly.com.au")


def test_rows_are_exact_and_ordered_by_the_size_of_the_change(
    zixly: Callable[..., Ended], cole: Identity
) -> None:
    report = zixly("report", "bridge", *DAYS, *COLE, "--format", "csv")

    assert (report.returncode, report.stderr) == (0, "")
    assert report.stdout.splitlines()[0] == HEADER
    rows = list(csv.DictReader(io.StringIO(report.stdout)))
    printed_parts = sorted(tuple(row[name] for name in HEADER.split(",")[3:]) for row in rows)
    by_hand = expected(
        cole, between("2024-04-01", "2024-06-30"), between("2025-04-01", "2025-06-30")
    )
    assert printed_parts == sorted(tuple(map(str, parts.values())) for parts in by_hand.values())
    for currency in {row["currency"] for row in rows}:
        sizes = [abs(Decimal(row["change"])) for row in rows if row["currency"] == currency]
        assert sizes == sorted(sizes, reverse=True)


def test_the_period_before_is_what_is_compared_unless_another_is_named(
    zixly: Callable[..., Ended],
) -> None:
    table = zixly("report", "bridge", "--period", "2024-Q2", *COLE)
    assert table.stdout.splitlines()[0] == "Q2 2024 (Apr–Jun) vs Q1 2024 (Jan–Mar)"
    assert "Totals" in table.stdout

    document = json.loads(zixly("report", "bridge", *DAYS, *COLE, "--format", "json").stdout)
    assert document["against"]["from"] == "2024-04-01"
    assert set(document) == {"period", "against", "rows", "totals"}
    for total in document["totals"]:
        parts = [Decimal(total[name]) for name in HEADER.split(",")[5:-1]]
        assert sum(parts) == Decimal(total["change"])


def test_a_period_that_is_not_over_is_compared_like_for_like_and_it_is_said(
    zixly: Callable[..., Ended],
) -> None:
    report = zixly("report", "bridge", "--period", "this-fy", *COLE, "--format", "csv")
    assert report.returncode == 0
    assert "has not ended yet, so " in report.stderr
    assert report.stdout.splitlines()[0] == HEADER


def test_what_cannot_be_compared_or_converted_is_said_in_a_sentence(
    zixly: Callable[..., Ended],
) -> None:
    for arguments, sentence in (
        (("--period", "all"), "All time cannot be compared: there is no earlier period."),
        (("--period", "2025-Q2", "--into", "JPY"), "There is no exchange rate into JPY for AUD in"),
        (("--period", "2025-Q2", "--into", "dollars"), "is not a currency"),
        (("--period", "2025-Q2", "--against-from", "2025-01-01"), "Enter the last day"),
    ):
        refused = zixly("report", "bridge", *arguments, *COLE, "--format", "csv")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert sentence in refused.stderr
