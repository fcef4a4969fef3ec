"""Texts of findings: one sentence each with the main figure, and a headline for all.

`zixly_data.findings.definitions` lists the kinds with the templates of their sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from string import Formatter

from zixly_data.findings.definitions import find_kind, is_contradiction
from zixly_data.findings.finding import Finding
from zixly_data.values.names import listed
from zixly_ui.components.formatting import (
    ABSENT,
    clock_time,
    is_absent,
    money,
    month_name,
    percent,
    plural,
    short_date,
)
from zixly_ui.shell.markdown import plain

# The texts of the slots of a sentence, empty if there is no value.
SLOTS: dict[str, Callable[[Finding, date], str]] = {
    "client": lambda finding, today: str(finding["client_name"]),
    "client_id": lambda finding, today: str(finding["client_id"]),
    "about": lambda finding, today: str(finding["about"]),
    "amount": lambda finding, today: _amount(finding, "amount"),
    "against": lambda finding, today: _amount(finding, "against"),
    "share": lambda finding, today: _share(finding),
    "since": lambda finding, today: _date_text(finding["since"], short_date),
    "until": lambda finding, today: _date_text(finding["until"], short_date),
    "month": lambda finding, today: _date_text(finding["since"], month_name),
    "days": lambda finding, today: _date_text(
        finding["since"], lambda since: plural((today - since).days, "day")
    ),
    "limit": lambda finding, today: _date_text(
        finding["until"], lambda until: plural((until - finding["since"]).days, "day")
    ),
    "records": lambda finding, today: plural(finding["records"], "record"),
    "values": lambda finding, today: plural(finding["records"], "value"),
    "converted_into": lambda finding, today: (
        str(finding["currency"]) if finding["about"] == "converted" else ""
    ),
}

CHECKS = (
    "Zixly compares invoices with contracts and leads, and costs with revenue by month. It also "
    "checks whether active clients and their metrics are still recorded."
)


def icon(kind: str) -> str:
    """Return the icon of a kind as Markdown."""
    return f":material/{find_kind(kind).icon}:"


def sentence(finding: Finding, today: date) -> str:
    """Return one row of `findings.Findings` as a sentence.

    It is the first sentence of its kind whose slots all have a value; if there is none, the last,
    with dashes.
    """
    texts: dict[str, str] = {}
    for template in find_kind(finding["kind"]).sentences:
        texts = {slot: SLOTS[slot](finding, today) for slot in slot_names(template)}
        if all(texts.values()):
            break
    return template.format_map({slot: text or ABSENT for slot, text in texts.items()})


def slot_names(template: str) -> list[str]:
    """Return the names of the slots of a sentence."""
    return [slot for _, slot, _, _ in Formatter().parse(template) if slot]


def markdown_sentence(finding: Finding, today: date) -> str:
    """Return the sentence as Markdown, with the amount in bold."""
    text = plain(sentence(finding, today))
    if is_absent(finding["amount"]):
        return text
    amount = plain(money(finding["amount"], finding["currency"]))
    return text.replace(amount, f"**{amount}**", 1)


def headline_text(findings: Sequence[Finding]) -> str:
    """Return the number of contradictions and of their clients, without dismissed ones.

    `findings` are rows of `ranking.ListedFindings` of any kind.
    """
    contradictions = [finding for finding in findings if is_contradiction(finding)]
    active = [finding for finding in contradictions if not finding["dismissed"]]
    if not contradictions:
        return "No contradictions"
    if not active:
        return f"None open: {plural(number_of(contradictions), 'contradiction')} dismissed"
    clients = plural(active[0]["clients"], "client")
    return f"{plural(number_of(active), 'contradiction')} in the records of {clients}."


def number_of(findings: Sequence[Finding]) -> int:
    """Return how many findings there are of these kinds, those that are not listed included.

    `findings` are rows of `ranking.ListedFindings`, all of them dismissed or none.
    """
    return sum({finding["kind"]: finding["of_kind"] for finding in findings}.values())


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
            f"Amounts in {_currency_list(converted)} are ranked at the latest recorded exchange "
            f"rate into {reporting_currency}."
        )
    if unconverted and len(unconverted | {finding["currency"] for finding in with_amount}) > 1:
        sentences.append(
            f"Amounts in {_currency_list(unconverted)} are ranked without conversion: no exchange "
            f"rate into {reporting_currency} is recorded."
        )
    return " ".join(sentences)


def _currency_list(currencies: set[str]) -> str:
    return listed(sorted(currencies))


def _amount(finding: Finding, column: str) -> str:
    value = finding[column]
    return "" if is_absent(value) else money(value, finding["currency"])


def _share(finding: Finding) -> str:
    if is_absent(finding["amount"]) or is_absent(finding["against"]):
        return ""
    share = finding["amount"] / finding["against"]
    # With credits of other clients, the revenue of one client can exceed that of all.
    return percent(share) if share <= 1 else "more than all"


def _date_text(day: date | None, text: Callable[[date], str]) -> str:
    return "" if day is None or is_absent(day) else text(day)
