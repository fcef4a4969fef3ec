"""How the lines of the business changed between two periods, in words and as a table.

Rows have `line, currency, profit_before, profit_after, change` (`bridge_lines.LineChanges`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from zixly_data.figures.business.lines import BUSINESS, CLIENTS, OVERHEADS, UNASSIGNED
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import money
from zixly_ui.reports.business_text import LABELS, Line, change_text, table_cell, table_row
from zixly_ui.shell.markdown import plain


def changes(lines: pd.DataFrame, currency: str) -> list[Line]:
    """Return the rows of a currency of a frame of `bridge_lines.LineChanges`."""
    return [row for row in rows(lines) if row["currency"] == currency]


def changes_title(lines: Sequence[Line]) -> str:
    """Return the changes of clients and of costs of no client as the title of their table."""
    by_name = {line["line"]: line["change"] for line in lines}
    currency = lines[0]["currency"]
    of_none = by_name[UNASSIGNED] + by_name[OVERHEADS]
    return (
        f"Change of profit from clients: {change_text(by_name[CLIENTS], currency)}; of costs of no "
        f"client: {change_text(of_none, currency)}"
    )


def changes_table(lines: Sequence[Line], against: str, period: str) -> str:
    """Return the lines before and after as a table in Markdown; the last is their sum."""
    heads = ["", plain(against), plain(period), "Change"]
    body = []
    for line in lines:
        currency = line["currency"]
        amounts = [money(line[f"profit_{side}"], currency) for side in ("before", "after")]
        cells = [LABELS[line["line"]], *amounts, change_text(line["change"], currency)]
        body.append([table_cell(cell, bold=line["line"] == BUSINESS) for cell in cells])
    return "\n".join(table_row(cells) for cells in (heads, ["---", *["---:"] * 3], *body))


def gap_text(lines: Sequence[Line], against: str, period: str) -> str | None:
    """Return a warning if only one of the periods has amounts of no client, or None."""
    for side, other, name in (("before", "after", against), ("after", "before", period)):
        is_recorded, is_recorded_in_other = (
            any(line[f"profit_{end}"] for line in lines if line["line"] in (UNASSIGNED, OVERHEADS))
            for end in (side, other)
        )
        if is_recorded_in_other and not is_recorded:
            return (
                f"No costs without a client are recorded in {name}. If there were any, the change "
                "of profit is not a real one: record them under Overheads."
            )
    return None
