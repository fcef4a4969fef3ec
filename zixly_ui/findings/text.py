"""Findings in plain words: each in a sentence with the number that matters, and all of them in one.

What the kinds mean exactly stands in `zixly_data.findings.contradictions` and
`zixly_data.findings.attention`.
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
    """One row of `findings.Findings` as a person would say it."""
    name, amount = finding["client_name"], money(finding["amount"], finding["currency"])
    since, until, about = finding["since"], finding["until"], finding["about"]
    silent = "" if is_absent(since) else plural((today - since).days, "day")
    match finding["kind"]:
        case "REVENUE_BEFORE_CONTRACT":
            return (
                f"{name} was billed {amount} before its contract was signed on "
                f"{short_date(until)}: {plural(finding['records'], 'record')} from "
                f"{short_date(since)} on."
            )
        case "WON_NEVER_BILLED":
            worth = "" if is_absent(finding["amount"]) else f", worth {amount}"
            return (
                f"{name} signed {about}{worth}, {silent} ago on {short_date(since)}, and has not "
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
                f"{name} is active, and nothing was recorded for it for {silent}, since "
                f"{short_date(since)}."
            )
        case "EXPENSES_WITHOUT_REVENUE":
            return f"{name} cost {amount} in {month_name(since)} and brought no revenue that month."
        case "METRIC_STOPPED":
            return (
                f"{about} of {name} has not come for {silent}, since {short_date(since)}, after "
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
            worth = "" if is_absent(finding["amount"]) else f", worth {amount},"
            return f"A lead of {name}{worth} has not moved for {silent} ({about})."
        case _:
            return _concentration(finding, amount)


def markdown_sentence(finding: Finding, today: date) -> str:
    """The same sentence as Markdown, with the amount in bold."""
    said = plain(sentence(finding, today))
    if is_absent(finding["amount"]):
        return said
    amount = plain(money(finding["amount"], finding["currency"]))
    return said.replace(amount, f"**{amount}**", 1)


def headline_text(found: Sequence[Finding]) -> str:
    """How many contradictions stand, of how many clients: of those that were not put away.

    `found` may hold findings of any kind.
    """
    of_records = [each for each in found if each["kind"] in contradictions.KINDS]
    standing = [each for each in of_records if not each["dismissed"]]
    if not of_records:
        return "Nothing contradicts itself"
    if not standing:
        return f"Nothing is left: {plural(len(of_records), 'contradiction')} put away as fine"
    clients = plural(len({each["client_kpi_id"] for each in standing}), "client")
    return f"{plural(len(standing), 'contradiction')} in the records of {clients}."


def dismissal_text(finding: Finding, time_zone: str) -> str:
    """Who put a finding away, when and why: `Support on 3 Nov 2026, 14:05: agreed by phone.`"""
    who = finding["dismissed_by_name"]
    when = clock_time(finding["dismissed_at"], time_zone)
    return f"{'The operator' if is_absent(who) else who} on {when}: {finding['reason']}"


def ranking_note(found: Sequence[Finding], reporting_currency: str) -> str:
    """How the findings are ranked, where their amounts are in several currencies; else nothing."""
    with_amount = [each for each in found if not is_absent(each["amount"])]
    converted = {
        each["currency"] for each in with_amount if each["currency"] != each["at_stake_currency"]
    }
    as_they_are = {each["at_stake_currency"] for each in with_amount} - {reporting_currency}
    said = []
    if converted:
        said.append(
            f"Amounts in {_several(converted)} are ranked with the latest exchange rate into "
            f"{reporting_currency} on file."
        )
    if as_they_are and len(as_they_are | {each["currency"] for each in with_amount}) > 1:
        said.append(
            f"Amounts in {_several(as_they_are)} are ranked by their own number: no exchange rate "
            f"into {reporting_currency} is on file."
        )
    return " ".join(said)


def _several(currencies: set[str]) -> str:
    return " and ".join(sorted(currencies))


def _concentration(finding: Finding, amount: str) -> str:
    share, of_all = finding["amount"] / finding["against"], finding["against"]
    converted = finding["about"] == "converted"
    into = f", all converted into {finding['currency']}" if converted else ""
    # With credits of other clients, one client can bring more than all of them together.
    part = percent(share) if share <= 1 else "more than all"
    return (
        f"{finding['client_name']} brought {part} of the revenue of the last twelve whole months: "
        f"{amount} of {money(of_all, finding['currency'])}{into}."
    )
