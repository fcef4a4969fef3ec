"""Opens a month's grid: the unsaved one of this session, or a new one from the records."""

from __future__ import annotations

from datetime import date
from typing import Any

from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.records.month_cells import default_day
from zixly_data.values.dates import add_months, month_name
from zixly_ui.components.formatting import clock_time
from zixly_ui.month import financials_grid, leads_grid, metrics_grid, overheads_grid, unsaved
from zixly_ui.month.grid import Grid


def open_grid(
    identity: Identity, tenant: Tenant, kind: str, month: date, search: str, number: int
) -> Grid:
    """Return the grid for the month of this first day, with a page of the rows that match
    `search`."""
    grid = unsaved.pending_grid(kind, month)
    if grid is None:
        grid = new_grid(identity, tenant, kind, month)
        unsaved.keep(grid)
    grid.show_page(identity, search, number)
    return grid


def closed_text(closing: dict[str, Any], time_zone: str) -> str:
    """Describe the closing of a month: person, time and effect."""
    by = f" by {closing['closed_by_name']}" if closing["closed_by_name"] else ""
    return (
        f"{month_name(closing['month'])} was closed{by} on "
        f"{clock_time(closing['created_at'], time_zone)}. Nothing dated in it can change until "
        "an administrator reopens it."
    )


def new_grid(identity: Identity, tenant: Tenant, kind: str, month: date) -> Grid:
    """Read the grid without its rows from the current records."""
    last_month, day = add_months(month, -1), default_day(month, tenant.today())
    if kind == "overheads":
        return overheads_grid.build(identity, month, last_month, day)
    if kind == "leads":
        return leads_grid.build(identity, month, last_month, day)
    if kind == "metrics":
        return metrics_grid.build(identity, month, last_month, day)
    return financials_grid.build(identity, month, last_month, tenant.reporting_currency, day)
