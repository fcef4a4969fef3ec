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
        "The total revenue of all financial records dated in the period.",
        "Nothing. Credits are records with a negative amount and reduce the total.",
        "figures.month_sums",
    ),
    Figure(
        "expenses", "Expenses", "amount",
        "The total expenses of all financial records dated in the period.",
        "Costs that are not recorded for a client, such as rent.",
        "figures.month_sums",
    ),
    Figure(
        "profit", "Profit", "amount",
        "Revenue minus expenses.",
        "Costs that are not recorded for a client, such as rent.",
        "figures.month_sums",
    ),
    Figure(
        "margin", "Margin", "percent",
        "Total profit divided by total revenue, never an average of margins. Of clients it is a "
        "contribution margin: costs of no client are not taken from it.",
        "Nothing. If revenue is zero or less, there is no margin.",
        "figures.month_sums",
    ),
    Figure(
        "share", "Share", "percent",
        "The revenue of a group divided by the revenue of all groups shown.",
        "Nothing. If the revenue of the group or the total is zero or less, there is no share.",
        "figures.breakdown",
    ),
    Figure(
        "cumulative_profit", "Profit so far", "amount",
        "The profit of this row and all rows above it, in the order of the table.",
        "Profit from before the period.",
        "figures.breakdown",
    ),
    Figure(
        "hours", "Billable hours", "hours",
        "The total of the metric used for billable hours, dated in the period, in months in which "
        "the client has a financial record. All values of a date count.",
        "Hours in months without a financial record.",
        "figures.delivery.billable_hours",
    ),
    Figure(
        "hourly_rate", "Effective hourly rate", "amount per hour",
        "Revenue divided by billable hours, for the months of each client that have both.",
        "Revenue of months without hours, and clients without any hours.",
        "figures.breakdown",
    ),
    Figure(
        "top_share", "Largest client", "percent",
        "The share of revenue from the client with the most revenue.",
        "Nothing. If total revenue is zero or less, there is no share.",
        "figures.concentration",
    ),
    Figure(
        "top_three_share", "Three largest clients", "percent",
        "The combined share of the three clients with the most revenue.",
        "Nothing. If total revenue is zero or less, there is no share.",
        "figures.concentration",
    ),
    Figure(
        "converted", "Converted amounts", "amount",
        "The amounts of each client and month at the exchange rate of that month, rounded to the "
        "cent. Every total is the sum of these amounts.",
        "Nothing. If a rate is missing, nothing is converted and currencies are shown separately.",
        "figures.ledger",
    ),
)  # fmt: skip

_BUSINESS_FIGURES = (
    Figure(
        "contribution_margin", "Contribution margin", "percent",
        "The margin of clients: their total profit divided by their total revenue.",
        "Overheads and records that are not yet assigned: see the business margin.",
        "figures.business.lines",
    ),
    Figure(
        "unassigned", "Not yet assigned", "amount",
        "Revenue minus expenses of records without a client that have the type Unassigned: nobody "
        "has decided yet whether they belong to a client or to the overheads.",
        "Records of clients, and overheads.",
        "figures.business.lines",
    ),
    Figure(
        "overheads", "Overheads", "amount",
        "Revenue minus expenses of records that belong to no client, such as rent, wages and "
        "interest earned. Costs are a negative amount.",
        "Records of clients, and records that are not yet assigned.",
        "figures.business.lines",
    ),
    Figure(
        "business_profit", "Profit of the business", "amount",
        "The profit from clients plus overheads plus records that are not yet assigned. The last "
        "two are negative amounts if they are costs.",
        "Nothing. Every recorded amount is included.",
        "figures.business.lines",
    ),
    Figure(
        "business_margin", "Business margin", "percent",
        "The profit of the business divided by its total revenue, never an average of margins.",
        "Nothing. If total revenue is zero or less, there is no margin.",
        "figures.business.lines",
    ),
)  # fmt: skip

_CHANGE_FIGURES = (
    Figure(
        "won", "Clients won", "amount",
        "The profit in the later period from clients with financial records only in that period.",
        "Clients with a record in both periods, however small the earlier amounts.",
        "figures.bridge_parts",
    ),
    Figure(
        "lost", "Clients lost", "amount",
        "The profit in the earlier period from clients with financial records only in that period, "
        "with its sign reversed.",
        "Clients with a record in both periods, however small the later amounts.",
        "figures.bridge_parts",
    ),
    Figure(
        "volume", "Volume", "amount",
        "The change in billable hours times the earlier revenue per billable hour, client by "
        "client.",
        "Clients won or lost, and clients that do not have billable hours in both periods.",
        "figures.bridge_parts",
    ),
    Figure(
        "price", "Price", "amount",
        "The rest of each client's change in revenue after volume: a change in revenue per "
        "billable hour.",
        "Clients won or lost, and clients that do not have billable hours in both periods.",
        "figures.bridge_parts",
    ),
    Figure(
        "revenue", "Revenue (no hours recorded)", "amount",
        "The change in revenue from clients that do not have billable hours in both periods.",
        "Clients won or lost, and clients whose change is split into volume and price.",
        "figures.bridge_parts",
    ),
    Figure(
        "cost", "Costs", "amount",
        "The earlier expenses minus the later expenses: higher expenses reduce profit.",
        "Clients won or lost, and costs that are not recorded for a client, such as rent.",
        "figures.bridge_parts",
    ),
    Figure(
        "no_client", "Costs of no client", "amount",
        "The later overheads and records not yet assigned minus the earlier ones: higher costs "
        "reduce profit. Converted, the effect of exchange rates on them is included here.",
        "Records of clients. If the page is filtered by clients, this part is left out.",
        "figures.business.bridge_lines",
    ),
    Figure(
        "currency_effect", "Currency", "amount",
        "The effect of exchange rates on converted amounts. All other parts use the rates of the "
        "earlier period: the average of its months, weighted by revenue. Rounding differences are "
        "included here.",
        "Clients won or lost, and clients without any amount in the earlier period.",
        "figures.bridge_parts",
    ),
    Figure(
        "change", "Change", "amount",
        "The later profit minus the earlier profit, which is the exact sum of all parts.",
        "Of a client, and where clients are filtered: costs of no client, such as rent.",
        "figures.bridge_parts",
    ),
)  # fmt: skip

FIGURES: Final[dict[str, Figure]] = {figure.name: figure for figure in _PROFITABILITY_FIGURES}
# The profit of the business, beyond that of its clients.
OF_BUSINESS: Final[dict[str, Figure]] = {figure.name: figure for figure in _BUSINESS_FIGURES}
# Columns of the margin bridge. Its `revenue` is a change of revenue.
OF_CHANGE: Final[dict[str, Figure]] = {figure.name: figure for figure in _CHANGE_FIGURES}
