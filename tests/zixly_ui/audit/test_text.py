"""The trail in words: what the founder reads, from rows as the database writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zixly_ui.audit.records import record
from zixly_ui.audit.text import sentence
from zixly_ui.audit.values import changes

BONDI = {"client_name": "Bondi E-commerce Store", "currency": "AUD"}
FIGURES = {
    "id": "fin_1", "tenant_id": "t", "client_kpi_id": "ckpi_2", "record_date": "2024-03-01",
    "revenue": 8000.00, "expenses": 4000.00, "profit": 4000.00, "note": None, "version": 1,
    "updated_at": "2024-03-01T00:00:00+00:00",
}  # fmt: skip

RENT = {
    "id": "ovh_1", "tenant_id": "t", "record_date": "2024-03-01", "currency": "NZD",
    "revenue": 0.00, "expenses": 900.50, "profit": -900.50, "kind": "UNASSIGNED",
    "account": "Rent", "counterparty": "Brisbane Offices", "note": None, "version": 1,
}  # fmt: skip
RATE = {
    "id": "rate_1", "tenant_id": "t", "month": "2024-03-01", "currency": "NZD",
    "into_currency": "AUD", "rate": 0.9132, "source_system": "manual", "version": 1,
}  # fmt: skip
IMPORT = {
    "id": "imp_1", "kind": "LEAD_EVENTS", "file_name": "leads.csv", "added": 1200, "changed": 0,
    "unchanged": 0, "rejected": 3, "left_out": 0, "undone_at": None, "undone_by_name": None,
    "transaction_id": "815", "sums": [{"rows": 3}], "checksum": "ab",
}  # fmt: skip


def entry(action: str, table_name: str, **more: Any) -> dict[str, Any]:
    sides = {side: json.dumps(more.pop(side)) if side in more else None
             for side in ("before", "after")}  # fmt: skip
    return {"action": action, "table_name": table_name, "user_name": "Support", **sides, **more}


def changed(**new: Any) -> dict[str, Any]:
    after = {**FIGURES, **new, "version": 2, "updated_at": "2026-01-01T00:00:00+00:00"}
    return entry("UPDATE", "financials", before=FIGURES, after=after, **BONDI)


def test_one_value_changed() -> None:
    assert sentence(changed(revenue=8500.00)) == (
        "Support changed the revenue of Bondi E-commerce Store, 1 Mar 2024, "
        "from $8,000.00 to $8,500.00."
    )


def test_several_values_changed_and_an_empty_one_filled() -> None:
    assert sentence(changed(expenses=1.10, note="INV-7")) == (
        "Support changed the figures for Bondi E-commerce Store, 1 Mar 2024: "
        "expenses from $4,000.00 to $1.10 and note from nothing to INV-7."
    )


def test_moved_to_another_client() -> None:
    names = {"ckpi_2": "Bondi E-commerce Store", "ckpi_1": "Harbor"}
    moved = changed(client_kpi_id="ckpi_1")
    assert "from Bondi E-commerce Store to Harbor." in sentence(moved, names)
    assert "a client that no longer exists" in sentence(moved)


def test_nothing_of_ours_is_shown_and_amounts_stay_exact() -> None:
    big = {**FIGURES, "revenue": 0}
    text = json.dumps(big).replace('"revenue": 0', '"revenue": 999999999999.99')
    added = entry("INSERT", "financials", **BONDI) | {"after": text}
    assert ("revenue", "nothing", "$999,999,999,999.99") in changes(added)
    assert {label for label, _, _ in changes(added)} == {
        "client", "date", "revenue", "expenses",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (entry("DELETE", "client_kpis", before={"client_name": "Harbor"}),
         "Support deleted the client Harbor."),
        (entry("INSERT", "lead_events", after={
            "lead_id": "North Shore", "stage": "Inquiry", "event_date": "2024-01-05"}, **BONDI),
         "Support added the event for Bondi E-commerce Store, lead “North Shore” at Inquiry, "
         "5 Jan 2024."),
        (entry("INSERT", "custom_metrics", after={
            "metric_name": "Calls", "metric_value": 12.5, "unit": "calls",
            "record_date": "2024-01-05"}, **BONDI),
         "Support added the value for Bondi E-commerce Store, Calls, 5 Jan 2024: 12.5 calls."),
        (entry("UPDATE", "metric_definitions", before={"metric_name": "Worked", "purpose": None},
               after={"metric_name": "Worked", "purpose": "BILLABLE_HOURS"}),
         "Support changed the use of the metric Worked, from nothing to Billable hours."),
        (entry("INSERT", "client_merges",
               after={"merged": {"client_name": "Kea"}, "kept_name": "Kea Ltd"}),
         "Support merged the client Kea into Kea Ltd."),
        (entry("UPDATE", "client_merges",
               before={"merged": {"client_name": "Kea"}, "kept_name": "Kea Ltd",
                       "undone_at": None},
               after={"merged": {"client_name": "Kea"}, "kept_name": "Kea Ltd",
                      "undone_at": "2026-11-03T01:00:00+00:00"}),
         "Support undid merging the client Kea into Kea Ltd."),
        (entry("UPDATE", "lead_stages", before={"stage": "Lost", "position": 4},
               after={"stage": "Lost", "position": 5}),
         "Support changed the position of the lead stage Lost, from 4 to 5."),
        (entry("UPDATE", "lead_stages", before={"stage": "Lost", "retired_at": None},
               after={"stage": "Lost", "retired_at": "2026-11-03T01:00:00+00:00"}),
         "Support retired the lead stage Lost."),
        (entry("UPDATE", "lead_stages",
               before={"stage": "Lost", "retired_at": None, "merged_into": None},
               after={"stage": "Lost", "retired_at": "2026-11-03T01:00:00+00:00",
                      "merged_into": "stage_2"}),
         "Support merged the lead stage Lost into another stage."),
        (entry("UPDATE", "lead_stages",
               before={"stage": "Lost", "retired_at": "2026-11-03T01:00:00+00:00"},
               after={"stage": "Lost", "retired_at": None}),
         "Support restored the lead stage Lost."),
        (entry("INSERT", "finding_dismissals", after={
            "kind": "LOSS", "subject": "2026-10", "reason": "It grows."}, **BONDI),
         "Support dismissed “clients making a loss” for Bondi E-commerce Store (It grows)."),
        (entry("DELETE", "finding_dismissals", before={
            "kind": "NOTHING", "subject": "", "reason": "No"}, **BONDI),
         "Support restored a finding for Bondi E-commerce Store (No)."),
        (entry("INSERT", "closed_months", after={"month": "2024-03-01"}),
         "Support closed March 2024."),
        (entry("DELETE", "closed_months", before={"month": "2024-03-01"}),
         "Support reopened March 2024."),
        (entry("INSERT", "exchange_rates", after=RATE),
         "Support entered the exchange rate NZD to AUD, March 2024: 0.9132."),
        (entry("UPDATE", "exchange_rates", before=RATE, after={**RATE, "rate": 0.92}),
         "Support changed the rate of NZD to AUD, March 2024, from 0.9132 to 0.92."),
        (entry("UPDATE", "exchange_rates", before={**RATE, "source_system": "file"},
               after={**RATE, "rate": 0.92}),
         "Support changed the exchange rate NZD to AUD, March 2024: rate from 0.9132 to 0.92 "
         "and source from file to manual."),
        (entry("DELETE", "exchange_rates", before=RATE),
         "Support deleted the exchange rate NZD to AUD, March 2024."),
        (entry("EXPORT", "exchange_rates", after={"rows": 12}),
         "Support exported exchange rates: 12 rows."),
        (entry("INSERT", "imports", after=IMPORT),
         "Support imported lead events from leads.csv: 1,200 added and 3 rejected."),
        (entry("UPDATE", "imports", before=IMPORT, after={
            **IMPORT, "undone_at": "2024-03-02T00:00:00+00:00", "undone_by_name": "Support"}),
         "Support undid the import of leads.csv."),
        (entry("INSERT", "import_mappings", after={"kind": "CLIENTS", "mapping": {"a": "b"}}),
         "Support saved the column mapping for files of clients."),
        (entry("EXPORT", "audit_log", after={"rows": 1}), "Support exported audit trail: 1 row."),
        (entry("SOMETHING_NEW", "somewhere"), "Support something_new."),
    ],
)  # fmt: skip
def test_other_records(told: dict[str, Any], said: str) -> None:
    assert sentence(told) == said


def test_the_values_of_an_import_and_of_a_closed_month() -> None:
    assert ("kind", "nothing", "Lead events") in changes(entry("INSERT", "imports", after=IMPORT))
    assert not {label for label, _, _ in changes(entry("INSERT", "imports", after=IMPORT))} & {
        "transaction id", "sums",
    }  # fmt: skip
    closed = entry("INSERT", "closed_months", after={
        "month": "2024-03-01", "closed_by": "user_1", "closed_by_name": "Cole"})  # fmt: skip
    assert changes(closed) == [
        ("month", "nothing", "March 2024"), ("closed by", "nothing", "Cole"),
    ]  # fmt: skip


def test_how_an_export_was_chosen() -> None:
    chosen = {"from": "2024-01-01", "client_kpi_ids": ["ckpi_1", "ckpi_9"]}
    told = entry("EXPORT", "financials", after={"rows": 3, "filters": chosen})
    assert changes(told, {"ckpi_1": "Harbor"}) == [
        ("rows", "nothing", "3"),
        ("filters", "nothing", "clients Harbor and ckpi_9, from 2024-01-01"),
    ]
    chosen = {"lead_id": "North Shore", "stage": "Inquiry"}
    told = entry("EXPORT", "lead_events", after={"rows": 1, "filters": chosen})
    assert changes(told)[1] == ("filters", "nothing", "lead North Shore, stage Inquiry")
    told = entry("EXPORT", "custom_metrics", after={"rows": 1, "filters": {"metric_name": "Speed"}})
    assert changes(told)[1] == ("filters", "nothing", "metric Speed")


def test_a_record_of_a_client_that_is_gone() -> None:
    assert record(entry("DELETE", "financials", before=FIGURES)) == (
        "a client that no longer exists, 1 Mar 2024"
    )


def test_an_overhead_has_its_own_currency_and_the_names_of_its_account() -> None:
    assert sentence(entry("INSERT", "overheads", after=RENT)) == (
        "Support added the overhead Rent, Brisbane Offices, 1 Mar 2024: revenue NZ$0.00 and "
        "expenses NZ$900.50."
    )
    decided = {**RENT, "kind": "OVERHEAD", "version": 2}
    assert sentence(entry("UPDATE", "overheads", before=RENT, after=decided)) == (
        "Support changed the type of Rent, Brisbane Offices, 1 Mar 2024, from Not yet assigned to "
        "Overhead."
    )
    unnamed = {**RENT, "account": None, "counterparty": None}
    assert sentence(entry("DELETE", "overheads", before=unnamed)) == (
        "Support deleted the overhead without a name, 1 Mar 2024."
    )
    imported = {**IMPORT, "kind": "OVERHEADS", "file_name": "bills.csv", "added": 2, "rejected": 0}
    assert sentence(entry("INSERT", "imports", after=imported)) == (
        "Support imported overheads from bills.csv: 2 added."
    )
