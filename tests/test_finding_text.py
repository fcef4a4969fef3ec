"""Each finding as a person would say it, with the number that matters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zixly_ui.finding_text import sentence

TODAY = date(2026, 11, 22)


def finding(kind: str, **known: Any) -> dict[str, Any]:
    absent = dict.fromkeys(("amount", "before", "since", "lead_id"))
    return {"kind": kind, "client_name": "Harbour Café", "currency": "AUD", **absent, **known}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            finding("LOSS", amount=Decimal("2167.73")),
            "Harbour Café cost $2,167.73 more than it brought over the last three whole months.",
        ),
        (
            finding("SHRINKING", amount=Decimal("9248.62"), before=Decimal("19053.88")),
            "Harbour Café brought $9,248.62 less over the last three whole months than over the "
            "same three a year before ($19,053.88).",
        ),
        (
            finding("STALE_LEAD", amount=Decimal(5000), since=date(2026, 10, 1), lead_id="Website"),
            "A lead of Harbour Café, worth $5,000.00, has not moved for 52 days (Website).",
        ),
        (
            finding("STALE_LEAD", since=date(2026, 10, 23), lead_id="Website"),
            "A lead of Harbour Café has not moved for 30 days (Website).",
        ),
        (
            finding("NO_RECORD", since=date(2026, 8, 31)),
            "Harbour Café is active, and nothing was recorded for it since 31 Aug 2026.",
        ),
        (
            finding("NO_RECORD"),
            "Harbour Café is active, and nothing has ever been recorded for it.",
        ),
    ],
)
def test_a_finding_is_one_sentence_with_its_number(found: dict[str, Any], said: str) -> None:
    assert sentence(found, TODAY) == said


def test_amounts_are_in_the_currency_of_the_client() -> None:
    loss = finding("LOSS", amount=Decimal(10), currency="NZD")
    assert "cost NZ$10.00 more" in sentence(loss, TODAY)
