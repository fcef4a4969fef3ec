"""Every figure of profitability, defined once: its unit, its formula, what it leaves out.

Pages show these words where a figure is opened, and `docs/figures.md` is made of them. The formulas
themselves stand in the modules named in `where`; a test compares each with plain Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Figure:
    """`formula` and `leaves_out` are sentences for a business owner."""

    name: str
    label: str
    unit: str
    formula: str
    leaves_out: str
    where: str


_ALL = (
    Figure(
        "revenue", "Revenue", "amount",
        "The revenue of all financial records dated in the period, added up.",
        "Nothing: credits are records with a negative amount and count as such.",
        "month_sums",
    ),
    Figure(
        "expenses", "Expenses", "amount",
        "The expenses of all financial records dated in the period, added up.",
        "Costs that were not recorded for a client, such as rent.",
        "month_sums",
    ),
    Figure(
        "profit", "Profit", "amount",
        "Revenue minus expenses.",
        "Costs that were not recorded for a client, such as rent.",
        "month_sums",
    ),
    Figure(
        "margin", "Margin", "percent",
        "Profit divided by revenue, of the totals. It is never an average of margins.",
        "There is no margin where revenue is zero.",
        "month_sums",
    ),
    Figure(
        "share", "Share", "percent",
        "The revenue of a group divided by the revenue of all groups shown.",
        "There is no share where all revenue together is zero or less.",
        "breakdown",
    ),
    Figure(
        "cumulative_profit", "Profit so far", "amount",
        "The profit of this row and of all rows above it, as the table is ordered.",
        "What comes before the period.",
        "breakdown",
    ),
    Figure(
        "hours", "Billable hours", "hours",
        "The values of the metric “Billable Hours” dated in the period, of months in which the "
        "client has a financial record, added up. Of several on one date the last one counts.",
        "Hours in months without a financial record.",
        "billable_hours",
    ),
    Figure(
        "hourly_rate", "Effective hourly rate", "amount per hour",
        "Revenue divided by billable hours, over the months of each client that have both.",
        "Revenue of months without hours, and clients that keep none.",
        "breakdown",
    ),
    Figure(
        "top_share", "Largest client", "percent",
        "The share of the client with the most revenue.",
        "There is no share where all revenue together is zero or less.",
        "concentration",
    ),
    Figure(
        "top_three_share", "Three largest clients", "percent",
        "The shares of the three clients with the most revenue, added up.",
        "There is none where all revenue together is zero or less.",
        "concentration",
    ),
    Figure(
        "converted", "Converted amounts", "amount",
        "The amounts of a client's month, times the exchange rate of that month, rounded to the "
        "cent; every total is the sum of such months.",
        "Nothing is converted where a rate is missing: then each currency stands by itself.",
        "ledger",
    ),
)  # fmt: skip

FIGURES: Final[dict[str, Figure]] = {figure.name: figure for figure in _ALL}
