"""Names of the records that entries of the audit trail refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zixly_data.findings.definitions import KINDS
from zixly_ui.audit.values import day, row_of, text_of, value_text

# The subjects of entries: the tables, and the exports that are not tables.
SUBJECTS = {
    "client_kpis": "Clients",
    "client_merges": "Merged clients",
    "financials": "Financial records",
    "overheads": "Overheads",
    "lead_events": "Lead events",
    "leads": "Leads",
    "open_leads": "Open leads",
    "funnel": "Lead funnel",
    "lost_reasons": "Reasons for lost leads",
    "pipeline_stages": "Open leads by stage",
    "custom_metrics": "Metric values",
    "metric_definitions": "Metrics",
    "metric_targets": "Targets",
    "lead_stages": "Lead stages",
    "date_notes": "Notes on dates",
    "profitability": "Profitability",
    "breakdown": "Profitability with comparisons",
    "passport": "Months behind a figure",
    "monthly": "Monthly figures",
    "months": "Months",
    "totals": "Totals by currency",
    "bridge": "What changed",
    "contradictions": "Contradictions",
    "metrics": "Metrics against targets",
    "finding_dismissals": "Dismissed findings",
    "users": "People",
    "invitations": "Invitations",
    "sessions": "Sessions",
    "tenants": "Organisation",
    "integrations": "Integrations",
    "exchange_rates": "Exchange rates",
    "closed_months": "Closed months",
    "imports": "Imports",
    "import_mappings": "Column mappings",
    "audit_log": "Audit trail",
}
_KINDS_OF_ROWS = {
    "CLIENTS": "clients",
    "FINANCIALS": "financial records",
    "OVERHEADS": "overheads",
    "LEAD_EVENTS": "lead events",
    "CUSTOM_METRICS": "metric values",
}


def record(entry: Mapping[str, Any]) -> str:
    """Return the record of an entry as the middle of a sentence: `Harbor Bridge, 1 Mar 2024`."""
    values = row_of(entry, "after") or row_of(entry, "before")
    client = text_of(entry.get("client_name")) or "a client that no longer exists"
    match entry["table_name"]:
        case "client_kpis":
            return f"the client {values.get('client_name', client)}"
        case "financials":
            return f"{client}, {day(values.get('record_date'))}"
        case "overheads":
            names = [str(name) for key in ("account", "counterparty") if (name := values.get(key))]
            return ", ".join([*(names or ["without a name"]), day(values.get("record_date"))])
        case "lead_events":
            lead, stage = values.get("lead_id"), values.get("stage")
            moment = values.get("event_at")
            clock = f" {value_text('event_at', moment, entry, {})}" if moment else ""
            return f"{client}, lead “{lead}” at {stage}, {day(values.get('event_date'))}{clock}"
        case "custom_metrics":
            return f"{client}, {values.get('metric_name')}, {day(values.get('record_date'))}"
        case "metric_definitions":
            return f"the metric {values.get('metric_name')}"
        case "metric_targets":
            metric = text_of(entry.get("subject")) or "a metric that no longer exists"
            whose = client if values.get("client_kpi_id") else "everyone"
            start = value_text("from_month", values.get("from_month"), entry, {})
            return f"the target of {metric} for {whose} from {start}"
        case "lead_stages":
            return f"the lead stage {values.get('stage')}"
        case "date_notes":
            client_prefix = f"{client}, " if values.get("client_kpi_id") else ""
            return f"the note on {client_prefix}{day(values.get('day'))}, “{values.get('words')}”"
        case "users":
            return str(values.get("full_name", text_of(entry.get("subject")) or "someone"))
        case "invitations":
            return f"the invitation for {values.get('email')}"
        case "tenants":
            return "the organisation"
        case "closed_months":
            return value_text("month", values.get("month"), entry, {})
        case "exchange_rates":
            month = value_text("month", values.get("month"), entry, {})
            return f"{values.get('currency')} to {values.get('into_currency')}, {month}"
        case "imports":
            return f"the import of {values.get('file_name')}"
        case "client_merges":
            merged = values.get("merged")
            name = merged.get("client_name") if isinstance(merged, Mapping) else None
            return f"the client {name} into {values.get('kept_name')}"
        case "finding_dismissals":
            kind = KINDS.get(str(values.get("kind")))
            title = f"“{kind.title.lower()}”" if kind else "a finding"
            return f"{title} for {client} ({str(values.get('reason')).rstrip('.')})"
        case "import_mappings":
            return f"the column mapping for files of {row_noun(values)}"
        case "integrations":
            return f"the {str(values.get('kind', '')).capitalize()} integration"
        case table_name:
            return SUBJECTS.get(str(table_name), str(table_name)).lower()


def row_noun(values: Mapping[str, Any]) -> str:
    """Return the noun for the rows of an imported file: `lead events`."""
    return _KINDS_OF_ROWS.get(str(values.get("kind")), "rows")


def record_with_kind(entry: Mapping[str, Any]) -> str:
    """Return the record preceded by its kind, where its name alone does not tell it."""
    kinds = {
        "financials": "the figures for ",
        "overheads": "the overhead ",
        "lead_events": "the event for ",
        "custom_metrics": "the value for ",
        "exchange_rates": "the exchange rate ",
    }
    return kinds.get(entry["table_name"], "") + record(entry)
