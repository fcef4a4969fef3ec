"""The demo's lead events: each client's first contract, and offers of further work since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from zixly_data.operations.demo.books import (
    BONDI,
    HARBOR,
    PROSPECT,
    PROSPECT_SINCE,
    SYDNEY_LAW,
    Business,
    Row,
    businesses,
    noise,
)

INQUIRY, CONSULTATION, PROPOSAL = "Inquiry", "Consultation", "Proposal sent"
SIGNED, LOST = "Contract signed", "Lost"
_STATUS = {SIGNED: "WON", LOST: "LOST"}

_OFFERS = (
    ("Second automation pipeline", 18_000),
    ("Monthly reporting pack", 6_500),
    ("Payroll integration", 9_800),
    ("Inventory sync", 12_400),
    ("Staff training", 4_200),
    ("Customer portal", 27_500),
    ("Invoice approval workflow", 7_900),
)
_FIRST_OFFER = date(2024, 7, 8)
_BETWEEN_OFFERS = timedelta(days=19)
# Stages of an offer with days since its inquiry: signed soon or late, or lost for three reasons.
_SIGNED_SOON = ((INQUIRY, 0), (CONSULTATION, 6), (PROPOSAL, 15), (SIGNED, 27))
_SIGNED_LATE = ((INQUIRY, 0), (CONSULTATION, 11), (PROPOSAL, 24), (SIGNED, 58))
_TURNED_DOWN = ((INQUIRY, 0), (CONSULTATION, 9), (PROPOSAL, 20), (LOST, 41))
_NO_BUDGET = ((INQUIRY, 0), (CONSULTATION, 13), (LOST, 30))
_NO_ANSWER = ((INQUIRY, 0), (CONSULTATION, 8), (PROPOSAL, 18), (LOST, 108))
_COURSES = (_SIGNED_SOON, _TURNED_DOWN, _SIGNED_LATE, _NO_ANSWER, _SIGNED_SOON, _NO_BUDGET)
_REASONS = {_TURNED_DOWN: "Chose another supplier", _NO_BUDGET: "No budget this year",
            _NO_ANSWER: "No answer to three reminders"}  # fmt: skip


def lead_events(today: date) -> list[Row]:
    """Return rows of `lead_events`, ordered by date."""
    events = [
        *_specified_events(),
        *_first_contracts(today),
        *_further_work(today),
        *_prospect(today),
    ]
    events = [event for event in events if event["event_date"] <= today]
    return sorted(events, key=lambda event: event["event_date"])


def _specified_events() -> Iterator[Row]:
    harbor, bondi, law = "L-2024-001", "L-2024-002", "L-2024-003"
    yield from (
        _event(HARBOR, harbor, CONSULTATION, date(2024, 1, 15), 180_000, "Initial consultation"),
        _event(HARBOR, harbor, SIGNED, date(2024, 2, 10), 180_000, "Contract signed"),
        _event(BONDI, bondi, CONSULTATION, date(2024, 3, 1), 96_000, "Discovery call"),
        _event(BONDI, bondi, SIGNED, date(2024, 3, 20), 96_000, "Proposal accepted"),
        _event(SYDNEY_LAW, law, INQUIRY, date(2024, 1, 5), 25_000, "Initial inquiry"),
        _event(SYDNEY_LAW, law, PROPOSAL, date(2024, 1, 12), 25_000, "Proposal sent"),
        _event(SYDNEY_LAW, law, SIGNED, date(2024, 1, 20), 25_000, "Contract signed"),
    )


def _first_contracts(today: date) -> Iterator[Row]:
    for business in businesses(today):
        if business in (HARBOR, BONDI, SYDNEY_LAW):
            continue
        lead = f"L-{business.client_id[4:]}"
        revenue, _ = business.amounts(0, 12)
        inquiry_date = business.signed_on - timedelta(days=27)
        for stage, day in _SIGNED_SOON:
            event_date = inquiry_date + timedelta(days=day)
            yield _event(business, lead, stage, event_date, revenue * (business.months or 12), None)


def _further_work(today: date) -> Iterator[Row]:
    offer_date = _FIRST_OFFER
    number = 0
    while offer_date <= today:
        # Clients for at least a month that are not completed.
        candidates = [
            business
            for business in businesses(offer_date - timedelta(days=30))
            if not business.is_completed(offer_date)
        ]
        business = candidates[number % len(candidates)]
        offer, value = _OFFERS[number % len(_OFFERS)]
        course = _COURSES[number % len(_COURSES)]
        lead = f"L-{offer_date.year}-{101 + number}"
        delay = abs(noise(lead)) % 4
        lead_value = value + 50 * (noise(f"{lead} value") // 100)
        for stage, day in course:
            event_date = offer_date + timedelta(days=day + (delay if day else 0))
            row = _event(business, lead, stage, event_date, lead_value, offer)
            yield {**row, "reason": _REASONS[course] if stage == LOST else None}
        offer_date += _BETWEEN_OFFERS
        number += 1


def _prospect(today: date) -> Iterator[Row]:
    """The open lead of the prospect: a conversation long ago, and a meeting just before any day of
    loading."""
    if today < PROSPECT_SINCE:
        return
    for stage, days_ago, note in ((INQUIRY, 168, "Asked at a trade fair"), (CONSULTATION, 4, None)):
        event_date = today - timedelta(days=days_ago)
        row = _event(HARBOR, "L-SURF-001", stage, event_date, 14_500, note)
        yield {**row, "client_kpi_id": PROSPECT["id"]}


def _event(
    business: Business, lead: str, stage: str, event_date: date, value: int, note: str | None
) -> Row:
    return {
        "client_kpi_id": business.id,
        "lead_id": lead,
        "stage": stage,
        "status": _STATUS.get(stage, "OPEN"),
        "event_date": event_date,
        "value": Decimal(value),
        "note": note,
        "reason": None,
    }
