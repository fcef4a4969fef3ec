"""Links from a finding to its evidence: a page, filtered to the records behind the finding."""

from __future__ import annotations

from zixly_data.findings.definitions import find_kind
from zixly_data.findings.finding import Finding
from zixly_ui.shell.page_links import period_query


def evidence_link(finding: Finding) -> tuple[str, dict[str, str]]:
    """Return the file of a page and the query parameters of its address."""
    kind = find_kind(finding["kind"])
    period = period_query(kind.period(finding))
    match kind.page:
        case "client.py":
            return kind.page, {"id": finding["client_kpi_id"], **period}
        case "profitability.py":
            # The page compares all clients, in one currency or converted.
            is_converted = finding["about"] == "converted"
            currency = "all" if is_converted else finding["currency"]
            return kind.page, {**period, "currency": currency}
        case "clients.py":
            return kind.page, {"merge": finding["client_kpi_id"], "into": finding["subject"]}
        case _:
            return kind.page, {"client": finding["client_kpi_id"], **period}
