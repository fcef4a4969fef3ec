"""Each finding as a person would say it, with the number that matters, and where it leads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

from zixly_data.errors import NotFound
from zixly_data.findings.definitions import KINDS
from zixly_ui.findings.links import evidence_link
from zixly_ui.findings.text import (
    SLOTS,
    dismissal_text,
    headline_text,
    markdown_sentence,
    ranking_note,
    sentence,
    slot_names,
)
from zixly_ui.shell.navigation import PAGES

TODAY = date(2026, 11, 22)


def finding(kind: str, **columns: Any) -> dict[str, Any]:
    absent = dict.fromkeys(("amount", "against", "since", "until"))
    return {
        "kind": kind, "client_kpi_id": "ckpi_1", "client_name": "Harbour Café", "currency": "AUD",
        "about": "", "records": 1, "dismissed": False, "at_stake_currency": "AUD",
        "of_kind": 1, "clients": 1, **absent, **columns,
    }  # fmt: skip


EARLY = finding(
    "REVENUE_BEFORE_CONTRACT", amount=Decimal(30000), since=date(2024, 1, 1),
    until=date(2024, 2, 10), records=2,
)  # fmt: skip
COSTS = finding(
    "EXPENSES_WITHOUT_REVENUE", amount=Decimal("70.5"), since=date(2026, 8, 1),
    until=date(2026, 8, 31),
)  # fmt: skip
HALF = finding(
    "CONCENTRATION", amount=Decimal(60), against=Decimal(100), since=date(2025, 11, 1),
    until=date(2026, 10, 31),
)  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            EARLY,
            "Harbour Café was billed $30,000.00 before its contract was signed on 10 Feb 2024: "
            "2 records since 1 Jan 2024.",
        ),
        (
            finding("WON_NEVER_BILLED", amount=Decimal(900), about="L-1", since=date(2026, 10, 1)),
            "Harbour Café signed L-1, worth $900.00, 52 days ago on 1 Oct 2026, but has not been "
            "billed since.",
        ),
        (
            finding("WON_NEVER_BILLED", about="L-1", since=date(2026, 10, 1)),
            "Harbour Café signed L-1, 52 days ago on 1 Oct 2026, but has not been billed since.",
        ),
        (
            finding("BILLED_NEVER_WON", amount=Decimal(100), since=date(2026, 1, 5),
                    until=date(2026, 11, 5)),
            "Harbour Café was billed $100.00 from 5 Jan 2026 to 5 Nov 2026, but none of its leads "
            "was ever won.",
        ),
        (
            finding("ACTIVE_WITHOUT_RECORDS", since=date(2026, 8, 31)),
            "Harbour Café is active, but nothing has been recorded for 83 days, since "
            "31 Aug 2026.",
        ),
        (
            finding("ACTIVE_WITHOUT_RECORDS"),
            "Harbour Café is active, but nothing has ever been recorded.",
        ),
        (COSTS, "Harbour Café had expenses of $70.50 but no revenue in August 2026."),
        (
            finding("METRIC_STOPPED", about="Calls", since=date(2026, 8, 31), records=12),
            "Calls of Harbour Café has not been recorded for 83 days, since 31 Aug 2026, after "
            "12 values.",
        ),
        (
            finding("LOSS", amount=Decimal("2167.73")),
            "Expenses for Harbour Café exceeded revenue by $2,167.73 over the last three full "
            "months.",
        ),
        (
            finding("SHRINKING", amount=Decimal("9248.62"), against=Decimal("19053.88")),
            "Revenue from Harbour Café was $9,248.62 lower over the last three full months than in "
            "the same months a year earlier ($19,053.88).",
        ),
        (
            finding("POSSIBLE_DUPLICATE", amount=Decimal(7000), since=date(2026, 11, 1), records=2),
            "Harbour Café has 2 records with the same amounts in November 2026. If one was "
            "recorded twice, profit changes by $7,000.00 without it.",
        ),
        (
            finding("POSSIBLE_DUPLICATE", since=date(2026, 11, 1), records=4),
            "Harbour Café has 4 records with the same amounts in November 2026.",
        ),
        (
            finding("STALE_LEAD", amount=Decimal(5000), since=date(2026, 10, 1),
                    until=date(2026, 10, 17), about="Website"),
            "A lead of Harbour Café, worth $5,000.00, has not moved for 52 days; the limit of its "
            "stage is 16 days (Website).",
        ),
        (
            finding("STALE_LEAD", since=date(2026, 10, 22), until=date(2026, 11, 21),
                    about="Website"),
            "A lead of Harbour Café has not moved for 31 days; the limit of its stage is 30 days "
            "(Website).",
        ),
        (
            HALF,
            "Harbour Café accounted for 60.0% of the revenue over the last twelve full months: "
            "$60.00 of $100.00.",
        ),
        (
            {**HALF, "about": "converted", "against": Decimal(50)},
            "Harbour Café accounted for more than all of the revenue over the last twelve full "
            "months: $60.00 of $50.00, converted into AUD.",
        ),
    ],
)  # fmt: skip
def test_a_finding_is_one_sentence_with_its_number(shown: dict[str, Any], said: str) -> None:
    assert sentence(shown, TODAY) == said


def test_amounts_are_in_the_currency_of_the_client() -> None:
    loss = finding("LOSS", amount=Decimal(10), currency="NZD")
    assert "exceeded revenue by NZ$10.00" in sentence(loss, TODAY)


def test_the_amount_is_bold_and_a_name_is_never_markup() -> None:
    loss = finding("LOSS", amount=Decimal(10), client_name="[A](b) *c*")
    said = markdown_sentence(loss, TODAY)
    assert said.startswith(r"Expenses for \[A\]\(b\) \*c\* exceeded revenue by **\$10.00**")
    silent = finding("ACTIVE_WITHOUT_RECORDS", since=date(2026, 8, 31))
    assert "**" not in markdown_sentence(silent, TODAY)


def test_every_slot_of_a_sentence_is_filled_and_every_slot_is_used() -> None:
    used = {
        slot
        for kind in KINDS.values()
        for template in kind.sentences
        for slot in slot_names(template)
    }
    assert used == set(SLOTS)


def test_every_page_and_every_icon_of_a_kind_is_there() -> None:
    assert {kind.page for kind in KINDS.values() if not (PAGES / kind.page).is_file()} == set()
    assert {kind.icon for kind in KINDS.values()} - ALL_MATERIAL_ICONS == set()


def test_a_kind_that_nobody_defined_has_no_sentence_and_no_link() -> None:
    unknown = finding("NOTHING_LIKE_IT", amount=Decimal(10))
    for text_of in (lambda: sentence(unknown, TODAY), lambda: evidence_link(unknown)):
        with pytest.raises(NotFound):
            text_of()


def test_contradictions_are_counted_without_dismissed_ones() -> None:
    other = {**COSTS, "client_kpi_id": "ckpi_2"}
    loss = finding("LOSS", amount=Decimal(10))
    assert (
        headline_text(
            [EARLY | {"clients": 2}, COSTS | {"of_kind": 2}, other | {"of_kind": 2}, loss]
        )
        == "3 contradictions in the records of 2 clients."
    )
    away = {**EARLY, "dismissed": True}
    assert headline_text([away, other]) == "1 contradiction in the records of 1 client."
    assert headline_text([away, loss]) == "None open: 1 contradiction dismissed"
    assert headline_text([loss]) == "No contradictions"


def test_a_dismissal_names_person_time_and_reason() -> None:
    away = {
        **EARLY, "dismissed_by_name": "Support", "reason": "By phone.",
        "dismissed_at": datetime(2026, 11, 3, 4, 5, tzinfo=UTC),
    }  # fmt: skip
    assert dismissal_text(away, "Australia/Brisbane") == "Support on 3 Nov 2026, 14:05: By phone."


def test_how_several_currencies_are_ranked_is_said_and_one_needs_no_words() -> None:
    aud, silent = finding("LOSS", amount=Decimal(10)), finding("ACTIVE_WITHOUT_RECORDS")
    converted = {**aud, "currency": "NZD"}
    as_it_is = {**aud, "currency": "JPY", "at_stake_currency": "JPY"}
    assert (
        ranking_note([aud, {**silent, "currency": "JPY", "at_stake_currency": "JPY"}], "AUD") == ""
    )
    assert ranking_note([as_it_is, as_it_is], "AUD") == ""
    assert ranking_note([aud, converted, as_it_is], "AUD") == (
        "Amounts in NZD are ranked at the latest recorded exchange rate into AUD. Amounts in JPY "
        "are ranked without conversion: no exchange rate into AUD is recorded."
    )


@pytest.mark.parametrize(
    ("shown", "page", "address"),
    [
        (EARLY, "financials.py",
         {"client": "ckpi_1", "period": "custom", "from": "2024-01-01", "to": "2024-02-09"}),
        (COSTS, "financials.py", {"client": "ckpi_1", "period": "2026-08"}),
        (finding("LOSS", since=date(2026, 8, 1), until=date(2026, 10, 31)), "financials.py",
         {"client": "ckpi_1", "period": "custom", "from": "2026-08-01", "to": "2026-10-31"}),
        (finding("WON_NEVER_BILLED"), "lead_funnel.py", {"client": "ckpi_1", "period": "all"}),
        (finding("STALE_LEAD"), "lead_funnel.py", {"client": "ckpi_1", "period": "all"}),
        (finding("METRIC_STOPPED"), "custom_kpis.py", {"client": "ckpi_1"}),
        (finding("BILLED_NEVER_WON"), "client.py", {"id": "ckpi_1", "period": "all"}),
        (finding("ACTIVE_WITHOUT_RECORDS"), "client.py", {"id": "ckpi_1", "period": "all"}),
        (HALF, "profitability.py",
         {"period": "custom", "from": "2025-11-01", "to": "2026-10-31", "currency": "AUD"}),
        ({**HALF, "about": "converted"}, "profitability.py",
         {"period": "custom", "from": "2025-11-01", "to": "2026-10-31", "currency": "all"}),
    ],
)  # fmt: skip
def test_a_finding_leads_to_its_records(
    shown: dict[str, Any], page: str, address: dict[str, str]
) -> None:
    assert evidence_link(shown) == (page, address)
