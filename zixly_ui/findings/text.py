"""Texts of findings: one sentence each with the main figure, and a headline for all.

`zixly_data.findings.contradictions` and `zixly_data.findings.attention` define the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zixly_data.findings import contradictions
from zixly_ui.components.formatting import (
    clock_time,
    is_absent,
    money,
    month_name,
    percent,
    plural,
    short_date,
)
from zixly_ui.shell.markdown import plain

Finding = Mapping[str, Any]

STEPS = {
    "REVENUE_BEFORE_CONTRACT": "Check the dates",
    "WON_NEVER_BILLED": "Check the lead",
    "BILLED_NEVER_WON": "Check the leads",
    "ACTIVE_WITHOUT_RECORDS": "Check the client",
    "EXPENSES_WITHOUT_REVENUE": "Check the month",
    "METRIC_STOPPED": "Check the metric",
    "LOSS": "Check the costs",
    "SHRINKING": "Check the revenue",
    "STALE_LEAD": "Follow it up",
    "CONCENTRATION": "See the shares",
}
ICONS = {
    "REVENUE_BEFORE_CONTRACT": ":material/contract:",
    "WON_NEVER_BILLED": ":material/request_quote:",
    "BILLED_NEVER_WON": ":material/receipt_long:",
    "ACTIVE_WITHOUT_RECORDS": ":material/event_busy:",
    "EXPENSES_WITHOUT_REVENUE": ":material/money_off:",
    "METRIC_STOPPED": ":material/speed:",
    "LOSS": ":material/trending_down:",
    "SHRINKING": ":material/south_east:",
    "STALE_LEAD": ":material/hourglass_empty:",
    "CONCENTRATION": ":material/pie_chart:",
}

CHECKS = (
    "Compared were bills with contracts and leads, costs with revenue month by month, and active "
    "clients and their metrics with what used to be recorded for them."
)


def sentence(finding: Finding, today: date) -> str:
    """Return one row of `findings.Findings` as a sentence."""
    name, amount = finding["client_name"], money(finding["amount"], finding["currency"])
    since, until, about = finding["since"], finding["until"], finding["about"]
    gap = "" if is_absent(since) else plural((today - since).days, "day")
    match finding["kind"]:
        case "REVENUE_BEFORE_CONTRACT":
            return (
                f"{name} was billed {amount} before its contract was signed on "
                f"{short_date(until)}: {plural(finding['records'], 'record')} from "
                f"{short_date(since)} on."
            )
        case "WON_NEVER_BILLED":
            value = "" if is_absent(finding["amount"]) else f", worth {amount}"
            return (
                f"{name} signed {about}{value}, {gap} ago on {short_date(since)}, and has not "
                "been billed since."
            )
        case "BILLED_NEVER_WON":
            return (
                f"{name} was billed {amount} from {short_date(since)} to {short_date(until)}, and "
                "none of its leads was ever won."
            )
        case "ACTIVE_WITHOUT_RECORDS":
            if is_absent(since):
                return f"{name} is active, and nothing has ever been recorded for it."
            return (
                f"{name} is active, and nothing was recorded for it for {gap}, since "
                f"{short_date(since)}."
            )
        case "EXPENSES_WITHOUT_REVENUE":
            return f"{name} cost {amount} in {month_name(since)} and brought no revenue that month."
        case "METRIC_STOPPED":
            return (
                f"{about} of {name} has not come for {gap}, since {short_date(since)}, after "
                f"{plural(finding['records'], 'value')}."
            )
        case "LOSS":
            return f"{name} cost {amount} more than it brought over the last three whole months."
        case "SHRINKING":
            before = money(finding["against"], finding["currency"])
            return (
                f"{name} brought {amount} less over the last three whole months than over the "
                f"same three a year before ({before})."
            )
        case "STALE_LEAD":
            value = "" if is_absent(finding["amount"]) else f", worth {amount},"
            return f"A lead of {name}{value} has not moved for {gap} ({about})."
        case _:
            return _concentration(finding, amount)


def markdown_sentence(finding: Finding, today: date) -> str:
    """Return the sentence as Markdown, with the amount in bold."""
    text = plain(sentence(finding, today))
    if is_absent(finding["amount"]):
        return text
    amount = plain(money(finding["amount"], finding["currency"]))
    return text.replace(amount, f"**{amount}**", 1)


def headline_text(findings: Sequence[Finding]) -> str:
    """Return the number of contradictions and of their clients, without dismissed ones.

    `findings` may be of any kind.
    """
    all_contradictions = [
        finding for finding in findings if finding["kind"] in contradictions.KINDS
    ]
    active = [finding for finding in all_contradictions if not finding["dismissed"]]
    if not all_contradictions:
        return "Nothing contradicts itself"
    if not active:
        return (
            f"Nothing is left: {plural(len(all_contradictions), 'contradiction')} put away as fine"
        )
    clients = plural(len({finding["client_kpi_id"] for finding in active}), "client")
    return f"{plural(len(active), 'contradiction')} in the records of {clients}."


def dismissal_text(finding: Finding, time_zone: str) -> str:
    """Return the person, time and reason of a dismissal.

    `Support on 3 Nov 2026, 14:05: agreed by phone.`
    """
    person = finding["dismissed_by_name"]
    time = clock_time(finding["dismissed_at"], time_zone)
    return f"{'The operator' if is_absent(person) else person} on {time}: {finding['reason']}"


def ranking_note(findings: Sequence[Finding], reporting_currency: str) -> str:
    """Return how findings in several currencies are ranked; empty with one currency."""
    with_amount = [finding for finding in findings if not is_absent(finding["amount"])]
    converted = {
        finding["currency"]
        for finding in with_amount
        if finding["currency"] != finding["at_stake_currency"]
    }
    unconverted = {finding["at_stake_currency"] for finding in with_amount} - {reporting_currency}
    sentences = []
    if converted:
        sentences.append(
            f"Amounts in {_currency_list(converted)} are ranked with the latest exchange rate into "
            f"{reporting_currency} on file."
        )
    if unconverted and len(unconverted | {finding["currency"] for finding in with_amount}) > 1:
        sentences.append(
            f"Amounts in {_currency_list(unconverted)} are ranked by their own number: no exchange "
            f"rate into {reporting_currency} is on file."
        )
    return " ".join(sentences)


def _currency_list(currencies: set[str]) -> str:
    return " and ".join(sorted(currencies))


def _concentration(finding: Finding, amount: str) -> str:
    share, total = finding["amount"] / finding["against"], finding["against"]
    converted = finding["about"] == "converted"
    conversion = f", all converted into {finding['currency']}" if converted else ""
    # With credits of other clients, the revenue of one client can exceed that of all.
    portion = percent(share) if share <= 1 else "more than all"
    return (
        f"{finding['client_name']} brought {portion} of the revenue of the last twelve whole "
        f"months: {amount} of {money(total, finding['currency'])}{conversion}."
    )
