"""Definitions of all profitability and change figures: unit, formula and what they leave out.

Pages show these texts with a figure, and `docs/figures.md` is generated from them. The modules
named in `where` contain the formulas; a test compares each with plain Python.
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


_PROFITABILITY_FIGURES = (
    Figure(
        "revenue", "Revenue", "amount",
        "The revenue of all financial records dated in the period, added up.",
        "Nothing: credits are records with a negative amount and count as such.",
        "figures.month_sums",
    ),
    Figure(
        "expenses", "Expenses", "amount",
        "The expenses of all financial records dated in the period, added up.",
        "Costs that were not recorded for a client, such as rent.",
        "figures.month_sums",
    ),
    Figure(
        "profit", "Profit", "amount",
        "Revenue minus expenses.",
        "Costs that were not recorded for a client, such as rent.",
        "figures.month_sums",
    ),
    Figure(
        "margin", "Margin", "percent",
        "Profit divided by revenue, of the totals. It is never an average of margins.",
        "There is no margin where revenue is zero.",
        "figures.month_sums",
    ),
    Figure(
        "share", "Share", "percent",
        "The revenue of a group divided by the revenue of all groups shown.",
        "There is no share where all revenue together is zero or less.",
        "figures.breakdown",
    ),
    Figure(
        "cumulative_profit", "Profit so far", "amount",
        "The profit of this row and of all rows above it, as the table is ordered.",
        "What comes before the period.",
        "figures.breakdown",
    ),
    Figure(
        "hours", "Billable hours", "hours",
        "The values of the metric used for billable hours that are dated in the period, of months "
        "in which the client has a financial record, added up. Of several on one date the last one "
        "counts.",
        "Hours in months without a financial record.",
        "figures.billable_hours",
    ),
    Figure(
        "hourly_rate", "Effective hourly rate", "amount per hour",
        "Revenue divided by billable hours, over the months of each client that have both.",
        "Revenue of months without hours, and clients that keep none.",
        "figures.breakdown",
    ),
    Figure(
        "top_share", "Largest client", "percent",
        "The share of the client with the most revenue.",
        "There is no share where all revenue together is zero or less.",
        "figures.concentration",
    ),
    Figure(
        "top_three_share", "Three largest clients", "percent",
        "The shares of the three clients with the most revenue, added up.",
        "There is none where all revenue together is zero or less.",
        "figures.concentration",
    ),
    Figure(
        "converted", "Converted amounts", "amount",
        "The amounts of a client's month, times the exchange rate of that month, rounded to the "
        "cent; every total is the sum of such months.",
        "Nothing is converted where a rate is missing: then each currency stands by itself.",
        "figures.ledger",
    ),
)  # fmt: skip

_CHANGE_FIGURES = (
    Figure(
        "won", "Clients won", "amount",
        "The profit in the later period of clients with financial records in the later period "
        "only.",
        "Clients with a record in both periods, however little they brought before.",
        "figures.bridge_parts",
    ),
    Figure(
        "lost", "Clients lost", "amount",
        "Minus the profit in the earlier period of clients with financial records in the earlier "
        "period only.",
        "Clients with a record in both periods, however little is left of them.",
        "figures.bridge_parts",
    ),
    Figure(
        "volume", "Volume", "amount",
        "Billable hours of the later period minus those of the earlier one, times the earlier "
        "revenue per billable hour, client by client.",
        "Clients won or lost, and clients without billable hours in both periods.",
        "figures.bridge_parts",
    ),
    Figure(
        "price", "Price", "amount",
        "What is left of a client's change of revenue after volume: another revenue per billable "
        "hour.",
        "Clients won or lost, and clients without billable hours in both periods.",
        "figures.bridge_parts",
    ),
    Figure(
        "revenue", "Revenue (no hours on record)", "amount",
        "Revenue of the later period minus that of the earlier one, of clients without billable "
        "hours in both periods.",
        "Clients won or lost, and clients whose change is split into volume and price.",
        "figures.bridge_parts",
    ),
    Figure(
        "cost", "Costs", "amount",
        "Expenses of the earlier period minus those of the later one: more expenses lower profit.",
        "Clients won or lost, and costs that were not recorded for a client, such as rent.",
        "figures.bridge_parts",
    ),
    Figure(
        "currency_effect", "Currency", "amount",
        "What is left of the change where amounts are converted: the other parts are valued at the "
        "exchange rates of the earlier period, the mean of its months weighed by revenue. The "
        "cents of rounding fall here.",
        "Clients won or lost, and clients without any amount in the earlier period.",
        "figures.bridge_parts",
    ),
    Figure(
        "change", "Change", "amount",
        "Profit of the later period minus profit of the earlier one: all parts added up, to the "
        "cent.",
        "Costs that were not recorded for a client, such as rent.",
        "figures.bridge_parts",
    ),
)  # fmt: skip

FIGURES: Final[dict[str, Figure]] = {figure.name: figure for figure in _PROFITABILITY_FIGURES}
# Columns of the margin bridge. Its `revenue` is a change of revenue.
OF_CHANGE: Final[dict[str, Figure]] = {figure.name: figure for figure in _CHANGE_FIGURES}
