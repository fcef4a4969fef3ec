"""The columns and orders of the table of a breakdown."""

from __future__ import annotations

from zixly_data.figures.breakdown import By, Profitability
from zixly_data.figures.definitions import FIGURES, OF_BUSINESS
from zixly_data.values.period import ALL
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, Kind
from zixly_ui.reports import breakdown_text as texts
from zixly_ui.reports.profit_cards import OF_CLIENTS

_BUSINESS_COLUMNS: tuple[tuple[str, str, Kind], ...] = (
    ("unassigned", "Unassigned", "money"),
    ("overheads", "Overheads", "money"),
    ("business_profit", "Business profit", "money"),
    ("business_margin", "Business margin", "percent"),
)


def sorts_by(by: By) -> tuple[Sort, ...]:
    """Return the orders of the table."""
    return (
        Sort("Oldest first" if by.months else "Highest profit first"),
        Sort("Lowest profit first", "profit"),
        Sort("Highest revenue first", "revenue", descending=True),
        Sort("Highest expenses first", "expenses", descending=True),
        Sort("Lowest margin first", "margin"),
        Sort("By name", "name"),
    )


def columns(report: Profitability, *, beside_business: bool, in_rows: bool) -> list[Column]:
    """Return the columns of the report's groups.

    `beside_business`: the page shows the profit of the business, so that figures of clients are
    named. `in_rows`: each row, of time, has it too.
    """
    names = {name: FIGURES[name].label for name in OF_CLIENTS}
    margin_help = "Profit as a share of revenue"
    if in_rows:
        names = {name: f"Client {name}" for name in names} | {"margin": OF_CLIENTS["margin"]}
    if beside_business:
        margin_help = OF_BUSINESS["contribution_margin"].formula
    before = report.before.name
    if report.by.months:
        before = f"the {texts.LABELS[report.by].lower()} before"
    prefix = "Up to today, vs " if report.so_far != report.period else "vs "
    columns = [
        Column("label", texts.LABELS[report.by]),
        Column("revenue", names["revenue"], "money"),
        Column("expenses", names["expenses"], "money"),
        Column("profit", names["profit"], "money"),
    ]
    if in_rows:
        columns += [
            Column(name, label, kind, help=OF_BUSINESS[name].formula)
            for name, label, kind in _BUSINESS_COLUMNS
            if name != "unassigned" or (report.groups[name] != 0).any()
        ]
    columns.append(Column("margin", names["margin"], "percent", help=margin_help))
    columns.append(Column("share", "Share", "percent", help="Of all revenue shown"))
    if report.by.months or report.period.key != ALL.key:
        columns += [
            Column("profit_change", "Profit change", "money", help=f"{prefix}{before}"),
            Column(
                "profit_year_change", "vs the year before", "money",
                help=f"{prefix}the same days of the year before",
            ),
        ]  # fmt: skip
    columns.append(Column("hourly_rate", "Per hour", "money", help="Revenue per billable hour"))
    if report.by.months:
        columns.append(Column("cumulative_profit", "Profit so far", "money"))
    elif report.by is By.CLIENT:
        columns.append(Column("client_id", "External ID"))
    return columns
