"""How long an open lead may have no event before it counts as stalled, by the step it is at.

    limit_days  twice the median of the days that leads spent at the step (`visits`), at least 14;
                30 days if no lead has spent a time there
    stalled     an open lead whose latest event is more than the limit's days ago

The medians are those of all leads of the tenant, of all time. Twice a median is a whole number.
"""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.figures.pipeline.visits import times
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.pipeline.lead_states import median

LEAST_DAYS, DAYS_WITHOUT_TIMES = 14, 30


def stage_limits(all_visits: sa.CTE) -> sa.CTE:
    """Return one row per step with a time: step, limit_days. `all_visits` are those of `visits`."""
    spent = times(all_visits)
    twice = sa.cast(median(spent.c.days) * 2, sa.Integer)
    return (
        sa.select(spent.c.step, sa.func.greatest(twice, LEAST_DAYS).label("limit_days"))
        .where(spent.c.days.is_not(None))
        .group_by(spent.c.step)
        .cte("stage_limits")
    )


def limit_days(limits: sa.CTE) -> sa.ColumnElement[int]:
    """Return the limit of a row that is outer-joined with `stage_limits`."""
    return sa.func.coalesce(limits.c.limit_days, DAYS_WITHOUT_TIMES, type_=sa.Integer())


def days_since(identity: Identity, day: sa.ColumnElement[object]) -> sa.ColumnElement[int]:
    """Return the days from a date to today in the tenant's time zone, 0 if it is ahead."""
    today = tenants.date_of(identity, sa.func.now())
    return sa.func.greatest(today - day, 0, type_=sa.Integer())
