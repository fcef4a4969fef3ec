"""Links from a finding to its evidence: a page, filtered to the records behind the finding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zixly_data.values.period import ALL, between
from zixly_ui.findings.text import Finding
from zixly_ui.shell.page_links import period_query


def evidence_link(finding: Finding) -> tuple[str, dict[str, str]]:
    """Return the file of a page and the query parameters of its address."""
    client = {"client": finding["client_kpi_id"]}
    since, until = finding["since"], finding["until"]
    match finding["kind"]:
        case "REVENUE_BEFORE_CONTRACT":
            return "financials.py", client | _days(since, until - timedelta(days=1))
        case "EXPENSES_WITHOUT_REVENUE":
            return "financials.py", client | {"period": f"{since:%Y-%m}"}
        case "LOSS" | "SHRINKING":
            return "financials.py", client | _days(since, until)
        case "WON_NEVER_BILLED" | "STALE_LEAD":
            return "lead_funnel.py", client | period_query(ALL)
        case "METRIC_STOPPED":
            return "custom_kpis.py", client
        case "CONCENTRATION":
            converted = finding["about"] == "converted"
            currency = {"currency": "all" if converted else finding["currency"]}
            return "profitability.py", _days(since, until) | currency
        case _:
            return "client.py", {"id": finding["client_kpi_id"], **period_query(ALL)}


def _days(since: Any, until: Any) -> dict[str, str]:
    return period_query(between(since, until))
