"""The lead funnel: leads that reach each step, what became of them, their times and values.

`steps` defines the steps and which leads a view counts at each. Of the leads at a step:

    won_through  went beyond it, or ended there as won: the step is the furthest and the lead is won
    lost         it is the furthest step, and the lead is at a lost stage now. A lead can be lost at
                 any step, so being lost is no step of its own.
    undecided    it is the furthest step, and the lead is open
    decided      won_through + lost; leads = decided + undecided
    conversion   won_through / decided, none if nothing is decided: a lead that is still at the step
                 changes it in neither direction. An open lead is decided at the steps before its
                 furthest, which it has passed.
    median_days  of the days the leads spent at the step itself, as `visits` defines them, exact to
                 half a day; p90_days: nine in ten leads took no longer (the days of an actual lead)
    timed        leads with such a time
    returns      leads with more than one visit to the step

What became of a lead is its state of today in both views.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.figures.pipeline.steps import (
    Steps,
    View,
    counted,
    is_same_lead,
    leads_of,
    reached,
)
from zixly_data.figures.pipeline.visits import times, visits
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_states import Leads, fetch_leads, median, states_query
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Days, Frame, Money, Ratio, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest
from zixly_data.values.period import Period

FILE_COLUMNS = (
    "stage", "leads", "decided", "won_through", "undecided", "conversion", "median_days",
    "p90_days",
)  # fmt: skip
_FIRST_PAGE = PageRequest()


class Funnel(Frame):
    """One row per step, in order, including steps that no lead reached."""

    position: Count
    stage: Text
    status: Text
    leads: Count
    decided: Count
    won_through: Count
    lost: Count
    undecided: Count
    conversion: Ratio = nullable
    timed: Count
    median_days: Days = nullable
    p90_days: Count = nullable
    returns: Count


class FunnelValues(Frame):
    """One row per step and currency with a lead at the step."""

    position: Count
    stage: Text
    currency: Text
    leads: Count
    with_value: Count
    value: Money


def funnel(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    view: View = View.COHORT,
) -> DataFrame[Funnel]:
    """Return leads, what became of them, and their times per step.

    `conversion` is null if no lead is decided, `median_days` and `p90_days` if none has a time.
    """
    steps = Steps.of(identity)
    leads = reached(identity, steps, leads_of(identity, period, client_filter, view))
    at_step = counted(identity, steps, leads, period, view)
    spent = times(visits(identity, steps))
    went_on = at_step.c.furthest > at_step.c.step
    won = sa.or_(went_on, at_step.c.status == "WON")

    def number(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(at_step.c.lead_id).filter(sa.and_(sa.true(), *conditions))

    decided = number(sa.or_(won, at_step.c.status == "LOST"))
    query = (
        sa.select(
            steps.ordered.c.position,
            steps.ordered.c.stage,
            steps.ordered.c.status,
            number().label("leads"),
            decided.label("decided"),
            number(won).label("won_through"),
            number(~went_on, at_step.c.status == "LOST").label("lost"),
            number(~went_on, at_step.c.status == "OPEN").label("undecided"),
            ratio(number(won), decided).label("conversion"),
            sa.func.count(spent.c.days).label("timed"),
            median(spent.c.days).label("median_days"),
            sa.cast(sa.func.percentile_disc(0.9).within_group(spent.c.days), sa.BigInteger).label(
                "p90_days"
            ),
            number(spent.c.visits > 1).label("returns"),
        )
        .select_from(
            steps.ordered.outerjoin(at_step, at_step.c.step == steps.ordered.c.step).outerjoin(
                spent,
                sa.and_(is_same_lead(spent, at_step), spent.c.step == at_step.c.step),
            )
        )
        .group_by(*steps.ordered.c)
        .order_by(steps.ordered.c.step)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, Funnel)


def as_file(frame: DataFrame[Funnel]) -> pd.DataFrame:
    """Return the rows of `funnel` with the columns of its file."""
    return frame[list(FILE_COLUMNS)]


def leads_at(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None,
    stage: str | None,
    request: PageRequest = _FIRST_PAGE,
    view: View = View.COHORT,
) -> Page[Leads]:
    """Return the leads that `funnel` counts at this step, or those of the view now at this lost
    stage; all leads of the view without a stage.

    The rows are those of `lead_states.page`.
    """
    query = leads_at_query(identity, period, client_filter, stage, view)
    with reporting(identity) as connection:
        return fetch_leads(connection, query, request)


def leads_at_query(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None,
    stage: str | None,
    view: View,
) -> sa.Select[Any]:
    """Return the statement of `leads_at`, without its limit; its columns are those of `Leads`."""
    # Used twice, and computed once.
    of_period = sa.select(*leads_of(identity, period, client_filter, view).c).cte("of_period")
    query = states_query(identity, of_period)
    if stage is None:
        return query
    leads = query.selected_columns
    steps = Steps.of(identity)
    of_view = reached(identity, steps, of_period)
    at_step = counted(identity, steps, of_view, period, view)
    leads_there = sa.select(at_step.c.client_kpi_id, at_step.c.lead_id).select_from(
        at_step.join(
            steps.ordered,
            sa.and_(steps.ordered.c.stage == stage, at_step.c.step == steps.ordered.c.step),
        )
    )
    is_lost_here = sa.and_(leads.status == "LOST", leads.stage == stage)
    lead = sa.tuple_(leads.client_kpi_id, leads.lead_id)
    return query.where(sa.or_(lead.in_(leads_there), is_lost_here))


def funnel_values(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    view: View = View.COHORT,
) -> DataFrame[FunnelValues]:
    """Return the values of the leads at each step, per currency of their clients.

    `leads` are at the step, `with_value` of them have a value, and `value` is the sum of those
    values, zero if there are none. Ordered by step, then currency. Lost leads are included, as in
    `funnel`.
    """
    steps = Steps.of(identity)
    leads = reached(identity, steps, leads_of(identity, period, client_filter, view))
    at_step = counted(identity, steps, leads, period, view)
    query = (
        sa.select(
            steps.ordered.c.position,
            steps.ordered.c.stage,
            at_step.c.currency,
            sa.func.count().label("leads"),
            sa.func.count(at_step.c.value).label("with_value"),
            sa.func.coalesce(sa.func.sum(at_step.c.value), 0).label("value"),
        )
        .select_from(steps.ordered.join(at_step, at_step.c.step == steps.ordered.c.step))
        .group_by(*steps.ordered.c, at_step.c.currency)
        .order_by(steps.ordered.c.step, at_step.c.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, FunnelValues)


def ratio(part: Any, whole: Any) -> sa.ColumnElement[Any]:
    """Return `part / whole` to four decimals, null if the whole is zero."""
    return sa.func.round(sa.cast(part, sa.Numeric) / sa.func.nullif(whole, 0), 4)
