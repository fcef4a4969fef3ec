"""The profit of the business in words: the headline, its four lines as a table, and advice.

Rows of lines have `line, currency, revenue, expenses, profit` (`business.lines.BusinessLines`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from zixly_data.figures.business.lines import BUSINESS, CLIENTS, LINES, OVERHEADS, UNASSIGNED
from zixly_data.figures.profitability import margin_of
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_data.values.period import ALL
from zixly_ui.components.formatting import ABSENT, money, percent, plural
from zixly_ui.reports.bridge_text import signed
from zixly_ui.reports.profit_cards import profit_or_loss
from zixly_ui.shell.markdown import plain

Line = Mapping[str, Any]
LABELS = {
    CLIENTS: "Clients",
    UNASSIGNED: "Not yet assigned",
    OVERHEADS: "Overheads",
    BUSINESS: "The business",
}
FILTERED = (
    "The profit of the business is not shown: overheads and records that are not yet assigned "
    "belong to no client, and the clients are filtered."
)
_AMOUNTS = ("revenue", "expenses", "profit")
_FEW_EXPENSES = Decimal("0.1")


@dataclass(frozen=True)
class CurrencyLines:
    """The four lines of a period in one currency, by name, and those that are compared.

    `so_far` is the part of the period to compare with `before`, whose name is `baseline`; each is
    empty if there is nothing to compare.
    """

    currency: str
    now: Mapping[str, Line]
    so_far: Mapping[str, Line]
    before: Mapping[str, Line]
    baseline: str | None

    @property
    def is_comparable(self) -> bool:
        """Return whether both compared periods have amounts of no client.

        Without them, costs would seem to begin or end that were only not recorded.
        """
        return _has_records_of_none(self.so_far) and _has_records_of_none(self.before)

    @property
    def margins(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the business margin and the contribution margin."""
        return _margin(self.now[BUSINESS]), _margin(self.now[CLIENTS])

    @property
    def client_share_of_expenses(self) -> Decimal | None:
        """Return the expenses of clients as a fraction of all expenses, None without expenses."""
        spent, all_spent = self.now[CLIENTS]["expenses"], self.now[BUSINESS]["expenses"]
        return spent / all_spent if all_spent > 0 else None


def lines_in(lines: pd.DataFrame, currency: str, baseline: str | None) -> CurrencyLines | None:
    """Return the lines of a currency from a frame of `ComparedLines`.

    None if nothing was recorded in it, or if it has no amounts of no client in either period.
    """
    found = [row for row in rows(lines) if row["currency"] == currency]
    now, so_far, before = (
        {
            row["line"]: {name: row[f"{name}{suffix}"] for name in _AMOUNTS}
            for row in found
            if row[f"profit{suffix}"] is not None
        }
        for suffix in ("", "_so_far", "_before")
    )
    if not now or not any(map(_has_records_of_none, (now, before))):
        return None
    return CurrencyLines(currency, now, so_far, before, baseline)


def headline_text(
    lines: pd.DataFrame,
    clients: Mapping[str, int],
    period_name: str,
    reporting_currency: str,
) -> str:
    """Return the profit of the business and what it consists of in one sentence.

    `In October 2026 the business made $8,841.64, a margin of 23.10%: $15,177.06 from 6 clients,
    less $6,335.42 of overheads.` `clients` counts the clients with a record by currency.
    """
    by_currency: dict[str, dict[str, Line]] = {}
    for row in rows(lines):
        by_currency.setdefault(row["currency"], {})[row["line"]] = row
    first, *others = sorted(by_currency, key=lambda code: (code != reporting_currency, code))
    sentence = _sentence(by_currency[first], clients.get(first, 0), period_name)
    if others:
        results = [profit_or_loss(by_currency[code][BUSINESS]["profit"], code) for code in others]
        place = "another currency" if len(others) == 1 else "other currencies"
        sentence += f"; in {place}, {listed(results)}"
    return f"{sentence}."


def table(lines: CurrencyLines) -> str:
    """Return the four lines as a table in Markdown; the last is their sum."""
    heads = ["", "Revenue", "Expenses", "Profit"]
    if lines.baseline is not None:
        heads.append(f"vs {lines.baseline}")
    body = [_row(lines, name, bold=name == BUSINESS) for name in LINES]
    ruler = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(table_row(cells) for cells in ([plain(head) for head in heads], ruler, *body))


def title(lines: CurrencyLines) -> str:
    """Return the result as the title of the table."""
    return f"The business made {profit_or_loss(lines.now[BUSINESS]['profit'], lines.currency)}"


