"""Opens a month's grid: the unsaved one of this session, or a new one from the records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from zixly_data.figures import monthly
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.records import financials, leads, metric_definitions, metrics
from zixly_data.records.month_cells import default_day
from zixly_data.values.dates import add_months, month_end, month_name
from zixly_data.values.period import between
from zixly_ui.components.formatting import clock_time
from zixly_ui.month import financials_grid, leads_grid, metrics_grid, unsaved
from zixly_ui.month.grid import Grid


def open_grid(
    identity: Identity, tenant: Tenant, kind: str, month: date, clients: pd.DataFrame
) -> Grid:
    """Return the grid of `clients` (the active ones) for the month of this first day."""
    grid = unsaved.pending_grid(kind, month)
    if grid is None:
        grid = read_grid(identity, tenant, kind, month, clients)
        unsaved.keep(grid)
    return grid


def closed_text(closing: dict[str, Any], time_zone: str) -> str:
    """Describe the closing of a month: person, time and effect."""
    by = f" by {closing['closed_by_name']}" if closing["closed_by_name"] else ""
    return (
        f"{month_name(closing['month'])} was closed{by} on "
        f"{clock_time(closing['created_at'], time_zone)}. Nothing dated in it can change until "
        "an administrator reopens it."
    )


def read_grid(
    identity: Identity, tenant: Tenant, kind: str, month: date, clients: pd.DataFrame
) -> Grid:
    """Read the grid from the current records."""
    last_month, day = add_months(month, -1), default_day(month, tenant.today())
    both_months = between(last_month, month_end(month))
    if kind == "leads":
        return leads_grid.build(
            month,
            last_month,
            clients,
            leads.stages(identity),
            leads.events(identity, both_months),
            day,
        )
    if kind == "metrics":
        return metrics_grid.build(
            month, last_month, clients, metric_definitions.definitions(identity),
            metrics.list_records(identity, both_months), day,
        )  # fmt: skip
    records = financials.list_records(identity, between(month, month_end(month)))
    last_figures = monthly.monthly(identity, between(last_month, month_end(last_month)))
    return financials_grid.build(
        month, last_month, tenant.reporting_currency, clients, records, last_figures, day
    )
