"""Opening a month's grid: what is unsaved of it, or the books as they are now."""

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
from zixly_ui.month import financials_grid as month_grid_financials
from zixly_ui.month import leads_grid as month_grid_leads
from zixly_ui.month import metrics_grid as month_grid_metrics
from zixly_ui.month import unsaved
from zixly_ui.month.grid import Grid


def open_grid(
    identity: Identity, tenant: Tenant, what: str, month: date, clients: pd.DataFrame
) -> Grid:
    """The grid of `clients` (the active ones) for a month, by its first day."""
    grid = unsaved.pending_grid(what, month)
    if grid is None:
        grid = read_grid(identity, tenant, what, month, clients)
        unsaved.keep(grid)
    return grid


def closed_words(closing: dict[str, Any], time_zone: str) -> str:
    """Who closed the month and when, and what that means."""
    by = f" by {closing['closed_by_name']}" if closing["closed_by_name"] else ""
    return (
        f"{month_name(closing['month'])} was closed{by} on "
        f"{clock_time(closing['created_at'], time_zone)}. Nothing dated in it changes until an "
        "administrator opens it again."
    )


def read_grid(
    identity: Identity, tenant: Tenant, what: str, month: date, clients: pd.DataFrame
) -> Grid:
    """The grid as the books are now."""
    last_month, day = add_months(month, -1), default_day(month, tenant.today())
    both = between(last_month, month_end(month))
    if what == "leads":
        return month_grid_leads.build(
            month, last_month, clients, leads.stages(identity), leads.events(identity, both), day
        )
    if what == "metrics":
        return month_grid_metrics.build(
            month, last_month, clients, metric_definitions.definitions(identity),
            metrics.list_records(identity, both), day,
        )  # fmt: skip
    records = financials.list_records(identity, between(month, month_end(month)))
    before = monthly.monthly(identity, between(last_month, month_end(last_month)))
    return month_grid_financials.build(
        month, last_month, tenant.reporting_currency, clients, records, before, day
    )