def margins_text(lines: CurrencyLines) -> str:
    """Return both margins by name, and the change of the business margin."""
    business_margin, contribution_margin = lines.margins
    earlier = ""
    if lines.is_comparable:
        before = _margin(lines.before[BUSINESS])
        earlier = "" if before is None else f" ({percent(before)} in {lines.baseline})"
    text = (
        f"Business margin {percent(business_margin)}{earlier}. Contribution margin of clients "
        f"{percent(contribution_margin)}: it leaves out costs of no client."
    )
    if lines.so_far and lines.before and not lines.is_comparable:
        text += (
            f" Not both periods have records without a client, so the business is not compared "
            f"with {lines.baseline}."
        )
    return text


def unassigned_text(lines: CurrencyLines) -> str | None:
    """Return what to do about records that are not yet assigned, or None without any."""
    line = lines.now[UNASSIGNED]
    if not (line["revenue"] or line["expenses"]):
        return None
    amounts = [
        f"{money(line[name], lines.currency)} of {name}"
        for name in ("revenue", "expenses")
        if line[name]
    ]
    verb = "is" if len(amounts) == 1 and line["revenue"] else "are"
    return (
        f"{listed(amounts)} {verb} not yet assigned. Under Overheads, decide for each record "
        "whether it belongs to a client or to the overheads."
    )


def few_expenses_text(lines: CurrencyLines) -> str | None:
    """Return a warning if the expenses of clients are under a tenth of all, or None."""
    share = lines.client_share_of_expenses
    if share is None or share >= _FEW_EXPENSES:
        return None
    spent, all_spent = (
        money(lines.now[name]["expenses"], lines.currency) for name in (CLIENTS, BUSINESS)
    )
    return (
        f"Client margins leave out most costs: {spent} of {all_spent} expenses are recorded with a "
        "client. Record expenses with the client they are for, or import them from a file with a "
        "column for the client."
    )


def named_lines(frame: pa.Table) -> pa.Table:
    """Return the table with the name of each row's `line` in a column `label`."""
    names = [LABELS[line] for line in frame["line"].to_pylist()]
    return frame.append_column("label", pa.array(names, pa.string()))


def table_cell(text: str, *, bold: bool) -> str:
    """Return a cell of a table in Markdown."""
    return f"**{plain(text)}**" if bold else plain(text)


def change_text(amount: Decimal, currency: str) -> str:
    """Return a change with its sign, or `no change`."""
    return signed(amount, currency) if amount else "no change"


def table_row(cells: Sequence[str]) -> str:
    """Return a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def _sentence(lines: Mapping[str, Line], clients: int, period_name: str) -> str:
    currency, profit = lines[BUSINESS]["currency"], lines[BUSINESS]["profit"]
    start = "To date" if period_name == ALL.name else f"In {period_name}"
    verb = "lost" if profit < 0 else "made"
    margin = _margin(lines[BUSINESS])
    margin_text = (
        f", a margin of {percent(margin, 2)}" if margin is not None and profit >= 0 else ""
    )
    return (
        f"{start} the business {verb} {money(abs(profit), currency)}{margin_text}: "
        f"{', '.join(_parts(lines, clients))}"
    )


def _parts(lines: Mapping[str, Line], clients: int) -> list[str]:
    currency, profit = lines[CLIENTS]["currency"], lines[CLIENTS]["profit"]
    amount = money(abs(profit), currency)
    if clients:
        source = f"from {plural(clients, 'client')}"
        parts = [f"a loss of {amount} {source}" if profit < 0 else f"{amount} {source}"]
    else:
        parts = ["nothing from clients"]
    endings = {OVERHEADS: "of overheads", UNASSIGNED: "not yet assigned"}
    for name, ending in endings.items():
        other = lines[name]["profit"]
        if other:
            is_gain = other > 0 and name == OVERHEADS
            words = "earned without a client" if is_gain else ending
            sign = "plus" if other > 0 else "less"
            parts.append(f"{sign} {money(abs(other), currency)} {words}")
    return parts


def _row(lines: CurrencyLines, name: str, *, bold: bool) -> list[str]:
    line, currency = lines.now[name], lines.currency
    cells = [LABELS[name], *(money(line[column], currency) for column in ("revenue", "expenses"))]
    cells.append(money(line["profit"], currency))
    if lines.baseline is not None:
        cells.append(_change(lines, name))
    return [table_cell(cell, bold=bold) for cell in cells]


def _change(lines: CurrencyLines, name: str) -> str:
    if not (lines.so_far and lines.before) or (name != CLIENTS and not lines.is_comparable):
        return ABSENT
    change = lines.so_far[name]["profit"] - lines.before[name]["profit"]
    return change_text(change, lines.currency)


def _has_records_of_none(lines: Mapping[str, Line]) -> bool:
    return any(
        lines[name][column]
        for name in (UNASSIGNED, OVERHEADS)
        for column in ("revenue", "expenses")
        if lines
    )


def _margin(line: Line) -> Decimal | None:
    return margin_of(line["profit"], line["revenue"])
